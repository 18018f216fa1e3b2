public import OfficeModel
public import Ports

/// What the use cases need to know of the office and its limits; made once from the configuration.
public struct UseCaseSettings: Sendable {
  public var officeName: String
  public var zone: OfficeZone
  public var isDemonstration: Bool
  public var services: [ServiceStandard]
  /// Nil: numbers are given around the clock.
  public var calendar: OfficeCalendar?
  /// The hours in the office's own words, for the glass.
  public var openingHours: [String]
  public var tryLimits: TryLimits
  public var qrForm: QRForm
  public var useLimits: UseLimits
  public var pullInterval: Duration
  public var devicePollInterval: Duration
  public var previewPixelWidth: Int
  /// How long a citizen waits for the server's number before one of the reserve is given.
  public var numberPatience: Duration
  /// Sends of one outbox item before it is dead.
  public var outboxFailuresLimit: Int
  /// Wrong staff PINs in an hour, after which nobody signs in for a while.
  public var staffTriesPerHour: Int
  /// How long that is the first time; each further lock of a week is twice as long.
  public var staffLock: Duration

  public init(
    officeName: String, zone: OfficeZone, isDemonstration: Bool, services: [ServiceStandard],
    calendar: OfficeCalendar? = nil, openingHours: [String] = [],
    tryLimits: TryLimits = TryLimits(perNIK: 3, perKiosk: 30, window: .seconds(3600)),
    qrForm: QRForm = QRForm(), useLimits: UseLimits = UseLimits(),
    pullInterval: Duration = .seconds(60), devicePollInterval: Duration = .seconds(10),
    previewPixelWidth: Int = 900, numberPatience: Duration = .seconds(2),
    outboxFailuresLimit: Int = 600, staffTriesPerHour: Int = 5,
    staffLock: Duration = .seconds(300)
  ) {
    self.officeName = officeName
    self.zone = zone
    self.isDemonstration = isDemonstration
    self.services = services
    self.calendar = calendar
    self.openingHours = openingHours
    self.tryLimits = tryLimits
    self.qrForm = qrForm
    self.useLimits = useLimits
    self.pullInterval = pullInterval
    self.devicePollInterval = devicePollInterval
    self.previewPixelWidth = previewPixelWidth
    self.numberPatience = numberPatience
    self.outboxFailuresLimit = outboxFailuresLimit
    self.staffTriesPerHour = staffTriesPerHour
    self.staffLock = staffLock
  }
}
