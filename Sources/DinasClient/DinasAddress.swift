internal import FoundationEssentials

/// Where the Dinas API is: scheme, host and port, nothing else.
public struct DinasAddress: Sendable, Hashable, CustomStringConvertible {
  public let isEncrypted: Bool
  public let host: String
  public let port: Int

  /// `https://HOST[:PORT]`, or `http://` on loopback in a demonstration and nowhere else.
  public init(_ text: String, isDemonstration: Bool) throws(DinasClientError) {
    guard let parts = URLComponents(string: text), let scheme = parts.scheme,
      let host = parts.host, !host.isEmpty, parts.user == nil, parts.password == nil,
      parts.query == nil, parts.fragment == nil, parts.path.isEmpty || parts.path == "/"
    else { throw DinasClientError(.badAddress, "write it as https://HOST or https://HOST:PORT") }
    switch scheme.lowercased() {
    case "https": isEncrypted = true
    case "http": isEncrypted = false
    default: throw DinasClientError(.badAddress, "the scheme is https")
    }
    port = parts.port ?? (isEncrypted ? 443 : 80)
    guard (1...65_535).contains(port) else {
      throw DinasClientError(.badAddress, "a port is 1 to 65535")
    }
    self.host = host
    guard isEncrypted || Self.isLoopback(host) else {
      throw DinasClientError(.notLoopback, "http is for loopback only; use https")
    }
    guard isEncrypted || isDemonstration else {
      throw DinasClientError(.notLoopback, "http is for demonstrations only; use https")
    }
  }

  /// Addresses as written, not names: a name may be made to mean another machine.
  private static func isLoopback(_ host: String) -> Bool {
    host == "127.0.0.1" || host == "::1" || host == "[::1]"
  }

  public var description: String {
    let shownHost = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
    return "\(isEncrypted ? "https" : "http")://\(shownHost):\(port)"
  }
}

/// The client cannot be set up as configured. Says what to change, never a secret.
public struct DinasClientError: Error, Sendable, Hashable, CustomStringConvertible {
  public enum Code: String, Sendable { case badAddress, notLoopback, badToken, badKiosk, badTLS }
  public let code: Code
  public let message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { "Dinas API (\(code.rawValue)): \(message)" }
}
