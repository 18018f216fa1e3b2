/// What names a queue of CUPS, its server, or the place where CUPS has its queues.
enum QueueAddress {
  /// What CUPS itself takes and lists (`lpadmin`), without what would be read as another path once the
  /// name is part of an address.
  static func isName(_ name: String) -> Bool {
    (1...127).contains(name.utf8.count) && name != "." && name != ".."
      && name.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"/#?%\\'\"".utf8.contains($0) }
  }

  /// A host name or address, with or without a port, or the path of a socket: what libcups makes of
  /// anything else, such as a user and a password, is not what was meant.
  static func isServer(_ text: String) -> Bool {
    if text.hasPrefix("/") {
      return !text.hasSuffix("/") && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }
    // Any port will do to judge a host that has none.
    guard let address = NetworkAddress(text) ?? NetworkAddress(text + ":631") else { return false }
    let host = address.host
    if text.hasPrefix("[") { return host.contains(":") }
    // Only an address of IPv6 names an interface behind a percent sign.
    return !host.contains("%")
      && host.split(separator: ".", omittingEmptySubsequences: false).allSatisfy {
        !$0.isEmpty && !$0.hasPrefix("-")
      }
  }

  /// Whether CUPS has a queue or a class at this path of a URI, however it is spelt.
  static func isPathOfQueue(_ path: String) -> Bool {
    var path = path
    while true {
      if path.contains("/printers/") || path.contains("/classes/") { return true }
      // Whoever decodes once more sees nothing else. Each round leaves fewer characters to decode.
      guard let plain = decoded(path) else { return false }
      path = plain
    }
  }

  /// With each `%XX` as its character; nil when there is none.
  private static func decoded(_ text: String) -> String? {
    let bytes = Array(text.utf8)
    var plain: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
        let high = Character(UnicodeScalar(bytes[index + 1])).hexDigitValue,
        let low = Character(UnicodeScalar(bytes[index + 2])).hexDigitValue
      {
        plain.append(UInt8(high << 4 | low))
        index += 3
      } else {
        plain.append(bytes[index])
        index += 1
      }
    }
    return plain.count == bytes.count ? nil : String(decoding: plain, as: UTF8.self)
  }
}
