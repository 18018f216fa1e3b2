/// A small JSON reader for the helper's answer: bounded depth, whole numbers only, no duplicate
/// keys, nothing after the end.
enum JSONValue: Equatable {
  case null
  case boolean(Bool)
  case integer(Int64)
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

  init?(parsing bytes: [UInt8]) {
    var reader = Reader(bytes: bytes)
    guard let value = reader.value(depth: 0) else { return nil }
    reader.skipSpace()
    guard reader.isAtEnd else { return nil }
    self = value
  }

  private struct Reader {
    let bytes: [UInt8]
    var index = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

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
      guard let value = Int64(String(decoding: bytes[start..<index], as: UTF8.self)) else {
        return nil
      }
      return .integer(value)
    }

    private mutating func array(depth: Int) -> JSONValue? {
      index += 1
      var items: [JSONValue] = []
      skipSpace()
      if take("]") { return .array([]) }
      while items.count < 1000 {
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
      while entries.count < 100 {
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
        // Only the basic plane: everything else is written as it is.
        guard index + 4 <= bytes.count,
          let code = UInt32(
            String(decoding: bytes[index..<(index + 4)], as: UTF8.self), radix: 16)
        else { return nil }
        index += 4
        return Unicode.Scalar(code)
      default: return nil
      }
    }
  }
}
