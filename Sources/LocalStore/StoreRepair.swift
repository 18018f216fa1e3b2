internal import GRDB
internal import Glibc
internal import Ports

/// What becomes of a damaged database file: rebuilt without its cache when everything else is whole,
/// or else read out as far as it can be, and left as it is.
struct StoreRepair {
  let directory: String
  let seal: RowSeal

  private static let halfName = "anjungan.sqlite.rebuilding"
  private static let doneName = "anjungan.sqlite.rebuilt"
  /// A set-aside file holds what the kiosk has erased since; one is enough to look at.
  private static let setAsideName = "damaged-cache.sqlite"
  /// Long enough for somebody to come and look at the disk.
  private static let setAsideSeconds: Int64 = 7 * 86_400
  /// One for each state of a damaged file; more tell nobody anything.
  private static let salvagesLimit = 8

  private var path: String { directory + "/" + StoreFiles.databaseName }
  private func file(_ name: String) -> String { directory + "/" + name }

  /// Copies all but the cache into a new file, sets the damaged one aside and puts the new one in its
  /// place. Ended by a power cut at any moment, the next start finds the old state or the new one.
  func rebuildWithoutCache() throws {
    removeSetAside()
    try makeRebuilt()
    try StoreFiles.rename(file(Self.halfName), file(Self.doneName))
    try StoreFiles.synchronise(directory)
    try finishRebuild()
  }

  /// Ends what a power cut interrupted; nothing to do is the usual case.
  func finishRebuild() throws {
    guard StoreFiles.exists(file(Self.doneName)) else { return }
    // Moved and not linked: a second name for the kiosk's own file would be a trap for whoever looks
    // at it. The journal goes too, or SQLite would play it into the new file.
    for end in ["-wal", ""] where StoreFiles.exists(path + end) {
      try StoreFiles.rename(path + end, file(Self.setAsideName) + end)
      StoreFiles.touch(file(Self.setAsideName) + end)
    }
    StoreFiles.remove(path + "-shm")
    try StoreFiles.synchronise(directory)
    try StoreFiles.rename(file(Self.doneName), path)
    try StoreFiles.synchronise(directory)
  }

  private func removeSetAside() {
    for end in ["", "-wal", "-shm"] { StoreFiles.remove(file(Self.setAsideName) + end) }
  }

  /// What was set aside holds the wrapped keys of documents that are erased since: it goes after some
  /// days, looked at or not.
  func removeOldSetAside() {
    guard let age = StoreFiles.age(file(Self.setAsideName)),
      // A file of the future was set aside under another clock.
      abs(age) > Self.setAsideSeconds
    else { return }
    removeSetAside()
  }

  private func makeRebuilt() throws {
    let target = file(Self.halfName)
    for end in ["", "-wal", "-shm", "-journal"] { StoreFiles.remove(target + end) }
    try StoreFiles.createPrivate(target)
    try StoreCheck.reading(path) { source in
      let queue = try sameShape(target, as: source)
      let tables = try StoreCheck.lastingTables(source)
      try queue.inDatabase { db in
        guard try StoreCheck.lastingTables(db) == tables else {
          throw DatabaseError(resultCode: .SQLITE_CORRUPT)
        }
        try db.execute(sql: "PRAGMA foreign_keys = OFF")
        try db.inTransaction {
          let copy = TableCopy(source: source, target: db)
          for table in tables where !table.hasPrefix("sqlite_") && table != "grdb_migrations" {
            try db.execute(sql: "DELETE FROM \"\(table)\"")
            try copy.all(table) { row in
              table != "meta"
                || !StoreSchema.cacheMeta.contains((row["key"] as String?) ?? "")
            }
          }
          // Identifiers that were used stay used, also of rows that are gone.
          try db.execute(sql: "DELETE FROM sqlite_sequence")
          try copy.all("sqlite_sequence")
          // In the new file before it takes the old one's place: no power cut loses it.
          try LocalStore.appendRepair(db, "cache-rebuilt")
          return .commit
        }
      }
      try queue.close()
    }
    guard try StoreCheck.examine(target) == .sound else {
      throw PortError(.storageFailed, step: "rebuild store", detail: "the copy is not sound")
    }
    try StoreFiles.synchronise(target)
  }

  /// Saves what can still be read beside the damaged file, which stays as it is: once for each state
  /// of the file.
  /// - Returns: the name of the file that holds it.
  func salvage() throws -> String {
    let name = "salvaged-\(StoreFiles.modified(path)).sqlite"
    let target = file(name)
    guard !StoreFiles.exists(target) else { return name }
    guard
      StoreFiles.names(directory).filter({ $0.hasPrefix("salvaged-") }).count
        < Self.salvagesLimit
    else { throw PortError(.refused, step: "salvage", detail: "as many as may be kept") }
    let half = target + ".half"
    for end in ["", "-wal", "-shm", "-journal"] { StoreFiles.remove(half + end) }
    try StoreFiles.createPrivate(half)
    try StoreCheck.reading(path) { source in
      let queue = try sameShape(half, as: source)
      try queue.inDatabase { db in
        try db.execute(sql: "PRAGMA foreign_keys = OFF")
        let tables = try StoreCheck.lastingTables(db)
        try db.inTransaction {
          let copy = TableCopy(source: source, target: db)
          for table in tables where !table.hasPrefix("sqlite_") && table != "grdb_migrations" {
            _ = copy.readable(table)
          }
          // The cache stays behind, and with it how far it was: a kiosk that goes on with this file
          // begins anew at the server, which then lends it numbers that nobody had.
          for key in StoreSchema.cacheMeta {
            try db.execute(sql: "DELETE FROM meta WHERE key = ?", arguments: [key])
          }
          try mendSalvaged(db)
          return .commit
        }
      }
      try queue.close()
    }
    try StoreFiles.synchronise(half)
    try StoreFiles.rename(half, target)
    try StoreFiles.synchronise(directory)
    return name
  }

  /// What refers to rows that are lost is made to fit those that are left.
  private func mendSalvaged(_ db: Database) throws {
    // A count behind the reports it counts would keep their documents from being printed for years.
    let reported = try Int64.fetchOne(db, sql: "SELECT MAX(reported_count) FROM print_job") ?? 0
    if try LocalStore.ledgerCount(db) < reported {
      try LocalStore.setMeta(db, "ledger_count", String(reported))
    }
    // A print under a lease may be among what is lost: nothing is printed under any of before, and none
    // is called given back. The server lends them to nobody until their time is over.
    if try db.tableExists("lease_key") {
      try db.execute(
        sql: "DELETE FROM print_lease; DELETE FROM lease_key WHERE state = 'asked'")
    }
    try LocalStore.bridgeAudit(db)
    try LocalStore.appendRepair(db, "salvaged")
  }

  /// A new database at the version of the damaged one, or at this kiosk's where that cannot be read.
  private func sameShape(_ path: String, as source: Database) throws -> DatabaseQueue {
    let migrator = StoreSchema.migrator(seal: seal)
    let last = (try? migrator.appliedMigrations(source))?.last
    let queue = try DatabaseQueue(path: path)
    if let last { try migrator.migrate(queue, upTo: last) } else { try migrator.migrate(queue) }
    return queue
  }
}
