import DinasProtocol
import Journey
import LocalStore
import OfficeModel
import Ports
import SensitiveMemory
import TestSupport
import Testing
import UseCases

@Suite("Credentials without a server", .timeLimit(.minutes(2)))
struct OfflineCredentialTests {
  static let salt = [UInt8](repeating: 5, count: SlowHash.saltBytes)
  static let qrPayload = "UJI-QR-1-23456789"

  private func secret() throws -> LookupSecret { try LookupSecret(file: Counter.lookupKey) }

  private func pinCredential(
    _ pin: String, _ kind: CredentialKind = .access, validUntil: CivilDate? = nil
  ) throws -> OfflineCheck.Credential {
    let key = try secret().pin(nik: Array(Counter.nikDigits.utf8), pin: Array(pin.utf8))
    return .init(
      kind: kind, hash: try SlowHash(of: Array(key.utf8), salt: Self.salt).description,
      validUntil: validUntil)
  }

  private func counter(_ credentials: [OfflineCheck.Credential], tries: Int = 3) async throws
    -> Counter
  {
    let counter = try Counter(
      limits: TryLimits(perNIK: tries, perKiosk: 30, window: .seconds(3600)))
    try await counter.offerDocument(offline: OfflineCheck(credentials))
    counter.parts.credential.value = { _ in .failure(PortError(.unreachable, step: "test")) }
    return counter
  }

  @Test("the holder of a leased document is known by what the server left here")
  func known() async throws {
    let counter = try await counter([try pinCredential("123456")])
    #expect(await counter.prove() == .credentialAccepted([Counter.summary]))
    let record = try await counter.store.port().audit.page(0, 10).map(\.entry.result)
    #expect(record == ["accepted-offline"])
    // The right PIN clears the count.
    let verdict = try await counter.store.port().tries.count(
      counter.nikKey, TryLimits(perNIK: 3, perKiosk: 30, window: .seconds(3600)),
      counter.parts.clock.now.wall)
    #expect(verdict.triesLeft == 2)
  }

  @Test("a wrong PIN and an unknown NIK get the same answers, and their tries run out alike")
  func sameAnswers() async throws {
    let counter = try await counter([try pinCredential("123456")], tries: 2)
    func answer(_ nik: String, _ id: UInt64) async -> Answer? {
      let session = SessionID(id)
      counter.runner.run(
        .checkCredential(
          session, nik: counter.type(nik, id * 10), pin: counter.type("000000", id * 10 + 1)))
      let answer = await counter.answer(session) { _ in true }
      counter.runner.run(.endSession(session))
      return answer
    }
    var (known, unknown): ([Answer?], [Answer?]) = ([], [])
    for index in 1...3 as ClosedRange<UInt64> {
      known.append(await answer(Counter.nikDigits, index * 2))
      unknown.append(await answer("6309015505850002", index * 2 + 1))
    }
    #expect(known == unknown)
    #expect(known[0] == .credentialRefused(.notKnownOffline(triesLeft: 1)))
    guard case .credentialRefused(.locked)? = known[2] else {
      Issue.record("the third try is judged")
      return
    }
  }

