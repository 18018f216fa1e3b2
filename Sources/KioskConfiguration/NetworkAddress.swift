/// A host and a port, as in `127.0.0.1:8077` or `[::1]:8077`.
public struct NetworkAddress: Hashable, Sendable, CustomStringConvertible {
  public let host: String
  public let port: Int

  public init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), text.utf8.count <= 260 else { return nil }
    let portText = text[text.index(after: colon)...]
    guard (1...5).contains(portText.utf8.count),
      portText.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let port = Int(portText), (1...65_535).contains(port)
    else { return nil }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
    } else if host.contains(":") {
      return nil
    }
    guard Self.isHost(host) else { return nil }
    self.host = String(host)
    self.port = port
  }

  public var isLoopback: Bool { Self.isLoopback(host) }
  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

  static func isHost(_ text: some StringProtocol) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
          || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          || ".-:_%".utf8.contains($0)
      }
  }

  /// Literal loopback only: a name such as `127.0.0.1.example` is a stranger's.
  static func isLoopback(_ host: String) -> Bool {
    if host == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127"
      && parts.allSatisfy { UInt8($0) != nil && $0.utf8.count <= 3 }
  }
}

/// The parts of a URL that a configuration is judged by.
struct URLParts {
  let scheme: String
  let host: String
  /// From the first slash after the host on.
  let path: String

  /// Nil unless `scheme://host[:port][/path]` without user, query and fragment.
  init?(_ text: String) {
    guard text.utf8.count <= 512, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
      let mark = text.firstRange(of: "://")
    else { return nil }
    let rest = text[mark.upperBound...]
    let authority = rest.prefix { $0 != "/" }
    guard !rest.contains("?"), !rest.contains("#"), !authority.contains("@"),
      !authority.contains("\\")
    else { return nil }
    if let address = NetworkAddress(String(authority)) {
      host = address.host
    } else {
      let bare =
        authority.hasPrefix("[") && authority.hasSuffix("]")
        ? authority.dropFirst().dropLast() : authority
      guard NetworkAddress.isHost(bare), bare == authority ? !bare.contains(":") : true else {
        return nil
      }
      host = String(bare)
    }
    scheme = text[..<mark.lowerBound].lowercased()
    path = String(rest[authority.endIndex...])
  }
}
