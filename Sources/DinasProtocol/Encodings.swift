internal import Crypto
internal import FoundationEssentials

/// Base64 in the URL's alphabet, without padding (RFC 4648 section 5).
public enum Base64URL {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  public static func encode(_ bytes: some Sequence<UInt8>) -> String {
    var text: [UInt8] = []
    var bits: UInt32 = 0
    var bitCount = 0
    for byte in bytes {
      bits = bits << 8 | UInt32(byte)
      bitCount += 8
      while bitCount >= 6 {
        bitCount -= 6
        text.append(alphabet[Int(bits >> UInt32(bitCount) & 63)])
      }
    }
    if bitCount > 0 { text.append(alphabet[Int(bits << UInt32(6 - bitCount) & 63)]) }
    return String(decoding: text, as: UTF8.self)
  }

  /// Nil unless the text is exactly what `encode` writes.
  public static func decode(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var bitCount = 0
    for character in text.utf8 {
      guard let value = alphabet.firstIndex(of: character) else { return nil }
      bits = bits << 6 | UInt32(value)
      bitCount += 6
      if bitCount >= 8 {
        bitCount -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(bitCount)))
      }
    }
    return encode(bytes) == text ? bytes : nil
  }
}

public enum Hex {
  public static func encode(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Nil where there is anything but an even number of hexadecimal digits.
  public static func decode(_ text: [UInt8]) -> [UInt8]? {
    guard text.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    var high: UInt8?
    for character in text {
      let digit: UInt8
      switch character {
      case 48...57: digit = character - 48
      case 65...70: digit = character - 55
      case 97...102: digit = character - 87
      default: return nil
      }
      if let first = high {
        bytes.append(first << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    return bytes
  }
}

/// Hashes as the API writes them.
public enum WireHash {
  public static func digest(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }

  /// SHA-256 in lower-case hexadecimal.
  public static func sha256(_ bytes: [UInt8]) -> String { Hex.encode(SHA256.hash(data: bytes)) }

  /// The value of `Content-Digest` (RFC 9530) for a body.
  public static func contentDigest(_ body: [UInt8]) -> String {
    field(SHA256.hash(data: body))
  }

  /// The value of `Page-Digest`: binds a page to the cursor that it answers, so that one kept by
  /// somebody on the way does not pass for the answer to another.
  public static func pageDigest(since cursor: String?, page: [UInt8]) -> String {
    var hash = SHA256()
    hash.update(data: Array((cursor ?? "").utf8) + [10])
    hash.update(data: page)
    return field(hash.finalize())
  }

  private static func field(_ hash: SHA256.Digest) -> String {
    "sha-256=:" + Data(hash).base64EncodedString() + ":"
  }
}

/// JSON as both sides write and read it.
public enum Wire {
  /// Keys are sorted, so the same value is always the same bytes.
  public static func encode(_ body: some WireBody) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(body))
  }

  /// Decodes and checks. The problem names the field, never what was in it.
  public static func decode<Body: WireBody>(
    _ type: Body.Type, from bytes: [UInt8]
  ) throws(WireProblem) -> Body {
    let body: Body
    do {
      body = try JSONDecoder().decode(type, from: Data(bytes))
    } catch let error as DecodingError {
      throw problem(error)
    } catch {
      throw WireProblem("body", "JSON")
    }
    try body.check()
    return body
  }

  private static func problem(_ error: DecodingError) -> WireProblem {
    func field(_ path: [any CodingKey], _ last: (any CodingKey)? = nil) -> String {
      let names = (path + (last.map { [$0] } ?? [])).compactMap {
        $0.intValue == nil ? $0.stringValue : nil
      }
      return names.isEmpty ? "body" : names.joined(separator: ".")
    }
    switch error {
    case .keyNotFound(let key, let context):
      return WireProblem(field(context.codingPath, key), "is missing")
    case .typeMismatch(_, let context):
      return WireProblem(field(context.codingPath), "has the wrong type")
    case .valueNotFound(_, let context):
      return WireProblem(field(context.codingPath), "may not be null")
    case .dataCorrupted(let context):
      return WireProblem(field(context.codingPath), "is not as the API describes it")
    @unknown default: return WireProblem("body", "JSON as the API describes it")
    }
  }
}
