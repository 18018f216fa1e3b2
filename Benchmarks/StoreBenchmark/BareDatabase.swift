import GRDBSQLite

/// SQLite with nothing around it: what the store's calls are measured against.
final class BareDatabase {
  private let database: OpaquePointer
  private let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  init(_ path: String) throws {
    var opened: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
    guard sqlite3_open_v2(path, &opened, flags, nil) == SQLITE_OK, let opened else {
      throw Failed("cannot open \(path)")
    }
    database = opened
  }

  deinit { sqlite3_close_v2(database) }

  func execute(_ sql: String) throws {
    guard sqlite3_exec(database, sql, nil, nil, nil) == SQLITE_OK else { throw failure(sql) }
  }

  func prepare(_ sql: String) throws -> OpaquePointer {
    var statement: OpaquePointer?
    guard
      sqlite3_prepare_v3(database, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        == SQLITE_OK, let statement
    else { throw failure(sql) }
    return statement
  }

  /// Runs a prepared statement to its end; how many bytes the blob of its first row has, nil
  /// without a row.
  func run(_ statement: OpaquePointer, _ arguments: [String]) throws -> Int? {
    for (index, argument) in arguments.enumerated() {
      sqlite3_bind_text(statement, Int32(index + 1), argument, -1, transient)
    }
    defer {
      sqlite3_reset(statement)
      sqlite3_clear_bindings(statement)
    }
    switch sqlite3_step(statement) {
    case SQLITE_ROW:
      guard sqlite3_column_blob(statement, 0) != nil else { return 0 }
      return Int(sqlite3_column_bytes(statement, 0))
    case SQLITE_DONE: return nil
    default: throw failure("step")
    }
  }

  /// Text columns of every row.
  func rows(_ sql: String, columns: Int32) throws -> [[String]] {
    let statement = try prepare(sql)
    defer { sqlite3_finalize(statement) }
    var rows: [[String]] = []
    while sqlite3_step(statement) == SQLITE_ROW {
      rows.append(
        (0..<columns).map { column in
          sqlite3_column_text(statement, column).map { String(cString: $0) } ?? ""
        })
    }
    return rows
  }

  private func failure(_ what: String) -> Failed {
    Failed("\(what): \(String(cString: sqlite3_errmsg(database)))")
  }
}
