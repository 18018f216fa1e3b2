import FoundationEssentials

/// The key of every measured store; what it seals is invented.
let benchmarkKey = [UInt8](repeating: 7, count: 32)

struct Failed: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

func tell(_ answer: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys]
  print(String(decoding: try encoder.encode(answer), as: UTF8.self))
}

/// Durations of one kind of call, in microseconds.
struct Timings: Encodable {
  private(set) var values: [Double] = []

  mutating func add(_ duration: Duration) {
    let parts = duration.components
    values.append(Double(parts.seconds) * 1e6 + Double(parts.attoseconds) / 1e12)
  }

  private enum Key: CodingKey { case count, p50, p95, p99, max }

  func encode(to encoder: any Encoder) throws {
    let sorted = values.sorted()
    func share(_ part: Double) -> Double {
      sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))]
    }
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(sorted.count, forKey: .count)
    try container.encode(share(0.5), forKey: .p50)
    try container.encode(share(0.95), forKey: .p95)
    try container.encode(share(0.99), forKey: .p99)
    try container.encode(sorted.last ?? 0, forKey: .max)
  }
}

/// Resident memory of this process in KiB, as the kernel counts it.
struct Memory: Encodable {
  var rows: Int
  var now: Int
  var peak: Int

  init(rows: Int) throws {
    self.rows = rows
    let text = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    func value(_ name: String) -> Int {
      text.split(separator: "\n").first { $0.hasPrefix(name) }
        .flatMap { Int($0.filter(\.isNumber)) } ?? 0
    }
    now = value("VmRSS:")
    peak = value("VmHWM:")
  }
}
