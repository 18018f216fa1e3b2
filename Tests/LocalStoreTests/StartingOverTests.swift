import DinasProtocol
import GRDB
import OfficeModel
import Ports
import TestSupport
import Testing

@testable import LocalStore

@Suite("Starting over at a server that may have forgotten")
struct StartingOverTests {
  private let folder: TemporaryFolder
  private let store: LocalStore
  private var port: StorePort { store.port() }

  init() throws {
    folder = try TemporaryFolder()
    store = try LocalStore.open(directory: folder.path, storeKey: Sample.key)
  }

  private func pull(_ cursor: String, _ documents: [CachedDocument]) async throws {
    try await port.cache.pullBegins()
    try await port.cache.apply(Sample.page(cursor, documents: documents), Sample.now)
  }

  private func print(_ job: String, _ document: String, _ outcome: PrintOutcome?) async throws {
    #expect(
      try await port.ledger.reserve(
        PrintReservation(jobKey: job, documentID: document, at: Sample.now)))
    try await port.ledger.submit(job, Sample.now)
    if let outcome { try await port.ledger.settle(job, outcome, Sample.now) }
  }

  /// Everything that waits is confirmed by the server.
  @discardableResult
  private func confirmAll() async throws -> [OutboxItem] {
    let items = try await port.outbox.due(Sample.now, 100)
    for item in items { try await port.outbox.settle(item.id, .delivered, Sample.now) }
    return items
  }

  private func printsLeft(_ id: String) async throws -> Int? {
    try await port.cache.documents(Sample.nik).first { $0.summary.id == id }?.summary.printsLeft
  }

  @Test("a delivered print is taken off what a server offers that no longer knows of it")
  func delivered() async throws {
    try await pull("1", [Sample.document()])
    try await print("j", "doc-1", .delivered)
    let told = try await confirmAll()
    // Without the server's having forgotten, its count is the one that counts.
    try await pull("2", [Sample.document()])
    #expect(try await printsLeft("doc-1") == 1)
    try await port.cache.startOver(Sample.now)
    try await pull("n1", [Sample.document()])
    #expect(try await printsLeft("doc-1") == 0)
    // It is told under the key and with the body it had, once.
    try await port.cache.startOver(Sample.now)
    let again = try await port.outbox.due(Sample.now, 100).filter { $0.kind == .printOutcome }
    #expect(again == told.filter { $0.kind == .printOutcome })
    try await confirmAll()
    #expect(try await printsLeft("doc-1") == 0)
    try await pull("n2", [Sample.document(prints: 0)])
    #expect(try await printsLeft("doc-1") == 0)
  }

  @Test("what staff found, what nobody knows and what runs is told again, too")
  func otherEnds() async throws {
    try await pull("1", ["d1", "d2", "d3"].map { Sample.document($0) })
    try await print("j1", "d1", .unknown)
    try await port.ledger.settleByStaff(
      StaffSettlement(jobKey: "j1", finding: .handedOver, staff: "petugas", at: Sample.now))
    try await print("j2", "d2", .unknown)
    try await print("j3", "d3", nil)
    let told = try await confirmAll()
    try await port.cache.startOver(Sample.now)
    try await pull("n1", ["d1", "d2", "d3"].map { Sample.document($0) })
    for id in ["d1", "d2", "d3"] { #expect(try await printsLeft(id) == 0) }
    let again = try await port.outbox.due(Sample.now, 100).filter { $0.kind != .leaseReturned }
    #expect(again == told.filter { ["sj1", "oj2", "rj3"].contains($0.id) })
  }

  @Test("prints of weeks before the last one stay as they are")
  func longAgo() async throws {
    try await pull("1", [Sample.document("d1"), Sample.document("d2")])
    try await print("j1", "d1", .delivered)
    try await print("j2", "d2", .delivered)
    try await confirmAll()
    try await store.pool.write { db in
      try db.execute(
        sql: "UPDATE print_job SET settled_at = settled_at - ? WHERE job_key = 'j1'",
        arguments: [Duration.seconds(14 * 86_400 + 1).wholeMilliseconds])
    }
    try await port.cache.startOver(Sample.now)
    let again = try await port.outbox.due(Sample.now, 100).filter { $0.kind == .printOutcome }
    #expect(again.map(\.id) == ["oj2"])
  }

  @Test("a print of a future that was believed once hides none of now")
  func wrongFuture() async throws {
    try await pull("1", [Sample.document("d1"), Sample.document("d2")])
    try await print("j1", "d1", .delivered)
    try await print("j2", "d2", .delivered)
    try await confirmAll()
    try await store.pool.write { db in
      try db.execute(
        sql: "UPDATE print_job SET settled_at = settled_at + ? WHERE job_key = 'j2'",
        arguments: [Duration.seconds(400 * 86_400).wholeMilliseconds])
    }
    try await port.cache.startOver(Sample.now)
    let again = try await port.outbox.due(Sample.now, 100).filter { $0.kind == .printOutcome }
    #expect(Set(again.map(\.id)) == ["oj1", "oj2"])
  }

  @Test("a lease goes back although an old end was unknown, once the server has decided")
  func decided() async throws {
    try await pull("1", [Sample.document()])
    try await print("j", "doc-1", .unknown)
    try await port.ledger.keepLease("doc-1", Sample.lease, "kiosk", Sample.now)
    try await port.ledger.returnLease("doc-1", "kiosk", Sample.now)
    #expect(try await port.ledger.lease("doc-1") != nil)
    try await confirmAll()
    try await pull("2", [Sample.document()])
    try await port.ledger.returnLease("doc-1", "kiosk", Sample.now)
    #expect(try await port.ledger.lease("doc-1") == nil)
    #expect(try await port.outbox.due(Sample.now, 9).map(\.kind) == [.leaseReturned])
  }

  @Test("all leases go back, but for a print that runs, and only new ones count")
  func leases() async throws {
    let hash = try SlowHash(of: Array("uji".utf8), salt: [UInt8](repeating: 1, count: 16))
    let check = OfflineCheck([.init(kind: .access, hash: hash.description)])
    func lease(_ id: String) -> PrintLease { PrintLease(id: id, until: Sample.lease.until) }
    try await pull(
      "1",
      [
        Sample.document("d1", lease: lease("l1"), offline: check),
        Sample.document("d2", lease: lease("l2")),
      ])
    try await port.ledger.askLease("d3", "l3", Sample.now)
    try await print("j", "d2", nil)
    try await confirmAll()
    try await port.cache.startOver(Sample.now)
    let returns = try await port.outbox.due(Sample.now, 100).filter { $0.kind == .leaseReturned }
      .map { try Wire.decode(KioskReport.self, from: $0.body).content }
    #expect(
      Set(returns) == [
        .leaseReturned(documentID: "d1", leaseID: "l1"),
        .leaseReturned(documentID: "d3", leaseID: "l3"),
      ])
    #expect(try await port.ledger.lease("d1") == nil)
    #expect(try await port.ledger.lease("d2") == lease("l2"))
    try await pull("n1", [Sample.document("d1", lease: lease("l1"), offline: check)])
    #expect(try await port.ledger.leased(Sample.now).isEmpty)
    try await pull("n2", [Sample.document("d1", lease: lease("l4"), offline: check)])
    #expect(try await port.ledger.leased(Sample.now).map(\.lease.id) == ["l4"])
  }

  @Test("the numbers of the day's reserve are told again as they were")
  func tickets() async throws {
    let before = Sample.draft("t0", date: Sample.today.adding(days: -1))
    let today = Sample.draft("t1", holder: Sample.nik)
    _ = try await port.give(before)
    _ = try await port.give(today)
    let told = try await confirmAll()
    #expect(told.map(\.id) == ["t0", "t1"])
    try await port.cache.startOver(Sample.now)
    #expect(try await port.outbox.due(Sample.now, 100) == [told[1]])
  }
}
