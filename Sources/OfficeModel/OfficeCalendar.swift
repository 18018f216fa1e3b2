/// When an office serves people: a weekly pattern, the pattern of Ramadan, and the days on which it
/// is closed. Everything is data of the office; there is no national holiday in code, because the
/// dates come every year by joint decree and service offices arrange their own staffing.
public struct OfficeCalendar: Hashable, Sendable {
  /// Part of a day, in minutes after midnight on the office's clock; `closes` is the first minute
  /// that no longer belongs to it and may be 1440.
  public struct Interval: Hashable, Sendable, Comparable {
    public static let minutesPerDay = 1440
    public let opens: Int
    public let closes: Int

    /// Nil unless `0 <= opens < closes <= 1440`.
    public init?(opens: Int, closes: Int) {
      guard opens >= 0, opens < closes, closes <= Self.minutesPerDay else { return nil }
      self.opens = opens
      self.closes = closes
    }

    public func contains(_ minute: Int) -> Bool { minute >= opens && minute < closes }
    public static func < (a: Self, b: Self) -> Bool { (a.opens, a.closes) < (b.opens, b.closes) }
  }

  /// The opening intervals of each weekday, breaks already taken out; a day without any is closed.
  public struct Week: Hashable, Sendable {
    private var days: [Weekday: [Interval]]

    /// Intervals are sorted; the maker of the data sees to it that they do not overlap.
    public init(_ days: [Weekday: [Interval]]) { self.days = days.mapValues { $0.sorted() } }
    public subscript(day: Weekday) -> [Interval] { days[day] ?? [] }
    public var hasOpenDay: Bool { days.contains { !$0.value.isEmpty } }
  }

  /// Days from `first` to `last`, both included.
  public struct Period: Hashable, Sendable {
    public let first: CivilDate
    public let last: CivilDate

    /// Nil where `last` lies before `first`.
    public init?(first: CivilDate, last: CivilDate) {
      guard first <= last else { return nil }
      self.first = first
      self.last = last
    }

    public func contains(_ date: CivilDate) -> Bool { first <= date && date <= last }
  }

  /// Why an office is closed on days that its weekly pattern calls open.
  public struct Closure: Hashable, Sendable, Codable {
    public enum Kind: String, Sendable, Codable, CaseIterable {
      case nationalHoliday, collectiveLeave, special
    }
    public let period: Period
    public let kind: Kind
    public let reason: String

    public init(period: Period, kind: Kind, reason: String) {
      self.period = period
      self.kind = kind
      self.reason = reason
    }
  }

  public struct Opening: Hashable, Sendable {
    public let date: CivilDate
    public let minute: Int

    public init(date: CivilDate, minute: Int) {
      self.date = date
      self.minute = minute
    }

    /// The time as a clock shows it.
    public var time: ClockTime? { ClockTime(hour: minute / 60, minute: minute % 60) }
  }

  public enum State: Hashable, Sendable {
    /// Until this minute of the same day.
    case open(until: Int)
    /// Between two intervals of one day; opens again at this minute.
    case onBreak(until: Int)
    /// `next` is nil when nothing opens within `searchLimitDays`.
    case closed(next: Opening?, reason: String?)
  }

  /// How far ahead an opening or a working day is looked for; longer than any closure there was.
  public static let searchLimitDays = 400

  public var regular: Week
  public var ramadan: Week?
  /// The days of Ramadan of each year, as the Minister of Religion set them.
  public var ramadanPeriods: [Period]
  public var closures: [Closure]

  public init(
    regular: Week, ramadan: Week? = nil, ramadanPeriods: [Period] = [], closures: [Closure] = []
  ) {
    self.regular = regular
    self.ramadan = ramadan
    self.ramadanPeriods = ramadanPeriods
    self.closures = closures
  }

  public func closure(on date: CivilDate) -> Closure? {
    closures.first { $0.period.contains(date) }
  }

  /// The week that counts on a date: that of Ramadan where the office has one.
  public func week(on date: CivilDate) -> Week {
    guard let ramadan, ramadanPeriods.contains(where: { $0.contains(date) }) else {
      return regular
    }
    return ramadan
  }

  /// The opening intervals of a date in order; empty on a closed day.
  public func intervals(on date: CivilDate) -> [Interval] {
    closure(on: date) == nil ? week(on: date)[date.weekday] : []
  }

  /// A day on which the office serves people at all.
  public func isWorkingDay(_ date: CivilDate) -> Bool { !intervals(on: date).isEmpty }

  public func state(at now: LocalTime) -> State {
    let today = intervals(on: now.date)
    let minute = now.time.minutes
    if let current = today.first(where: { $0.contains(minute) }) {
      // Intervals that touch count as one: nobody is sent away for a minute that does not exist.
      var until = current.closes
      while let joined = today.first(where: { $0.opens == until }) { until = joined.closes }
      return .open(until: until)
    }
    let later = today.first { $0.opens > minute }
    if let later, today.contains(where: { $0.closes <= minute }) {
      return .onBreak(until: later.opens)
    }
    return .closed(next: nextOpening(after: now), reason: closure(on: now.date)?.reason)
  }

  public func isOpen(at now: LocalTime) -> Bool {
    if case .open = state(at: now) { true } else { false }
  }

  /// The first opening that begins after this minute.
  public func nextOpening(after now: LocalTime) -> Opening? {
    if let later = intervals(on: now.date).first(where: { $0.opens > now.time.minutes }) {
      return Opening(date: now.date, minute: later.opens)
    }
    for ahead in 1...Self.searchLimitDays {
      let date = now.date.adding(days: ahead)
      if let first = intervals(on: date).first { return Opening(date: date, minute: first.opens) }
    }
    return nil
  }

  /// This date when it is a working day, otherwise the next one; nil when there is none in reach.
  public func workingDay(onOrAfter date: CivilDate) -> CivilDate? {
    for ahead in 0...Self.searchLimitDays {
      let candidate = date.adding(days: ahead)
      if isWorkingDay(candidate) { return candidate }
    }
    return nil
  }
}
