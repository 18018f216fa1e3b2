/// What the office decides about documents. Every limit has a value, so nothing is unbounded.
public struct Policy: Sendable, Equatable {
  /// What to do when nothing says whether a certificate was revoked.
  public enum UnknownRevocation: String, Sendable { case block, warn }
  /// Whether a time stamp still counts after its authority's certificate has run out.
  public enum ExpiredTimeStampAuthority: String, Sendable { case accept, reject }

  public var unknownRevocation = UnknownRevocation.block
  public var expiredTimeStampAuthority = ExpiredTimeStampAuthority.accept
  /// Age of a cached CRL that is still believed when the time of signing is not proven.
  public var revocationListAgeDaysLimit = 30
  /// How much older than a proven time a CRL or OCSP answer may be.
  public var revocationGraceHours = 24
  public var pagesLimit = 50
  public var bytesLimit = 25 << 20
  public var signaturesLimit = 16
  public var decodedBytesLimit = 64 << 20
  /// Largest coordinate of a page box, in points.
  public var pagePointsLimit = 14_400
  /// Who of the pinned issuers' subscribers may sign.
  public var allowedSigners = AllowedSigners()

  public init() {}

  /// Sets one line `key = value` of a policy file; false for an unknown key or unusable value.
  public mutating func set(_ key: String, to value: String) -> Bool {
    func positive(_ field: WritableKeyPath<Policy, Int>, most: Int) -> Bool {
      guard value.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(value),
        number <= most
      else { return false }
      self[keyPath: field] = number
      return true
    }
    switch key {
    case "unknown_revocation":
      guard let choice = UnknownRevocation(rawValue: value) else { return false }
      unknownRevocation = choice
    case "expired_tsa":
      guard let choice = ExpiredTimeStampAuthority(rawValue: value) else { return false }
      expiredTimeStampAuthority = choice
    case "crl_max_age_days": return positive(\.revocationListAgeDaysLimit, most: 3650)
    case "crl_grace_hours": return positive(\.revocationGraceHours, most: 24 * 365)
    case "max_pages": return positive(\.pagesLimit, most: 5000)
    case "max_bytes": return positive(\.bytesLimit, most: 64 << 20)
    case "max_signatures": return positive(\.signaturesLimit, most: 64)
    case "max_decoded_bytes": return positive(\.decodedBytesLimit, most: 256 << 20)
    case "max_page_points": return positive(\.pagePointsLimit, most: 14_400)
    case "allowed_organization": return allowedSigners.add(organization: value)
    case "allowed_unit": return allowedSigners.add(unit: value)
    case "allowed_serial": return allowedSigners.add(serial: value)
    default: return false
    }
    return true
  }

  /// Those that `set` knows.
  static let keys: Set<String> = repeatable.union([
    "unknown_revocation", "expired_tsa", "crl_max_age_days", "crl_grace_hours", "max_pages",
    "max_bytes", "max_signatures", "max_decoded_bytes", "max_page_points",
  ])
  static let repeatable: Set<String> = ["allowed_organization", "allowed_unit", "allowed_serial"]

  /// Limits that no office needs to change.
  static let objectsLimit = 20_000
  static let nestingLimit = 64
  static let revisionsLimit = 40
  static let pageTreeDepthLimit = 32
  static let fieldDepthLimit = 8
  static let imageSideLimit: Int64 = 30_000
  static let imagePixelsLimit: Int64 = 150_000_000
  /// A time stamp may be ahead of the kiosk's clock by this much.
  static let clockSkewSeconds: Int64 = 300
  /// A clock further than this behind a list of ours is at fault.
  static let clockFaultSeconds: Int64 = 86_400
}
