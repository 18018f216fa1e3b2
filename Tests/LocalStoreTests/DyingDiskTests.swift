import Foundation
import GRDB
import GRDBSQLite
import Glibc
import Ports
import Synchronization
import TestSupport
import Testing

@testable import LocalStore

/// The disk as it is to SQLite, with sectors that it no longer gives back: takes the place of the
/// system call by which SQLite reads.
private enum DyingDisk {
  struct Spot {
    var path: String
    var bytes: Range<Int64>
  }
  static let spots = Mutex<[Spot]>([])

  /// Installed once, for all stores of the process; it lets everything else through.
  static let isInstalled: Bool = {
    guard let vfs = sqlite3_vfs_find(nil), let set = vfs.pointee.xSetSystemCall else {
      return false
    }
    let read: @convention(c) (Int32, UnsafeMutableRawPointer?, Int) -> Int = {
      file, buffer, count in
      let from = lseek(file, 0, SEEK_CUR)
      guard !DyingDisk.isLost(file, from, count) else {
        errno = EIO
        return -1
      }
      return Glibc.read(file, buffer, count)
    }
    let pread: @convention(c) (Int32, UnsafeMutableRawPointer?, Int, off_t) -> Int = {
      file, buffer, count, from in
      guard !DyingDisk.isLost(file, from, count) else {
        errno = EIO
        return -1
      }
      return Glibc.pread(file, buffer, count, from)
    }
    typealias Call = @convention(c) () -> Void
    let results = [
      set(vfs, "read", unsafeBitCast(read, to: Call.self)),
      set(vfs, "pread", unsafeBitCast(pread, to: Call.self)),
      set(vfs, "pread64", unsafeBitCast(pread, to: Call.self)),
    ]
    return results.contains(SQLITE_OK)
  }()

  private static func isLost(_ file: Int32, _ from: off_t, _ count: Int) -> Bool {
    let spots = spots.withLock { $0 }
    guard !spots.isEmpty,
      let path = try? FileManager.default.destinationOfSymbolicLink(
        atPath: "/proc/self/fd/\(file)")
    else { return false }
    return spots.contains { spot in
      spot.path == path && spot.bytes.overlaps(Int64(from)..<Int64(from + count))
    }
  }
}

@Suite("A dying disk", .enabled(if: DyingDisk.isInstalled, "SQLite reads by another call"))
struct DyingDiskTests {
  private let damaged: DamagedStore
  init() async throws { damaged = try await DamagedStore() }

  private func lose(_ page: Int64) {
    let spot = DyingDisk.Spot(path: damaged.path, bytes: (page - 1) * 4096..<page * 4096)
    DyingDisk.spots.withLock { $0.append(spot) }
  }

  @Test("a page of the outbox that cannot be read: out of service, and the rest is saved")
  func outbox() async throws {
    let pages = try damaged.pages("outbox")
    lose(pages[pages.count / 2])
    do throws(PortError) {
      _ = try damaged.open()
      Issue.record("opened without its outbox")
    } catch {
      #expect(error.code == .storageDamaged)
      #expect(error.detail.contains("outbox") && error.detail.contains("salvaged-"))
    }
  }

  @Test("a page of the cache that cannot be read: it is fetched anew")
  func cache() async throws {
    lose(try #require(damaged.pages("application").last))
    let store = try damaged.open()
    #expect(store.opening == .cacheRebuilt)
    #expect(try await store.port().outbox.state().waiting == 200)
    try store.close()
  }

  @Test("the first page cannot be read: damage, not another database")
  func header() throws {
    lose(1)
    do throws(PortError) {
      _ = try damaged.open()
      Issue.record("opened without a header")
    } catch { #expect(error.code == .storageDamaged) }
  }

  @Test("a page that is lost while the kiosk serves is damage as well")
  func serving() async throws {
    let store = try damaged.open()
    for page in try damaged.pages("outbox") { lose(page) }
    do throws(PortError) {
      _ = try await store.port().outbox.due(Sample.now, 1000)
      Issue.record("read what the disk does not give")
    } catch {
      #expect(error.code == .storageDamaged)
      #expect(error.detail.hasPrefix("SQLite"))
    }
    try store.close()
  }
}
