import Foundation
import GRDB
import LocalStore
import OfficeModel
import Ports
import TestSupport
import Testing

@Suite("Opening the store")
struct StoreOpeningTests {
  @Test("a power cut in the very first commit: SQLite's undoing is let happen, and the store made")
  func firstCommit() async throws {
    let folder = try TemporaryFolder()
    let (making, store) = (folder.path + "/making", folder.path + "/store")
    for directory in [making, store] {
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: false)
    }
    let name = "/anjungan.sqlite"
    let queue = try DatabaseQueue(path: making + name)
    try queue.inDatabase { db in
      try db.execute(
        sql: """
          PRAGMA cache_size = 1; CREATE TABLE half(x); BEGIN;
          WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
          INSERT INTO half SELECT randomblob(900) FROM n;
          """)
      for end in ["", "-journal"] {
        try FileManager.default.copyItem(atPath: making + name + end, toPath: store + name + end)
      }
      try db.execute(sql: "ROLLBACK; DROP TABLE half")
    }
    try queue.close()
    let opened = try Sample.open(store)
    #expect(opened.opening == .sound)
    #expect(try await opened.port().cache.state() == nil)
    try opened.close()
  }

  private let folder: TemporaryFolder
  private var directory: String { folder.path + "/store" }
  init() throws { folder = try TemporaryFolder() }

  private func error(_ body: () throws -> Void) -> PortError? {
    do {
      try body()
      return nil
    } catch { return error as? PortError }
  }

  @Test("files are readable by their user only")
  func rights() throws {
    let store = try Sample.open(directory)
    for (name, rights) in [
      ("", 0o700), ("/anjungan.sqlite", 0o600), ("/anjungan.sqlite-wal", 0o600),
    ] {
      let attributes = try FileManager.default.attributesOfItem(atPath: directory + name)
      #expect(attributes[.posixPermissions] as? Int == rights)
    }
    #expect((store.space()?.freeBytes ?? 0) > 0)
    try store.close()
  }

  @Test("a second instance is refused while the first runs, and not afterwards")
  func secondInstance() throws {
    var first: LocalStore? = try Sample.open(directory)
    let refused = error {
      _ = try Sample.open(directory)
    }
    #expect(refused?.code == .refused)
    #expect(refused?.step == "lock")
    try first?.close()
    first = nil
    #expect(error { _ = try Sample.open(directory) } == nil)
  }

  @Test("a wrong key is refused and what is there stays")
  func wrongKey() async throws {
    var store: LocalStore? = try Sample.open(directory)
    _ = try await store?.port().give(Sample.draft("t1"))
    try store?.close()
    store = nil
    let wrong = [UInt8](repeating: 8, count: 32)
    let refused = error { _ = try LocalStore.open(directory: directory, storeKey: wrong) }
    #expect(refused?.code == .unauthorized)
    #expect(refused?.step == "store key")
    store = try Sample.open(directory)
    #expect(try await store?.port().give(Sample.draft("t2")).number.number == 2)
    let short = error { _ = try LocalStore.open(directory: directory, storeKey: [1, 2]) }
    #expect(short?.code == .unauthorized)
  }

  @Test("damage is named and nothing is deleted")
  func damage() async throws {
    var store: LocalStore? = try Sample.open(directory)
    for number in 1...200 { _ = try await store?.port().give(Sample.draft("t\(number)")) }
    try store?.close()
    store = nil
    let path = directory + "/anjungan.sqlite"
    let size = try #require(
      FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
    let file = try #require(FileHandle(forUpdatingAtPath: path))
    // From the second page on; the header stays that of a database.
    try file.seek(toOffset: 4096)
    try file.write(contentsOf: Data(repeating: 0xA5, count: size - 4096))
    try file.close()
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    let refused = error { _ = try Sample.open(directory) }
    #expect(refused?.code == .storageDamaged)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
  }

  @Test("a folder that cannot be made is an error and not a crash")
  func badFolder() throws {
    let refused = error {
      _ = try Sample.open("/proc/nowhere/store")
    }
    #expect(refused != nil)
  }

  @Test("a full disk refuses a ticket whole and leaves the store usable")
  func diskFull() async throws {
    let store = try LocalStore.open(directory: directory, storeKey: Sample.key, pagesLimit: 120)
    let port = store.port()
    var given = 0
    var refused: PortError?
    while refused == nil, given < 5000 {
      do {
        _ = try await port.give(Sample.draft("t\(given + 1)"))
        given += 1
      } catch { refused = error }
    }
    #expect(refused?.code == .storageFull)
    #expect(refused?.description.contains("t\(given + 1)") == false)
    let outbox = try await port.outbox.state()
    #expect(outbox.waiting == given)
    try await port.outbox.settle("t1", .delivered, Sample.now)
    #expect(try await port.outbox.state().waiting == given - 1)
  }

  @Test("a relative folder is as good as any")
  func relativeFolder() throws {
    let up = FileManager.default.currentDirectoryPath.split(separator: "/").map { _ in ".." }
    let relative = up.joined(separator: "/") + directory
    try Sample.open(relative).close()
    #expect(try LocalStore.isThere(directory))
  }

  @Test("what cannot be looked at is not taken for absent")
  func unreachable() throws {
    let file = folder.path + "/file"
    try Data([1]).write(to: URL(fileURLWithPath: file))
    #expect(throws: PortError.self) { _ = try LocalStore.isThere(file + "/store") }
    #expect(try !LocalStore.isThere(folder.path + "/nothing"))
  }

  @Test("a folder without the store that belongs to the key is no new beginning")
  func missingDisk() async throws {
    let mark = folder.path + "/key.store"
    func open() throws -> LocalStore {
      try LocalStore.open(directory: directory, storeKey: Sample.key, mark: mark)
    }
    let store = try open()
    _ = try await store.port().give(Sample.draft("t1"))
    try store.close()
    let away = folder.path + "/away"
    try FileManager.default.moveItem(atPath: directory, toPath: away)
    #expect(try LocalStore.isThere(directory, mark: mark))
    for _ in 1...2 {
      let refused = error { _ = try open() }
      #expect(refused?.code == .storageFailed)
      #expect(refused?.step == "store mark")
    }
    #expect(!FileManager.default.fileExists(atPath: directory + "/anjungan.sqlite"))
    // Another store under the same key is not its own either.
    try LocalStore.open(directory: directory, storeKey: Sample.key, mark: nil).close()
    try LocalStore.open(
      directory: directory, storeKey: Sample.key, mark: folder.path + "/other.store"
    ).close()
    #expect(error { _ = try open() }?.step == "store mark")
    try FileManager.default.removeItem(atPath: directory)
    try FileManager.default.moveItem(atPath: away, toPath: directory)
    let again = try open()
    #expect(try await again.port().give(Sample.draft("t2")).number.number == 2)
    try again.close()
  }

  @Test("a mark that was lost is made again, and a key whose folder takes none does without")
  func lostMark() throws {
    let mark = folder.path + "/key.store"
    func open(_ mark: String) throws {
      try LocalStore.open(directory: directory, storeKey: Sample.key, mark: mark).close()
    }
    try open(mark)
    let first = try Data(contentsOf: URL(fileURLWithPath: mark))
    try FileManager.default.removeItem(atPath: mark)
    try open(mark)
    #expect(try Data(contentsOf: URL(fileURLWithPath: mark)) == first)
    try open("/proc/nowhere.store")
  }

  @Test("another lookup key is noticed before anybody is looked up with it")
  func otherLookupKey() throws {
    func open(_ lookupKey: [UInt8]?) throws {
      try LocalStore.open(directory: directory, storeKey: Sample.key, lookupKey: lookupKey).close()
    }
    let own = [UInt8](repeating: 3, count: 32)
    // As a store of before, which kept nothing of it.
    try open(nil)
    try open(own)
    try open(own)
    let refused = error { try open([UInt8](repeating: 4, count: 32)) }
    #expect(refused?.code == .unauthorized)
    #expect(refused?.step == "lookup key")
    try open(own)
  }
}
