/// How many numbers a service gives; nil: as many as are asked for. The office's own figures.
public struct ServiceQuota: Codable, Hashable, Sendable {
  public var day: Int?
  public var morning: Int?
  public var afternoon: Int?
  /// First minute after midnight that counts as afternoon.
  public var afternoonFrom: Int

  public init(
    day: Int? = nil, morning: Int? = nil, afternoon: Int? = nil, afternoonFrom: Int = 12 * 60
  ) {
    self.day = day
    self.morning = morning
    self.afternoon = afternoon
    self.afternoonFrom = afternoonFrom
  }
}

/// What holds for one number that is about to be given.
public struct TicketLimits: Hashable, Sendable {
  /// Numbers of one citizen on one day, over all services.
  public var perHolder: Int?
  public var perDay: Int?
  public var perHalfDay: Int?
  /// The day and the half of it that it is, as points in time: `dayBegins <= t < dayEnds`.
  public var dayBegins: Timestamp
  public var dayEnds: Timestamp
  public var halfBegins: Timestamp
  public var halfEnds: Timestamp

  public init(
    perHolder: Int? = nil, perDay: Int? = nil, perHalfDay: Int? = nil,
    dayBegins: Timestamp = Timestamp(milliseconds: .min),
    dayEnds: Timestamp = Timestamp(milliseconds: .max),
    halfBegins: Timestamp = Timestamp(milliseconds: .min),
    halfEnds: Timestamp = Timestamp(milliseconds: .max)
  ) {
    self.perHolder = perHolder
    self.perDay = perDay
    self.perHalfDay = perHalfDay
    self.dayBegins = dayBegins
    self.dayEnds = dayEnds
    self.halfBegins = halfBegins
    self.halfEnds = halfEnds
  }

  /// The limits of a service at a moment of the office's day.
  public init(_ quota: ServiceQuota?, perHolder: Int?, at now: LocalTime, in zone: OfficeZone) {
    let midnight = Timestamp(now.date, .midnight, in: zone)
    let noon = midnight.adding(.seconds((quota?.afternoonFrom ?? 12 * 60) * 60))
    let end = midnight.adding(.seconds(86_400))
    let isMorning = now.time.minutes < quota?.afternoonFrom ?? 12 * 60
    self.init(
      perHolder: perHolder, perDay: quota?.day,
      perHalfDay: isMorning ? quota?.morning : quota?.afternoon,
      dayBegins: midnight, dayEnds: end, halfBegins: isMorning ? midnight : noon,
      halfEnds: isMorning ? noon : end)
  }

  /// What stands against another number; nil: nothing.
  public func finding(_ standing: TicketStanding) -> TicketFinding? {
    if let held = standing.held { return .holding(held) }
    if let perHolder, standing.takenByHolder >= perHolder { return .citizenQuota }
    if let perDay, standing.givenToday >= perDay { return .dayQuota }
    if let perHalfDay, standing.givenThisHalf >= perHalfDay { return .halfDayQuota }
    return nil
  }
}

extension TicketIdentity {
  /// How many numbers of a day may go to one holder: a booking is checked in once.
  public func numbersADay(perCitizen: Int?) -> Int? {
    switch self {
    case .none: nil
    case .nik: perCitizen
    case .booking: 1
    }
  }
}

/// What was given so far, as far as a kiosk or the server knows.
public struct TicketStanding: Hashable, Sendable {
  /// The open number that the citizen has for this service today.
  public var held: TicketNumber?
  public var takenByHolder: Int
  public var givenToday: Int
  public var givenThisHalf: Int

  public init(
    held: TicketNumber? = nil, takenByHolder: Int = 0, givenToday: Int = 0, givenThisHalf: Int = 0
  ) {
    self.held = held
    self.takenByHolder = takenByHolder
    self.givenToday = givenToday
    self.givenThisHalf = givenThisHalf
  }
}

/// Why a rule gives no number.
public enum TicketFinding: Hashable, Sendable {
  case holding(TicketNumber)
  case citizenQuota, dayQuota, halfDayQuota
  /// The Dinas does not serve people now.
  case closed
  case bookingUnknown
  /// Outside the check-in window, in minutes after midnight.
  case bookingTime(from: Int, until: Int)
  /// Nobody could be asked about the booking.
  case bookingUnchecked
  /// Without the server, and none of the numbers is left that it lent this kiosk.
  case reserveUsedUp
}

/// The server's number for a request, with its line as it was then.
public struct GivenNumber: Hashable, Sendable {
  public var number: TicketNumber
  /// The office's day, by the server's clock.
  public var date: CivilDate
  public var issuedAt: Timestamp
  public var waiting: Int
  public var secondsPerCall: Int?

  public init(
    number: TicketNumber, date: CivilDate, issuedAt: Timestamp, waiting: Int,
    secondsPerCall: Int? = nil
  ) {
    self.number = number
    self.date = date
    self.issuedAt = issuedAt
    self.waiting = waiting
    self.secondsPerCall = secondsPerCall
  }
}
