internal import FoundationEssentials
internal import GRDB
public import Ports

/// The kiosk's memory: one SQLite file in WAL mode, synchronised at every commit. Holds what must
/// survive a power cut (tickets, tries, print ledger, outbox) and what may be fetched again (the
/// cache). Personal data lies in it sealed; look-ups go by keyed hashes.
public final class LocalStore: Sendable {
  /// A ticket's number restarts daily; this many a day and series no office gives.
  static let numbersPerDayLimit = 9999
  /// Answers and calls for staff that wait for the server; tickets and prints always find room.
  static let pleasantriesLimit = 50_000
  static let documentBytesLimit = 26 << 20
  /// Left free below the cache, so that tickets and ledger can still be written.
  static let reserveBytes: Int64 = 64 << 20

  let pool: DatabasePool
  let seal: RowSeal
  let directory: String
  private let lock: StoreLock

  private init(pool: DatabasePool, seal: RowSeal, directory: String, lock: StoreLock) {
    self.pool = pool
    self.seal = seal
    self.directory = directory
    self.lock = lock
  }

  /// Opens the store of `directory`, which is made where there is none.
  ///
  /// Throws `refused` at `lock` when another kiosk runs on it, `unauthorized` at `store key` when the
  /// key does not open the database that is there, `storageDamaged` when SQLite's own check finds
  /// damage. Nothing is deleted or replaced in any of these cases.
  /// - Parameters:
  ///   - storeKey: 32 bytes.
  ///   - pagesLimit: Most database pages of 4 KiB; for tests of a full disk.
  public static func open(
    directory: String, storeKey: [UInt8], pagesLimit: Int? = nil
  ) throws(PortError) -> LocalStore {
    guard let seal = RowSeal(storeKey: storeKey) else {
      throw PortError(.unauthorized, step: "store key", detail: "a store key has 32 bytes")
    }
    try StoreFiles.prepare(directory: directory)
    let lock = try StoreLock(path: directory + "/" + StoreFiles.lockName)
    let path = directory + "/" + StoreFiles.databaseName
    try StoreFiles.createPrivate(path)
    do {
      try checkUntouched(path)
      let pool = try DatabasePool(path: path, configuration: configuration())
      try pool.writeWithoutTransaction { db in
        // Again: GRDB chooses NORMAL with WAL, which may lose the last commits in a power cut.
        for pragma in pragmas { try db.execute(sql: pragma) }
        if let pagesLimit { _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = \(pagesLimit)") }
      }
      try refuseNewer(pool, seal)
      try StoreSchema.migrator(seal: seal).migrate(pool)
      try pool.read { db in try checkKey(db, seal) }
      return LocalStore(pool: pool, seal: seal, directory: directory, lock: lock)
    } catch { throw StoreFailure.port(error, "open store") }
  }

  private static func configuration() -> Configuration {
    var configuration = Configuration()
    configuration.label = "anjungan"
    configuration.maximumReaderCount = 2
    configuration.busyMode = .timeout(5)
    configuration.prepareDatabase { db in
      for pragma in pragmas { try db.execute(sql: pragma) }
    }
    return configuration
  }

  /// SQLite's own check, through a connection that cannot write: a damaged file stays as it is.
  private static func checkUntouched(_ path: String) throws {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    defer { try? queue.close() }
    let findings = try queue.read { db in
      try String.fetchAll(db, sql: "PRAGMA quick_check(1)")
    }
    guard findings == ["ok"] else {
      throw PortError(.storageDamaged, step: "quick_check", detail: "SQLite found damage")
    }
  }

  /// A database of a later kiosk is left alone.
  private static func refuseNewer(_ pool: DatabasePool, _ seal: RowSeal) throws {
    let isNewer = try pool.read { db in
      try StoreSchema.migrator(seal: seal).hasBeenSuperseded(db)
    }
    guard !isNewer else {
      throw PortError(.refused, step: "open store", detail: "written by a later version")
    }
  }

  private static func checkKey(_ db: Database, _ seal: RowSeal) throws {
    let sealed = try Data.fetchOne(
      db, sql: "SELECT value FROM meta WHERE key = ?", arguments: [StoreSchema.keyCheck])
    guard let sealed,
      let text = try? seal.open(
        [String].self, sealed, table: "meta", row: StoreSchema.keyCheck),
      text == StoreSchema.keyCheckText
    else {
      throw PortError(
        .unauthorized, step: "store key", detail: "this key does not open the existing store")
    }
  }

  /// Room left on the store's disk; nil when the file system does not say.
  public func space() -> StorageSpace? { StorageSpace.measure(directory: directory) }

  /// Whether a commit goes through right now.
  @Sendable public func probe() async throws(PortError) {
    try await write("probe") { db in
      try db.execute(
        sql: "INSERT OR REPLACE INTO meta(key, value) VALUES('probe', randomblob(8))")
    }
  }

  /// Closes the database and lets go of the lock.
  public func close() throws(PortError) {
    do { try pool.close() } catch { throw StoreFailure.port(error, "close store") }
    lock.release()
  }

  func write<Value: Sendable>(
    _ step: String, _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(PortError) -> Value {
    do { return try await pool.write(body) } catch { throw StoreFailure.port(error, step) }
  }

  func read<Value: Sendable>(
    _ step: String, _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(PortError) -> Value {
    do { return try await pool.read(body) } catch { throw StoreFailure.port(error, step) }
  }

  public func port() -> StorePort {
    StorePort(
      tickets: TicketStore(issue: issueTicket, open: openTicket, paper: ticketPaper),
      cache: CacheStore(
        application: application, state: cacheState, pullBegins: pullBegins, apply: applyChanges,
        startOver: startOver, documents: documents, sealedDocument: sealedDocument,
        keepSealedDocument: keepSealedDocument),
      tries: TryStore(count: countTry, clear: clearTries, giveBack: returnTry),
      ledger: LedgerStore(
        reserve: reservePrint, submit: submitPrint, settle: settlePrint,
        unsettled: unsettledPrints),
      outbox: OutboxStore(
        enqueue: enqueue, due: dueOutbox, settle: settleOutbox, state: outboxState),
      audit: AuditStore(record: recordAudit, page: auditPage, head: auditHead), probe: probe)
  }
}
