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

  /// - Parameter records: In the audit log.
  init(records: Int = 0) async throws {
    folder = try TemporaryFolder()
    let store = try open()
    let port = store.port()
    if records > 0 {
      try await store.pool.write { db in
        for number in 1...records {
          try LocalStore.append(
            db,
            AuditEntry(at: Sample.now, who: "kiosk", what: .ticketIssued, subject: "t\(number)"))
        }
      }
    }
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
    try Sample.open(directory)
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

  /// What support does with what was saved: it takes the damaged file's place.
  func goOnWithSaved() throws -> LocalStore {
    let saved = try #require(names.first { $0.hasPrefix("salvaged-") })
    for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) }
    try FileManager.default.moveItem(atPath: directory + "/" + saved, toPath: path)
    return try open()
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
        _ = try Sample.open(damaged.directory)
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
    let store = try damaged.goOnWithSaved()
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
        let store = try Sample.open(copy)
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
    // As left when the new file was named, and before or after the old one was set aside.
    for isSetAside in [false, true] {
      try FileManager.default.copyItem(
        atPath: damaged.path, toPath: copy + "/anjungan.sqlite.rebuilt")
      try Data(repeating: 1, count: 100).write(
        to: URL(fileURLWithPath: copy + "/anjungan.sqlite.rebuilding"))
      if isSetAside {
        try FileManager.default.removeItem(atPath: copy + "/damaged-cache.sqlite")
        try FileManager.default.moveItem(
          atPath: copy + "/anjungan.sqlite", toPath: copy + "/damaged-cache.sqlite")
      }
      let store = try Sample.open(copy)
      #expect(try await store.port().outbox.state().waiting == 200)
      #expect(!FileManager.default.fileExists(atPath: copy + "/anjungan.sqlite.rebuilt"))
      #expect(FileManager.default.fileExists(atPath: copy + "/damaged-cache.sqlite"))
      try store.close()
    }
  }

  @Test("what was set aside is a file of its own, and gone after some days")
  func setAside() async throws {
    let damaged = try await DamagedStore()
    try damaged.spoil(try #require(damaged.pages("application").last))
    try damaged.open().close()
    let aside = damaged.directory + "/damaged-cache.sqlite"
    func number(_ path: String) throws -> Int? {
      try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
    }
    #expect(try number(aside) != number(damaged.path))
    for (days, stays) in [(0, true), (6, true), (8, false)] {
      if days > 0 {
        try FileManager.default.setAttributes(
          [.modificationDate: Date(timeIntervalSinceNow: -86_400 * Double(days))],
          ofItemAtPath: aside)
      }
      try damaged.open().close()
      #expect(FileManager.default.fileExists(atPath: aside) == stays, "\(days) days")
    }
  }

  @Test("nothing is printed under a lease of before, whose prints may be lost, and none goes back")
  func leases() async throws {
    let damaged = try await DamagedStore()
    let before = try damaged.open()
    let ledger = before.port().ledger
    try await ledger.keepLease("doc-1", Sample.lease, "kiosk", Sample.now)
    try await ledger.askLease("doc-2", "asked", Sample.now)
    try before.close()
    try damaged.spoil(try #require(damaged.pages("ticket").last))
    #expect(throws: PortError.self) { _ = try damaged.open() }
    let store = try damaged.goOnWithSaved()
    let port = store.port()
    #expect(try await port.ledger.lease("doc-1") == nil)
    #expect(try await port.ledger.askedLeases().isEmpty)
    let waiting = try await port.outbox.due(Sample.now, 1000)
    #expect(!waiting.isEmpty && !waiting.contains { $0.kind == .leaseReturned })
    try store.close()
  }

  @Test("a record of which a part is lost says so, and can be followed behind it")
  func record() async throws {
    let damaged = try await DamagedStore(records: 400)
    let pages = try damaged.pages("audit")
    try #require(pages.count > 4)
    for page in [pages[1], pages[pages.count / 2]] { try damaged.spoil(page) }
    #expect(throws: PortError.self) { _ = try damaged.open() }
    let store = try damaged.goOnWithSaved()
    let head = try await store.port().audit.head()
    #expect(head?.entry.what == .storeDamaged)
    #expect(head?.entry.result == "salvaged")
    try await store.port().audit.record(
      AuditEntry(at: Sample.now, who: "kiosk", what: .ticketIssued, subject: "after"))
    var lines: [String] = []
    try LocalStore.exportAudit(directory: damaged.directory, kiosk: "contoh-1") {
      lines.append($0)
    }
    try store.close()
    func check(_ lines: [String]) -> AuditCheck? {
      var check = AuditCheck()
      return lines.allSatisfy({ check.take($0) == nil }) && check.end() == nil ? check : nil
    }
    let whole = try #require(check(lines))
    #expect(whole.chain.lost > 0)
    #expect(
      lines.count - 1 + Int(whole.chain.lost) == 402 + lines.count { $0.contains("records-lost") })
    // What is taken out behind that is found as ever, and so is the record that tells of the loss.
    let bridge = try #require(lines.firstIndex { $0.contains("records-lost") })
    for index in [bridge, bridge + 1, lines.count - 2] {
      var forged = lines
      forged.remove(at: index)
      #expect(check(forged) == nil)
    }
  }

  @Test("a count of reports that was lost does not fall behind those that are left")
  func ledgerCount() async throws {
    let damaged = try await DamagedStore()
    let queue = try DatabaseQueue(path: damaged.path)
    try await queue.write { db in
      try db.execute(
        sql: """
          INSERT INTO print_job(job_key, document_id, reserved_at, outcome, settled_at,
            reported_count) VALUES('job', 'doc-1', 1, 'unknown', 2, 7);
          DELETE FROM meta WHERE key = 'ledger_count';
          """)
    }
    try queue.close()
    try damaged.spoil(try #require(damaged.pages("outbox").last))
    #expect(throws: PortError.self) { _ = try damaged.open() }
    let store = try damaged.goOnWithSaved()
    #expect(try await store.pool.read { try LocalStore.ledgerCount($0) } == 7)
    try store.close()
  }

  @Test("a database that is gone is a loss, not a new beginning")
  func gone() async throws {
    let damaged = try await DamagedStore()
    for empty in [true, false] {
      try FileManager.default.removeItem(atPath: damaged.path)
      if empty { #expect(FileManager.default.createFile(atPath: damaged.path, contents: nil)) }
      do throws(PortError) {
        _ = try Sample.open(damaged.directory)
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

  @Test("a spoilt key check is damage while the key opens anything else, and not a wrong key")
  func keyCheck() async throws {
    let damaged = try await DamagedStore()
    let queue = try DatabaseQueue(path: damaged.path)
    try await queue.write { db in
      try db.execute(
        sql: "UPDATE meta SET value = zeroblob(length(value)) WHERE key = 'key_check'")
    }
    try queue.close()
    #expect(
      throws: PortError(
        .unauthorized, step: "store key", detail: "this key does not open the existing store")
    ) {
      _ = try LocalStore.open(
        directory: damaged.directory, storeKey: [UInt8](repeating: 8, count: 32))
    }
    do throws(PortError) {
      _ = try damaged.open()
      Issue.record("opened without knowing its key")
    } catch {
      #expect(error.code == .storageDamaged)
      #expect(error.detail.contains("meta"))
    }
    // What was saved has a check that tells again.
    let store = try damaged.goOnWithSaved()
    #expect(try await store.port().outbox.state().waiting == 200)
    try store.close()
  }

  @Test("no table that must survive leans on one that may be dropped, and every table is classed")
  func classes() async throws {
    let folder = try TemporaryFolder()
    let store = try Sample.open(folder.path)
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
