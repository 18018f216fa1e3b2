import Journey
import LocalStore
import OfficeModel
import Ports
import TestSupport
import Testing
import UseCases

@Suite("Downloaded documents", .timeLimit(.minutes(1)))
struct DownloadTests {
  private func kept(_ counter: Counter) async throws -> [UInt8]? {
    try await counter.store.port().cache.sealedDocument(Counter.documentID)
  }

  private func report(_ verdict: SignatureVerdict, _ reason: String) -> VerificationReport {
    VerificationReport(verdict: verdict, reason: reason)
  }

  @Test("a document is judged when it arrives and is kept for the next time")
  func valid() async throws {
    let counter = try Counter()
    try await counter.openDocument()
    // Kept once it was shown, which is answered first.
    while try await kept(counter) == nil { await Task.yield() }
    let downloads = counter.parts.events.all.filter { $0.name == "document.downloaded" }
    #expect(downloads.map(\.fields) == [["verdict": "valid", "reason": "ok"]])
    // The second time it comes from the cache, and is judged again.
    counter.parts.document.value = { _ in .failure(PortError(.unreachable, step: "test")) }
    let ready = counter.answers.all.count
    counter.runner.run(.openDocument(counter.session, Counter.summary))
    while counter.answers.all.count == ready { await Task.yield() }
    guard case .answer(_, .documentReady)? = counter.answers.all.last else {
      Issue.record("not opened from the cache")
      return
    }
    #expect(counter.parts.verified.all.count == 2)
    #expect(counter.parts.events.all.filter { $0.name == "document.downloaded" }.count == 1)
  }

  @Test("of a document that arrives changed nothing stays but one security event")
  func changed() async throws {
    let counter = try Counter()
    let report = report(.invalid, "modified_after_signing")
    try await counter.offerDocument()
    counter.parts.report.value = { _ in report }
    #expect(try await counter.opened() == .changed(code: "modified_after_signing"))
    #expect(try await kept(counter) == nil)
    #expect(
      counter.parts.events.all.filter(\.isSecurityEvent) == [
        .security(reason: "modified_after_signing", step: "download")
      ])
    #expect(counter.parts.events.all.contains { $0.name == "document.downloaded" })
  }

  @Test(
    "of what is refused nothing is kept, and only what smells of forgery is a security event",
    arguments: [
      (SignatureVerdict.untrusted, "revocation_unknown", false),
      (.untrusted, "issuer_not_pinned", true), (.untrusted, "signer_not_allowed", true),
      (.refuse, "helper_timeout", false), (.refuse, "encrypted", false),
    ])
  func kept(_ verdict: SignatureVerdict, _ reason: String, _ isEvent: Bool) async throws {
    let counter = try Counter()
    try await counter.offerDocument()
    let report = report(verdict, reason)
    counter.parts.report.value = { _ in report }
    _ = try await counter.opened()
    #expect(try await kept(counter) == nil)
    #expect(counter.parts.events.all.contains(where: \.isSecurityEvent) == isEvent)
  }

  @Test("a document that changed between preview and print is a security event of the print")
  func beforePrint() async throws {
    let counter = try Counter()
    try await counter.openDocument()
    let report = report(.invalid, "digest_mismatch")
    counter.parts.report.value = { _ in report }
    counter.runner.run(.printDocument(counter.session, documentID: Counter.documentID))
    _ = await counter.answer { $0.printEnd != nil }
    #expect(
      counter.parts.events.all.filter(\.isSecurityEvent) == [
        .security(reason: "digest_mismatch", step: "print")
      ])
    #expect(counter.parts.documentsPrinted.all.isEmpty)
  }
}

extension Counter {
  /// Opens what was offered; the refusal, nil when it is shown.
  fileprivate func opened() async throws -> DocumentRefusal? {
    runner.run(
      .checkCredential(session, nik: type(Self.nikDigits, 1), pin: type("123456", 2)))
    _ = await answer { if case .credentialAccepted = $0 { true } else { false } }
    runner.run(.openDocument(session, Self.summary))
    let answer = await answer { answer in
      switch answer {
      case .documentReady, .documentRefused: true
      default: false
      }
    }
    if case .documentRefused(let refusal)? = answer { return refusal }
    return nil
  }
}
