internal import FoundationEssentials
internal import GRDB
public import Ports

/// The kiosk's memory: one SQLite file in WAL mode, synchronised at every commit. Holds what must
/// survive a power cut (tickets, tries, print ledger, outbox) and what may be fetched again (the
/// cache). Personal data lies in it sealed; look-ups go by keyed hashes.
public final class LocalStore: Sendable {
  /// Answers, complaints and calls for staff that wait for the server; tickets and prints always find room.
  static let pleasantriesLimit = 50_000
  static let pleasantries: Set<OutboxItem.Kind> = [.survey, .complaint, .staffCall]

  /// What was found when the store was opened.
  public enum Opening: Sendable, Equatable {
    case sound
    /// The cache was damaged: the file was set aside, and a new one holds everything else. The server
    /// is asked for all the rest.
    case cacheRebuilt
  }

  let pool: DatabasePool
  let seal: RowSeal
  let directory: String
  /// Left free below the cache, so that tickets and ledger can still be written.
  let reserveBytes: Int64
  public let opening: Opening
  private let lock: StoreLock
  let quickReader: QuickReader
  let journal: JournalKeeper

  private init(
    pool: DatabasePool, seal: RowSeal, directory: String, reserveBytes: Int64, opening: Opening,
    lock: StoreLock
  ) throws {
    self.pool = pool
    self.seal = seal
    self.directory = directory
    self.reserveBytes = reserveBytes
    self.opening = opening
    self.lock = lock
    let path = directory + "/" + StoreFiles.databaseName
    quickReader = QuickReader(path: path)
    journal = try JournalKeeper(path: path, configuration: Self.configuration())
    try journal.emptyAtOpening()
    pool.unsafeReentrantWrite { [journal] db in journal.watch(db) }
  }

  /// Whether a store was ever made there: then its key must be the old one.
  public static func isThere(_ directory: String) -> Bool {
    [StoreFiles.databaseName, StoreFiles.lockName].contains {
      StoreFiles.size(directory + "/" + $0) > 0
    }
  }

