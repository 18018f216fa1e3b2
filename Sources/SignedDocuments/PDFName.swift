/// A name as its bytes: names that only look alike stay different. The first sixteen bytes, which
/// is the whole of nearly every name, are held without memory of their own: names are compared and
/// hashed many thousand times per document.
struct PDFName: Hashable, ExpressibleByStringLiteral {
  private let count: Int
  private let first: UInt64
  private let second: UInt64
  private let rest: [UInt8]

  init(_ bytes: UnsafeRawBufferPointer) {
    count = bytes.count
    unsafe first = Self.word(bytes, from: 0)
    unsafe second = Self.word(bytes, from: 8)
    rest = bytes.count > 16 ? unsafe Array(bytes[16...]) : []
  }

  init(stringLiteral text: StaticString) {
    unsafe self.init(
      UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  var bytes: [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(count)
    for index in 0..<min(count, 16) {
      let word = index < 8 ? first : second
      result.append(UInt8(truncatingIfNeeded: word >> UInt64(8 * (index & 7))))
    }
    return result + rest
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(first)
    hasher.combine(second)
    if !rest.isEmpty { hasher.combine(rest) }
  }

  private static func word(_ bytes: UnsafeRawBufferPointer, from start: Int) -> UInt64 {
    var word: UInt64 = 0
    for index in start..<max(start, min(bytes.count, start + 8)) {
      word |= UInt64(unsafe bytes[index]) << UInt64(8 * (index - start))
    }
    return word
  }
}
