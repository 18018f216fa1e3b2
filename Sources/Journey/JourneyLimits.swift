/// Bounds of what a session may hold, with the reason beside each.
public enum JourneyLimits {
  /// No journey has more than six screens one behind the other.
  public static let depth = 8
  /// What a hand can reach and an eye can take in at once.
  public static let servicesPerPage = 6
  public static let documentsPerPage = 4
  /// More documents than any family waits for at one time.
  public static let documents = 40
  /// Two numbers, two photos, two bitmaps and room for hand-over between them.
  public static let secrets = 16
  /// Pages of a text; the layout shows fewer and stops at its last.
  public static let textPages = 40
  public static let counters = 12
  /// Longer than any hand rests there by chance (experience rules, staff).
  static let staffHold = Duration.seconds(3)
  static let staffCountdown = Duration.seconds(20)
  /// More open questions than this are not worked off at the glass.
  public static let staffRows = 40
  public static let staffPerPage = 4
  /// Sentences of the Dinas on the attract screen at a time.
  public static let announcements = 2
  public static let paperReminder = Duration.seconds(10)
  public static let thanksShown = Duration.seconds(8)
  /// Slower hands (low reach) get twice the time and half as much again to answer.
  public static let slowFactor = 2
}
