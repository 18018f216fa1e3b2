internal import FoundationEssentials
internal import GRDB
public import Ports

/// The kiosk's memory: one SQLite file in WAL mode, synchronised at every commit. Holds what must
/// survive a power cut (tickets, tries, print ledger, outbox) and what may be fetched again (the
/// cache). Personal data lies in it sealed; look-ups go by keyed hashes.
public final class LocalStore: Sendable {
  /// Answers, complaints and calls for staff that wait for the server; tickets and prints always find
  /// room.
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

  init(
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
        clearByStaff: clearPrintByStaff, askLease: askLease, keepLease: keepLease, lease: lease,
        returnLease: returnLease, askedLeases: askedLeases, leased: leasedDocuments),
      outbox: OutboxStore(
        enqueue: enqueue, due: dueOutbox, settle: settleOutbox, state: outboxState,
        dead: deadOutbox, retryDead: retryDeadOutbox),
      audit: AuditStore(record: recordAudit, page: auditPage, head: auditHead),
      clock: ClockStore(save: saveClock),
      staff: StaffStore(countTry: countStaffTry, clearTries: clearStaffTries),
      supplies: SuppliesStore(refill: refillPaper, paper: paper), probe: probe,
      tidy: tidy)
  }
}
