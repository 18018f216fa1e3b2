/// The calendar as JSON. What breaks a rule of the calendar is not decoded.
extension OfficeCalendar.Interval: Codable {
  private enum CodingKeys: String, CodingKey { case opens, closes }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let opens = try container.decode(Int.self, forKey: .opens)
    let closes = try container.decode(Int.self, forKey: .closes)
    guard let interval = Self(opens: opens, closes: closes) else {
      throw DecodingError.dataCorruptedError(
        forKey: .opens, in: container, debugDescription: "0 <= opens < closes <= 1440")
    }
    self = interval
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(opens, forKey: .opens)
    try container.encode(closes, forKey: .closes)
  }
}

extension OfficeCalendar.Period: Codable {
  private enum CodingKeys: String, CodingKey { case first, last }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let first = try container.decode(CivilDate.self, forKey: .first)
    let last = try container.decode(CivilDate.self, forKey: .last)
    guard let period = Self(first: first, last: last) else {
      throw DecodingError.dataCorruptedError(
        forKey: .last, in: container, debugDescription: "not before first")
    }
    self = period
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(first, forKey: .first)
    try container.encode(last, forKey: .last)
  }
}

/// An object with the open days' English names; intervals of a day must not overlap.
extension OfficeCalendar.Week: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: DayKey.self)
    var days: [Weekday: [OfficeCalendar.Interval]] = [:]
    for key in container.allKeys {
      let intervals = try container.decode([OfficeCalendar.Interval].self, forKey: key).sorted()
      guard zip(intervals, intervals.dropFirst()).allSatisfy({ $0.closes <= $1.opens }) else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: container, debugDescription: "intervals do not overlap")
      }
      days[key.day] = intervals
    }
    self.init(days)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: DayKey.self)
    for day in Weekday.allCases where !self[day].isEmpty {
      try container.encode(self[day], forKey: DayKey(day))
    }
  }

  private struct DayKey: CodingKey {
    let day: Weekday
    init(_ day: Weekday) { self.day = day }
    init?(stringValue: String) {
      guard let day = Weekday.allCases.first(where: { "\($0)" == stringValue }) else { return nil }
      self.day = day
    }
    init?(intValue: Int) { nil }
    var stringValue: String { "\(day)" }
    var intValue: Int? { nil }
  }
}
