internal import GRDB
internal import Ports

/// What SQLite itself says of a database file, asked through a connection that cannot write: a
/// damaged file stays as it is.
enum StoreCheck {
  enum Verdict: Equatable {
    case sound
    /// Everything that must survive is whole; what may be fetched again, or room that is free, is not.
    case cacheDamaged
    /// Tables that are damaged, or `sqlite_schema` where the file does not even say what is in it.
    case damaged([String])
  }

  static func examine(_ path: String) throws -> Verdict {
    do {
      return try reading(path) { db in
        if try isSound(db, "quick_check(1)") { return .sound }
        let damaged = try lastingTables(db).filter {
          try !isSound(db, "integrity_check(\"\($0)\")")
        }
        return damaged.isEmpty ? .cacheDamaged : .damaged(damaged)
      }
    } catch let error as DatabaseError where isDamage(error) {
      return .damaged(["sqlite_schema"])
    }
  }

  /// Undoes what a power cut broke off before the file had its journal of committed changes (WAL): SQLite
  /// does so for whoever writes, and refuses to read until it is done.
  static func rollBack(_ path: String) throws {
    guard StoreFiles.exists(path + "-journal") else { return }
    do {
      let queue = try DatabaseQueue(path: path)
      defer { try? queue.close() }
      _ = try queue.inDatabase { try Int.fetchOne($0, sql: "PRAGMA schema_version") }
    } catch let error as DatabaseError where isDamage(error) {}
  }

  static func reading<Value>(
    _ path: String, _ body: @escaping (Database) throws -> Value
  ) throws -> Value {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    defer { try? queue.close() }
    // Without a transaction, which could not end well on a damaged file; the lock keeps others out.
    return try queue.unsafeRead(body)
  }

  /// Whatever is not named as cache must survive: a table that nobody classed is never thrown away.
  static func lastingTables(_ db: Database) throws -> [String] {
    try String.fetchAll(
      db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
    )
    .filter { !StoreSchema.cacheTables.contains($0) }
  }

  /// What the disk no longer gives back is as good as damaged.
  static func isDamage(_ error: DatabaseError) -> Bool {
    [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode)
      || [.SQLITE_IOERR_READ, .SQLITE_IOERR_CORRUPTFS, .SQLITE_IOERR_DATA].contains(
        error.extendedResultCode)
  }

  private static func isSound(_ db: Database, _ check: String) throws -> Bool {
    do {
      return try String.fetchAll(db, sql: "PRAGMA " + check) == ["ok"]
    } catch let error as DatabaseError where isDamage(error) { return false }
  }
}
