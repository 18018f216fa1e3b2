internal import COpenSSL

/// Who of the subscribers of a pinned issuer may sign for this office. Every person's signature on a
/// document must be by one of them: with a single stranger among three the document would carry his
/// word on the office's paper. With nobody named, every subscriber may.
///
/// Names are compared as they are written in the certificate, capitals included, after Unicode
/// normalisation and with every run of white space as one space: what looks the same is the same, and
/// nothing else is. Of a name that stands in a certificate more than once, the first counts, which is
/// also the one that is shown.
public struct AllowedSigners: Sendable, Equatable {
  private struct Office: Sendable, Equatable {
    let organization: String
    /// Nil: any unit of the organisation, also none.
    let unit: String?
  }

  private var offices: [Office] = []
  /// Decimal, as certificates of ours tell them.
  private var serials: Set<String> = []

  /// An office has a handful of signers.
  static let entriesLimit = 500
  static let nameBytesLimit = 256
  /// RFC 5280 allows 20 octets; twice that is beyond what any authority gives.
  static let serialDigitsLimit = 80

  public init() {}

  func allows(organization: String?, unit: String?, serial: String) -> Bool {
    if offices.isEmpty && serials.isEmpty { return true }
    if serials.contains(serial) { return true }
    guard let organization = organization.map(Self.folded) else { return false }
    let unit = unit.map(Self.folded)
    return offices.contains {
      $0.organization == organization && ($0.unit == nil || $0.unit == unit)
    }
  }

  private var hasRoom: Bool { offices.count + serials.count < Self.entriesLimit }

  /// An organisation (O); false when that is no name.
  mutating func add(organization: String) -> Bool {
    guard let organization = Self.name(organization), hasRoom else { return false }
    offices.append(Office(organization: organization, unit: nil))
    return true
  }

  /// `O | OU`: a unit of an organisation; false for anything else.
  mutating func add(unit text: String) -> Bool {
    let parts = text.split(separator: "|", omittingEmptySubsequences: false)
    guard parts.count == 2, let organization = Self.name(String(parts[0])),
      let unit = Self.name(String(parts[1])), hasRoom
    else { return false }
    offices.append(Office(organization: organization, unit: unit))
    return true
  }

  /// A certificate's serial number; false for what is none.
  mutating func add(serial text: String) -> Bool {
    guard let serial = Self.serial(text), hasRoom else { return false }
    serials.insert(serial)
    return true
  }

  private static func name(_ text: String) -> String? {
    let name = folded(text)
    return name.isEmpty || name.utf8.count > nameBytesLimit ? nil : name
  }

  /// Strings are equal when they are canonically equivalent, so the normalisation needs no step.
  private static func folded(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// The number in decimal. Digits alone are decimal; with `0x`, a colon or a letter from A to F it
  /// is hexadecimal, as certificate viewers show it. Leading zeros do not count.
  static func serial(_ text: String) -> String? {
    var digits = Substring(text)
    var isHexadecimal = false
    if digits.hasPrefix("0x") || digits.hasPrefix("0X") {
      digits = digits.dropFirst(2)
      isHexadecimal = true
    }
    if digits.contains(":") {
      isHexadecimal = true
      let octets = digits.split(separator: ":", omittingEmptySubsequences: false)
      guard octets.allSatisfy({ (1...2).contains($0.utf8.count) }) else { return nil }
      digits = Substring(octets.map { $0.utf8.count == 1 ? "0" + $0 : $0 }.joined())
    }
    guard !digits.isEmpty, digits.utf8.count <= serialDigitsLimit,
      digits.allSatisfy({ $0.isASCII && $0.isHexDigit })
    else { return nil }
    if !digits.allSatisfy(\.isNumber) { isHexadecimal = true }
    var number: OpaquePointer?
    let read =
      isHexadecimal
      ? unsafe BN_hex2bn(&number, String(digits)) : unsafe BN_dec2bn(&number, String(digits))
    defer { unsafe BN_free(number) }
    guard read == Int32(digits.utf8.count), let decimal = unsafe BN_bn2dec(number) else {
      return nil
    }
    defer { unsafe CRYPTO_free(decimal, "AllowedSigners", 0) }
    return unsafe String(cString: decimal)
  }
}
