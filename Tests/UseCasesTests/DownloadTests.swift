import DinasProtocol
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

  /// Two documents lent in advance; the server has the sealed bytes of each.
  private func lendTwo(_ counter: Counter) async throws {
    let secret = try LookupSecret(file: Counter.lookupKey)
    let hash = try SlowHash(of: Array("uji".utf8), salt: [UInt8](repeating: 1, count: 16))
    let key = try counter.nikKey
    let now = counter.parts.clock.now.wall
    var sealed: [String: [UInt8]] = [:]
    var documents: [ChangesPage.Document] = []
    for id in ["doc-a", "doc-b"] {
      let bytes = try DocumentSeal(secret).seal(Counter.plain, id: id)
      sealed[id] = bytes
      var summary = Counter.summary
      summary.id = id
      documents.append(
        .init(
          id: id, nik: key,
          document: CachedDocument(
            summary: summary, sealedBytes: bytes.count, sealedSHA256: WireHash.sha256(bytes),
            lease: PrintLease(id: "lease-" + id, until: now.adding(.seconds(86_400))),
            offline: OfflineCheck([.init(kind: .access, hash: hash.description)]))))
    }
    try await counter.store.port().cache.apply(
      ChangesPage(
        cursor: "1", hasMore: false, serverTime: now, applications: [], documents: documents,
        nowServing: []), now)
    let served = sealed
    counter.parts.document.value = { id in
      served[id].map { .success($0) } ?? .failure(PortError(.notFound, step: "test"))
    }
    counter.answerDocuments()
  }

  /// With the kiosk's loops running, and a clock that each `pass` lets go on until something is so, by
  /// `step` at a time.
  private func withLoops(
    _ counter: Counter,
    _ body: (
      _ pass: (_ what: String, _ step: Duration, _ isSo: () async throws -> Bool) async throws
        -> Void
    ) async throws -> Void
  ) async throws {
    let loops = Task { await counter.runner.serve() }
    let result: Result<Void, any Error>
    do {
      result = .success(
        try await body { what, step, isSo in
          try await eventually(what, within: .seconds(40)) {
            counter.parts.clock.advance(by: step)
            return try await isSo()
          }
        })
    } catch { result = .failure(error) }
    loops.cancel()
    await loops.value
    try result.get()
  }

  private func isKept(_ counter: Counter, _ id: String) async throws -> Bool {
    try await counter.store.port().cache.sealedDocument(id) != nil
  }

  @Test("in advance one document that cannot be had holds up no other, and is tried again")
  func aheadOneByOne() async throws {
    let counter = try Counter()
    try await lendTwo(counter)
    let whole = counter.parts.document.value
    counter.parts.document.value = { id in
      id == "doc-a" ? .failure(PortError(.notFound, step: "test")) : whole(id)
    }
    try await withLoops(counter) { pass in
      try await pass("the other is fetched", .seconds(30)) { try await isKept(counter, "doc-b") }
      #expect(try await !isKept(counter, "doc-a"))
      counter.parts.document.value = whole
      try await pass("the first, too", .seconds(30)) { try await isKept(counter, "doc-a") }
    }
  }

  @Test("in advance what could not be judged is judged again, at once with a new revocation list")
  func aheadJudgedAgain() async throws {
    let counter = try Counter()
    try await lendTwo(counter)
    let uncertain = report(.untrusted, "revocation_unknown")
    counter.parts.report.value = { _ in uncertain }
    func serve(_ office: OfficeNews?) {
      counter.parts.pages.value = { _ in
        .success(
          ChangesPage(
            cursor: "2", hasMore: false, serverTime: counter.parts.clock.now.wall,
            applications: [], documents: [], nowServing: [], office: office))
      }
    }
    serve(nil)
    try await withLoops(counter) { pass in
      // Each is put off for longer and longer, in the end for an hour.
      try await pass("each is judged seven times", .seconds(300)) {
        counter.parts.verified.all.count >= 14
      }
      let list = Array("a list".utf8)
      counter.parts.list.value = { _ in .success(list) }
      counter.parts.report.value = { _ in Counter.valid }
      let before = counter.parts.clock.now.uptime
      serve(
        OfficeNews(revocationLists: [
          .init(id: "uji", sizeBytes: list.count, sha256: WireHash.sha256(list))
        ]))
      try await pass("both are kept", .seconds(10)) {
        let isFirst = try await isKept(counter, "doc-a")
        let isSecond = try await isKept(counter, "doc-b")
        return isFirst && isSecond
      }
      #expect(counter.parts.listsAdded.all.count == 1)
      #expect(counter.parts.clock.now.uptime.since(before) < .seconds(3000))
    }
  }

  @Test("in advance what is forged is given up")
  func aheadForged() async throws {
    let counter = try Counter()
    try await lendTwo(counter)
    let forged = report(.invalid, "modified_after_signing")
    counter.parts.report.value = { _ in forged }
    try await withLoops(counter) { pass in
      try await pass("both are judged", .seconds(30)) { counter.parts.verified.all.count >= 2 }
      let end = counter.parts.clock.now.uptime.adding(.seconds(7200))
      try await pass("hours later", .seconds(300)) { counter.parts.clock.now.uptime > end }
    }
    #expect(counter.parts.verified.all.count == 2)
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
