extension ServiceStandard {
  /// How long the parts of a standard may be, whoever wrote it: the limits keep the glass readable and
  /// are wider where only a printed sheet shows the text. Lengths in characters.
  public enum Limit {
    /// Services of one kiosk.
    public static let services = 30
    public static let title = 120
    public static let shortTitle = 24
    public static let shortTitleWords = 3
    public static let series = 3
    /// Numbers of a day or of half a day.
    public static let quota = 1...9999
    public static let fee = 120
    public static let product = 120
    public static let notice = 120
    public static let requirementGroups = 12
    public static let requirements = 20
    /// A requirement is read on the glass.
    public static let requirement = 260
    /// The longest step and the longest law that an office has published, with room.
    public static let line = 640
    public static let lines = 40
  }
}
