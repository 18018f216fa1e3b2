import GRDB
import OfficeModel
import Ports
import TestSupport
import Testing

@testable import LocalStore

@Suite("Durability")
struct DurabilityTests {
  @Test("commits are synchronised, references hold, deleted rows are overwritten")
  func pragmas() async throws {
    let folder = try TemporaryFolder()
    let store = try LocalStore.open(directory: folder.path, storeKey: Sample.key)
    let values = try await store.pool.write { db in
      try ["synchronous", "foreign_keys", "secure_delete"].map {
        try Int.fetchOne(db, sql: "PRAGMA " + $0)
      }
    }
    // synchronous 2 is FULL: what is committed survives a power cut.
    #expect(values == [2, 1, 1])
    #expect(
      try await store.pool.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "wal")
  }

  @Test("a sealed value moved to another row does not open there")
  func swappedRows() async throws {
    let folder = try TemporaryFolder()
    let store = try LocalStore.open(directory: folder.path, storeKey: Sample.key)
    let port = store.port()
    let other = LookupKey(value: "other")
    try await port.applyChanges(
      Sample.page(
        "1",
        applications: [
          .init(registration: Sample.registration, nik: Sample.nik, status: Sample.status(.signed)),
          .init(registration: other, nik: Sample.otherNIK, status: Sample.status(.ready)),
        ]), Sample.now)
    try await store.pool.write { db in
      try db.execute(
        sql: """
          UPDATE application SET sealed =
            (SELECT sealed FROM application AS b WHERE b.registration != application.registration)
          """)
    }
    await #expect(throws: PortError.self) {
      _ = try await port.application(Sample.registration, Sample.nik)
    }
  }
}
