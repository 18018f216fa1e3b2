/// The three time zones of Indonesia; none has daylight saving time.
public enum OfficeZone: String, Sendable, Codable, CaseIterable {
  case wib = "WIB"
  case wita = "WITA"
  case wit = "WIT"

  public var offset: Duration {
    switch self {
    case .wib: .seconds(7 * 3600)
    case .wita: .seconds(8 * 3600)
    case .wit: .seconds(9 * 3600)
    }
  }
}

/// A day of the week; the raw value is the ISO 8601 number (Monday = 1).
public enum Weekday: Int, Sendable, Codable, CaseIterable, Hashable {
  case monday = 1
  case tuesday, wednesday, thursday, friday, saturday, sunday
}

/// A date of the proleptic Gregorian calendar.
public struct CivilDate: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let year: Int
  public let month: Int
  public let day: Int

  /// Nil where there is no such day.
  public init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month),
      (1...Self.days(inMonth: month, year: year)).contains(day)
    else { return nil }
    self.year = year
    self.month = month
    self.day = day
  }

  /// `YYYY-MM-DD` as in ISO 8601; nil for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].utf8.count == 4, parts[1].utf8.count == 2,
      parts[2].utf8.count == 2, parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
    else { return nil }
    self.init(year: year, month: month, day: day)
  }

  /// Days since 1970-01-01 (H. Hinnant's civil calendar arithmetic).
  public init(daysSinceEpoch days: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  public var daysSinceEpoch: Int {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  public var weekday: Weekday {
    let index = ((daysSinceEpoch + 3) % 7 + 7) % 7
    return Weekday(rawValue: index + 1) ?? .monday
  }

  public func adding(days: Int) -> CivilDate {
    CivilDate(daysSinceEpoch: daysSinceEpoch + days)
  }

  public static func < (a: Self, b: Self) -> Bool {
    (a.year, a.month, a.day) < (b.year, b.month, b.day)
  }

  public var description: String {
    "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }

  static func days(inMonth month: Int, year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

extension CivilDate: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let date = CivilDate(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "a date is written YYYY-MM-DD")
    }
    self = date
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// A time of day, to the minute, on the office's clock.
public struct ClockTime: Hashable, Comparable, Sendable {
  public let minutes: Int

  public init?(hour: Int, minute: Int) {
    guard (0...23).contains(hour), (0...59).contains(minute) else { return nil }
    minutes = hour * 60 + minute
  }

  public var hour: Int { minutes / 60 }
  public var minute: Int { minutes % 60 }

  public static func < (a: Self, b: Self) -> Bool { a.minutes < b.minutes }

  /// As Indonesian offices write it: `09.41`.
  public var text: String { "\(padded(hour, 2)).\(padded(minute, 2))" }
}

/// What the clock on the office's wall shows.
public struct LocalTime: Hashable, Sendable {
  public let date: CivilDate
  public let time: ClockTime
  public let second: Int

  public init(_ timestamp: Timestamp, in zone: OfficeZone) {
    let local = timestamp.milliseconds + zone.offset.wholeMilliseconds
    let seconds = Int((Double(local) / 1000).rounded(.down))
    let day = (seconds >= 0 ? seconds : seconds - 86_399) / 86_400
    let rest = seconds - day * 86_400
    date = CivilDate(daysSinceEpoch: day)
    // rest lies in 0..<86400, so the hour and minute always exist.
    time = ClockTime(hour: rest / 3600, minute: rest % 3600 / 60) ?? .midnight
    second = rest % 60
  }
}

extension ClockTime {
  static let midnight = ClockTime(minutesAfterMidnight: 0)
  private init(minutesAfterMidnight: Int) { minutes = minutesAfterMidnight }
}

extension Timestamp {
  /// The moment at which the office's clock shows `date`, `time`.
  public init(_ date: CivilDate, _ time: ClockTime, in zone: OfficeZone) {
    self.init(
      seconds: Int64(date.daysSinceEpoch) * 86_400 + Int64(time.minutes) * 60
        - zone.offset.components.seconds)
  }
}

func padded(_ value: Int, _ width: Int) -> String {
  let digits = String(value)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
