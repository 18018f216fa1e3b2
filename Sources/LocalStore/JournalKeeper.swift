internal import GRDB
internal import GRDBSQLite
internal import Synchronization

/// Brings the journal's pages into the database between commits. SQLite alone would do it within
/// every so manieth commit, and whoever waits for that one waits several times as long. Also empties
/// the journal of keys that were erased, which whoever erased them does not wait for either.
final class JournalKeeper: Sendable {
  /// SQLite's own default, in pages of 4 KiB.
  private static let pagesLimit = 1000
  /// Here the commit itself does it: while the cache is being filled one commit follows the other, and
  /// a journal is begun anew only when nobody is behind.
  private static let pagesBound = 2000
  /// How long emptying waits for those who read or write, in seconds: longer than a commit takes, and
  /// short for a writer, who is kept out meanwhile.
  private static let patience = 0.1
  /// How long a journal that somebody held is left alone.
  private static let pause = Duration.seconds(2)

  let erasures = ErasureWatch()
  private let queue: DatabaseQueue
  private let pages = Atomic<Int>(0)
  private let isBusy = Atomic<Bool>(false)
  private let isClosed = Atomic<Bool>(false)
  private let isPausing = Atomic<Bool>(false)

  /// - Parameter configuration: As of the connection that writes.
  init(path: String, configuration: Configuration) throws {
    var configuration = configuration
    configuration.label = "anjungan journal"
    configuration.busyMode = .timeout(Self.patience)
    queue = try DatabaseQueue(path: path, configuration: configuration)
  }

  /// From here on the connection that writes only counts.
  func watch(_ db: Database) {
    db.add(transactionObserver: erasures, extent: .databaseLifetime)
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

  /// Of what the last run erased nothing stays, however it ended. Where somebody reads the file right
  /// now, it goes later.
  func emptyAtOpening() throws {
    do {
      try queue.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
    } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
      erasures.note()
      pause()
    }
  }

  /// To be called after a commit; returns at once.
  func committed() {
    let mark = dueErasures
    guard mark != nil || pages.load(ordering: .relaxed) >= Self.pagesLimit,
      !isBusy.exchange(true, ordering: .acquiring)
    else { return }
    queue.asyncWriteWithoutTransaction { db in
      guard !self.isClosed.load(ordering: .acquiring) else { return }
      // Passive: waits for nobody. What a reader still needs goes with the next one.
      _ = try? db.checkpoint(.passive)
      if let mark {
        if (try? db.checkpoint(.truncate)) != nil {
          self.erasures.done(upTo: mark)
        } else {
          self.pause()
        }
      }
      self.isBusy.store(false, ordering: .releasing)
      // Whoever erased meanwhile found the keeper at work and went.
      if self.dueErasures != nil { self.committed() }
    }
  }

  private var dueErasures: Int? {
    isPausing.load(ordering: .acquiring) ? nil : erasures.waiting
  }

  /// Tries again later, whether or not anything is committed until then.
  private func pause() {
    isPausing.store(true, ordering: .releasing)
    Task.detached { [weak self] in
      try? await Task.sleep(for: Self.pause)
      self?.isPausing.store(false, ordering: .releasing)
      self?.committed()
    }
  }

  func close() {
    isClosed.store(true, ordering: .releasing)
    // Whatever was begun ends first.
    try? queue.close()
  }
}
