public import OfficeModel

/// A value from the other side breaks a rule. Says which field and which rule, never the value.
public struct WireProblem: Error, Hashable, Sendable, CustomStringConvertible {
  public let field: String
  public let rule: String

  public init(_ field: String, _ rule: String) {
    self.field = field
    self.rule = rule
  }

  public var description: String { "\(field): \(rule)" }
}

/// Rules that every value passes before it is used, on both sides.
public enum Check {
  /// Identifiers, idempotency keys, kiosk names: letters, digits, `-`, `_`; so they can stand in a
  /// path, a query and a file name as they are.
  public static func identifier(_ text: String, _ field: String) throws(WireProblem) {
    guard (1...DinasAPI.Limit.identifierCharacters).contains(text.utf8.count),
      text.utf8.allSatisfy(isWordByte)
    else {
      throw WireProblem(field, "1 to 64 of the characters A-Z a-z 0-9 - _")
    }
  }

  /// A document's identifier stands in ledger, record, outbox and log as it is: it must not carry a
  /// NIK or a registration number, which have sixteen digits in a row.
  public static func documentID(_ text: String, _ field: String) throws(WireProblem) {
    try identifier(text, field)
    var digits = 0
    for byte in text.utf8 {
      digits = (48...57).contains(byte) ? digits + 1 : 0
      guard digits < 16 else { throw WireProblem(field, "no 16 digits in a row") }
    }
  }

  /// A cursor is the server's own; it must only be safe in a query.
  public static func cursor(_ text: String, _ field: String) throws(WireProblem) {
    guard (1...DinasAPI.Limit.cursorCharacters).contains(text.utf8.count),
      text.utf8.allSatisfy({ isWordByte($0) || $0 == UInt8(ascii: ".") })
    else { throw WireProblem(field, "1 to 128 of the characters A-Z a-z 0-9 - _ .") }
  }

  /// A keyed hash: HMAC-SHA256 as base64url without padding, 43 characters.
  public static func key(_ text: String, _ field: String) throws(WireProblem) {
    guard text.utf8.count == 43, text.utf8.allSatisfy(isWordByte) else {
      throw WireProblem(field, "a keyed hash: 43 characters of base64url")
    }
  }

  public static func sha256(_ text: String, _ field: String) throws(WireProblem) {
    guard text.utf8.count == 64,
      text.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
    else { throw WireProblem(field, "SHA-256 in 64 lower-case hexadecimal digits") }
  }

  /// Text that is shown: no control characters, so it can break neither a screen nor a ticket.
  public static func text(
    _ text: String, _ field: String, limit: Int = DinasAPI.Limit.textCharacters
  ) throws(WireProblem) {
    guard text.unicodeScalars.count <= limit else {
      throw WireProblem(field, "at most \(limit) characters")
    }
    guard !text.isEmpty else { throw WireProblem(field, "may not be empty") }
    guard text.unicodeScalars.allSatisfy({ $0.value >= 32 && $0.value != 127 }) else {
      throw WireProblem(field, "no control characters")
    }
  }

  public static func count(
    _ count: Int, _ field: String, limit: Int
  ) throws(WireProblem) {
    guard count <= limit else { throw WireProblem(field, "at most \(limit)") }
  }

  public static func unique(_ names: [String], _ field: String) throws(WireProblem) {
    guard Set(names).count == names.count else { throw WireProblem(field, "each only once") }
  }

  /// Between 2020 and 2200: a clock that was never set, or seconds taken for milliseconds.
  public static func time(_ time: Timestamp, _ field: String) throws(WireProblem) {
    guard (1_577_836_800_000...7_258_118_400_000).contains(time.milliseconds) else {
      throw WireProblem(field, "milliseconds since 1970, between 2020 and 2200")
    }
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}

/// A body that can say whether it keeps the rules.
public protocol WireBody: Codable, Sendable {
  func check() throws(WireProblem)
}
