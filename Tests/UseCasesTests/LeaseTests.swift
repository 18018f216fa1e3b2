import DinasProtocol
import Journey
import LocalStore
import OfficeModel
import Ports
import SensitiveMemory
import TestSupport
import Testing
import UseCases

@Suite("Print rights are lent", .timeLimit(.minutes(1)))
struct LeaseTests {
  private func open(_ counter: Counter) async -> Answer? {
    counter.runner.run(.openDocument(counter.session, Counter.summary))
    return await counter.answer { answer in
      switch answer {
      case .documentReady, .documentRefused: true
      default: false
      }
    }
  }

  /// Has the server grant what it is asked for, and tells until when.
  @discardableResult
  private func grant(_ counter: Counter, for duration: Duration = .seconds(1800)) -> Timestamp {
    let until = counter.parts.clock.now.wall.adding(duration)
    counter.parts.leaseVerdict.value = { _ in .success(.granted(until: until)) }
    return until
  }

  private func sent(_ counter: Counter) async throws -> [KioskReport.Content] {
    try await counter.store.port().outbox.due(counter.parts.clock.now.wall, 10).map {
      try Wire.decode(KioskReport.self, from: $0.body).content
    }
  }

  @Test("one is asked for on selection, and goes back when its citizen leaves without a print")
  func takenAndReturned() async throws {
    let counter = try Counter()
    try await counter.offerDocument(lease: nil)
    let until = grant(counter)
    _ = await counter.prove()
    guard case .documentReady? = await open(counter) else {
      Issue.record("not opened")
      return
    }
    #expect(counter.parts.leasesAsked.all == [Counter.documentID])
    let id = try #require(counter.parts.leaseIDs.all.first)
    let ledger = counter.store.port().ledger
    #expect(try await ledger.lease(Counter.documentID) == PrintLease(id: id, until: until))
    counter.runner.run(.endSession(counter.session))
    try await eventually("the lease goes back") {
      try await ledger.lease(Counter.documentID) == nil
    }
    #expect(
      try await sent(counter) == [
        .leaseReturned(documentID: Counter.documentID, leaseID: id)
      ])
    // Nothing is printed under it any more.
    let now = counter.parts.clock.now.wall
    #expect(
      try await ledger.reserve(
        PrintReservation(jobKey: "j", documentID: Counter.documentID, at: now)) == false)
  }

  @Test(
    "where there is none the document is not opened, and the citizen is told why",
    arguments: [
      (
        LeaseVerdict.heldElsewhere(until: Timestamp(seconds: 5)),
        DocumentRefusal.heldElsewhere(until: Timestamp(seconds: 5))
      ),
      (.undecided, .undecided), (.gone, .unavailable),
    ])
  func refused(_ verdict: LeaseVerdict, _ refusal: DocumentRefusal) async throws {
    let counter = try Counter()
    try await counter.offerDocument(lease: nil)
    counter.parts.leaseVerdict.value = { _ in .success(verdict) }
    _ = await counter.prove()
    #expect(await open(counter) == .documentRefused(refusal))
  }

  @Test("without a server only what was lent in advance is opened")
  func offline() async throws {
    let without = try Counter()
    try await without.offerDocument(lease: nil)
    _ = await without.prove()
    #expect(await open(without) == .documentRefused(.noRightOffline))
    let with = try Counter()
    try await with.offerDocument()
    _ = await with.prove()
    guard case .documentReady? = await open(with) else {
      Issue.record("not opened")
      return
    }
    #expect(with.parts.leasesAsked.all.isEmpty)
  }

  @Test("one that is too short for a print is asked for anew, and without a server is none")
  func tooShort() async throws {
    let counter = try Counter()
    try await counter.offerDocument(
      lease: PrintLease(id: "lease-1", until: counter.parts.clock.now.wall.adding(.seconds(299))))
    _ = await counter.prove()
    #expect(await open(counter) == .documentRefused(.noRightOffline))
    #expect(counter.parts.leasesAsked.all == [Counter.documentID])
  }

  @Test("none counts while the time cannot be trusted")
  func untrusted() async throws {
    let counter = try Counter(adjust: {
      $0.clock.trust = { .untrusted(reason: .tooFarAhead) }
    })
    try await counter.offerDocument()
    _ = await counter.prove()
    #expect(await open(counter) == .documentRefused(.noRightOffline))
  }

  @Test("a lease that ran out while the document was looked at lets nothing print")
  func ranOut() async throws {
    let counter = try Counter()
    try await counter.openDocument()
    counter.parts.clock.advance(by: .seconds(86_200))
    counter.runner.run(.printDocument(counter.session, documentID: Counter.documentID))
    _ = await counter.answer { $0 == .documentRefused(.noRightOffline) }
    #expect(await counter.answer { $0.printEnd != nil } == .printEnded(.notPrinted, fault: nil))
    #expect(counter.parts.documentsPrinted.all.isEmpty)
  }

  @Test("a print that would outlast its lease is cancelled a minute before")
  func outlasting() async throws {
    let counter = try Counter()
    try await counter.openDocument()
    counter.parts.printScript.value = nil
    counter.parts.clock.advance(by: .seconds(86_000))
    counter.runner.run(.printDocument(counter.session, documentID: Counter.documentID))
    counter.parts.printFeed.yield(.printing)
    _ = await counter.answer { $0 == .print(.printing) }
    // 400 s are left of the lease; the print may go on for 340 of them.
    _ = await counter.parts.clock.sleeps.first { $0 == .seconds(340) }
    counter.parts.clock.advance(by: .seconds(339))
    #expect(counter.parts.cancelled.all.isEmpty)
    counter.parts.clock.advance(by: .seconds(1))
    let cancelled = await counter.parts.cancelled.first { _ in true }
    #expect(cancelled == counter.parts.documentsPrinted.all.first?.jobKey)
    counter.parts.printFeed.yield(.ended(.notPrinted, fault: nil))
    counter.parts.printFeed.finish()
    _ = await counter.parts.events.first { $0.name == "print.finished" }
  }

  @Test("a print that comes to nothing after its citizen left gives its right back, too")
  func returnedAfterTheJob() async throws {
    let counter = try Counter()
    try await counter.offerDocument(lease: nil)
    let until = grant(counter)
    counter.parts.printScript.value = nil
    _ = await counter.prove()
    _ = await open(counter)
    let ledger = counter.store.port().ledger
    counter.runner.run(.printDocument(counter.session, documentID: Counter.documentID))
    counter.parts.printFeed.yield(.held(.mediaEmpty))
    _ = await counter.answer { $0 == .print(.held(.mediaEmpty)) }
    counter.runner.run(.endSession(counter.session))
    _ = await counter.parts.cancelled.first { _ in true }
    let lease = PrintLease(id: try #require(counter.parts.leaseIDs.all.first), until: until)
    #expect(try await ledger.lease(Counter.documentID) == lease)
    counter.parts.printFeed.yield(.ended(.notPrinted, fault: .mediaEmpty))
    counter.parts.printFeed.finish()
    try await eventually("the right goes back") {
      try await ledger.lease(Counter.documentID) == nil
    }
    #expect(
      try await sent(counter).last
        == .leaseReturned(documentID: Counter.documentID, leaseID: lease.id))
  }

  @Test("so does one that was left at the printer, once the printer has let go of it")
  func returnedAfterTheLeftJob() async throws {
    let counter = try Counter()
    try await counter.offerDocument(lease: nil)
    _ = grant(counter)
    counter.parts.printScript.value = [.sending, .printing, .left(fault: .offline)]
    counter.parts.recovery.value = .unconfirmed
    _ = await counter.prove()
    _ = await open(counter)
    let ledger = counter.store.port().ledger
    counter.runner.run(.printDocument(counter.session, documentID: Counter.documentID))
    _ = await counter.answer { $0.printEnd != nil }
    counter.runner.run(.endSession(counter.session))
    _ = await counter.parts.events.first { $0.name == "print.finished" }
    #expect(try await ledger.lease(Counter.documentID) != nil)
    counter.parts.recovery.value = .over(.notPrinted)
    let loops = Task { await counter.runner.serve() }
    try await eventually("the right goes back") {
      try await ledger.lease(Counter.documentID) == nil
    }
    loops.cancel()
    await loops.value
  }

  @Test(
    "one that is granted after its citizen left goes back, and one whose answer is lost",
    arguments: [false, true])
  func nobodyTookIt(isLost: Bool) async throws {
    let (asked, answered) = (Recorder<String>(), Recorder<String>())
    let counter = try Counter(adjust: { ports in
      let lease = ports.dinas.leasePrint
      ports.dinas.leasePrint = { document, id throws(PortError) in
        asked.append(id)
        _ = await answered.first { $0 == id }
        return try await lease(document, id)
      }
    })
    try await counter.offerDocument(lease: nil)
    if !isLost { grant(counter) }
    _ = await counter.prove()
    counter.runner.run(.openDocument(counter.session, Counter.summary))
    let id = try #require(await asked.first { _ in true })
    let ledger = counter.store.port().ledger
    #expect(try await ledger.askedLeases() == [Counter.documentID])
    counter.runner.run(.endSession(counter.session))
    try await eventually("it goes back") { try await ledger.askedLeases().isEmpty }
    answered.append(id)
    _ = await counter.parts.events.first { $0.name == "lease.not-asked" }
    #expect(
      try await sent(counter) == [.leaseReturned(documentID: Counter.documentID, leaseID: id)])
    #expect(try await ledger.lease(Counter.documentID) == nil)
  }

  @Test("what a run asked for and did not give back before it ended, the next gives back")
  func afterARestart() async throws {
    let counter = try Counter()
    try await counter.offerDocument(lease: nil)
    let ledger = counter.store.port().ledger
    let now = counter.parts.clock.now.wall
    try await ledger.askLease(Counter.documentID, "asked", now)
    try await ledger.askLease(Counter.documentID, "kept", now)
    try await ledger.keepLease(
      Counter.documentID, PrintLease(id: "kept", until: now.adding(.seconds(60))), "uji", now)
    await counter.runner.recover()
    #expect(
      Set(try await sent(counter)) == [
        .leaseReturned(documentID: Counter.documentID, leaseID: "asked"),
        .leaseReturned(documentID: Counter.documentID, leaseID: "kept"),
      ])
    #expect(try await ledger.lease(Counter.documentID) == nil)
  }

  @Test("every step of a print is on the record, in its order and under its session")
  func onRecord() async throws {
    let counter = try Counter()
    try await counter.openDocument()
    counter.runner.run(.printDocument(counter.session, documentID: Counter.documentID))
    _ = await counter.parts.events.first { $0.name == "print.finished" }
    let entries = try await counter.store.port().audit.page(0, 100).map(\.entry)
      .filter { $0.what != .documentErased }
    #expect(
      entries.map(\.what) == [
        .credentialChecked, .printReserved, .printSubmitted, .printPrinting, .printSettled,
      ])
    #expect(Set(entries.map(\.who)).count == 1 && entries[0].who.hasSuffix("-1"))
    #expect(entries.last?.result == "delivered")
    #expect(!entries.contains { "\($0)".contains(Counter.nikDigits) })
  }
}
