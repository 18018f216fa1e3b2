internal import GRDB
internal import GRDBSQLite
internal import Synchronization

/// Brings the journal's pages into the database between commits. SQLite alone would do it within
/// every so manieth commit, and whoever waits for that one waits several times as long.
final class JournalKeeper: Sendable {
  /// SQLite's own default, in pages of 4 KiB.
  private static let pagesLimit = 1000
  /// Here the commit itself does it: while the cache is being filled one commit follows the other, and
  /// a journal is begun anew only when nobody is behind.
  private static let pagesBound = 2000

  private let queue: DatabaseQueue?
  private let pages = Atomic<Int>(0)
  private let isBusy = Atomic<Bool>(false)

  /// - Parameter configuration: As of the connection that writes.
  init(path: String, configuration: Configuration) {
    var configuration = configuration
    configuration.label = "anjungan journal"
    // A checkpoint that would have to wait is left to the next commit.
    configuration.busyMode = .immediateError
    queue = try? DatabaseQueue(path: path, configuration: configuration)
  }

  /// From here on the connection that writes only counts. Without a connection of its own the keeper
  /// leaves everything to SQLite.
  func watch(_ db: Database) {
    guard queue != nil else { return }
    unsafe sqlite3_wal_hook(
      db.sqliteConnection,
      { keeper, database, name, pages in
        if Int(pages) >= JournalKeeper.pagesBound {
          // Busy when the keeper is at it: then the next commit does.
          _ = unsafe sqlite3_wal_checkpoint_v2(
            database, name, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
        }
        guard let keeper = unsafe keeper else { return SQLITE_OK }
        unsafe Unmanaged<JournalKeeper>.fromOpaque(keeper).takeUnretainedValue()
          .pages.store(Int(pages), ordering: .relaxed)
        return SQLITE_OK
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  /// To be called after a commit; returns at once.
  func committed() {
    guard let queue, pages.load(ordering: .relaxed) >= Self.pagesLimit,
      !isBusy.exchange(true, ordering: .acquiring)
    else { return }
    queue.asyncWriteWithoutTransaction { db in
      // Passive: waits for nobody. What a reader still needs goes with the next one.
      _ = try? db.checkpoint(.passive)
      self.isBusy.store(false, ordering: .releasing)
    }
  }

  func close() { try? queue?.close() }
}
