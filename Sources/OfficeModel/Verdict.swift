/// What the verification of a signed document came to (signed-document rules, section verdicts).
public enum SignatureVerdict: String, Sendable, Codable {
  /// Signer, time and integrity are proven: print.
  case valid
  /// Changed after signing, or the signature is malformed.
  case invalid
  /// Intact, but signer, time or revocation cannot be proven.
  case untrusted
  /// Not eligible: no signature, active content, limits, or not a readable PDF.
  case refuse
}

/// The answer of the verifier for one document.
public struct VerificationReport: Hashable, Sendable, Codable {
  public struct Signer: Hashable, Sendable, Codable {
    public var commonName: String
    public var organization: String?
    public var organizationalUnit: String?
    public var title: String?
    public var serial: String
    /// Seconds since 1970 of the time that is proven (time stamp), nil where only now is known.
    public var provenTime: Int64?
    public var level: String

    public init(
      commonName: String, organization: String?, organizationalUnit: String?, title: String?,
      serial: String, provenTime: Int64?, level: String
    ) {
      self.commonName = commonName
      self.organization = organization
      self.organizationalUnit = organizationalUnit
      self.title = title
      self.serial = serial
      self.provenTime = provenTime
      self.level = level
    }
  }

  public var verdict: SignatureVerdict
  /// A stable code such as `modified_after_signing`; `ok` when valid.
  public var reason: String
  public var signers: [Signer]
  /// Length of the revision that the last person signature covers; only these bytes are shown
  /// and printed. Zero unless valid.
  public var printBytes: Int
  /// SHA-256 of those bytes in hexadecimal; empty unless valid.
  public var printSHA256: String
  public var pageCount: Int

  public init(
    verdict: SignatureVerdict, reason: String, signers: [Signer] = [], printBytes: Int = 0,
    printSHA256: String = "", pageCount: Int = 0
  ) {
    self.verdict = verdict
    self.reason = reason
    self.signers = signers
    self.printBytes = printBytes
    self.printSHA256 = printSHA256
    self.pageCount = pageCount
  }

  private enum CodingKeys: String, CodingKey {
    case verdict, reason, signers
    case printBytes = "print_bytes"
    case printSHA256 = "print_sha256"
    case pageCount = "page_count"
  }
}
