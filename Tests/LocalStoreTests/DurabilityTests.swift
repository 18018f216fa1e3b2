import Foundation
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
    let store = try Sample.open(folder.path)
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
    let store = try Sample.open(folder.path)
    let port = store.port()
    let other = LookupKey(value: "other")
    try await port.cache.apply(
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
      _ = try await port.cache.application(Sample.registration, Sample.nik)
    }
  }

  @Test("what was committed is there when the process ends without closing anything")
  func suddenEnd() async throws {
    let folder = try TemporaryFolder()
    let store = try Sample.open(folder.path + "/a")
    let port = store.port()
    try await port.cache.apply(Sample.page("1", documents: [Sample.document()]), Sample.now)
    for number in 1...20 {
      _ = try await port.give(Sample.draft("t\(number)"))
      // The files as a kill -9 leaves them at this moment.
      let copy = folder.path + "/copy-\(number)"
      try FileManager.default.copyItem(atPath: folder.path + "/a", toPath: copy)
      try? FileManager.default.removeItem(atPath: copy + "/anjungan.sqlite-shm")
      let after = try Sample.open(copy)
      #expect(
        try await after.port().give(Sample.draft("next")).number.number == number + 1)
      #expect(try await after.port().outbox.state().waiting == number + 1)
      try after.close()
    }
    let reservation = PrintReservation(jobKey: "job", documentID: "doc-1", at: Sample.now)
    #expect(try await port.ledger.reserve(reservation))
    try await port.ledger.submit("job", Sample.now)
    let copy = folder.path + "/copy-print"
    try FileManager.default.copyItem(atPath: folder.path + "/a", toPath: copy)
    let after = try Sample.open(copy)
    #expect(try await after.port().ledger.unsettled().map(\.wasSubmitted) == [true])
    try after.close()
    try store.close()
  }
}
