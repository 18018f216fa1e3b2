@testable internal import SignedDocuments

/// A revision that updates are appended to.
struct UpdateBase {
  let bytes: [UInt8]
  let revision: PDFRevision
  /// Where its cross-reference section starts.
  let startxref: Int
  /// Of the highest object, and one more.
  let size: Int
  let isCertified: Bool

  init?(_ bytes: [UInt8]) {
    let memory = permanent(bytes)
    guard let mark = RevisionEnd(memory, end: memory.count),
      let revision = try? PDFRevision(memory, end: memory.count),
      let fields = try? SignatureFields(revision, limit: 16)
    else { return nil }
    self.bytes = bytes
    self.revision = revision
    startxref = mark.startxref
    size = Int(revision.trailer["Size"]?.asInteger ?? 0)
    isCertified = fields.signatures.contains { $0.certification != nil }
  }
}

/// An update as the fuzzer writes it: objects as text. Table, trailer and stream lengths are
/// computed, so that what arrives is a well-formed update with whatever the objects say.
enum PDFUpdate {
  /// What the bits of an input's second byte ask for.
  struct Options: OptionSet {
    let rawValue: UInt8
    /// The body is the whole tail of the file as it stands.
    static let raw = Options(rawValue: 1)
    /// The last signature of the form is taken for the one whose revision this is.
    static let signed = Options(rawValue: 2)
    /// Lengths of streams stay as they are written.
    static let keepsLengths = Options(rawValue: 4)
    static let dropsInfo = Options(rawValue: 8)
    static let dropsID = Options(rawValue: 16)
    /// As if a certification had come before.
    static let certified = Options(rawValue: 32)
  }

  private static let objectEnd = Array("endobj\n".utf8)
  private static let trailerMark = Array("trailer\n".utf8)

  static func file(_ base: UpdateBase, body: [UInt8], options: Options) -> [UInt8] {
    if options.contains(.raw) { return base.bytes + body }
    var file = base.bytes
    var offsets: [Int: (offset: Int, generation: Int)] = [:]
    var extra: [UInt8] = []
    for part in parts(body) {
      if part.starts(with: trailerMark) {
        extra += part.dropFirst(trailerMark.count)
        continue
      }
      if let header = header(part) { offsets[header.number] = (file.count, header.generation) }
      file += options.contains(.keepsLengths) ? part : lengthened(part)
    }
    let start = file.count
    file += Array("xref\n".utf8)
    for (number, place) in offsets.sorted(by: { $0.key < $1.key }) {
      file += Array(
        "\(number) 1\n\(padded(place.offset, 10)) \(padded(place.generation, 5)) n \n".utf8)
    }
    if offsets.isEmpty { file += Array("0 0\n".utf8) }
    var trailer = base.revision.trailer
    for key: PDFName in ["Type", "W", "Index", "Filter", "DecodeParms", "Length", "XRefStm"] {
      trailer[key] = nil
    }
    if options.contains(.dropsInfo) { trailer["Info"] = nil }
    if options.contains(.dropsID) { trailer["ID"] = nil }
    trailer["Size"] = .integer(Int64(max(base.size, (offsets.keys.max() ?? 0) + 1)))
    trailer["Prev"] = .integer(Int64(base.startxref))
    file += Array("trailer\n<<".utf8) + PDFText.entries(trailer) + extra
    return file + Array(">>\nstartxref\n\(start)\n%%EOF\n".utf8)
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }

  /// The objects of a body, each up to and with its `endobj`; what follows the last as one more.
  static func parts(_ body: [UInt8]) -> [[UInt8]] {
    var parts: [[UInt8]] = []
    var start = 0
    while let found = find(objectEnd, in: body, from: start) {
      parts.append(Array(body[start..<(found + objectEnd.count)]))
      start = found + objectEnd.count
    }
    if start < body.count { parts.append(Array(body[start...])) }
    return parts
  }

  /// `12 0 obj` at the beginning.
  static func header(_ part: [UInt8]) -> (number: Int, generation: Int)? {
    let words = part.prefix(24).split(separator: 32, maxSplits: 2)
    guard words.count == 3, words[2].starts(with: Array("obj".utf8)),
      let number = Int(String(decoding: words[0], as: UTF8.self)), (0...20_100).contains(number),
      let generation = Int(String(decoding: words[1], as: UTF8.self)),
      (0...65_535).contains(generation)
    else { return nil }
    return (number, generation)
  }

  /// The object with the length that its stream has.
  private static func lengthened(_ part: [UInt8]) -> [UInt8] {
    let opening = Array("stream\n".utf8)
    let closing = Array("\nendstream".utf8)
    let key = Array("/Length ".utf8)
    guard let start = find(opening, in: part, from: 0),
      let end = find(closing, in: part, from: start), let place = find(key, in: part, from: 0),
      place < start
    else { return part }
    var stop = place + key.count
    while stop < start, isDigit(part[stop]) { stop += 1 }
    let count = max(0, end - start - opening.count)
    return part[..<(place + key.count)] + Array("\(count)".utf8) + part[stop...]
  }

  static func find(_ pattern: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
    guard let first = pattern.first, bytes.count - start >= pattern.count else { return nil }
    var index = start
    let last = bytes.count - pattern.count
    while index <= last {
      if bytes[index] == first, bytes[index..<(index + pattern.count)].elementsEqual(pattern) {
        return index
      }
      index += 1
    }
    return nil
  }
}
