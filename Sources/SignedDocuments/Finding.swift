/// What the verification came to, the same four words everywhere (design: verdicts).
public enum Verdict: String, Sendable {
  case valid, invalid, untrusted, refuse
}

/// A rule that a document broke. Rules throw it; the first one decides, and the steps run in the
/// order in which a finding weighs (eligible, intact, trusted). Carries a stable code and never a
/// byte of the document.
struct Finding: Error, Equatable {
  let verdict: Verdict
  let reason: String

  static func invalid(_ reason: String) -> Finding { Finding(verdict: .invalid, reason: reason) }
  static func untrusted(_ reason: String) -> Finding {
    Finding(verdict: .untrusted, reason: reason)
  }
  static func refuse(_ reason: String) -> Finding { Finding(verdict: .refuse, reason: reason) }
}

/// Throws `finding` unless the condition holds: a rule on one line.
func require(_ condition: Bool, _ finding: @autoclosure () -> Finding) throws {
  if !condition { throw finding() }
}

/// One person who signed, as far as the signature proves it.
public struct ProvenSigner: Sendable, Equatable {
  public var commonName: String
  public var organization: String?
  public var organizationalUnit: String?
  public var title: String?
  /// Decimal.
  public var serial: String
  /// Seconds since 1970 proven by a time stamp; nil when there is none.
  public var provenTime: Int64?
  /// `B-B`, `B-T`, `B-LT`, `B-LTA`, or the same after `adbe.pkcs7.detached `.
  public var level: String
}

/// The answer about one document.
public struct DocumentReport: Sendable, Equatable {
  public var verdict: Verdict
  /// `ok`, or the code of the rule that was broken.
  public var reason: String
  public var signers: [ProvenSigner] = []
  /// End of the revision that the last person signature covers; zero unless valid.
  public var printBytes = 0
  /// SHA-256 of those bytes in hexadecimal; empty unless valid.
  public var printSHA256 = ""
  public var pageCount = 0

  public init(verdict: Verdict, reason: String) {
    self.verdict = verdict
    self.reason = reason
  }
}
