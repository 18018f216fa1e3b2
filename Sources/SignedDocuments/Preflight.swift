/// Step A: what can be said about the file before anything is parsed.
enum Preflight {
  static let smallestDocument = 200

  static func check(_ bytes: DocumentBytes, policy: Policy) throws {
    try require(bytes.count >= smallestDocument, .refuse("not_pdf"))
    try require(bytes.count <= policy.bytesLimit, .refuse("limits"))
    if !hasHeader(bytes, at: 0) {
      // Anything before the header shifts what other programs read.
      for offset in 1..<min(1024, bytes.count - 8) where hasHeader(bytes, at: offset) {
        throw Finding.invalid("leading_data")
      }
      throw Finding.refuse("not_pdf")
    }
    guard RevisionEnd(bytes, end: bytes.count) != nil else {
      throw mentionsSignature(bytes) ? unfinished(bytes) : .refuse("malformed_pdf")
    }
  }

  /// A signature's dictionary cannot be compressed, so a file without its words was never signed:
  /// what is wrong with it is no manipulation. A download may break off inside the container,
  /// which comes first with some producers and is a sequence, so it starts with 30.
  static func mentionsSignature(_ bytes: DocumentBytes) -> Bool {
    let words: [StaticString] = ["ByteRange", "/Contents <30", "/Contents<30"]
    return words.contains { bytes.firstIndex(of: $0, in: 0..<bytes.count) != nil }
  }

  /// What is wrong with the end: an update that breaks off, one without its table, or data that
  /// do not belong to the document.
  private static func unfinished(_ bytes: DocumentBytes) -> Finding {
    var index = 0
    var last: Int?
    while let found = bytes.firstIndex(of: "%%EOF", in: index..<bytes.count) {
      last = found
      index = found + 5
    }
    guard last != nil else { return .invalid("truncated") }
    while index < bytes.count, bytes[index] == 13 || bytes[index] == 10 { index += 1 }
    if index == bytes.count { return .invalid("modified_after_signing") }
    return .invalid(isDigit(bytes[index]) ? "truncated" : "unsigned_trailing_data")
  }

  private static func hasHeader(_ bytes: DocumentBytes, at index: Int) -> Bool {
    guard bytes.hasBytes("%PDF-", at: index), index + 8 <= bytes.count else { return false }
    return (bytes[index + 5] == UInt8(ascii: "1") || bytes[index + 5] == UInt8(ascii: "2"))
      && bytes[index + 6] == UInt8(ascii: ".") && isDigit(bytes[index + 7])
  }
}

func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

/// The end of a complete revision: `startxref`, a number, `%%EOF`, at most one end of line.
struct RevisionEnd: Equatable {
  /// Where the revision's cross-reference section starts.
  let startxref: Int

  init?(_ bytes: DocumentBytes, end: Int) {
    var index = end
    func isLineEnd(_ byte: UInt8) -> Bool { byte == 10 || byte == 13 }
    func isSpace(_ byte: UInt8) -> Bool { isLineEnd(byte) || byte == 32 || byte == 9 }
    if index > 0, bytes[index - 1] == 10 {
      index -= 1
      if index > 0, bytes[index - 1] == 13 { index -= 1 }
    } else if index > 0, bytes[index - 1] == 13 {
      index -= 1
    }
    index -= 5
    guard index > 0, bytes.hasBytes("%%EOF", at: index), isLineEnd(bytes[index - 1]) else {
      return nil
    }
    while index > 0, isSpace(bytes[index - 1]) { index -= 1 }
    let lastDigit = index
    while index > 0, isDigit(bytes[index - 1]) { index -= 1 }
    guard lastDigit - index >= 1, lastDigit - index <= 10 else { return nil }
    var number = 0
    for position in index..<lastDigit { number = number * 10 + Int(bytes[position] - 0x30) }
    guard index > 0, isSpace(bytes[index - 1]) else { return nil }
    while index > 0, isSpace(bytes[index - 1]) { index -= 1 }
    guard index >= 9, bytes.hasBytes("startxref", at: index - 9) else { return nil }
    startxref = number
  }
}

/// Step 13: where the revisions after the first signed one end.
enum RevisionBoundaries {
  /// The ends from `ends[0]` to the end of the file: every signed end, and every complete
  /// update between them whose cross-reference section lies in the update itself.
  static func find(_ bytes: DocumentBytes, signedEnds: [Int]) throws -> [Int] {
    guard let first = signedEnds.first else { return [] }
    try requireFewBefore(first, bytes)
    var result = [first]
    var goals = signedEnds.dropFirst().filter { $0 > first }
    if goals.last ?? first < bytes.count { goals.append(bytes.count) }
    for goal in goals {
      var start = result[result.count - 1]
      var index = start
      while let found = bytes.firstIndex(of: "%%EOF", in: index..<goal) {
        let end = lineEnd(bytes, after: found + 5, limit: goal)
        index = end
        guard end < goal, let mark = RevisionEnd(bytes, end: end), mark.startxref >= start,
          mark.startxref < end
        else { continue }
        result.append(end)
        start = end
        try require(result.count <= Policy.revisionsLimit, .refuse("limits"))
      }
      guard let mark = RevisionEnd(bytes, end: goal), mark.startxref >= start,
        mark.startxref < goal
      else { throw Finding.invalid("modified_after_signing") }
      result.append(goal)
      try require(result.count <= Policy.revisionsLimit, .refuse("limits"))
    }
    return result
  }

  /// What came before the first signature is signed and needs no comparison, but not without end.
  private static func requireFewBefore(_ first: Int, _ bytes: DocumentBytes) throws {
    var index = 0
    var count = 0
    while let found = bytes.firstIndex(of: "%%EOF", in: index..<first) {
      index = lineEnd(bytes, after: found + 5, limit: first)
      if RevisionEnd(bytes, end: index) != nil { count += 1 }
      try require(count <= Policy.revisionsLimit, .refuse("limits"))
    }
  }

  private static func lineEnd(_ bytes: DocumentBytes, after index: Int, limit: Int) -> Int {
    var end = index
    if end < limit, bytes[end] == 13 { end += 1 }
    if end < limit, bytes[end] == 10 { end += 1 }
    return end
  }
}
