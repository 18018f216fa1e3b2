/// A small JSON reader for the helper's answer and for manifests: bounded in depth and number, no
/// duplicate keys, nothing after the end.
enum JSONValue: Equatable {
  case null
  case boolean(Bool)
  case integer(Int64)
  /// Anything else that is a number.
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  var text: String? {
    if case .string(let value) = self { return value }
    return nil
  }
  var integer: Int64? {
    if case .integer(let value) = self { return value }
    return nil
  }

  var items: [JSONValue]? {
    if case .array(let value) = self { return value }
    return nil
  }
  var entries: [String: JSONValue]? {
    if case .object(let value) = self { return value }
    return nil
  }

  /// - Parameter itemsLimit: of one array or object.
  init?(parsing bytes: [UInt8], itemsLimit: Int = 100) {
    var reader = Reader(bytes: bytes, itemsLimit: itemsLimit)
    guard let value = reader.value(depth: 0) else { return nil }
    reader.skipSpace()
    guard reader.isAtEnd else { return nil }
    self = value
  }

  private struct Reader {
    let bytes: [UInt8]
    let itemsLimit: Int
    var index = 0

    init(bytes: [UInt8], itemsLimit: Int) {
      self.bytes = bytes
      self.itemsLimit = itemsLimit
    }

    var isAtEnd: Bool { index == bytes.count }
    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    mutating func skipSpace() {
      while let byte = next, byte == 32 || byte == 10 || byte == 13 || byte == 9 { index += 1 }
    }

    private mutating func take(_ text: StaticString) -> Bool {
      let wanted = Array("\(text)".utf8)
      guard bytes[index...].starts(with: wanted) else { return false }
      index += wanted.count
      return true
    }

    mutating func value(depth: Int) -> JSONValue? {
      guard depth < 8 else { return nil }
      skipSpace()
      switch next {
      case UInt8(ascii: "n"): return take("null") ? .null : nil
      case UInt8(ascii: "t"): return take("true") ? .boolean(true) : nil
      case UInt8(ascii: "f"): return take("false") ? .boolean(false) : nil
      case UInt8(ascii: "\""): return string().map { .string($0) }
      case UInt8(ascii: "["): return array(depth: depth)
      case UInt8(ascii: "{"): return object(depth: depth)
      default: return number()
      }
    }

    private mutating func number() -> JSONValue? {
      let start = index
      if next == UInt8(ascii: "-") { index += 1 }
      while let byte = next, (0x30...0x39).contains(byte) { index += 1 }
      guard let byte = next,
        [UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")]
          .contains(byte)
      else { return Int64(text(from: start)).map { .integer($0) } }
      while let byte = next, (0x30...0x39).contains(byte) || "+-.eE".utf8.contains(byte) {
        index += 1
      }
      return Double(text(from: start)).map { .number($0) }
    }

    private func text(from start: Int) -> String {
      String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private mutating func array(depth: Int) -> JSONValue? {
      index += 1
      var items: [JSONValue] = []
      skipSpace()
      if take("]") { return .array([]) }
      while items.count < itemsLimit {
        guard let item = value(depth: depth + 1) else { return nil }
        items.append(item)
        skipSpace()
        if take("]") { return .array(items) }
        guard take(",") else { return nil }
      }
      return nil
    }

    private mutating func object(depth: Int) -> JSONValue? {
      index += 1
      var entries: [String: JSONValue] = [:]
      skipSpace()
      if take("}") { return .object([:]) }
      while entries.count < itemsLimit {
        skipSpace()
        guard next == UInt8(ascii: "\""), let key = string(), entries[key] == nil else {
          return nil
        }
        skipSpace()
        guard take(":"), let item = value(depth: depth + 1) else { return nil }
        entries[key] = item
        skipSpace()
        if take("}") { return .object(entries) }
        guard take(",") else { return nil }
      }
      return nil
    }

    private mutating func string() -> String? {
      index += 1
      var units: [UInt8] = []
      while let byte = next {
        index += 1
        switch byte {
        case UInt8(ascii: "\""): return String(validating: units, as: UTF8.self)
        case UInt8(ascii: "\\"):
          guard let scalar = escaped() else { return nil }
          units.append(contentsOf: Array(String(Character(scalar)).utf8))
        case 0..<0x20: return nil
        default: units.append(byte)
        }
      }
      return nil
    }

    private mutating func hexadecimal() -> UInt32? {
      guard index + 4 <= bytes.count else { return nil }
      let digits = String(decoding: bytes[index..<(index + 4)], as: UTF8.self)
      index += 4
      return digits.utf8.allSatisfy({ $0 != 0x2b && $0 != 0x2d }) ? UInt32(digits, radix: 16) : nil
    }

    private mutating func escaped() -> Unicode.Scalar? {
      guard let byte = next else { return nil }
      index += 1
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
      case UInt8(ascii: "n"): return "\n"
      case UInt8(ascii: "t"): return "\t"
      case UInt8(ascii: "r"): return "\r"
      case UInt8(ascii: "b"): return "\u{8}"
      case UInt8(ascii: "f"): return "\u{c}"
      case UInt8(ascii: "u"):
        guard let code = hexadecimal() else { return nil }
        guard (0xd800..<0xdc00).contains(code) else { return Unicode.Scalar(code) }
        guard take("\\u"), let low = hexadecimal(), (0xdc00..<0xe000).contains(low) else {
          return nil
        }
        return Unicode.Scalar(0x10000 + (code - 0xd800) << 10 + (low - 0xdc00))
      default: return nil
      }
    }
  }
}
