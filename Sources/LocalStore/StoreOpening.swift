internal import GRDB
public import Ports

extension LocalStore {
  /// Whether a store was ever made there: then its key must be the old one.
  public static func isThere(
    _ directory: String, mark: String? = nil
  ) throws(PortError) -> Bool {
    let signs = [StoreFiles.databaseName, StoreFiles.lockName].map { directory + "/" + $0 }
    for path in signs + (mark.map { [$0] } ?? []) where try StoreFiles.size(path) > 0 {
      return true
    }
    return false
  }

  /// Opens the store of `directory`, which is made where there is none.
  ///
  /// Throws `refused` at `lock` when another kiosk runs on it, `unauthorized` at `store key` or
  /// `lookup key` when a key is not the one of the database that is there, `storageDamaged` when
  /// something is damaged that cannot be fetched again, or gone: then nothing is deleted or replaced,
  /// and what can be read is saved beside it. `storageFailed` at `store mark` when the folder holds
  /// no store, or another than the one that the mark names.
  /// - Parameters:
  ///   - storeKey: 32 bytes.
  ///   - lookupKey: What the keyed hashes are made with; nil where none are looked up.
  ///   - mark: A file beside the key that names the store made with it; nil to do without.
  ///   - reserveBytes: Room on the disk that no document may take.
  ///   - pagesLimit: Most database pages of 4 KiB; for tests of a full disk.
  public static func open(
    directory: String, storeKey: [UInt8], lookupKey: [UInt8]? = nil, mark: String? = nil,
    reserveBytes: Int64 = 64 << 20, pagesLimit: Int? = nil
  ) throws(PortError) -> LocalStore {
    guard let seal = RowSeal(storeKey: storeKey) else {
      throw PortError(.unauthorized, step: "store key", detail: "a store key has 32 bytes")
    }
    let mark = mark.map(StoreMark.init)
    try StoreFiles.prepare(directory: directory)
    let lock = try StoreLock(path: directory + "/" + StoreFiles.lockName)
    let path = directory + "/" + StoreFiles.databaseName
    do {
      let repair = StoreRepair(directory: directory, seal: seal)
      try repair.finishRebuild()
      repair.removeOldSetAside()
      let opening = try examine(path, repair, isMade: lock.isStoreMade, mark, seal)
      let pool = try DatabasePool(path: path, configuration: configuration())
      try pool.writeWithoutTransaction { db in
        // Again: GRDB chooses NORMAL with WAL, which may lose the last commits in a power cut.
        for pragma in pragmas { try db.execute(sql: pragma) }
        if let pagesLimit { _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = \(pagesLimit)") }
      }
      try refuseNewer(pool, seal)
      try StoreSchema.migrator(seal: seal).migrate(pool)
      try pool.write { db in
        guard try StoreKeys.fit(db, seal) == .own else { throw StoreKeys.otherStoreKey }
        if let lookupKey { try StoreKeys.checkLookupKey(db, lookupKey, seal) }
      }
      try lock.noteStoreMade()
      if let mark { try pool.write { db in try mark.match(db) } }
      return try LocalStore(
        pool: pool, seal: seal, directory: directory, reserveBytes: reserveBytes,
        opening: opening, lock: lock)
    } catch { throw StoreFailure.port(error, "open store") }
  }

  /// Sees to it that there is a file to open, and a sound one.
  private static func examine(
    _ path: String, _ repair: StoreRepair, isMade: Bool, _ mark: StoreMark?, _ seal: RowSeal
  ) throws -> Opening {
    if try StoreFiles.size(path) > 0 { try StoreCheck.rollBack(path) }
    // SQLite would make a new database of an empty file, and throw its journal away.
    guard try StoreFiles.size(path) > 0 else {
      guard !isMade else {
        throw PortError(.storageDamaged, step: "open store", detail: "the database is gone")
      }
      try mark?.expectNone()
      try StoreFiles.createPrivate(path)
      return .sound
    }
    try StoreFiles.createPrivate(path)
    // With a wrong key not even the journal is brought in. Where it cannot be told, the check does.
    let fit = try? StoreCheck.reading(path) { db in try StoreKeys.fit(db, seal) }
    if fit == .other { throw StoreKeys.otherStoreKey }
    var damaged = fit == .damaged ? ["meta"] : []
    switch try StoreCheck.examine(path) {
    case .sound where damaged.isEmpty: return .sound
    case .cacheDamaged where damaged.isEmpty:
      try repair.rebuildWithoutCache()
      return .cacheRebuilt
    case .sound, .cacheDamaged: break
    case .damaged(let tables): damaged = tables
    }
    var saved = "nothing could be saved"
    if let name = try? repair.salvage() { saved = "saved in \(name)" }
    throw PortError(
      .storageDamaged, step: "quick_check",
      detail: "\(damaged.joined(separator: ", ")); what can be read: \(saved)")
  }

  static func configuration() -> Configuration {
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
}
