import ContentCoding
import Foundation

/// Looks for a text in raw bytes, also where it hides in another form.
struct BareText {
  let bytes: Data
  /// What lies in the bytes packed by gzip, as far as it unpacks.
  private let unpacked: [Data]

  init(_ bytes: Data) {
    self.bytes = bytes
    var unpacked: [Data] = []
    var from = bytes.startIndex
    let mark = Data([0x1F, 0x8B, 0x08])
    while let found = bytes.range(of: mark, in: from..<bytes.endIndex) {
      let rest = Array(bytes[found.lowerBound...].prefix(1 << 16))
      if let text = Self.unpack(rest) { unpacked.append(text) }
      from = found.lowerBound + 1
    }
    self.unpacked = unpacked
  }

  /// The forms in which the text lies in the bytes; none is what is hoped for.
  func forms(of text: [UInt8]) -> [String] {
    Self.disguises(of: text).filter { _, needle in
      ([bytes] + unpacked).contains { $0.range(of: needle) != nil }
    }.map(\.0)
  }

  private static func disguises(of text: [UInt8]) -> [(String, Data)] {
    let plain = Data(text)
    let hex = text.map { String(format: "%02x", $0) }.joined()
    var all = [
      ("plain", plain), ("hex", Data(hex.utf8)), ("HEX", Data(hex.uppercased().utf8)),
      ("UTF-16", Data(text.flatMap { [$0, 0] })),
    ]
    // Where the text begins within a group of three decides its letters; those at the ends also
    // depend on what stands beside them.
    for offset in 0..<3 {
      let padded = Data(repeating: 0, count: offset) + plain
      let first = (offset * 8 + 5) / 6
      let last = padded.count * 8 / 6
      let letters = Data(Array(padded.base64EncodedString().utf8)[first..<last])
      let url = Data(
        letters.map { $0 == UInt8(ascii: "+") ? 45 : $0 == UInt8(ascii: "/") ? 95 : $0 })
      all.append(("base64 at \(offset)", Data(letters)))
      all.append(("base64url at \(offset)", url))
    }
    return all
  }

  /// gzip streams may be followed by anything: the end is looked for.
  private static func unpack(_ packed: [UInt8]) -> Data? {
    if let whole = try? Gzip.unpack(packed, limit: 1 << 20) { return Data(whole) }
    for length in stride(from: min(packed.count, 2048), to: 18, by: -1) {
      if let text = try? Gzip.unpack(Array(packed.prefix(length)), limit: 1 << 20) {
        return Data(text)
      }
    }
    return nil
  }
}
