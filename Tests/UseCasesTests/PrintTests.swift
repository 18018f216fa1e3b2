import DinasProtocol
import Journey
import LocalStore
import OfficeModel
import Ports
import SensitiveMemory
import Synchronization
import TestSupport
import Testing
import UseCases

@Suite("Documents and prints", .timeLimit(.minutes(1)))
struct PrintTests {
  private func reports(_ counter: Counter) async throws -> [KioskReport.Content] {
    try await counter.store.port().outbox.due(counter.parts.clock.now.wall, 10).map {
      try Wire.decode(KioskReport.self, from: $0.body).content
    }
  }

  @Test("a document is verified, shown, verified again and printed as it was verified")
  func delivered() async throws {
    let counter = try Counter()
    try await counter.openDocument()
    counter.runner.run(.printDocument(counter.session, documentID: Counter.documentID))
    let end = await counter.answer { $0.printEnd != nil }
    #expect(end == .printEnded(.delivered, fault: nil))
    let order = try #require(counter.parts.documentsPrinted.all.first)
    #expect(order.byteCount == Counter.plain.count)
    #expect(order.sha256 == Counter.valid.printSHA256)
    #expect(counter.parts.verified.all.count == 2)
    #expect(
      try await reports(counter) == [
        .printReserved(
          documentID: Counter.documentID, jobKey: order.jobKey, leaseID: Counter.lease.id),
        .printOutcome(documentID: Counter.documentID, jobKey: order.jobKey, outcome: .delivered),
      ])
    // The right is used: a second print reaches no printer.
    _ = await counter.parts.events.first { $0.name == "print.finished" }
    counter.runner.run(.printDocument(counter.session, documentID: Counter.documentID))
    _ = await counter.parts.events.first { $0.name == "print.no-right" }
    // Nor is it opened again.
    counter.runner.run(.openDocument(counter.session, Counter.summary))
    _ = await counter.answer { $0 == .documentRefused(.unavailable) }
    #expect(counter.parts.documentsPrinted.all.count == 1)
  }

  @Test(
    "a document that does not verify is never shown and never reaches the printer",
    arguments: [
      (SignatureVerdict.invalid, DocumentRefusal.changed(code: "x")),
      (.untrusted, .signerUncertain(code: "x")), (.refuse, .unreadable(code: "x")),
    ])
  func refused(_ verdict: SignatureVerdict, _ refusal: DocumentRefusal) async throws {
    let counter = try Counter()
    try await counter.offerDocument()
    counter.parts.report.value = { _ in VerificationReport(verdict: verdict, reason: "x") }
    counter.runner.run(
      .checkCredential(
        counter.session, nik: counter.type(Counter.nikDigits, 1), pin: counter.type("123456", 2)))
    _ = await counter.answer { if case .credentialAccepted = $0 { true } else { false } }
    counter.runner.run(.openDocument(counter.session, Counter.summary))
    let answer = await counter.answer { if case .documentRefused = $0 { true } else { false } }
    #expect(answer == .documentRefused(refusal))
    counter.runner.run(.printDocument(counter.session, documentID: Counter.documentID))
    #expect(await counter.answer { $0.printEnd != nil } == .printEnded(.notPrinted, fault: nil))
    #expect(counter.parts.documentsPrinted.all.isEmpty)
    #expect(try await counter.store.port().outbox.state().waiting == 0)
    counter.runner.run(.endSession(counter.session))
    #expect(counter.vault.population == 0)
  }

  @Test("bytes that changed between preview and print reach no printer and use up no right")
  func changedBeforePrint() async throws {
    let counter = try Counter()
    try await counter.openDocument()
    var changed = Counter.valid
    changed.printSHA256 = String(repeating: "0", count: 64)
    counter.parts.report.value = { [changed] _ in changed }
    counter.runner.run(.printDocument(counter.session, documentID: Counter.documentID))
    _ = await counter.answer { $0 == .documentRefused(.changed(code: "changed_before_print")) }
    _ = await counter.answer { $0.printEnd != nil }
    #expect(counter.parts.documentsPrinted.all.isEmpty)
    #expect(try await counter.store.port().outbox.state().waiting == 0)
  }

  @Test("without an accepted credential no document opens")
  func notGranted() async throws {
    let counter = try Counter()
    try await counter.offerDocument()
    counter.runner.run(.openDocument(counter.session, Counter.summary))
    #expect(await counter.answer { _ in true } == .documentRefused(.unavailable))
    #expect(counter.vault.population == 0)
  }

  @Test("a print survives its session; its document is wiped when the job ends")
  func survivesSession() async throws {
    let counter = try Counter()
    try await counter.openDocument()
    counter.parts.printScript.value = nil
    counter.runner.run(.printDocument(counter.session, documentID: Counter.documentID))
    counter.parts.printFeed.yield(.sending)
    counter.parts.printFeed.yield(.printing)
    _ = await counter.answer { $0 == .print(.printing) }
    counter.runner.run(.endSession(counter.session))
    #expect(counter.vault.population == 1)
    let document = try #require(counter.parts.documentsPrinted.all.first).document
    #expect(counter.vault.count(of: document) == Counter.plain.count)
    counter.parts.printFeed.yield(.ended(.delivered, fault: nil))
    counter.parts.printFeed.finish()
    _ = await counter.parts.events.first { $0.name == "print.finished" }
    #expect(counter.vault.population == 0)
  }

  @Test("paper that holds is shown, cancelling asks the printer and believes what it says")
  func heldAndCancelled() async throws {
    let counter = try Counter()
    try await counter.openDocument()
    counter.parts.printScript.value = nil
    counter.runner.run(.printDocument(counter.session, documentID: Counter.documentID))
    counter.parts.printFeed.yield(.held(.mediaEmpty))
    _ = await counter.answer { $0 == .print(.held(.mediaEmpty)) }
    counter.runner.run(.cancelPrint(counter.session))
    let job = await counter.parts.cancelled.first { _ in true }
    #expect(job == counter.parts.documentsPrinted.all.first?.jobKey)
    counter.parts.printFeed.yield(.ended(.notPrinted, fault: .mediaEmpty))
    counter.parts.printFeed.finish()
    #expect(
      await counter.answer { $0.printEnd != nil } == .printEnded(.notPrinted, fault: .mediaEmpty))
    #expect(
      try await counter.store.port().cache.documents(counter.nikKey).first?.summary.printsLeft == 1)
  }

  @Test("a job that waits for paper is cancelled when its citizen leaves")
  func abandoned() async throws {
    let counter = try Counter()
    try await counter.openDocument()
    counter.parts.printScript.value = nil
    counter.runner.run(.printDocument(counter.session, documentID: Counter.documentID))
    counter.parts.printFeed.yield(.held(.mediaEmpty))
    _ = await counter.answer { $0 == .print(.held(.mediaEmpty)) }
    counter.runner.run(.endSession(counter.session))
    _ = await counter.parts.cancelled.first { _ in true }
    let stop = Task { await counter.runner.awaitPrints() }
    counter.parts.printFeed.yield(.ended(.notPrinted, fault: .mediaEmpty))
    counter.parts.printFeed.finish()
    await stop.value
    #expect(!counter.runner.isPrinting)
    _ = await counter.parts.events.first { $0.name == "print.finished" }
    #expect(counter.vault.population == 0)
    #expect(
      try await counter.store.port().cache.documents(counter.nikKey).first?.summary.printsLeft == 1)
  }

  @Test("an end that nobody knows calls staff")
  func unknownEnd() async throws {
    let counter = try Counter()
    try await counter.openDocument()
    counter.parts.printScript.value = [.sending, .printing, .ended(.unknown, fault: nil)]
    counter.runner.run(.printDocument(counter.session, documentID: Counter.documentID))
    #expect(await counter.answer { $0.printEnd != nil } == .printEnded(.unknown, fault: nil))
    _ = await counter.parts.events.first { $0.name == "staff.called" }
    #expect(try await counter.store.port().ledger.unknowns().count == 1)
  }

  @Test("when a tidy stop has waited long enough the job is cancelled at the printer and settled")
  func stopped() async throws {
    let counter = try Counter()
    try await counter.openDocument()
    counter.parts.printScript.value = nil
    counter.runner.run(.printDocument(counter.session, documentID: Counter.documentID))
    counter.parts.printFeed.yield(.held(.mediaEmpty))
    _ = await counter.answer { $0 == .print(.held(.mediaEmpty)) }
    var limits = StopLimits()
    limits.grace = .zero
    let stop = Task { [limits] in await counter.runner.awaitPrints(limits) }
    let job = await counter.parts.cancelled.first { _ in true }
    #expect(job == counter.parts.documentsPrinted.all.first?.jobKey)
    counter.parts.printFeed.yield(.ended(.notPrinted, fault: .mediaEmpty))
    counter.parts.printFeed.finish()
    await stop.value
    #expect(try await counter.store.port().ledger.unsettled().isEmpty)
  }

  @Test("a left job not cancelled stays unsettled, lets nothing print and is tried again")
  func leftAtThePrinter() async throws {
    let counter = try Counter()
    try await counter.openDocument()
    let port = counter.store.port()
    let now = counter.parts.clock.now.wall
    #expect(
      try await port.ledger.reserve(
        PrintReservation(jobKey: "left-1", documentID: Counter.documentID, at: now)))
    try await port.ledger.submit("left-1", now)
    counter.parts.recovery.value = .unconfirmed
    await counter.runner.recover()
    #expect(try await port.ledger.unsettled().map(\.jobKey) == ["left-1"])
    counter.runner.run(.printDocument(counter.session, documentID: Counter.documentID))
    #expect(
      await counter.answer { $0.printEnd != nil } == .printEnded(.notPrinted, fault: .jobLeft))
    #expect(counter.parts.documentsPrinted.all.isEmpty)
    let loops = Task { await counter.runner.serve() }
    counter.parts.recovery.value = .over(.unknown)
    while try await port.ledger.unsettled().isEmpty == false {
      counter.parts.clock.advance(by: .seconds(31))
      await Task.yield()
    }
    loops.cancel()
    await loops.value
    // The outbox was being emptied meanwhile: the report is still in it or already sent.
    let sent = try counter.parts.sent.all.map {
      try Wire.decode(KioskReport.self, from: $0.body).content
    }
    #expect(
      try await (sent + reports(counter)).contains(
        .printOutcome(documentID: Counter.documentID, jobKey: "left-1", outcome: .unknown)))
  }

  @Test("one left job that the store does not take holds up no other")
  func oneFails() async throws {
    let parts = TestPorts()
    let settled = Recorder<String>()
    let left = ["left-1", "left-2"].map {
      PrintReservation(
        jobKey: $0, documentID: $0, at: parts.clock.now.wall, wasSubmitted: true)
    }
    var store = StorePort.failing(PortError(.storageFull, step: "test"))
    store.ledger.unsettled = { () throws(PortError) in left }
    store.ledger.settle = { key, _, _ throws(PortError) in
      if key == "left-1" { throw PortError(.storageFull, step: "test") }
      settled.append(key)
    }
    let runner = UseCaseRunner(
      ports: parts.ports(store: store), vault: SecretVault(),
      keys: try #require(KioskKeys(lookupKey: Counter.lookupKey)),
      settings: UseCaseSettings(
        officeName: "Kantor Contoh", zone: .wit, isDemonstration: true, services: []),
      sink: { _ in })
    let loops = Task { await runner.serve() }
    _ = await settled.first { $0 == "left-2" }
    loops.cancel()
    await loops.value
    #expect(parts.reconciled.all.prefix(2) == ["left-1", "left-2"])
    #expect(settled.all == ["left-2"])
  }

  @Test(
    "after a crash a submitted print ends as its printer says, an unsubmitted one is not printed",
    arguments: [PrintOutcome.delivered, .notPrinted, .unknown])
  func crash(_ said: PrintOutcome) async throws {
    let counter = try Counter()
    // Lent in advance: what was asked for goes back with the print that it was for.
    try await counter.offerDocument(offline: OfflineCheck([]))
    let port = counter.store.port()
    let now = counter.parts.clock.now.wall
    #expect(
      try await port.ledger.reserve(
        PrintReservation(jobKey: "left-1", documentID: Counter.documentID, at: now)))
    // What never left needs no printer.
    await counter.runner.recover()
    #expect(counter.parts.reconciled.all.isEmpty)
    #expect(
      try await port.ledger.reserve(
        PrintReservation(jobKey: "left-2", documentID: Counter.documentID, at: now)))
    try await port.ledger.submit("left-2", now)
    counter.parts.recovery.value = .over(said)
    await counter.runner.recover()
    let loops = Task { await counter.runner.serve() }
    _ = await counter.parts.events.first {
      $0.name == "print.recovered" && $0.fields["job"] == "left-2"
    }
    loops.cancel()
    await loops.value
    #expect(counter.parts.reconciled.all == ["left-2"])
    #expect(try await port.ledger.unsettled().isEmpty)
    #expect(try await port.ledger.unknowns().map(\.jobKey) == (said == .unknown ? ["left-2"] : []))
    let sent = try counter.parts.sent.all.filter { $0.kind == .printOutcome }.map {
      try Wire.decode(KioskReport.self, from: $0.body).content
    }
    #expect(
      try await (sent + reports(counter)).contains(
        .printOutcome(documentID: Counter.documentID, jobKey: "left-2", outcome: said)))
  }

  @Test("an end that the store did not take is settled as it was seen, as soon as it does")
  func lateSettlement() async throws {
    let isFull = Box(true)
    let late = try Counter(adjust: { ports in
      let settle = ports.store.ledger.settle
      ports.store.ledger.settle = { key, outcome, at throws(PortError) in
        if isFull.value { throw PortError(.storageFull, step: "test") }
        try await settle(key, outcome, at)
      }
    })
    let store = late.store.port()
    try await late.openDocument()
    late.runner.run(.printDocument(late.session, documentID: Counter.documentID))
    // Each attempt waits a second of the clock that stands still.
    while late.parts.events.all.contains(where: { $0.name == "print.finished" }) == false {
      late.parts.clock.advance(by: .seconds(1))
      await Task.yield()
    }
    #expect(await late.answer { $0.printEnd != nil } == .printEnded(.delivered, fault: nil))
    #expect(try await store.ledger.unsettled().count == 1)
    isFull.value = false
    let loops = Task { await late.runner.serve() }
    _ = await late.parts.events.first { $0.name == "print.recovered" }
    loops.cancel()
    await loops.value
    // Nobody asked the printer: the kiosk had seen the end itself.
    #expect(late.parts.reconciled.all.isEmpty)
    #expect(try await store.ledger.unsettled().isEmpty)
    #expect(try await store.ledger.unknowns().isEmpty)
    #expect(
      try await store.cache.documents(late.nikKey).first?.summary.printsLeft == 0)
  }
}
