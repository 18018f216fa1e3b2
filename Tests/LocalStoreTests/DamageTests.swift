import Foundation
import GRDB
import OfficeModel
import Ports
import TestSupport
import Testing

@testable import LocalStore

/// A store that was filled, closed and then damaged page by page.
struct DamagedStore {
  let folder: TemporaryFolder
  var directory: String { folder.path + "/store" }
  var path: String { directory + "/anjungan.sqlite" }

  init() async throws {
    folder = try TemporaryFolder()
    let store = try open()
    let port = store.port()
    try await port.cache.apply(
      Sample.page(
        "c1",
        applications: (0..<200).map {
          .init(
            registration: LookupKey(value: "registration-\($0)"), nik: Sample.nik,
            status: Sample.status())
        }, documents: [Sample.document()]), Sample.now)
    try await port.cache.keepSealedDocument("doc-1", [1, 2, 3])
    for number in 1...200 {
      try await port.outbox.enqueue(
        OutboxItem(
          id: "item-\(number)", kind: .survey, stream: "s", body: [UInt8](repeating: 1, count: 80),
          createdAt: Sample.now))
    }
    _ = try await port.tries.count(
      Sample.nik, TryLimits(perNIK: 3, perKiosk: 30, window: .seconds(60)), Sample.now)
    try await store.pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
    try store.close()
  }

  func open() throws(PortError) -> LocalStore {
    try LocalStore.open(directory: directory, storeKey: Sample.key)
  }

  /// Pages of a table's tree: its root and those below.
  func pages(_ table: String) throws -> [Int64] {
    let queue = try DatabaseQueue(path: path)
    defer { try? queue.close() }
    return try queue.read { db in
      // The database's own list of its pages, as the checks walk it.
      try Int64.fetchAll(
        db, sql: "SELECT pageno FROM dbstat WHERE name = ? ORDER BY pageno", arguments: [table])
    }
  }

  func spoil(_ page: Int64) throws {
    let file = try #require(FileHandle(forUpdatingAtPath: path))
    try file.seek(toOffset: UInt64(page - 1) * 4096)
    try file.write(contentsOf: Data(repeating: 0xA5, count: 4096))
    try file.close()
  }

  /// Without SQLite's own, which come and go.
  var names: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
        .filter { !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") }
    }
  }
}

