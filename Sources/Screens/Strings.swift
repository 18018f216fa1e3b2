public import OfficeModel

/// The words of one language; what it lacks comes from Indonesian, one text at a time.
public struct Strings: Sendable, Equatable {
  public let language: String
  private var table: [StringKey: String] = [:]
  /// Each language in its own words, for the Bahasa screen.
  private var names: [String: String] = [:]
  /// The invitation of the attract screen in every language there is, the first one first.
  let invitations: [String]

  /// - Parameter tables: key and text by language code, as the files in `Assets/strings` hold them.
  public init(language: String, tables: [String: [String: String]]) {
    self.language = language
    let own = tables[language] ?? [:]
    let fallback = tables["id"] ?? [:]
    for key in StringKey.allCases { table[key] = own[key.rawValue] ?? fallback[key.rawValue] }
    var invitations: [String] = []
    let others = tables.keys.sorted().filter { $0 != language }
    for code in [language] + others {
      names[code] = tables[code]?[StringKey.languageName.rawValue]
      if let text = tables[code]?[StringKey.attractTouch.rawValue] { invitations.append(text) }
    }
    self.invitations = invitations
  }

  public subscript(key: StringKey) -> String { table[key] ?? "" }

  /// A text with its `{placeholders}` filled in.
  public func callAsFunction(
    _ key: StringKey, _ values: KeyValuePairs<String, String> = [:]
  ) -> String {
    var text = self[key]
    for (name, value) in values { text = text.replacing(name: name, by: value) }
    return text
  }

  /// Keys that no table has: a fault of the installation.
  public var missing: [StringKey] { StringKey.allCases.filter { table[$0] == nil } }

  public func name(ofLanguage code: String) -> String { names[code] ?? code }

  // MARK: Dates and times on the office's clock

  private func item(_ key: StringKey, _ index: Int) -> String {
    let items = self[key].split(separator: ",")
    return items.indices.contains(index) ? String(items[index]) : ""
  }

  public func clock(_ time: ClockTime) -> String {
    self(.clock, ["hour": twoDigits(time.hour), "minute": twoDigits(time.minute)])
  }

  /// "Jumat, 20 November 2026"
  public func longDate(_ date: CivilDate) -> String {
    self(
      .dateLong,
      [
        "weekday": item(.weekdays, date.weekday.rawValue - 1), "day": String(date.day),
        "month": item(.months, date.month - 1), "year": String(date.year),
      ])
  }

  /// "Jum, 20 Nov"
  public func shortDate(_ date: CivilDate) -> String {
    self(
      .dateShort,
      [
        "weekday": item(.weekdaysShort, date.weekday.rawValue - 1), "day": String(date.day),
        "month": item(.monthsShort, date.month - 1),
      ])
  }

  /// "20 November 2026"
  public func date(_ date: CivilDate) -> String {
    self(
      .dateOnly,
      [
        "day": String(date.day), "month": item(.months, date.month - 1),
        "year": String(date.year),
      ])
  }

  /// "09.41" for today, "19 November 2026, 09.41" for another day.
  public func moment(_ at: Timestamp, now: Timestamp, zone: OfficeZone) -> String {
    let local = LocalTime(at, in: zone)
    let time = "\(clock(local.time)) \(zone.rawValue)"
    return local.date == LocalTime(now, in: zone).date ? time : "\(date(local.date)), \(time)"
  }
}

func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }

extension String {
  fileprivate func replacing(name: String, by value: String) -> String {
    let mark = Array("{\(name)}".utf8)
    let text = Array(utf8)
    guard text.count >= mark.count else { return self }
    var result: [UInt8] = []
    var index = 0
    while index < text.count {
      if text[index] == mark[0], index + mark.count <= text.count,
        text[index..<index + mark.count].elementsEqual(mark)
      {
        result.append(contentsOf: value.utf8)
        index += mark.count
      } else {
        result.append(text[index])
        index += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
