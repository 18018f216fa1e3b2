internal import OfficeModel

/// A point in time as it is written on a command line or in a manifest.
public enum PointInTime {
  /// After the start of 1970, which stands for no time at all, and before the year 10000: what a
  /// calendar of four digits can show.
  public static let range: ClosedRange<Int64> = 1...253_402_300_799

  /// Seconds since 1970, `YYYY-MM-DD` (midnight UTC), or `YYYY-MM-DDThh:mm:ss` with `Z` or an
  /// offset `+hh:mm`, with fractions of a second that do not count; nil for anything else and for times outside `range`.
  public static func seconds(_ text: String) -> Int64? {
    (Int64(text) ?? calendarSeconds(text)).flatMap { range.contains($0) ? $0 : nil }
  }

  private static func calendarSeconds(_ text: String) -> Int64? {
    let units = Array(text.utf8)
    guard units.count >= 10, let date = CivilDate(String(text.prefix(10))) else { return nil }
    let midnight = Int64(date.daysSinceEpoch) * 86_400
    if units.count == 10 { return midnight }
    guard units.count >= 20, units[10] == UInt8(ascii: "T"), units[13] == UInt8(ascii: ":"),
      units[16] == UInt8(ascii: ":"), let hour = number(units[11...12], most: 23),
      let minute = number(units[14...15], most: 59), let second = number(units[17...18], most: 59)
    else { return nil }
    let time = midnight + hour * 3600 + minute * 60 + second
    var zone = units[19...]
    if zone.first == UInt8(ascii: ".") {
      let rest = zone.dropFirst().drop { (0x30...0x39).contains($0) }
      guard rest.startIndex > 20 else { return nil }
      zone = rest
    }
    if zone.elementsEqual([UInt8(ascii: "Z")]) { return time }
    let at = zone.startIndex
    guard zone.count == 6, units[at + 3] == UInt8(ascii: ":"),
      let hours = number(units[(at + 1)...(at + 2)], most: 14),
      let minutes = number(units[(at + 4)...(at + 5)], most: 59)
    else { return nil }
    let offset = hours * 3600 + minutes * 60
    switch units[at] {
    case UInt8(ascii: "+"): return time - offset
    case UInt8(ascii: "-"): return time + offset
    default: return nil
    }
  }

  private static func number(_ digits: ArraySlice<UInt8>, most: Int64) -> Int64? {
    var value: Int64 = 0
    for digit in digits {
      guard (0x30...0x39).contains(digit) else { return nil }
      value = value * 10 + Int64(digit - 0x30)
    }
    return value <= most ? value : nil
  }
}
