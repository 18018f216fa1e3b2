import DinasProtocol
import GRDB
import OfficeModel
import Ports
import TestSupport
import Testing

@testable import LocalStore

@Suite("The print ledger in the store")
struct LedgerTests {
  private let folder: TemporaryFolder
  private let store: LocalStore
  private var port: StorePort { store.port() }

  init() throws {
    folder = try TemporaryFolder()
    store = try Sample.open(folder.path)
  }

  private func reserve(_ job: String, lasting: Duration = .zero) async throws -> Bool {
    try await port.ledger.reserve(
      PrintReservation(
        jobKey: job, documentID: "doc-1", at: Sample.now, endsBy: Sample.now.adding(lasting),
        who: "uji-1", sheetCounter: 47))
  }

  private func pull(_ cursor: String, _ document: CachedDocument) async throws {
    try await port.cache.pullBegins()
    try await port.cache.apply(Sample.page(cursor, documents: [document]), Sample.now)
  }

  private func endUnknown(_ job: String) async throws {
    #expect(try await reserve(job))
    try await port.ledger.submit(job, Sample.now)
    try await port.ledger.settle(job, .unknown, Sample.now)
  }

  @Test("without a lease that lasts to the print's end nothing is reserved")
  func lease() async throws {
    try await pull("1", Sample.document(lease: nil))
    #expect(try await reserve("j1") == false)
    let lease = PrintLease(id: "l1", until: Sample.now.adding(.seconds(60)))
    try await port.ledger.keepLease("doc-1", lease, "uji-1", Sample.now)
    #expect(try await reserve("j1", lasting: .seconds(61)) == false)
    #expect(try await reserve("j1", lasting: .seconds(60)))
    let report = try #require(try await port.outbox.due(Sample.now, 10).first)
    #expect(
      try Wire.decode(KioskReport.self, from: report.body).content
        == .printReserved(documentID: "doc-1", jobKey: "j1", leaseID: "l1"))
  }

  @Test("a page from before a longer lease does not shorten it, and a gone document ends it")
  func leaseAndPages() async throws {
    let long = PrintLease(id: "l2", until: Sample.lease.until.adding(.seconds(10)))
    try await pull("1", Sample.document())
    try await port.ledger.keepLease("doc-1", long, "uji-1", Sample.now)
    try await pull("2", Sample.document())
    #expect(try await port.ledger.lease("doc-1") == long)
    try await pull("3", Sample.document(lease: nil))
    #expect(try await port.ledger.lease("doc-1") == long)
    try await port.cache.apply(
      ChangesPage(
        cursor: "4", hasMore: false, serverTime: Sample.now, applications: [],
        documents: [.init(id: "doc-1", nik: Sample.nik, document: nil)], nowServing: []),
      Sample.now)
    #expect(try await port.ledger.lease("doc-1") == nil)
  }

  @Test("a lease goes back only while no print under it is open")
  func returned() async throws {
    try await pull("1", Sample.document(prints: 2))
    #expect(try await reserve("j1"))
    try await port.ledger.returnLease("doc-1", "uji-1", Sample.now)
    #expect(try await port.ledger.lease("doc-1") == Sample.lease)
    try await port.ledger.submit("j1", Sample.now)
    try await port.ledger.settle("j1", .unknown, Sample.now)
    try await port.ledger.returnLease("doc-1", "uji-1", Sample.now)
    #expect(try await port.ledger.lease("doc-1") == Sample.lease)
    try await port.ledger.settleByStaff(
      StaffSettlement(
        jobKey: "j1", finding: .handedOver, staff: "petugas", at: Sample.now))
    try await port.ledger.returnLease("doc-1", "uji-1", Sample.now)
    #expect(try await port.ledger.lease("doc-1") == nil)
    #expect(
      try await port.outbox.due(Sample.now, 10).map(\.kind) == [
        .printReserved, .printOutcome, .printOutcome, .leaseReturned,
      ])
  }

  @Test("what was given back is taken from no late answer and no late page")
  func returnedForGood() async throws {
    let lease = PrintLease(id: "l1", until: Sample.now.adding(.seconds(1800)))
    try await pull("1", Sample.document(lease: nil))
    try await port.ledger.keepLease("doc-1", lease, "uji-1", Sample.now)
    try await port.ledger.returnLease("doc-1", "uji-1", Sample.now)
    await #expect(throws: PortError.self) {
      try await port.ledger.keepLease("doc-1", lease, "uji-1", Sample.now)
    }
    let longer = PrintLease(id: "l1", until: Sample.lease.until)
    try await pull("2", Sample.document(lease: longer))
    #expect(try await port.ledger.lease("doc-1") == nil)
    #expect(try await reserve("j1") == false)
    // Another lease is another matter.
    try await pull("3", Sample.document())
    #expect(try await port.ledger.lease("doc-1") == Sample.lease)
    try await port.ledger.returnLease("doc-1", "uji-1", Sample.now.adding(.seconds(5)))
    let returns = try await port.outbox.due(Sample.now, 10)
    #expect(Set(returns.map(\.id)).count == 2)
    #expect(
      try returns.map { try Wire.decode(KioskReport.self, from: $0.body).content } == [
        .leaseReturned(documentID: "doc-1", leaseID: "l1"),
        .leaseReturned(documentID: "doc-1", leaseID: Sample.lease.id),
      ])
  }

  @Test("leased documents are told with how their holder is known, until the lease is over")
  func leased() async throws {
    let hash = try SlowHash(of: Array("uji".utf8), salt: [UInt8](repeating: 1, count: 16))
    let check = OfflineCheck([.init(kind: .access, hash: hash.description)])
    try await pull("1", Sample.document(offline: check))
    let leased = try #require(try await port.ledger.leased(Sample.now).first)
    #expect(leased.nik == Sample.nik && leased.lease == Sample.lease && leased.offline == check)
    #expect(!leased.isKept)
    // Lent in advance, it stays here when a citizen leaves.
    try await port.ledger.returnLease("doc-1", "uji-1", Sample.now)
    #expect(try await port.ledger.lease("doc-1") == Sample.lease)
    try await port.cache.keepSealedDocument("doc-1", [1, 2, 3])
    #expect(try await port.ledger.leased(Sample.now).map(\.isKept) == [true])
    #expect(try await port.ledger.leased(Sample.lease.until).isEmpty)
    // What the server left lies sealed, bound to its row.
    let raw = try await store.pool.read { db in
      try String.fetchAll(db, sql: "SELECT hex(offline) FROM print_lease")
    }
    #expect(!raw[0].contains(Hex.encode(Array("scrypt".utf8)).uppercased()))
  }

  @Test("all that was asked for goes back, beside what was lent in advance")
  func asked() async throws {
    let hash = try SlowHash(of: Array("uji".utf8), salt: [UInt8](repeating: 1, count: 16))
    let check = OfflineCheck([.init(kind: .access, hash: hash.description)])
    try await pull("1", Sample.document(lease: nil))
    for id in ["a", "b"] { try await port.ledger.askLease("doc-1", id, Sample.now) }
    try await port.ledger.keepLease(
      "doc-1", PrintLease(id: "b", until: Sample.now.adding(.seconds(60))), "uji-1", Sample.now)
    try await pull("2", Sample.document(offline: check))
    #expect(try await port.ledger.askedLeases() == ["doc-1"])
    try await port.ledger.returnLease("doc-1", "uji-1", Sample.now)
    #expect(try await port.ledger.lease("doc-1") == Sample.lease)
    #expect(try await port.ledger.askedLeases().isEmpty)
    let returns = try await port.outbox.due(Sample.now, 10).map {
      try Wire.decode(KioskReport.self, from: $0.body).content
    }
    #expect(
      Set(returns) == [
        .leaseReturned(documentID: "doc-1", leaseID: "a"),
        .leaseReturned(documentID: "doc-1", leaseID: "b"),
      ])
    // Its id was noted, so the same is not asked for twice.
    await #expect(throws: PortError.self) {
      try await port.ledger.askLease("doc-1", "a", Sample.now)
    }
  }

  @Test("one row that does not open hides no other holder's document")
  func oneDamagedRow() async throws {
    let hash = try SlowHash(of: Array("uji".utf8), salt: [UInt8](repeating: 1, count: 16))
    let check = OfflineCheck([.init(kind: .access, hash: hash.description)])
    for id in ["doc-1", "doc-2", "doc-3"] {
      try await pull(id, Sample.document(id, offline: check))
    }
    try await store.pool.write { db in
      try db.execute(
        sql: "UPDATE print_lease SET offline = x'00' WHERE document_id = 'doc-1'")
      try db.execute(sql: "UPDATE document SET sealed = x'00' WHERE id = 'doc-2'")
    }
    #expect(try await port.ledger.leased(Sample.now).map(\.document.summary.id) == ["doc-3"])
  }

  @Test("a credential that the server withdrew opens nothing here any more, lease or not")
  func withdrawn() async throws {
    let hash = try SlowHash(of: Array("uji".utf8), salt: [UInt8](repeating: 1, count: 16))
    let check = OfflineCheck([.init(kind: .access, hash: hash.description)])
    try await pull("1", Sample.document(offline: check))
    // What is asked for on selection says nothing of the holder.
    let longer = PrintLease(id: "l2", until: Sample.lease.until.adding(.seconds(10)))
    try await port.ledger.keepLease("doc-1", longer, "uji-1", Sample.now)
    #expect(try await port.ledger.leased(Sample.now).map(\.offline) == [check])
    try await pull("2", Sample.document())
    #expect(try await port.ledger.leased(Sample.now).isEmpty)
    #expect(try await port.ledger.lease("doc-1") == longer)
    try await pull("3", Sample.document(offline: check))
    #expect(try await port.ledger.leased(Sample.now).count == 1)
    try await pull("4", Sample.document(lease: nil))
    #expect(try await port.ledger.leased(Sample.now).isEmpty)
  }

  @Test("staff settle an unknown end once, on the record, and what came out stays spent")
  func byStaff() async throws {
    try await pull("1", Sample.document())
    try await endUnknown("j1")
    #expect(try await port.ledger.unknowns().map(\.jobKey) == ["j1"])
    let settlement = StaffSettlement(
      jobKey: "j1", finding: .handedOver, staff: "petugas", at: Sample.now)
    try await port.ledger.settleByStaff(settlement)
    #expect(try await port.ledger.unknowns().isEmpty)
    await #expect(throws: PortError.self) { try await port.ledger.settleByStaff(settlement) }
    #expect(try await port.cache.documents(Sample.nik).first?.summary.printsLeft == 0)
    #expect(try await reserve("j2") == false)
    let last = try #require(try await port.audit.head()).entry
    #expect(
      last
        == AuditEntry(
          at: Sample.now, who: "staff:petugas", what: .printSettledByStaff, subject: "j1",
          result: "handedOver"))
    let reports = try await port.outbox.due(Sample.now, 10).map {
      try Wire.decode(KioskReport.self, from: $0.body).content
    }
    #expect(
      reports.last
        == .printOutcome(
          documentID: "doc-1", jobKey: "j1", outcome: .delivered, finding: .handedOver))
    // Confirmed, and counted in a page that was asked for later, it is the server's own count.
    for id in ["rj1", "oj1", "sj1"] {
      try await port.outbox.settle(id, .delivered, Sample.now)
    }
    try await pull("2", Sample.document(prints: 0))
    #expect(try await port.cache.documents(Sample.nik).first?.summary.printsLeft == 0)
  }

  @Test("a report of the unknown end that arrives after staff settled it confirms nothing")
  func olderReport() async throws {
    try await pull("1", Sample.document())
    try await endUnknown("j1")
    try await port.ledger.settleByStaff(
      StaffSettlement(
        jobKey: "j1", finding: .handedOver, staff: "petugas", at: Sample.now))
    // The link is back for a moment: the older report is confirmed, staff's is lost, and the server
    // tells the document's row anew, which knows of no delivered print.
    for id in ["rj1", "oj1"] { try await port.outbox.settle(id, .delivered, Sample.now) }
    try await pull("2", Sample.document())
    #expect(try await port.cache.documents(Sample.nik).first?.summary.printsLeft == 0)
    #expect(try await reserve("j2") == false)
    // Once the server has heard it, its count alone says.
    try await port.outbox.settle("sj1", .delivered, Sample.now)
    try await pull("3", Sample.document())
    #expect(try await port.cache.documents(Sample.nik).first?.summary.printsLeft == 1)
  }

  @Test(
    "where no paper is in anybody's hand the right is back at once",
    arguments: [PrintFinding.nothingCameOut, .destroyed])
  func rightBack(_ finding: PrintFinding) async throws {
    try await pull("1", Sample.document())
    try await endUnknown("j1")
    #expect(try await reserve("j2") == false)
    try await port.ledger.settleByStaff(
      StaffSettlement(jobKey: "j1", finding: finding, staff: "petugas", at: Sample.now))
    #expect(try await reserve("j2"))
  }

  @Test("a job known not to be unknown is not for staff to change")
  func notForStaff() async throws {
    try await pull("1", Sample.document())
    #expect(try await reserve("j1"))
    for job in ["j1", "unheard-of"] {
      do {
        try await port.ledger.settleByStaff(
          StaffSettlement(
            jobKey: job, finding: .nothingCameOut, staff: "petugas", at: Sample.now))
        Issue.record("settled")
      } catch { #expect(error.code == .notFound) }
    }
  }

  @Test("after a restart an unsettled print is told with all that its printer is asked by")
  func afterRestart() async throws {
    try await pull("1", Sample.document())
    #expect(try await reserve("j1"))
    try await port.ledger.submit("j1", Sample.now)
    try await port.ledger.printing("j1", Sample.now)
    try await port.ledger.printing("j1", Sample.now)
    try store.close()
    let after = try Sample.open(folder.path)
    let left = try #require(try await after.port().ledger.unsettled().first)
    #expect(left.sheetCounter == 47 && left.wasSubmitted && left.who == "uji-1")
    #expect(
      try await after.port().audit.page(0, 10).map(\.entry.what) == [
        .printReserved, .printSubmitted, .printPrinting,
      ])
  }
}
