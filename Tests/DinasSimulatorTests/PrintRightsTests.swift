import DinasProtocol
import OfficeModel
import Synchronization
import Testing

@testable import dinas_simulator

@Suite("The Dinas lends a print right to one kiosk at a time")
struct PrintRightsTests {
  let now = Timestamp(seconds: 1_795_150_000)
  let hour = Duration.seconds(3600)

  func report(_ content: KioskReport.Content) -> KioskReport {
    KioskReport(id: "e", at: now, content: content)
  }

  func lease(_ answer: PrintRights.Answer) throws -> PrintRights.Lease {
    guard case .lent(let lease) = answer else {
      Issue.record("\(answer)")
      throw DataProblem("not lent")
    }
    return lease
  }

  /// As a kiosk asks: under an id that was never used.
  func lend(
    _ rights: inout PrintRights, to kiosk: String,
    as id: String = "id-\(UInt64.random(in: 0...(.max)))",
    for duration: Duration = .seconds(3600), at now: Timestamp
  ) -> PrintRights.Answer {
    rights.lend("d", to: kiosk, as: id, for: duration, at: now)
  }

  @Test("another kiosk gets it when the lease is over and clocks had room to differ, not before")
  func oneAtATime() throws {
    var rights = PrintRights()
    let first = try lease(lend(&rights, to: "a", at: now))
    #expect(first.until == now.adding(hour))
    let free = first.until.adding(PrintRights.clockGrace)
    #expect(
      lend(&rights, to: "b", at: free.adding(.milliseconds(-1)))
        == .refused(.heldElsewhere, until: free))
    let second = try lease(lend(&rights, to: "b", at: free))
    #expect(second.kiosk == "b" && second.id != first.id)
    #expect(
      lend(&rights, to: "a", at: free)
        == .refused(.heldElsewhere, until: second.until.adding(PrintRights.clockGrace)))
  }

  @Test(
    "asked again by its own kiosk it is another lease, and a late return of one leaves the other")
  func lateReturn() throws {
    var rights = PrintRights()
    let first = try lease(lend(&rights, to: "a", at: now))
    let second = try lease(lend(&rights, to: "a", at: now.adding(.seconds(60))))
    #expect(second.id != first.id && second.until == first.until.adding(.seconds(60)))
    _ = rights.take(report(.leaseReturned(documentID: "d", leaseID: first.id)))
    let free = second.until.adding(PrintRights.clockGrace)
    #expect(lend(&rights, to: "b", at: now) == .refused(.heldElsewhere, until: free))
    // The other way round too: the first goes on when the second is given back.
    let third = try lease(lend(&rights, to: "a", for: .seconds(60), at: now))
    _ = rights.take(report(.leaseReturned(documentID: "d", leaseID: third.id)))
    #expect(lend(&rights, to: "b", at: now) == .refused(.heldElsewhere, until: free))
    _ = rights.take(report(.leaseReturned(documentID: "d", leaseID: second.id)))
    #expect(try lease(lend(&rights, to: "b", at: now)).kiosk == "b")
  }

  @Test("a request that comes twice is one lease; one that comes after its return is none")
  func repeatedRequest() throws {
    var rights = PrintRights()
    let first = try lease(lend(&rights, to: "a", as: "1", at: now))
    let again = lend(&rights, to: "a", as: "1", at: now.adding(.seconds(9)))
    #expect(again == .lent(first) && rights.leases["d"] == [first])
    #expect(lend(&rights, to: "b", as: "1", at: now) == .idIsUsed)
    #expect(rights.lend("another", to: "a", as: "1", for: hour, at: now) == .idIsUsed)
    _ = rights.take(report(.leaseReturned(documentID: "d", leaseID: "1")))
    _ = rights.take(report(.leaseReturned(documentID: "d", leaseID: "2")))
    for id in ["1", "2"] {
      #expect(lend(&rights, to: "a", as: id, at: now) == .idIsUsed)
    }
    #expect(try lease(lend(&rights, to: "b", as: "3", at: now)).kiosk == "b")
  }

  @Test("while the end of a reported print is open it is lent to nobody else, however long")
  func notFinal() throws {
    var rights = PrintRights()
    let first = try lease(lend(&rights, to: "a", at: now))
    _ = rights.take(
      report(.printReserved(documentID: "d", jobKey: "j", leaseID: first.id)))
    let muchLater = now.adding(.seconds(1_000_000))
    #expect(lend(&rights, to: "b", at: muchLater) == .refused(.undecided))
    _ = rights.take(report(.printOutcome(documentID: "d", jobKey: "j", outcome: .unknown)))
    #expect(lend(&rights, to: "b", at: muchLater) == .refused(.undecided))
    #expect(lend(&rights, to: "a", at: muchLater) == .refused(.undecided))
    // Only staff change an end that nobody knew.
    let isTakenUnasked = rights.take(
      report(.printOutcome(documentID: "d", jobKey: "j", outcome: .notPrinted)))
    let isTaken = rights.take(
      report(
        .printOutcome(
          documentID: "d", jobKey: "j", outcome: .notPrinted, finding: .nothingCameOut)))
    #expect(!isTakenUnasked && isTaken)
    #expect(try lease(lend(&rights, to: "b", at: muchLater)).kiosk == "b")
  }

  @Test("a lease that is given back is free at once; the Dinas' staff free one of a dead kiosk")
  func freed() throws {
    var rights = PrintRights()
    let first = try lease(lend(&rights, to: "a", at: now))
    _ = rights.take(report(.leaseReturned(documentID: "d", leaseID: "another")))
    #expect(rights.leases["d"]?.first == first)
    _ = rights.take(report(.leaseReturned(documentID: "d", leaseID: first.id)))
    let second = try lease(lend(&rights, to: "b", at: now))
    _ = rights.take(
      report(.printReserved(documentID: "d", jobKey: "j", leaseID: second.id)))
    rights.free("d")
    #expect(try lease(lend(&rights, to: "a", at: now)).kiosk == "a")
  }

  @Test(
    "an end that comes after staff freed the document counts",
    arguments: [nil, PrintOutcome.unknown])
  func endAfterFree(_ before: PrintOutcome?) throws {
    var rights = PrintRights()
    let first = try lease(lend(&rights, to: "a", at: now))
    _ = rights.take(
      report(.printReserved(documentID: "d", jobKey: "j", leaseID: first.id)))
    if let before {
      _ = rights.take(report(.printOutcome(documentID: "d", jobKey: "j", outcome: before)))
    }
    rights.free("d")
    #expect(!rights.isUnknown("d") && rights.delivered("d") == 0)
    #expect(try lease(lend(&rights, to: "b", at: now)).kiosk == "b")
    // The kiosk comes back: the paper is there.
    let isTaken = rights.take(
      report(
        .printOutcome(
          documentID: "d", jobKey: "j", outcome: .delivered,
          finding: before == nil ? nil : .handedOver)))
    #expect(isTaken && rights.delivered("d") == 1)
  }

  @Test("a new store under an old name prints nothing that the old one may have printed")
  func newStore() throws {
    var rights = PrintRights()
    let first = try lease(lend(&rights, to: "a", at: now))
    _ = rights.take(
      report(.printReserved(documentID: "d", jobKey: "j", leaseID: first.id)))
    #expect(try lease(lend(&rights, to: "a", for: .seconds(1), at: now)).kiosk == "a")
    rights.orphan("a")
    let free = first.until.adding(PrintRights.clockGrace)
    #expect(lend(&rights, to: "a", at: now) == .refused(.heldElsewhere, until: free))
    #expect(lend(&rights, to: "a", at: free) == .refused(.undecided))
    // The old one's word comes after all.
    _ = rights.take(report(.printOutcome(documentID: "d", jobKey: "j", outcome: .notPrinted)))
    #expect(try lease(lend(&rights, to: "a", at: free)).kiosk == "a")
    // A reservation that was under way is the old one's, too.
    _ = rights.take(
      report(.printReserved(documentID: "d", jobKey: "k", leaseID: first.id)))
    #expect(lend(&rights, to: "a", at: free) == .refused(.undecided))
  }

  @Test("a kiosk that only starts over gives back what it had, and gets it anew")
  func startedOver() throws {
    var rights = PrintRights()
    let first = try lease(lend(&rights, to: "a", at: now))
    rights.orphan("a")
    _ = rights.take(report(.leaseReturned(documentID: "d", leaseID: first.id)))
    #expect(rights.leaseInAdvance(of: "d", to: "a") == nil)
    let second = rights.lendInAdvance("d", to: "a", for: hour, at: now)
    #expect(second != nil && rights.leaseInAdvance(of: "d", to: "a") == second)
  }

  @Test("in advance is lent to a kiosk that showed that it keeps what it is told")
  func afterTheFirstPage() async throws {
    var office = try LoadedOffice(
      directory: DemonstrationTests.data, secret: try LookupSecret(file: Array(0..<32)), now: now)
    for index in office.documents.indices { office.documents[index].kiosk = nil }
    let index = try #require(
      office.documents.firstIndex { !$0.offer.summary.isCard && $0.granted > 0 })
    office.documents[index].kiosk = "a"
    let now = now
    let dinas = Dinas(office: office, clock: { now })
    for _ in 0..<2 {
      let page = try await dinas.changes(since: nil, for: "a")
      #expect(page.hasMore && page.documents.allSatisfy { $0.offer?.lease == nil })
    }
    let cursor = try await dinas.changes(since: nil, for: "a").cursor
    let next = try await dinas.changes(since: cursor, for: "a")
    #expect(next.documents.map { $0.offer?.lease?.until } == [now.adding(.seconds(86_400))])
    // Begun anew by a store that does not give it back, it is nobody's for as long as it runs.
    let again = try await dinas.changes(since: nil, for: "a").cursor
    #expect(
      try await dinas.changes(since: again, for: "a").documents.allSatisfy {
        $0.offer?.lease == nil
      })
  }

  @Test("what was lent, freed and reported outlasts a restart; what cannot be saved did not happen")
  func outlasting() async throws {
    var office = try LoadedOffice(
      directory: DemonstrationTests.data, secret: try LookupSecret(file: Array(0..<32)), now: now)
    let index = try #require(
      office.documents.firstIndex { !$0.offer.summary.isCard && $0.granted == 1 })
    office.documents[index].kiosk = "a"
    let id = office.documents[index].offer.summary.id
    let saved = Mutex<(record: DinasRecord, isFull: Bool)>((DinasRecord(), false))
    let (loaded, now) = (office, now)
    func start() -> Dinas {
      Dinas(
        office: loaded, record: saved.withLock { $0.record }, clock: { now },
        save: { record in
          try saved.withLock {
            guard !$0.isFull else { throw DataProblem("the disk is full") }
            $0.record = record
          }
        })
    }
    func ask(_ dinas: Dinas, _ kiosk: String, _ lease: String) async throws -> LeaseAnswer {
      try await dinas.lease(LeaseRequest(id: lease, kiosk: kiosk, documentID: id))
    }
    func tell(_ dinas: Dinas, _ key: String, _ content: KioskReport.Content) async throws {
      let report = KioskReport(id: key, at: now, content: content)
      _ = try await dinas.once(key: key, path: "/v1/events", body: []) { dinas in
        try Wire.encode(try dinas.receive(report))
      }
    }
    var dinas = start()
    let cursor = try await dinas.changes(since: nil, for: "c").cursor
    saved.withLock { $0.isFull = true }
    await #expect(throws: DataProblem.self) { try await dinas.changes(since: cursor, for: "a") }
    saved.withLock { $0.isFull = false }
    #expect(try await ask(dinas, "b", "1").lease?.id == "1")
    try await tell(dinas, "r", .printReserved(documentID: id, jobKey: "j", leaseID: "1"))
    dinas = start()
    #expect(try await ask(dinas, "c", "2").refusal == .heldElsewhere)
    try await dinas.free(id)
    dinas = start()
    #expect(try await ask(dinas, "c", "3").lease?.id == "3")
    try await tell(
      dinas, "o", .printOutcome(documentID: id, jobKey: "j", outcome: .delivered))
    dinas = start()
    #expect(try await ask(dinas, "c", "4").refusal == .gone)
    #expect(
      try await dinas.changes(since: nil, for: "c").documents.allSatisfy {
        $0.id != id || $0.offer == nil
      })
  }

  @Test("the pick-up kiosk gets it in advance, with what knows the holder, and no other kiosk does")
  func inAdvance() throws {
    var office = try LoadedOffice(
      directory: DemonstrationTests.data, secret: try LookupSecret(file: Array(0..<32)), now: now)
    let index = try #require(
      office.documents.firstIndex { !$0.offer.summary.isCard && $0.granted > 0 })
    for other in office.documents.indices { office.documents[other].kiosk = nil }
    office.documents[index].kiosk = "a"
    let id = office.documents[index].offer.summary.id
    var journal = ChangeJournal(office)
    journal.lendInAdvance(to: "b", for: hour, at: now)
    #expect(journal.rights.leases.isEmpty)
    journal.lendInAdvance(to: "a", for: hour, at: now)
    func offer(_ kiosk: String) throws -> DocumentOffer? {
      let page = try #require(journal.page(since: nil, for: kiosk, at: now))
      try page.check()
      return page.documents.first { $0.id == id }?.offer
    }
    #expect(try offer("a")?.lease?.until == now.adding(hour))
    #expect(try offer("a")?.offline?.credentials.isEmpty == false)
    #expect(try offer("b")?.lease == nil)
    #expect(try offer("b")?.offline == nil)
    // Half of it is left: not yet; less: prolonged, as a change.
    let cursor = try #require(journal.page(since: nil, for: "a", at: now)).cursor
    journal.lendInAdvance(to: "a", for: hour, at: now.adding(hour / 2))
    #expect(journal.page(since: cursor, for: "a", at: now)?.documents == [])
    journal.lendInAdvance(to: "a", for: hour, at: now.adding(.seconds(1801)))
    #expect(journal.page(since: cursor, for: "a", at: now)?.documents.map(\.id) == [id])
  }

  @Test("a print credential opens its document alone, and is spent with the delivered print")
  func printCredential() async throws {
    let secret = try LookupSecret(file: Array(0..<32))
    var office = try LoadedOffice(
      directory: DemonstrationTests.data, secret: secret, now: now)
    let document = try #require(
      office.documents.first { !$0.offer.summary.isCard && $0.granted == 1 })
    let id = document.offer.summary.id
    let key = Base64URL.encode([UInt8](repeating: 7, count: 32))
    office.credentials.append(
      .init(nikKey: document.nikKey, pinKey: key, qrKey: nil, isExpired: false, documentID: id))
    let now = now
    let dinas = Dinas(office: office, clock: { now })
    let check = CredentialCheck.pin(nikKey: document.nikKey, pinKey: key)
    let answer = try await dinas.check(check)
    #expect(answer.kind == .print && answer.documents.map(\.summary.id) == [id])
    _ = try await dinas.receive(
      KioskReport(
        id: "e1", at: now,
        content: .printOutcome(documentID: id, jobKey: "j", outcome: .delivered)))
    let after = try await dinas.check(check)
    #expect(!after.accepted && after.spent)
    try after.check()
  }
}
