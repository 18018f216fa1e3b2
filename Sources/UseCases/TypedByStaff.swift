internal import OfficeModel
internal import SensitiveMemory

extension Timestamp {
  /// Reads `DDMMYYYYhhmm` as typed on the glass; nil for anything else.
  init?(typed digits: some Sequence<UInt8>, in zone: OfficeZone) {
    let values = digits.map { Int($0) - 48 }
    guard values.count == 12, values.allSatisfy((0...9).contains) else { return nil }
    func number(_ range: Range<Int>) -> Int { values[range].reduce(0) { $0 * 10 + $1 } }
    guard
      let date = CivilDate(year: number(4..<8), month: number(2..<4), day: number(0..<2)),
      let time = ClockTime(hour: number(8..<10), minute: number(10..<12))
    else { return nil }
    self.init(date, time, in: zone)
  }
}

/// What staff typed with a request; nil where it is none.
struct TypedByStaff: Sendable {
  /// Of `confirmClock`.
  var time: Timestamp?
  /// Of `paperFilled`.
  var sheets: Int?
}

extension Int {
  /// Reads a number of sheets as typed on the glass; nil for anything that no tray holds.
  init?(sheets digits: some Sequence<UInt8>) {
    let values = digits.map { Int($0) - 48 }
    guard (1...4).contains(values.count), values.allSatisfy((0...9).contains) else { return nil }
    let number = values.reduce(0) { $0 * 10 + $1 }
    guard (1...PaperRefill.sheetsLimit).contains(number) else { return nil }
    self = number
  }
}
