/// Step B 6 and 7: what a signature covers, to the byte.
struct SignedRange: Equatable {
  /// `<` of the gap.
  let gapStart: Int
  /// One past `>` of the gap.
  let gapEnd: Int
  /// E: end of the signed revision.
  let end: Int
  /// The signature container: the decoded gap.
  let contents: [UInt8]

  var ranges: [Range<Int>] { [0..<gapStart, gapEnd..<end] }

  init(_ signature: SignatureField, in bytes: DocumentBytes) throws {
    let malformed = Finding.invalid("malformed_signature")
    // Both must be written in the dictionary itself: a reference could be redefined later.
    guard let items = signature.value["ByteRange"]?.asArray, items.count == 4 else {
      throw malformed
    }
    let numbers = try items.map { item in
      guard let number = item.asInteger, number >= 0, number <= Int64(bytes.count) else {
        throw malformed
      }
      return Int(number)
    }
    guard let parsed = signature.value["Contents"]?.asString, !parsed.isEmpty else {
      throw malformed
    }
    let coverage = Finding.invalid("byterange_coverage")
    try require(numbers[0] == 0, coverage)
    gapStart = numbers[1]
    gapEnd = numbers[2]
    end = numbers[2] + numbers[3]
    try require(gapStart > 0 && gapStart < gapEnd && gapEnd < end, coverage)
    try require(end <= bytes.count, coverage)
    try require(RevisionEnd(bytes, end: end) != nil, coverage)

    let gap = Finding.invalid("byterange_gap")
    try require(gapEnd - gapStart == parsed.count * 2 + 2, gap)
    try require(bytes[gapStart] == UInt8(ascii: "<"), gap)
    try require(bytes[gapEnd - 1] == UInt8(ascii: ">"), gap)
    var decoded: [UInt8] = []
    decoded.reserveCapacity(parsed.count)
    var index = gapStart + 1
    while index < gapEnd - 1 {
      guard let high = hexDigit(bytes[index]), let low = hexDigit(bytes[index + 1]) else {
        throw Finding.invalid("contents_not_plain_hex")
      }
      decoded.append(high << 4 | low)
      index += 2
    }
    try require(decoded == parsed, gap)
    contents = decoded
  }
}

private func hexDigit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case 0x30...0x39: byte - 0x30
  case 0x41...0x46: byte - 0x41 + 10
  case 0x61...0x66: byte - 0x61 + 10
  default: nil
  }
}
