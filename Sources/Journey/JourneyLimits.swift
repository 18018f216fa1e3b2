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
  public static let paperReminder = Duration.seconds(10)
  public static let thanksShown = Duration.seconds(8)
  /// Slower hands (low reach) get twice the time and half as much again to answer.
  public static let slowFactor = 2
}
