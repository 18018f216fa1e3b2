/// Everything that says whether certificates were revoked, from wherever it came.
struct RevocationEvidence {
  var lists: [RevocationList] = []
  var answers: [OCSPEvidence] = []

  static let itemsLimit = 128
}

/// Step 22: was a certificate revoked, as far as it matters at the proven time?
struct RevocationCheck {
  let evidence: RevocationEvidence
  let policy: Policy
  let now: Int64

  private static let day: Int64 = 86_400

  private struct Window {
    let thisUpdate: Int64
    let nextUpdate: Int64?
  }

  /// All revocations of `certificate`, and the windows in which something was known about it:
  /// who says that it was revoked at a date also says that it was not before.
  private func read(
    _ certificate: Certificate, issuer: Certificate
  ) -> (revocations: [Revocation], windows: [Window]) {
    var revocations: [Revocation] = []
    var windows: [Window] = []
    func add(_ revocation: Revocation?, _ window: Window) {
      if let revocation { revocations.append(revocation) }
      if window.thisUpdate <= now + Policy.clockSkewSeconds { windows.append(window) }
    }
    for list in evidence.lists where list.isSigned(by: issuer) {
      let window = Window(thisUpdate: list.thisUpdate, nextUpdate: list.nextUpdate)
      switch list.status(of: certificate) {
      case .revoked(let revocation) where list.isPlain: add(revocation, window)
      case .revoked(let revocation): revocations.append(revocation)
      case .notListed: add(nil, window)
      case .unclear: break
      }
    }
    for answer in evidence.answers where isBelievable(answer, about: issuer) {
      for status in answer.statuses(of: certificate, issuer: issuer) {
        add(
          status.revocation,
          Window(thisUpdate: status.thisUpdate, nextUpdate: status.nextUpdate))
      }
    }
    return (revocations, windows)
  }

  /// Signed by the issuer or one whom it certified for that, and did not revoke. When the answer
  /// was signed (producedAt) is no matter: its statements say what time they are about.
  private func isBelievable(_ answer: OCSPEvidence, about issuer: Certificate) -> Bool {
    guard let responder = answer.responder(for: issuer) else { return false }
    return responder.publicKey == issuer.publicKey
      || !isRevoked(responder, issuer: issuer, at: answer.producedAt)
  }

  /// Whether a list says so of a delegated responder: what it signed then proves nothing.
  private func isRevoked(_ responder: Certificate, issuer: Certificate, at time: Int64) -> Bool {
    evidence.lists.contains { list in
      guard list.isSigned(by: issuer), case .revoked(let revocation) = list.status(of: responder)
      else { return false }
      return revocation.reaches(time)
    }
  }

  /// - Parameter provenTime: nil when only "now" is known.
  func requireGood(_ certificate: Certificate, issuer: Certificate, provenTime: Int64?) throws {
    let found = read(certificate, issuer: issuer)
    for revocation in found.revocations {
      guard let time = provenTime, revocation.date > time else {
        throw Finding.untrusted("revoked")
      }
    }
    if policy.unknownRevocation == .warn { return }
    let enough = found.windows.contains { window in
      guard let time = provenTime else {
        if let next = window.nextUpdate, now <= next { return true }
        return now - window.thisUpdate <= Int64(policy.revocationListAgeDaysLimit) * Self.day
      }
      if window.thisUpdate >= time { return window.thisUpdate <= certificate.notAfter }
      if let next = window.nextUpdate, time <= next { return true }
      return time - window.thisUpdate <= Int64(policy.revocationGraceHours) * 3600
    }
    try require(enough, .untrusted("revocation_unknown"))
  }

  /// For a time-stamp authority: no revocation that reaches back to `time`. Silence is accepted:
  /// its tokens rarely bring evidence along.
  func requireTimeStampAuthority(
    _ certificate: Certificate, issuer: Certificate, time: Int64
  ) throws {
    for revocation in read(certificate, issuer: issuer).revocations
    where revocation.reaches(time) {
      throw Finding.untrusted("tsa_revoked")
    }
  }
}
