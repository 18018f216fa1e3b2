/// What a reason code of the verification means, as one sentence for staff in each language of the
/// office. A citizen reads the three calm explanations of the screen instead.
public struct ReasonMeaning: Sendable, Equatable {
  /// Where the cause lies, which decides what a citizen is told when a document is refused.
  public enum Cause: Sendable, Equatable {
    /// The file itself: another try changes nothing.
    case document
    /// Signer, time or revocation: what the kiosk believes and what it knows.
    case trust
    /// The kiosk: nothing is known about the document, and a later try may go well.
    case machine
  }

  public let code: String
  public let cause: Cause
  public let indonesian: String
  public let english: String

  init(_ code: String, _ cause: Cause, _ indonesian: String, _ english: String) {
    self.code = code
    self.cause = cause
    self.indonesian = indonesian
    self.english = english
  }

  /// Every code that a report, a refusal or a judgement of a list can carry; `ok` is none.
  public static let all: [ReasonMeaning] = integrity + eligibility + trust + machine + lists

  /// Nil for a code that nobody of ours gives.
  public static func of(_ code: String) -> ReasonMeaning? { byCode[code] }

  private static let byCode = Dictionary(uniqueKeysWithValues: all.map { ($0.code, $0) })

  /// Reasons of `untrusted` that an honest office does not cause: a certificate that must not sign,
  /// or a chain that somebody else built. `invalid` is one whatever its reason.
  private static let suspicious: Set<String> = [
    "revoked", "issuer_not_pinned", "untrusted_signer", "signer_not_allowed", "tsa_untrusted",
    "tsa_revoked",
  ]

  /// Whether somebody of the office should look at once.
  public static func isSecurityEvent(_ report: VerificationReport) -> Bool {
    switch report.verdict {
    case .invalid: true
    case .untrusted: suspicious.contains(report.reason)
    case .valid, .refuse: false
    }
  }
}

extension VerificationReport {
  /// The document was not judged because the kiosk could not: it says nothing about the document.
  public var isMachineFailure: Bool {
    verdict == .refuse && ReasonMeaning.of(reason)?.cause == .machine
  }
}