@Suite("A damaged store")
struct DamageTests {
  @Test("a damaged cache is set aside and fetched again; everything else stays")
  func cache() async throws {
    let damaged = try await DamagedStore()
    try damaged.spoil(try #require(damaged.pages("application").last))
    let store = try damaged.open()
    #expect(store.opening == .cacheRebuilt)
    let port = store.port()
    #expect(try await port.cache.state() == nil)
    #expect(try await port.cache.sealedDocument("doc-1") == nil)
    #expect(try await port.outbox.state().waiting == 200)
    #expect(try await port.outbox.due(Sample.now, 1000).map(\.id).last == "item-200")
    let tries = try await store.pool.read {
      try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM credential_try")
    }
    #expect(tries == 1)
    #expect(try damaged.names.contains("damaged-cache.sqlite"))
    let record = try await port.audit.head()
    #expect(record?.entry.what == .storeDamaged)
    #expect(record?.entry.result == "cache-rebuilt")
    // Numbers that were used stay used.
    try await port.outbox.settle("item-200", .delivered, Sample.now)
    try await port.outbox.enqueue(
      OutboxItem(id: "next", kind: .survey, stream: "s", body: [1], createdAt: Sample.now))
    let last = try await store.pool.read {
      try Int.fetchOne($0, sql: "SELECT MAX(seq) FROM outbox")
    }
    #expect(last == 201)
    // And the cache fills again.
    try await port.cache.apply(Sample.page("c2", documents: [Sample.document()]), Sample.now)
    try store.close()
    #expect(try damaged.open().opening == .sound)
  }

  @Test("a damaged outbox is never thrown away: the kiosk is told, and what can be read is saved")
  func outbox() async throws {
    let damaged = try await DamagedStore()
    let pages = try damaged.pages("outbox")
    try #require(pages.count > 4)
    // A leaf in the middle: rows before and behind it can be read.
    try damaged.spoil(pages[pages.count / 2])
    let before = try Data(contentsOf: URL(fileURLWithPath: damaged.path))
    for _ in 1...2 {
      do throws(PortError) {
        _ = try LocalStore.open(directory: damaged.directory, storeKey: Sample.key)
        Issue.record("a damaged outbox opened")
      } catch {
        #expect(error.code == .storageDamaged)
        #expect(error.detail.contains("outbox"))
        #expect(error.detail.contains("salvaged-"))
      }
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: damaged.path)) == before)
    let saved = try damaged.names.filter { $0.hasPrefix("salvaged-") }
    #expect(saved.count == 1)
    let queue = try DatabaseQueue(path: damaged.directory + "/" + (saved.first ?? ""))
    let ids = try await queue.read {
      try String.fetchAll($0, sql: "SELECT id FROM outbox ORDER BY seq")
    }
    #expect(ids.first == "item-1")
    #expect(ids.last == "item-200")
    #expect(ids.count > 150 && ids.count < 200)
    let tries = try await queue.read {
      try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM credential_try")
    }
    #expect(tries == 1)
    // Whoever goes on with it is filled anew: its cursor would tell only what changes from now on.
    try queue.close()
    let office = damaged.folder.path + "/gone-on"
    try FileManager.default.createDirectory(atPath: office, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: damaged.directory + "/" + (saved.first ?? ""), toPath: office + "/anjungan.sqlite")
    let store = try LocalStore.open(directory: office, storeKey: Sample.key)
    #expect(try await store.port().cache.state() == nil)
    #expect(try await store.port().outbox.state().waiting == ids.count)
    try store.close()
  }

  @Test("each page by itself: either all that must survive is there, or nothing was replaced")
  func everyPage() async throws {
    let whole = try await DamagedStore()
    let size = try Data(contentsOf: URL(fileURLWithPath: whole.path)).count
    var opened = 0
    var refused = 0
    for page in 1...Int64(size / 4096) {
      let copy = whole.folder.path + "/page-\(page)"
      try FileManager.default.copyItem(atPath: whole.directory, toPath: copy)
      defer { try? FileManager.default.removeItem(atPath: copy) }
      let file = try #require(FileHandle(forUpdatingAtPath: copy + "/anjungan.sqlite"))
      try file.seek(toOffset: UInt64(page - 1) * 4096)
      try file.write(contentsOf: Data(repeating: 0xA5, count: 4096))
      try file.close()
      let before = try Data(contentsOf: URL(fileURLWithPath: copy + "/anjungan.sqlite"))
      do {
        let store = try LocalStore.open(directory: copy, storeKey: Sample.key)
        opened += 1
        #expect(try await store.port().outbox.state().waiting == 200, "page \(page)")
        try store.close()
      } catch {
        refused += 1
        #expect(error.code == .storageDamaged, "page \(page)")
        #expect(
          try Data(contentsOf: URL(fileURLWithPath: copy + "/anjungan.sqlite")) == before,
          "page \(page)")
      }
    }
    #expect(opened > 0 && refused > 0)
  }

  @Test("a rebuild that a power cut interrupts goes on from the old state or the new one")
  func interrupted() async throws {
    let damaged = try await DamagedStore()
    try damaged.spoil(try #require(damaged.pages("application").last))
    let copy = damaged.folder.path + "/half"
    try FileManager.default.copyItem(atPath: damaged.directory, toPath: copy)
    let whole = try damaged.open()
    try whole.close()
    // As left when the new file was named, and neither the old one nor its journal removed yet.
    try FileManager.default.copyItem(
      atPath: damaged.path, toPath: copy + "/anjungan.sqlite.rebuilt")
    try Data(repeating: 1, count: 100).write(
      to: URL(fileURLWithPath: copy + "/anjungan.sqlite.rebuilding"))
    let store = try LocalStore.open(directory: copy, storeKey: Sample.key)
    #expect(try await store.port().outbox.state().waiting == 200)
    #expect(!FileManager.default.fileExists(atPath: copy + "/anjungan.sqlite.rebuilt"))
    try store.close()
  }

  @Test("a database that is gone is a loss, not a new beginning")
  func gone() async throws {
    let damaged = try await DamagedStore()
    for empty in [true, false] {
      try FileManager.default.removeItem(atPath: damaged.path)
      if empty { #expect(FileManager.default.createFile(atPath: damaged.path, contents: nil)) }
      do throws(PortError) {
        _ = try LocalStore.open(directory: damaged.directory, storeKey: Sample.key)
        Issue.record("a lost database was replaced")
      } catch { #expect(error.code == .storageDamaged) }
      if !empty { #expect(!FileManager.default.fileExists(atPath: damaged.path)) }
    }
  }

  @Test("a wrong key is a wrong key, damage or not, and nothing is written for it")
  func wrongKey() async throws {
    let damaged = try await DamagedStore()
    try damaged.spoil(try #require(damaged.pages("application").last))
    let names = try damaged.names
    do throws(PortError) {
      _ = try LocalStore.open(
        directory: damaged.directory, storeKey: [UInt8](repeating: 8, count: 32))
      Issue.record("opened with a wrong key")
    } catch { #expect(error.code == .unauthorized) }
    #expect(try damaged.names == names)
  }

  @Test("no table that must survive leans on one that may be dropped, and every table is classed")
  func classes() async throws {
    let folder = try TemporaryFolder()
    let store = try LocalStore.open(directory: folder.path, storeKey: Sample.key)
    try await store.pool.read { (db: Database) throws in
      let lasting = try StoreCheck.lastingTables(db)
      for table in ["ticket", "outbox", "print_job", "audit", "credential_try", "meta"] {
        #expect(lasting.contains(table))
      }
      for table in lasting where !table.hasPrefix("sqlite_") {
        let parents = try String.fetchAll(
          db, sql: "SELECT \"table\" FROM pragma_foreign_key_list(?)", arguments: [table])
        #expect(parents.allSatisfy(lasting.contains), "\(table)")
      }
      for table in StoreSchema.cacheTables { #expect(try db.tableExists(table), "\(table)") }
    }
    try store.close()
  }
}
