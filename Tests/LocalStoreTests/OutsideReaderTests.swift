import Foundation
import GRDB
import OfficeModel
import Ports
import TestSupport
import Testing

@testable import LocalStore

/// Somebody who reads the kiosk's database from outside: an export, or a person with the shell.
@Suite("A reader outside the kiosk")
struct OutsideReaderTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// A store as a kill leaves it: what was committed lies in the journal only.
  private func killed(records: Int = 3) async throws -> String {
    let store = try Sample.open(folder.path + "/a")
    for index in 0..<records {
      try await store.port().audit.record(
        AuditEntry(at: Sample.now, who: "kiosk", what: .ticketIssued, subject: "t\(index)"))
    }
    let copy = folder.path + "/killed"
    try FileManager.default.copyItem(atPath: folder.path + "/a", toPath: copy)
    try store.close()
    return copy
  }

  private func journal(_ directory: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: directory + "/anjungan.sqlite-wal"))
  }

  @Test("an export that nobody reads on holds up neither a start nor an erasure")
  func pausedExport() async throws {
    let copy = try await killed(records: 1500)
    var lines: [String] = []
    try LocalStore.exportAudit(directory: copy, kiosk: "contoh-1") { line in
      lines.append(line)
      guard lines.count == 2 else { return }
      let store = try Sample.open(copy)
      // Emptied, although the export is far from its end.
      #expect(try journal(copy).isEmpty)
      try store.close()
    }
    var check = AuditCheck()
    #expect(lines.allSatisfy { check.take($0) == nil })
    #expect(check.end() == nil)
    #expect(lines.count == 1501)
  }

  @Test("an export tells of the moment of its head, whatever is recorded meanwhile")
  func growing() async throws {
    let store = try Sample.open(folder.path)
    func record(_ count: Int) throws {
      try store.pool.write { db in
        for _ in 0..<count {
          try LocalStore.append(
            db, AuditEntry(at: Sample.now, who: "kiosk", what: .ticketIssued))
        }
      }
    }
    try record(1001)
    var check = AuditCheck()
    var count = 0
    try LocalStore.exportAudit(directory: folder.path, kiosk: "contoh-1") { line in
      count += 1
      if count == 1 { try record(5) }
      #expect(check.take(line) == nil)
    }
    #expect(check.end() == nil)
    #expect(count == 1002)
    try store.close()
  }

  @Test("the kiosk starts and serves beside a reader, and erases when the reader is gone")
  func heldJournal() async throws {
    let copy = try await killed()
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    let reader = try DatabaseQueue(path: copy + "/anjungan.sqlite", configuration: configuration)
    try reader.inDatabase { db in
      try db.execute(sql: "BEGIN")
      _ = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM audit")
    }
    let store = try Sample.open(copy)
    let port = store.port()
    try await port.cache.apply(
      Sample.page("1", hasMore: true, documents: [Sample.document("a")]), Sample.now)
    try await port.cache.keepSealedDocument("a", [1, 2, 3])
    let key = try #require(
      try await store.pool.read { try Data.fetchOne($0, sql: "SELECT wrapped FROM document_key") })
    func commits() async throws -> Duration {
      try await ContinuousClock().measure { for _ in 1...10 { try await port.probe() } }
    }
    let quick = try await commits()
    try await store.write("erase") {
      try LocalStore.eraseDocument($0, "a", "withdrawn", Sample.now)
    }
    let slow = try await commits()
    // SQLite would wait five seconds for the reader at each of them.
    #expect(slow < quick * 10 + .seconds(10))
    #expect(try journal(copy).range(of: key) != nil)

    try reader.inDatabase { try $0.execute(sql: "COMMIT") }
    try reader.close()
    try await eventually("nothing waits to be erased") { store.journal.erasures.waiting == nil }
    #expect(try journal(copy).range(of: key) == nil)
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: copy + "/anjungan.sqlite")).range(of: key) == nil)
    try store.close()
  }

  @Test("an erasure that commits while the journal is being emptied of another is not forgotten")
  func erasureMeanwhile() throws {
    let queue = try DatabaseQueue()
    let watch = ErasureWatch()
    queue.add(transactionObserver: watch, extent: .databaseLifetime)
    try queue.write { db in
      try db.execute(
        sql: "CREATE TABLE document_key(wrapped); INSERT INTO document_key VALUES(1)")
    }
    func erase() throws {
      try queue.write { try $0.execute(sql: "UPDATE document_key SET wrapped = 0") }
    }
    #expect(watch.waiting == nil)
    try erase()
    let mark = try #require(watch.waiting)
    try erase()
    watch.done(upTo: mark)
    let second = try #require(watch.waiting)
    watch.done(upTo: second)
    #expect(watch.waiting == nil)
  }
}
