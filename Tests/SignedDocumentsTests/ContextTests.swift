import SignedDocuments
import Testing

/// The same documents where the kiosk knows less, or more, or lives later: what a document carries
/// must then decide.
@Suite("What the kiosk knows around a document")
struct ContextTests {
  struct Expectation: Sendable, CustomTestStringConvertible {
    let name: String
    let context: String
    let verdict: Verdict
    let reason: String
    var testDescription: String { "\(name) in \(context)" }

    init(_ name: String, _ context: String, _ verdict: Verdict, _ reason: String) {
      self.name = name
      self.context = context
      self.verdict = verdict
      self.reason = reason
    }
  }

  static let expectations: [Expectation] = [
    // Evidence in the document needs no list on the kiosk, whatever the time.
    .init("v-blt-ocsp", "nocrl", .valid, "ok"),
    .init("v-blt-ocsp", "future", .valid, "ok"),
    .init("v-blt-crl", "nocrl", .valid, "ok"),
    .init("v-blta", "future", .valid, "ok"),
    .init("v-revoked-after-ts", "nocrl", .valid, "ok"),
    .init("v-expired-now-lt", "stalecrl", .valid, "ok"),
    .init("v-legacy-root", "nocrl", .valid, "ok"),
    .init("v-legacy-root", "stricttsa", .untrusted, "tsa_expired"),
    .init("v-blta-renewed", "stricttsa", .valid, "ok"),
    // A revocation that only the document tells.
    .init("revoked-ocsp-in-dss", "nocrl", .untrusted, "revoked"),
    .init("revoked-ocsp-in-dss", "stalecrl", .untrusted, "revoked"),
    // A stamp without evidence needs a list made after it, while the certificate lived.
    .init("v-bt-rsa2048", "nocrl", .untrusted, "revocation_unknown"),
    .init("v-bt-rsa2048", "future", .untrusted, "revocation_unknown"),
    // Without a stamp there is only now.
    .init("v-bb-rsa2048", "nocrl", .untrusted, "revocation_unknown"),
    .init("v-bb-rsa2048", "stalecrl", .untrusted, "revocation_unknown"),
    .init("v-bb-rsa2048", "future", .untrusted, "expired_no_poe"),
    // Trust does not depend on what is known of revocation.
    .init("untrusted-psre-same-root", "nocrl", .untrusted, "issuer_not_pinned"),
    .init("ts-untrusted-tsa", "nocrl", .untrusted, "tsa_untrusted"),
  ]

  @Test("decides with it", arguments: expectations)
  func context(_ expected: Expectation) throws {
    let entry = try Corpus.shared.named(expected.name)
    let report = try Corpus.shared.verification(expected.context)
      .verify(try Corpus.shared.bytes(entry.file))
    #expect(report.verdict == expected.verdict)
    #expect(report.reason == expected.reason)
    #expect(report.printBytes == (expected.verdict == .valid ? entry.printBytes : 0))
  }
}
