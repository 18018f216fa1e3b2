import Foundation
import LocalStore
import OfficeModel
import Ports
import TestSupport
import Testing

@Suite("Opening the store")
struct StoreOpeningTests {
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
    let store = try LocalStore.open(directory: directory, storeKey: Sample.key)
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
    var first: LocalStore? = try LocalStore.open(directory: directory, storeKey: Sample.key)
    let refused = error {
      _ = try LocalStore.open(directory: directory, storeKey: Sample.key)
    }
    #expect(refused?.code == .refused)
    #expect(refused?.step == "lock")
    try first?.close()
    first = nil
    #expect(error { _ = try LocalStore.open(directory: directory, storeKey: Sample.key) } == nil)
  }

  @Test("a wrong key is refused and what is there stays")
  func wrongKey() async throws {
    var store: LocalStore? = try LocalStore.open(directory: directory, storeKey: Sample.key)
    _ = try await store?.port().give(Sample.draft("t1"))
    try store?.close()
    store = nil
    let wrong = [UInt8](repeating: 8, count: 32)
    let refused = error { _ = try LocalStore.open(directory: directory, storeKey: wrong) }
    #expect(refused?.code == .unauthorized)
    #expect(refused?.step == "store key")
    store = try LocalStore.open(directory: directory, storeKey: Sample.key)
    #expect(try await store?.port().give(Sample.draft("t2")).number.number == 2)
    let short = error { _ = try LocalStore.open(directory: directory, storeKey: [1, 2]) }
    #expect(short?.code == .unauthorized)
  }

  @Test("damage is named and nothing is deleted")
  func damage() async throws {
    var store: LocalStore? = try LocalStore.open(directory: directory, storeKey: Sample.key)
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
    let refused = error { _ = try LocalStore.open(directory: directory, storeKey: Sample.key) }
    #expect(refused?.code == .storageDamaged)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
  }

  @Test("a folder that cannot be made is an error and not a crash")
  func badFolder() throws {
    let refused = error {
      _ = try LocalStore.open(directory: "/proc/nowhere/store", storeKey: Sample.key)
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
}
