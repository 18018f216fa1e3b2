import Foundation
import GRDB
import OfficeModel
import Ports
import TestSupport
import Testing

@testable import LocalStore

@Suite("Erasing documents")
struct ErasureTests {
  private let folder: TemporaryFolder
  private let store: LocalStore
  private var port: StorePort { store.port() }

  init() throws {
    folder = try TemporaryFolder()
    store = try Sample.open(folder.path)
  }

  /// Everything the store has on the disk right now.
  private func files() throws -> Data {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).reduce(into: Data()) {
      $0 += try Data(contentsOf: URL(fileURLWithPath: folder.path + "/" + $1))
    }
  }

  private func wrapped(_ id: String) async throws -> Data? {
    try await store.pool.read { db in
      try Data.fetchOne(
        db,
        sql: """
          SELECT wrapped FROM document_key JOIN document_bytes ON key_slot = slot WHERE id = ?
          """, arguments: [id])
    }
  }

  private func keep(_ ids: [String]) async throws {
    try await port.cache.apply(
      Sample.page("k", hasMore: true, documents: ids.map { Sample.document($0) }), Sample.now)
    for id in ids { try await port.cache.keepSealedDocument(id, Array("sealed \(id)".utf8)) }
  }

  @Test("what is kept opens again, and lies in the files under a key of its own")
  func kept() async throws {
    try await keep(["a", "b"])
    #expect(try await port.cache.sealedDocument("a") == Array("sealed a".utf8))
    #expect(try files().range(of: Data("sealed a".utf8)) == nil)
    #expect(try await wrapped("a") != wrapped("b"))
  }

  @Test(
    "the wrapped key is gone from database, journal and free pages, whatever the reason",
    arguments: ["withdrawn", "superseded", "not named", "delivered", "kept anew"])
  func erased(_ reason: String) async throws {
    // Many, so that their rows fill pages, split and move.
    let ids = (0..<300).map { "doc-\($0)" }
    try await keep(ids)
    var keys: [Data] = []
    for id in ids { keys.append(try #require(try await wrapped(id))) }
    let before = try files()
    #expect(keys.allSatisfy { before.range(of: $0) != nil })
    let erased = Array(ids.indices.filter { $0 % 3 == 1 })
    for index in erased {
      var newer = Sample.document(ids[index])
      newer.sealedSHA256 = String(repeating: "b", count: 64)
      switch reason {
      case "withdrawn":
        var page = Sample.page("w", hasMore: true)
        page.documents = [.init(id: ids[index], nik: Sample.nik, document: nil)]
        try await port.cache.apply(page, Sample.now)
      case "superseded":
        try await port.cache.apply(
          Sample.page("s", hasMore: true, documents: [newer]), Sample.now)
      case "delivered":
        #expect(
          try await port.ledger.reserve(
            PrintReservation(jobKey: "job-\(index)", documentID: ids[index], at: Sample.now)))
        try await port.ledger.submit("job-\(index)", Sample.now)
        try await port.ledger.settle("job-\(index)", .delivered, Sample.now)
      case "kept anew": try await port.cache.keepSealedDocument(ids[index], [1])
      default: break
      }
    }
    if reason == "not named" {
      try await port.cache.startOver(Sample.now)
      try await port.cache.apply(
        Sample.page(
          "n",
          documents: ids.indices.filter { !erased.contains($0) }.map { Sample.document(ids[$0]) }),
        Sample.now)
    }
    try await eventually("nothing waits to be erased") { store.journal.erasures.waiting == nil }
    let after = try files()
    for index in ids.indices {
      #expect((after.range(of: keys[index]) == nil) == erased.contains(index), "\(index)")
    }
    let record = try await port.audit.page(0, 1000).filter { $0.entry.what == .documentErased }
    #expect(record.count == (reason == "kept anew" ? 0 : erased.count))
    #expect(try await port.cache.sealedDocument("doc-0") == Array("sealed doc-0".utf8))
    if reason != "kept anew" {
      #expect(try await port.cache.sealedDocument("doc-1") == nil)
      // A slot that became free is used again.
      try await keep(["doc-new"])
      let slots = try await store.pool.read {
        try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM document_key")
      }
      #expect(slots == 300)
    }
  }

  @Test("what a crash left in the journal is gone at the next start")
  func afterCrash() async throws {
    try await keep(["a"])
    let key = try #require(try await wrapped("a"))
    try await store.pool.write { try LocalStore.eraseDocument($0, "a", "withdrawn", Sample.now) }
    let copy = folder.path + "-copy"
    try FileManager.default.copyItem(atPath: folder.path, toPath: copy)
    defer { try? FileManager.default.removeItem(atPath: copy) }
    func has(_ name: String) throws -> Bool {
      try Data(contentsOf: URL(fileURLWithPath: copy + "/" + name)).range(of: key) != nil
    }
    #expect(try has("anjungan.sqlite-wal"))
    let after = try Sample.open(copy)
    #expect(try !has("anjungan.sqlite") && !has("anjungan.sqlite-wal"))
    try after.close()
  }

  @Test("bytes or keys moved to another document do not open there")
  func swapped() async throws {
    for column in ["document_bytes.sealed", "document_key.wrapped"] {
      try await keep(["a", "b"])
      let parts = column.split(separator: ".")
      try await store.pool.write { db in
        let (table, name) = (parts[0], parts[1])
        try db.execute(
          sql: """
            UPDATE \(table) SET \(name) = (SELECT \(name) FROM \(table) AS other
              WHERE other.rowid != \(table).rowid LIMIT 1) WHERE rowid = 1
            """)
      }
      #expect(try await port.cache.sealedDocument("a") == nil)
      #expect(try await port.cache.sealedDocument("b") != nil)
    }
    // A document's row under another holder does not open either.
    try await store.pool.write { db in
      try db.execute(sql: "UPDATE document SET nik = ?", arguments: [Sample.otherNIK.value])
    }
    await #expect(throws: PortError.self) { _ = try await port.cache.documents(Sample.otherNIK) }
  }

  @Test("no more documents are kept than slots, and a hostile size is refused")
  func limits() async throws {
    try await keep(["a", "b"])
    try await store.pool.write { db in
      try db.execute(
        sql: "INSERT INTO document_key(slot, wrapped) VALUES(?, randomblob(60))",
        arguments: [LocalStore.keptDocumentsLimit])
    }
    try await port.cache.apply(
      Sample.page("l", hasMore: true, documents: [Sample.document("c")]), Sample.now)
    do {
      try await port.cache.keepSealedDocument("c", [1])
      Issue.record("kept one too many")
    } catch { #expect(error.code == .refused) }
    await #expect(throws: PortError.self) {
      try await port.cache.keepSealedDocument("a", [UInt8](repeating: 0, count: (25 << 20) + 29))
    }
  }

  @Test("bytes that come when the right is used already are not kept")
  func tooLate() async throws {
    try await keep(["a"])
    #expect(
      try await port.ledger.reserve(
        PrintReservation(jobKey: "job", documentID: "a", at: Sample.now)))
    try await port.cache.keepSealedDocument("a", [2])
    try await port.ledger.submit("job", Sample.now)
    try await port.ledger.settle("job", .delivered, Sample.now)
    try await port.cache.keepSealedDocument("a", [3])
    #expect(try await port.cache.sealedDocument("a") == nil)
  }
}
