@testable internal import SignedDocuments

/// Writes what the verifier parsed as PDF again.
enum PDFText {
  static func object(_ id: ObjectID, of revision: PDFRevision) -> [UInt8] {
    guard let object = revision.objects[id] else { return [] }
    var text = Array("\(id.number) \(id.generation) obj\n".utf8) + value(object.value)
    if object.stream != nil, let raw = try? revision.rawStream(id) {
      text += Array("\nstream\n".utf8) + raw + Array("\nendstream".utf8)
    }
    return text + Array("\nendobj\n".utf8)
  }

  static func value(_ value: PDFValue) -> [UInt8] {
    switch value {
    case .null: Array("null".utf8)
    case .boolean(let flag): Array("\(flag)".utf8)
    case .integer(let number): Array("\(number)".utf8)
    case .real(let text): text
    case .string(let bytes): Array("<\(hexadecimal(bytes))>".utf8)
    case .name(let name): self.name(name)
    case .reference(let id): Array("\(id.number) \(id.generation) R".utf8)
    case .array(let items):
      Array("[".utf8) + items.flatMap { Self.value($0) + [32] } + Array("]".utf8)
    case .dictionary(let entries):
      Array("<<".utf8) + Self.entries(entries) + Array(">>".utf8)
    }
  }

  /// Keys and values in the order of the keys, each followed by a space.
  static func entries(_ dictionary: PDFDictionary) -> [UInt8] {
    dictionary.sorted { $0.key.bytes.lexicographicallyPrecedes($1.key.bytes) }
      .flatMap { name($0.key) + [32] + value($0.value) + [32] }
  }

  private static func name(_ name: PDFName) -> [UInt8] {
    var text: [UInt8] = [UInt8(ascii: "/")]
    for byte in name.bytes {
      let isPlain =
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte)
        || (0x61...0x7a).contains(byte)
      text += isPlain ? [byte] : Array("#\(hexadecimal([byte]))".utf8)
    }
    return text
  }
}
