public import OfficeModel
public import SensitiveMemory

/// Everything the glass can show, as one value. Personal data is never in it: typed and fetched
/// secrets are handles into the `SecretVault`, names come masked.
public struct JourneyState: Sendable, Equatable {
  public var office: OfficeProfile
  public var screen: Screen
  public var preferences: Preferences
  public var facts: KioskFacts
  public var session: SessionID?
  /// When the citizen last did something, and since when the current screen shows.
  public var lastTouch: Uptime
  public var screenSince: Uptime
  /// The "Masih di sini?" question lies over the screen until this moment.
  public var stillHereUntil: Uptime?
  public var now: Moment
  /// What `Kembali` returns to, innermost last; bounded by `JourneyLimits.depth`.
  public var trail: [Screen]
  public var nextSecretID: UInt64
  public var nextSessionID: UInt64
  /// Every secret this session made or was given and has not wiped yet.
  public var secrets: [SecretHandle] = []
  /// Page of the list of services.
  public var listPage = 0
  /// A call for staff from a screen that must stay where it is (something is
  /// being done, paper moves or lies in the tray).
  public var staffCall: StaffCall?
  /// What lies in the tray while the kiosk waits for it to be taken.
  public var printedDocument: String?
  /// Since when a hand rests on the staff's door.
  public var staffHeldSince: Uptime?
  /// What came of the last thing staff did; shown on their menu.
  public var staffNote: StaffNote?
  /// Number of the last request for a card's photo. Whatever changes on the reader uses one up, so that
  /// an answer that comes late, about a card that lay there before, is known by its number.
  public var cardPhotoRequest: UInt64 = 0
  /// When the citizen was last reminded of the paper in the tray.
  public var remindedAt = Uptime.zero

  public init(office: OfficeProfile, now: Moment) {
    self.office = office
    screen = .attract
    preferences = Preferences(language: office.languages.first ?? "id")
    facts = KioskFacts()
    session = nil
    lastTouch = now.uptime
    screenSince = now.uptime
    stillHereUntil = nil
    self.now = now
    trail = []
    nextSecretID = 1
    nextSessionID = 1
  }
}

/// Marks every effect and answer with the session it belongs to; late answers are dropped.
public struct SessionID: Hashable, Sendable {
  public let value: UInt64
  public init(_ value: UInt64) { self.value = value }
}

/// What the glass needs to know of the office; made once from the configuration.
public struct OfficeProfile: Sendable, Equatable {
  public var name: String
  public var kioskName: String
  public var zone: OfficeZone
  public var services: [ServiceStandard]
  /// Language codes in the order of the Bahasa screen; the first is the default.
  public var languages: [String]
  public var isDemonstration: Bool
  public var openingHours: [String]
  public var timing: Timing
  /// Millimetres of the panel's diagonal, to check target sizes.
  public var displayDiagonalMillimetres: Int

  public init(
    name: String, kioskName: String, zone: OfficeZone, services: [ServiceStandard],
    languages: [String], isDemonstration: Bool, openingHours: [String], timing: Timing = Timing(),
    displayDiagonalMillimetres: Int = 610
  ) {
    self.name = name
    self.kioskName = kioskName
    self.zone = zone
    self.services = services
    self.languages = languages
    self.isDemonstration = isDemonstration
    self.openingHours = openingHours
    self.timing = timing
    self.displayDiagonalMillimetres = displayDiagonalMillimetres
  }
}

/// Idle limits by screen class (experience rules, section time-outs).
public struct Timing: Sendable, Equatable {
  public var plainIdle: Duration
  public var plainCountdown: Duration
  public var personalIdle: Duration
  public var personalCountdown: Duration
  public var takePaper: Duration
  public var resultShown: Duration
  /// Of staff at the glass.
  public var staffIdle: Duration

  public init(
    plainIdle: Duration = .seconds(60), plainCountdown: Duration = .seconds(20),
    personalIdle: Duration = .seconds(60), personalCountdown: Duration = .seconds(30),
    takePaper: Duration = .seconds(60), resultShown: Duration = .seconds(20),
    staffIdle: Duration = .seconds(120)
  ) {
    self.plainIdle = plainIdle
    self.plainCountdown = plainCountdown
    self.personalIdle = personalIdle
    self.personalCountdown = personalCountdown
    self.takePaper = takePaper
    self.resultShown = resultShown
    self.staffIdle = staffIdle
  }
}

public struct Preferences: Sendable, Equatable {
  public enum TextSize: Int, Sendable, CaseIterable { case normal, large, largest }
  public enum Contrast: Int, Sendable, CaseIterable { case light, highDark, highLight }

  public var language: String
  public var textSize: TextSize
  public var contrast: Contrast
  public var lowReach: Bool
  public var sound: Bool

  public init(
    language: String, textSize: TextSize = .normal, contrast: Contrast = .light,
    lowReach: Bool = false, sound: Bool = true
  ) {
    self.language = language
    self.textSize = textSize
    self.contrast = contrast
    self.lowReach = lowReach
    self.sound = sound
  }
}

/// What the kiosk knows of the world outside the session.
public struct KioskFacts: Sendable, Equatable {
  public var ticketPrinter: DeviceFact
  public var documentPrinter: DeviceFact
  public var documentPrinters: [PrinterReading] = []
  public var cardReader: CardReading
  /// Whether the server answered last time, and when the cache last agreed with it.
  public var serverReachable: Bool?
  public var cacheSyncedAt: Timestamp?
  public var storeWritable: Bool
  /// Whether dates and limits may be built on the time.
  public var clockTrusted = true
  public var nowServing: [CounterFact]
  /// Nil as long as the server has not told.
  public var queue: QueueFacts?
  /// Nil as long as only the configuration is known.
  public var office: OfficeFacts?
  /// Why the kiosk serves nobody; shown as soon as no session runs.
  public var outOfService: String?

  public init() {
    ticketPrinter = .unknown
    documentPrinter = .unknown
    cardReader = .noReader
    serverReachable = nil
    cacheSyncedAt = nil
    storeWritable = true
    nowServing = []
  }
}

/// The lines before the counters, and when they were like this.
public struct QueueFacts: Sendable, Equatable {
  public var lines: [QueueLine]
  public var asOf: Timestamp

  public init(lines: [QueueLine], asOf: Timestamp) {
    self.lines = lines
    self.asOf = asOf
  }

  /// How long a number of the line would wait; nil where nothing is known of it.
  public func wait(_ serviceID: String, _ lane: Lane) -> WaitEstimate? {
    lines.first { $0.serviceID == serviceID && $0.lane == lane }.map {
      WaitEstimate(waiting: $0.waiting, secondsPerCall: $0.secondsPerCall, asOf: asOf)
    }
  }
}

/// What the glass shows of the office and the server may change. Services and hours count from the
/// next session on, so that nothing changes under a citizen's finger.
public struct OfficeFacts: Sendable, Equatable {
  public var services: [ServiceStandard]
  public var openingHours: [String]
  public var announcements: [Announcement]
  public init(
    services: [ServiceStandard], openingHours: [String], announcements: [Announcement] = []
  ) {
    self.services = services
    self.openingHours = openingHours
    self.announcements = announcements
  }
}

public struct CounterFact: Sendable, Equatable {
  public var number: String
  public var counter: String
  public var isPriority: Bool
  public init(number: String, counter: String, isPriority: Bool) {
    self.number = number
    self.counter = counter
    self.isPriority = isPriority
  }
}
