@testable internal import SignedDocuments

/// Changes the objects of an update: numbers, names, references and whole objects, in the words
/// that documents and rules use.
struct PDFMutator {
  let bases: [UpdateBase]
  let seeds: [[UInt8]]
  /// The objects of each base and those that updates to it brought, as text.
  let objects: [[[UInt8]]]

  private static let names = [
    "Type", "Subtype", "Catalog", "Pages", "Page", "Kids", "Parent", "Count", "MediaBox",
    "Contents",
    "Resources", "Annots", "Annot", "Widget", "AcroForm", "Fields", "SigFlags", "FT", "Sig", "Tx",
    "T", "V", "AP", "N", "AS", "M", "F", "Ff", "P", "Rect", "DA", "DR", "MK", "DSS", "Certs",
    "CRLs",
    "OCSPs", "VRI", "Cert", "CRL", "OCSP", "TU", "TS", "Extensions", "ADBE", "BaseVersion",
    "ExtensionLevel", "Length", "Filter", "FlateDecode", "DecodeParms", "XRef", "ObjStm",
    "Metadata",
    "OpenAction", "Names", "Perms", "DocMDP", "Info", "ModDate", "Producer", "Title", "Root",
    "Size",
    "Prev", "ID", "Encrypt", "DocTimeStamp", "SubFilter", "ETSI.RFC3161", "adbe.pkcs7.detached",
    "ByteRange", "Reference", "TransformMethod", "TransformParams", "Lock", "SV", "Font", "XObject",
    "Form", "Image", "BBox", "Border", "BS", "H", "NM", "TM", "NeedAppearances", "XFA",
  ]
  private static let scalars = [
    "0", "1", "-1", "2147483647", "9223372036854775808", "0.0", "1e5", "null", "true", "()", "<>",
    "[]", "<<>>", "[0 0 0 0]", "[0 0 100 100]", "<FEFF>", "(\\000)",
  ]

  func mutate(_ input: [UInt8], random: inout Generator) -> [UInt8] {
    guard input.count > 2, Int(input[0]) < bases.count else { return random.pick(seeds) ?? input }
    var base = input[0]
    var options = PDFUpdate.Options(rawValue: input[1])
    var body = Array(input[2...])
    if options.contains(.raw) {
      // Bytes, and now and then back to objects.
      return random.once(in: 4)
        ? random.pick(seeds) ?? input : [base, input[1]] + LibFuzzer.mutate(body, growth: 32)
    }
    if random.once(in: 12) {
      options.formSymmetricDifference(
        PDFUpdate.Options(rawValue: 1 << UInt8(1 + random.below(5))))
    }
    if random.once(in: 40) { base = UInt8(random.below(bases.count)) }
    for _ in 0...random.below(3) { body = changed(body, base: Int(base), &random) }
    return [base, options.rawValue] + body
  }

  private func changed(_ body: [UInt8], base: Int, _ random: inout Generator) -> [UInt8] {
    var parts = PDFUpdate.parts(body)
    guard !parts.isEmpty else { return random.pick(objects[base]) ?? body }
    let index = random.below(parts.count)
    switch random.below(20) {
    case 0: return LibFuzzer.mutate(body, growth: 16)
    case 1: parts.remove(at: index)
    case 2..<5: parts.append(random.pick(objects[base]) ?? [])
    case 5: parts[index] = random.pick(objects[base]) ?? []
    case 6..<8: parts[index] = numbered(parts[index], number(base, &random))
    case 8: parts.append(numbered(parts[index], number(base, &random)))
    case 9:
      if let other = random.pick(random.pick(objects) ?? []) { parts.append(other) }
    case 10:
      parts.append(Array("trailer\n\(entry(base, &random)) ".utf8))
    case 11..<15: parts[index] = inserted(parts[index], entry(base, &random), &random)
    default: parts[index] = replaced(parts[index], base, &random)
    }
    // A trailer's part has no end mark of its own: it stays the last.
    let (tail, front) = (parts.filter { $0.last != 10 }, parts.filter { $0.last == 10 })
    return Array((front + tail).joined())
  }

  private func number(_ base: Int, _ random: inout Generator) -> Int {
    random.once(in: 3) ? bases[base].size + random.below(4) : random.below(bases[base].size)
  }

  private func value(_ base: Int, _ random: inout Generator) -> String {
    switch random.below(4) {
    case 0: random.pick(Self.scalars) ?? "0"
    case 1: "/" + (random.pick(Self.names) ?? "X")
    case 2: "[\(number(base, &random)) 0 R]"
    default: "\(number(base, &random)) \(random.once(in: 20) ? 1 : 0) R"
    }
  }

  private func entry(_ base: Int, _ random: inout Generator) -> String {
    "/\(random.pick(Self.names) ?? "X") \(value(base, &random))"
  }

  private func numbered(_ part: [UInt8], _ number: Int) -> [UInt8] {
    guard PDFUpdate.header(part) != nil, let space = part.firstIndex(of: 32) else { return part }
    return Array("\(number)".utf8) + part[space...]
  }

  /// After some `<<`.
  private func inserted(
    _ part: [UInt8], _ entry: String, _ random: inout Generator
  ) -> [UInt8] {
    let places = part.indices.dropLast().filter { part[$0] == 0x3c && part[$0 + 1] == 0x3c }
    guard let place = random.pick(Array(places.prefix(40))) else { return part }
    return part[...(place + 1)] + Array(entry.utf8) + [32] + part[(place + 2)...]
  }

  /// Another word in the place of one: a number for a number, a name for a name.
  private func replaced(_ part: [UInt8], _ base: Int, _ random: inout Generator) -> [UInt8] {
    let limit = min(
      part.count, PDFUpdate.find(Array("stream\n".utf8), in: part, from: 0) ?? part.count)
    var words: [Range<Int>] = []
    var index = PDFUpdate.find(Array("obj\n".utf8), in: part, from: 0).map { $0 + 4 } ?? 0
    while index < limit {
      let start = index
      let isName = part[index] == UInt8(ascii: "/")
      if isName { index += 1 }
      while index < limit, isDigit(part[index]) || (isName && !Self.isDelimiter(part[index])) {
        index += 1
      }
      if index > start + (isName ? 1 : 0) { words.append(start..<index) }
      if index == start { index += 1 }
    }
    guard let word = random.pick(words) else { return part }
    let new: String =
      part[word.lowerBound] == UInt8(ascii: "/")
      ? "/" + (random.pick(Self.names) ?? "X") : "\(number(base, &random))"
    return part[..<word.lowerBound] + Array(new.utf8) + part[word.upperBound...]
  }

  private static func isDelimiter(_ byte: UInt8) -> Bool {
    byte <= 32 || [0x28, 0x29, 0x2f, 0x3c, 0x3e, 0x5b, 0x5d, 0x7b, 0x7d, 0x25].contains(byte)
  }
}
