import Foundation
import GRDB
import OfficeModel
import Ports
import TestSupport
import Testing

@testable import LocalStore

/// Stores that earlier versions wrote (`Tests/Fixtures/stores`), opened by this one.
@Suite("Migrations")
struct MigrationTests {
  private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fixtures/stores").path
  private static let versions = ["v1", "v2", "v3"]
  /// Of before the tables were made anew.
  private static let oldest = ["v1", "v2"]

  private func opened(_ version: String) throws -> (folder: TemporaryFolder, store: LocalStore) {
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(
      atPath: Self.fixtures + "/\(version).sqlite", toPath: folder.path + "/anjungan.sqlite")
    return (folder, try Sample.open(folder.path))
  }

  @Test("there is a stored file of every version but the newest")
  func everyVersion() throws {
    let seal = try #require(RowSeal(storeKey: Sample.key))
    #expect(StoreSchema.migrator(seal: seal).migrations.dropLast() == Self.versions[...])
    for version in Self.versions {
      let queue = try DatabaseQueue(path: try copy(version))
      let applied = try queue.read { db in
        try String.fetchAll(db, sql: "SELECT identifier FROM grdb_migrations ORDER BY 1")
      }
      #expect(applied.last == version)
    }
  }

  private func copy(_ version: String) throws -> String {
    let path = NSTemporaryDirectory() + UUID().uuidString + ".sqlite"
    try FileManager.default.copyItem(
      atPath: Self.fixtures + "/\(version).sqlite", toPath: path)
    return path
  }

  @Test("tickets, tries, prints and outbox are as they were", arguments: oldest)
  func rows(_ version: String) async throws {
    let (folder, store) = try opened(version)
    defer { withExtendedLifetime(folder) {} }
    let port = store.port()
    try await store.pool.read { (db: Database) throws in
      func column(_ sql: String) throws -> [String] { try String.fetchAll(db, sql: sql) }
      #expect(
        try column(
          "SELECT series || number || ' ' || COALESCE(printed, '-') FROM ticket ORDER BY 1")
          == ["A1 1", "A2 -", "A3 -", "PA1 -"])
      #expect(
        try column("SELECT job_key || ' ' || COALESCE(outcome, 'runs') FROM print_job ORDER BY 1")
          == ["job-done delivered", "job-running runs", "job-unknown unknown"])
      #expect(
        try column("SELECT id FROM outbox WHERE dead_reason IS NULL ORDER BY seq") == [
          "t2", "t3", "tp", "rjob-done", "ojob-done", "rjob-unknown", "ojob-unknown",
          "rjob-running", "survey-1",
        ])
      #expect(
        try column("SELECT id || dead_reason FROM outbox WHERE dead_reason IS NOT NULL")
          == ["survey-2422"])
      #expect(try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM credential_try") == 2)
      #expect(try String.fetchAll(db, sql: "PRAGMA integrity_check") == ["ok"])
      #expect(try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").isEmpty)
    }
    #expect(try await port.ledger.unsettled().map(\.jobKey) == ["job-running"])
    #expect(try await port.outbox.state().dead == 1)
    try store.close()
  }

  @Test("answers on applications stay; documents are fetched again", arguments: oldest)
  func cache(_ version: String) async throws {
    let (folder, store) = try opened(version)
    defer { withExtendedLifetime(folder) {} }
    let port = store.port()
    #expect(try await port.cache.application(Sample.registration, Sample.nik)?.step == .signed)
    #expect(try await port.cache.state() == CacheState(cursor: "", syncedAt: Sample.now))
    #expect(try await port.cache.documents(Sample.nik).isEmpty)
    // The first full round drops what the server does not name any more.
    try await port.cache.pullBegins()
    try await port.cache.apply(
      Sample.page("n1", documents: [Sample.document("doc-unknown"), Sample.document("doc-new")]),
      Sample.now)
    #expect(try await port.cache.application(Sample.registration, Sample.nik) == nil)
    // The print whose end nobody knows still blocks its document.
    #expect(
      try await port.cache.documents(Sample.nik).map { "\($0.summary.id) \($0.summary.printsLeft)" }
        .sorted() == ["doc-new 1", "doc-unknown 0"])
    try store.close()
  }

  @Test("an interrupted migration leaves the old version, which migrates at the next start")
  func interrupted() async throws {
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(
      atPath: Self.fixtures + "/v1.sqlite", toPath: folder.path + "/anjungan.sqlite")
    // No room for version 3.
    #expect(throws: PortError.self) {
      _ = try LocalStore.open(directory: folder.path, storeKey: Sample.key, pagesLimit: 1)
    }
    let store = try Sample.open(folder.path)
    #expect(try await store.port().outbox.state().waiting == 9)
    try store.close()
  }

  @Test("prints of version 3 carry no printer: they were sent to the only one there was")
  func printsWithoutPrinter() async throws {
    let (folder, store) = try opened("v3")
    defer { withExtendedLifetime(folder) {} }
    let ledger = store.port().ledger
    let running = try #require(try await ledger.unsettled().first)
    #expect(running.jobKey == "job-running" && running.wasSubmitted)
    #expect(running.printer == nil && running.pages == 0 && running.sheetCounter == 1206)
    #expect(try await ledger.unknowns().map(\.printer) == [nil])
    // The rest is as it was, and goes on: the running job ends, its document's bytes go.
    let cache = store.port().cache
    #expect(try await cache.sealedDocument("doc-kept") == [1, 2, 3])
    try await ledger.settle("job-running", .delivered, Sample.now)
    #expect(try await ledger.unsettled().isEmpty)
    #expect(try await store.port().outbox.state().waiting == 7)
    #expect(
      try await store.pool.read { db in try String.fetchAll(db, sql: "PRAGMA integrity_check") }
        == ["ok"])
    try store.close()
  }
}