  /// Opens the store of `directory`, which is made where there is none.
  ///
  /// Throws `refused` at `lock` when another kiosk runs on it, `unauthorized` at `store key` when the
  /// key does not open the database that is there, `storageDamaged` when something is damaged that
  /// cannot be fetched again, or gone: then nothing is deleted or replaced, and what can be read is
  /// saved beside it.
  /// - Parameters:
  ///   - storeKey: 32 bytes.
  ///   - reserveBytes: Room on the disk that no document may take.
  ///   - pagesLimit: Most database pages of 4 KiB; for tests of a full disk.
  public static func open(
    directory: String, storeKey: [UInt8], reserveBytes: Int64 = 64 << 20, pagesLimit: Int? = nil
  ) throws(PortError) -> LocalStore {
    guard let seal = RowSeal(storeKey: storeKey) else {
      throw PortError(.unauthorized, step: "store key", detail: "a store key has 32 bytes")
    }
    try StoreFiles.prepare(directory: directory)
    let lock = try StoreLock(path: directory + "/" + StoreFiles.lockName)
    let path = directory + "/" + StoreFiles.databaseName
    do {
      let opening = try examine(path, StoreRepair(directory: directory, seal: seal), lock, seal)
      let pool = try DatabasePool(path: path, configuration: configuration())
      try pool.writeWithoutTransaction { db in
        // Again: GRDB chooses NORMAL with WAL, which may lose the last commits in a power cut.
        for pragma in pragmas { try db.execute(sql: pragma) }
        if let pagesLimit { _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = \(pagesLimit)") }
      }
      try refuseNewer(pool, seal)
      try StoreSchema.migrator(seal: seal).migrate(pool)
      try pool.read { db in try checkKey(db, seal) }
      try lock.noteStoreMade()
      return try LocalStore(
        pool: pool, seal: seal, directory: directory, reserveBytes: reserveBytes,
        opening: opening, lock: lock)
    } catch { throw StoreFailure.port(error, "open store") }
  }

  /// Sees to it that there is a file to open, and a sound one.
  private static func examine(
    _ path: String, _ repair: StoreRepair, _ lock: StoreLock, _ seal: RowSeal
  ) throws -> Opening {
    try repair.finishRebuild()
    // SQLite would make a new database of an empty file, and throw its journal away.
    guard StoreFiles.size(path) > 0 else {
      guard !lock.isStoreMade else {
        throw PortError(.storageDamaged, step: "open store", detail: "the database is gone")
      }
      try StoreFiles.createPrivate(path)
      return .sound
    }
    try StoreFiles.createPrivate(path)
    // With a wrong key not even the journal is brought in. Where it cannot be told, the check does.
    if let isOwn = try? StoreCheck.reading(path, { db in try hasKey(db, seal) }), !isOwn {
      throw keyDoesNotFit
    }
    let verdict = try StoreCheck.examine(path)
    guard verdict != .sound else { return .sound }
    if verdict == .cacheDamaged {
      try repair.rebuildWithoutCache()
      return .cacheRebuilt
    }
    var saved = "nothing could be saved"
    if let name = try? repair.salvage() { saved = "saved in \(name)" }
    guard case .damaged(let tables) = verdict else { return .sound }
    throw PortError(
      .storageDamaged, step: "quick_check",
      detail: "\(tables.joined(separator: ", ")); what can be read: \(saved)")
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
    guard try hasKey(db, seal) else { throw keyDoesNotFit }
  }

  private static let keyDoesNotFit = PortError(
    .unauthorized, step: "store key", detail: "this key does not open the existing store")

  private static func hasKey(_ db: Database, _ seal: RowSeal) throws -> Bool {
    let sealed = try Data.fetchOne(
      db, sql: "SELECT value FROM meta WHERE key = ?", arguments: [StoreSchema.keyCheck])
    guard let sealed,
      let text = try? seal.open(
        [String].self, sealed, table: "meta", row: StoreSchema.keyCheck)
    else { return false }
    return text == StoreSchema.keyCheckText
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
    quickReader.close()
    journal.close()
    do { try pool.close() } catch { throw StoreFailure.port(error, "close store") }
    lock.release()
  }

  func write<Value: Sendable>(
    _ step: String, _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(PortError) -> Value {
    defer { journal.committed() }
    do { return try await pool.write(body) } catch { throw StoreFailure.port(error, step) }
  }

  func read<Value: Sendable>(
    _ step: String, _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(PortError) -> Value {
    do { return try await pool.read(body) } catch { throw StoreFailure.port(error, step) }
  }

  public func port() -> StorePort {
    StorePort(
      tickets: TicketStore(
        ask: askNumber, give: giveTicket, refused: refuseNumber, issue: issueTicket,
        standing: ticketStanding, voidLeft: voidLeft, void: voidNumber, lines: queueLines,
        paper: ticketPaper),
      cache: CacheStore(
        application: application, state: cacheState, pullBegins: pullBegins, apply: applyChanges,
        startOver: startOver, documents: documents, sealedDocument: sealedDocument,
        hasRoom: hasRoom, keepSealedDocument: keepSealedDocument, office: office,
        missingLists: missingLists, endList: endList),
      tries: TryStore(count: countTry, clear: clearTries, giveBack: returnTry),
      ledger: LedgerStore(
        reserve: reservePrint, submit: submitPrint, printing: printingPrint, settle: settlePrint,
        unsettled: unsettledPrints, unknowns: unknownPrints, settleByStaff: settlePrintByStaff,
        clearByStaff: clearPrintByStaff,
        keepLease: keepLease, lease: lease, returnLease: returnLease, leased: leasedDocuments),
      outbox: OutboxStore(
        enqueue: enqueue, due: dueOutbox, settle: settleOutbox, state: outboxState,
        dead: deadOutbox, retryDead: retryDeadOutbox),
      audit: AuditStore(record: recordAudit, page: auditPage, head: auditHead),
      clock: ClockStore(save: saveClock),
      staff: StaffStore(countTry: countStaffTry, clearTries: clearStaffTries), probe: probe)
  }
}
