internal import GRDB

/// Carries rows from a damaged database into a sound one of the same shape.
struct TableCopy {
  let source: Database
  let target: Database

  /// All rows, in order; anything that cannot be read or written is an error.
  func all(_ table: String, where isWanted: (Row) -> Bool = { _ in true }) throws {
    let rows = try Row.fetchCursor(source, sql: "SELECT * FROM \"\(table)\"")
    while let row = try rows.next() {
      if isWanted(row) { try insert(row, table, or: "ABORT") }
    }
  }

  /// Whatever can still be read: the rows before a damaged page, and those behind it.
  /// - Returns: how many.
  func readable(_ table: String) -> Int {
    // Tables without one are small: from both ends.
    guard (try? source.makeStatement(sql: "SELECT rowid FROM \"\(table)\"")) != nil else {
      return walk(table, order: "ASC").count + walk(table, order: "DESC").count
    }
    var count = 0
    var after = Int64.min
    while true {
      let forward = walk(table, order: "ASC", from: after)
      count += forward.count
      after = forward.last ?? after
      // Behind the page that stopped the walk, in leaps that double; a table has at most 2^63 rows.
      guard !forward.isWhole, let next = nextReadable(table, after) else { return count }
      let back = walk(table, order: "DESC", from: next, downTo: after)
      count += back.count
      after = next - 1
    }
  }

  private struct Walk {
    var count = 0
    var last: Int64?
    var isWhole = false
  }

  private func walk(
    _ table: String, order: String, from: Int64? = nil, downTo: Int64 = .min
  ) -> Walk {
    var walk = Walk()
    let isDown = order == "DESC"
    do {
      let rows: RowCursor
      if let from {
        rows = try Row.fetchCursor(
          source,
          sql: """
            SELECT rowid AS salvage_rowid, * FROM "\(table)"
            WHERE rowid \(isDown ? "<" : ">=") ? AND rowid > ? ORDER BY rowid \(order)
            """, arguments: [isDown ? from : from == .min ? .min : from + 1, downTo])
      } else {
        rows = try Row.fetchCursor(
          source, sql: "SELECT * FROM \"\(table)\" ORDER BY 1 \(order)")
      }
      while let row = try rows.next() {
        if from != nil { walk.last = row["salvage_rowid"] }
        // One that is there already, or breaks a rule of its table, is passed over.
        if (try? insert(row, table, or: "IGNORE")) != nil, target.changesCount > 0 {
          walk.count += 1
        }
      }
      walk.isWhole = true
    } catch {}
    return walk
  }

  private func nextReadable(_ table: String, _ after: Int64) -> Int64? {
    let base = max(after, 0)
    for exponent in 0..<62 {
      let (from, overflow) = base.addingReportingOverflow(1 << exponent)
      guard !overflow else { return nil }
      do {
        // Nothing behind: the rest is either read or lost.
        return try Int64.fetchOne(
          source, sql: "SELECT rowid FROM \"\(table)\" WHERE rowid > ? ORDER BY rowid LIMIT 1",
          arguments: [from])
      } catch { continue }
    }
    return nil
  }

  private func insert(_ row: Row, _ table: String, or conflict: String) throws {
    let columns = row.columnNames.filter { $0 != "salvage_rowid" }
    let names = columns.map { "\"\($0)\"" }.joined(separator: ", ")
    let marks = columns.map { _ in "?" }.joined(separator: ", ")
    try target.execute(
      sql: "INSERT OR \(conflict) INTO \"\(table)\"(\(names)) VALUES(\(marks))",
      arguments: StatementArguments(columns.map { row[$0] as DatabaseValue }))
  }
}