  @Test("a scanned credential opens the document it belongs to, a strange one nothing")
  func scanned() async throws {
    let key = try secret().qr(Array(Self.qrPayload.utf8))
    let credential = OfflineCheck.Credential(
      kind: .print, qrTag: OfflineCheck.qrTag(key),
      hash: try SlowHash(of: Array(key.utf8), salt: Self.salt).description)
    let counter = try await counter([credential])
    counter.runner.run(
      .checkScannedCredential(counter.session, payload: counter.type(Self.qrPayload, 3)))
    let answer = await counter.answer { _ in true }
    #expect(answer == .credentialAccepted([Counter.summary]))
    let other = SessionID(2)
    counter.runner.run(
      .checkScannedCredential(other, payload: counter.type("UJI-QR-2-23456789", 4)))
    #expect(
      await counter.answer(other) { _ in true } == .credentialRefused(.serverUnreachable))
  }

  @Test("an access credential opens nothing after its last day")
  func expired() async throws {
    let day = Counter.summary.readySince
    let valid = try await counter([try pinCredential("123456", validUntil: day)])
    #expect(await valid.prove() == .credentialAccepted([Counter.summary]))
    let over = try await counter([
      try pinCredential("123456", validUntil: day.adding(days: -1))
    ])
    #expect(await over.prove() == .credentialRefused(.expired))
  }

  @Test("a print credential is spent with the delivered print, also while nobody can be told")
  func spent() async throws {
    let counter = try await counter([try pinCredential("123456", .print)])
    #expect(await counter.prove() == .credentialAccepted([Counter.summary]))
    counter.runner.run(.openDocument(counter.session, Counter.summary))
    _ = await counter.answer { if case .documentReady = $0 { true } else { false } }
    counter.runner.run(.printDocument(counter.session, documentID: Counter.documentID))
    #expect(await counter.answer { $0.printEnd != nil } == .printEnded(.delivered, fault: nil))
    _ = await counter.parts.events.first { $0.name == "print.finished" }
    counter.runner.run(.endSession(counter.session))
    let later = SessionID(2)
    counter.runner.run(
      .checkCredential(
        later, nik: counter.type(Counter.nikDigits, 20), pin: counter.type("123456", 21)))
    #expect(await counter.answer(later) { _ in true } == .credentialRefused(.spent))
  }

  @Test("after the lease, or by a clock nobody trusts, nothing is judged and no try is used up")
  func notJudged() async throws {
    let over = try await counter([try pinCredential("123456")], tries: 1)
    over.parts.clock.advance(by: .seconds(86_400))
    #expect(await over.prove() == .credentialRefused(.serverUnreachable))
    let untrusted = try Counter(adjust: {
      $0.clock.trust = { .untrusted(reason: .tooEarly) }
    })
    try await untrusted.offerDocument(offline: OfflineCheck([try pinCredential("123456")]))
    untrusted.parts.credential.value = { _ in .failure(PortError(.unreachable, step: "test")) }
    #expect(await untrusted.prove() == .credentialRefused(.serverUnreachable))
  }

  @Test("documents that are lent in advance are fetched, verified and kept; a changed one is not")
  func fetchedAhead() async throws {
    for verdict in [SignatureVerdict.valid, .invalid] {
      let counter = try await counter([try pinCredential("123456")])
      if verdict == .invalid {
        counter.parts.report.value = { _ in
          VerificationReport(verdict: .invalid, reason: "modified_after_signing")
        }
      }
      let loops = Task { await counter.runner.serve() }
      _ = await counter.parts.events.first { $0.name == "document.fetched-ahead" }
      let cache = counter.store.port().cache
      if verdict == .valid {
        try await eventually("the document is kept") {
          try await cache.sealedDocument(Counter.documentID) != nil
        }
      } else {
        _ = await counter.parts.events.first { $0.isSecurityEvent }
      }
      loops.cancel()
      await loops.value
      #expect((try await cache.sealedDocument(Counter.documentID) != nil) == (verdict == .valid))
      #expect(counter.vault.population == 0)
    }
  }

  @Test("a print credential is spent by a print that came out, not by one whose end nobody knows")
  func endUnknown() async throws {
    let counter = try await counter([try pinCredential("123456", .print)])
    let ledger = counter.store.port().ledger
    let now = counter.parts.clock.now.wall
    func answer(_ id: UInt64) async -> Answer? {
      let session = SessionID(id)
      counter.runner.run(
        .checkCredential(
          session, nik: counter.type(Counter.nikDigits, id * 10),
          pin: counter.type("123456", id * 10 + 1)))
      return await counter.answer(session) { _ in true }
    }
    var none = Counter.summary
    none.printsLeft = 0
    #expect(
      try await ledger.reserve(
        PrintReservation(jobKey: "job-1", documentID: Counter.documentID, at: now)))
    try await ledger.submit("job-1", now)
    #expect(await answer(2) == .credentialAccepted([none]))
    try await ledger.settle("job-1", .unknown, now)
    #expect(await answer(3) == .credentialAccepted([none]))
    try await ledger.settleByStaff(
      StaffSettlement(jobKey: "job-1", finding: .handedOver, staff: "petugas-uji", at: now))
    #expect(await answer(4) == .credentialRefused(.spent))
  }
}
