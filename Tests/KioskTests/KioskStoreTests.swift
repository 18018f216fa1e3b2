import Foundation
import LocalStore
import Ports
import TestSupport
import Testing

@testable import Kiosk
@testable import KioskConfiguration

@Suite("Opening the kiosk's store and its key")
struct KioskStoreTests {
  private let folder: TemporaryFolder
  private let settings: StorageSettings
  private let lookupKey = [UInt8](repeating: 3, count: 32)

  init() throws {
    folder = try TemporaryFolder()
    settings = StorageSettings(
      directory: folder.path + "/store", storeKeyFile: folder.path + "/store.key",
      lookupKeyFile: folder.path + "/lookup.key", minimumFreeMiB: 1)
  }

  private func problem() -> String? {
    do {
      _ = try KioskStore(settings, lookupKey: lookupKey)
      return nil
    } catch { return "\(error)" }
  }

  @Test("the first start makes key and store; the key is its owner's alone")
  func first() throws {
    let store = try KioskStore(settings, lookupKey: lookupKey)
    #expect(store.trouble == nil)
    let attributes = try FileManager.default.attributesOfItem(atPath: settings.storeKeyFile)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    let key = try SecretFile.key(at: settings.storeKeyFile)
    #expect(Set(key).count > 8)
    try store.opened?.store.close()
    let again = try KioskStore(settings, lookupKey: lookupKey)
    #expect(try SecretFile.key(at: settings.storeKeyFile) == key)
    try again.opened?.store.close()
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        == ["store", "store.key", "store.key.store"])
  }

  @Test("a lost key is never replaced, not even where the database is lost as well")
  func lostKey() throws {
    try KioskStore(settings, lookupKey: lookupKey).opened?.store.close()
    try FileManager.default.removeItem(atPath: settings.storeKeyFile)
    #expect(problem()?.contains("a lost key is not replaced") == true)
    try FileManager.default.removeItem(atPath: settings.directory + "/anjungan.sqlite")
    #expect(problem()?.contains("a lost key is not replaced") == true)
    #expect(!SecretFile.exists(settings.storeKeyFile))
  }

  @Test("another key than the one the data was made with is refused")
  func otherKey() throws {
    try KioskStore(settings, lookupKey: lookupKey).opened?.store.close()
    try FileManager.default.removeItem(atPath: settings.storeKeyFile)
    try SecretFile.makeKey(at: settings.storeKeyFile)
    #expect(problem()?.contains("does not open the data") == true)
  }

  @Test("another lookup key is refused")
  func otherLookupKey() throws {
    try KioskStore(settings, lookupKey: lookupKey).opened?.store.close()
    #expect(throws: KioskProblem.self) {
      _ = try KioskStore(settings, lookupKey: [UInt8](repeating: 4, count: 32))
    }
  }

  @Test("a store whose disk is not mounted is waited for, and no other is begun")
  func notMounted() async throws {
    try KioskStore(settings, lookupKey: lookupKey).opened?.store.close()
    let away = folder.path + "/away"
    try FileManager.default.moveItem(atPath: settings.directory, toPath: away)
    let store = try KioskStore(settings, lookupKey: lookupKey)
    #expect(store.trouble?.code == "storage.not-opened")
    // Mounted over the folder that was made meanwhile.
    try FileManager.default.removeItem(atPath: settings.directory)
    try FileManager.default.moveItem(atPath: away, toPath: settings.directory)
    store.reopen()
    #expect(store.trouble == nil)
    try store.opened?.store.close()
  }

  @Test("a second kiosk on the same store is told so")
  func secondKiosk() throws {
    let first = try KioskStore(settings, lookupKey: lookupKey)
    #expect(problem()?.contains("Another kiosk already runs") == true)
    try first.opened?.store.close()
  }

  @Test("a damaged store is trouble, and no reason for a dark glass")
  func damaged() async throws {
    try KioskStore(settings, lookupKey: lookupKey).opened?.store.close()
    try Data(repeating: 0xA5, count: 8192).write(
      to: URL(fileURLWithPath: settings.directory + "/anjungan.sqlite"))
    let store = try KioskStore(settings, lookupKey: lookupKey)
    #expect(store.opened == nil)
    #expect(store.trouble?.isDamage == true)
    #expect(store.trouble?.code == "storage.damaged")
    #expect(store.trouble?.advice.contains("Nothing was deleted") == true)
    await #expect(throws: PortError.self) { _ = try await store.port.outbox.state() }
  }

  @Test("a folder that cannot be reached is trouble that may pass, and the store opens when it can")
  func unreachable() async throws {
    let blocked = folder.path + "/blocked"
    try Data().write(to: URL(fileURLWithPath: blocked))
    var settings = settings
    settings.directory = blocked + "/store"
    let store = try KioskStore(settings, lookupKey: lookupKey)
    #expect(store.trouble?.code == "storage.not-opened")
    let port = store.port
    await #expect(throws: PortError.self) { try await port.probe() }
    store.reopen()
    #expect(store.opened == nil)

    try FileManager.default.removeItem(atPath: blocked)
    try FileManager.default.createDirectory(
      atPath: blocked, withIntermediateDirectories: false)
    store.reopen()
    #expect(store.trouble == nil)
    // The port that was handed out before goes to the store that opened since.
    try await port.probe()
    try store.opened?.store.close()
  }

  @Test(
    "a store that a full disk kept from opening opens when there is room",
    .enabled(if: SmallDisk.isPossible, "mounting a small disk needs root"))
  func fullDisk() async throws {
    let disk = try #require(SmallDisk(kibibytes: 1024))
    var settings = settings
    settings.directory = disk.path + "/store"
    try disk.fill(disk.path + "/filler")
    let store = try KioskStore(settings, lookupKey: lookupKey)
    #expect(store.trouble?.code == "storage.not-writable")
    let port = store.port
    await #expect(throws: PortError.self) { try await port.probe() }
    try FileManager.default.removeItem(atPath: disk.path + "/filler")
    store.reopen()
    #expect(store.trouble == nil)
    try await port.probe()
    try store.opened?.store.close()
  }
}
