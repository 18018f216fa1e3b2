import Foundation
import LocalStore
import OfficeModel
import Ports
import TestSupport
import Testing

@Suite(
  "A real disk that is full or read-only",
  .enabled(if: SmallDisk.isPossible, "mounting a small disk needs root")
)
struct SmallDiskTests {
  @Test("a full disk gives no ticket, loses none and recovers when there is room")
  func full() async throws {
    let disk = try #require(SmallDisk(kibibytes: 768))
    let store = try Sample.open(disk.path + "/store")
    let port = store.port()
    let filler = disk.path + "/filler"
    #expect(try await port.give(Sample.draft("first")).number.number == 1)
    try disk.fill(filler)
    var given = 1
    var refused: PortError?
    while refused == nil, given < 2000 {
      do {
        _ = try await port.give(Sample.draft("t\(given)"))
        given += 1
      } catch { refused = error }
    }
    #expect(refused?.code == .storageFull)
    #expect(try await port.outbox.state().waiting == given)
    try FileManager.default.removeItem(atPath: filler)
    #expect(try await port.give(Sample.draft("after")).number.number == given + 1)
    try store.close()
  }

  @Test("a read-only disk is named as such")
  func readOnly() async throws {
    let disk = try #require(SmallDisk(kibibytes: 2048))
    let directory = disk.path + "/store"
    var store: LocalStore? = try Sample.open(directory)
    _ = try await store?.port().give(Sample.draft("1"))
    try store?.close()
    store = nil
    #expect(disk.makeReadOnly())
    #expect(StorageSpace.measure(directory: directory)?.isReadOnly == true)
    do {
      _ = try Sample.open(directory)
      Issue.record("a store that cannot be written opened")
    } catch { #expect(error.code == .storageReadOnly) }
  }

  @Test("a document is not kept where the reserve would go")
  func reserve() async throws {
    let disk = try #require(SmallDisk(kibibytes: 2048))
    let store = try Sample.open(disk.path + "/store")
    let port = store.port()
    try await port.cache.apply(Sample.page("1", documents: [Sample.document()]), Sample.now)
    do {
      try await port.cache.keepSealedDocument("doc-1", [1, 2, 3])
      Issue.record("kept without room")
    } catch { #expect(error.code == .refused) }
    #expect(!port.cache.hasRoom(1))
    try store.close()
  }
}
