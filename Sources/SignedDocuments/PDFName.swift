/// A name as its bytes: names that only look alike stay different. Fifteen bytes, which is the
/// whole of nearly every name, are held without memory of their own: names are compared and hashed
/// many thousand times per document.
struct PDFName: Hashable, ExpressibleByStringLiteral {
  private let first: UInt64
  /// The highest byte counts those that are held here.
  private let second: UInt64
  private let rest: [UInt8]

  init(_ bytes: UnsafeRawBufferPointer) {
    let held = min(bytes.count, 15)
    unsafe first = Self.word(bytes, 0..<min(held, 8))
    unsafe second = UInt64(held) << 56 | Self.word(bytes, min(held, 8)..<held)
    rest = bytes.count > 15 ? unsafe Array(bytes[15...]) : []
  }

  init(stringLiteral text: StaticString) {
    unsafe self.init(
      UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  var bytes: [UInt8] {
    let held = (0..<Int(second >> 56)).map { index in
      UInt8(truncatingIfNeeded: (index < 8 ? first : second) >> UInt64(8 * (index & 7)))
    }
    return held + rest
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(first)
    hasher.combine(second)
    if !rest.isEmpty { hasher.combine(rest) }
  }

  /// At most eight bytes as a number.
  private static func word(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> UInt64 {
    var word: UInt64 = 0
    for index in range.reversed() { word = word << 8 | UInt64(unsafe bytes[index]) }
    return word
  }
}
