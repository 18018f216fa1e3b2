internal import GRDB
internal import OfficeModel
internal import Ports

extension LocalStore {
  /// Fewer wrong PINs than the limit are forgotten after it: an hour would give who waits a hundred
  /// guesses a day without a lock.
  private static let window = Duration.seconds(86_400)
  /// No lock lasts longer: whoever bars staff from their own kiosk must come back every day.
  private static let longestLock = Duration.seconds(86_400)
  /// So long does a lock double the next. Eleven locks that double from five minutes fill a week: 55
  /// guesses, where the kiosk stands unwatched all that time.
  private static let lockMemory = Duration.seconds(7 * 86_400)

  /// Apart from the citizens' tries: neither may lock or clear the other. Who guesses meets a lock that
  /// doubles each time; who mistypes five times waits some minutes.
  @Sendable func countStaffTry(
    _ limit: Int, _ firstLock: Duration, _ now: Timestamp
  ) async throws(PortError) -> TryVerdict {
    try await write("count staff try") { db in
      func after(_ duration: Duration) -> Int64 { now.adding(duration).milliseconds }
      // What lies far ahead comes from a wrong clock.
      try db.execute(
        sql: "DELETE FROM staff_try WHERE at > ?", arguments: [after(Self.window)])
      try db.execute(
        sql: "DELETE FROM staff_lock WHERE at <= ? OR at > ?",
        arguments: [after(.zero - Self.lockMemory), after(Self.window)])
      let tries = try Int64.fetchAll(db, sql: "SELECT at FROM staff_try ORDER BY at")
      if tries.count >= limit, let last = tries.last {
        let locks = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM staff_lock") ?? 0
        let lock = min(firstLock * (1 << min(locks, 16)), Self.longestLock)
        try db.execute(
          sql: "INSERT INTO staff_lock(at, until) VALUES(?, ?)",
          arguments: [last, last + lock.wholeMilliseconds])
        try db.execute(sql: "DELETE FROM staff_try")
      }
      let until = try Int64.fetchOne(db, sql: "SELECT MAX(until) FROM staff_lock")
      if let until, until > now.milliseconds {
        return TryVerdict(
          allowed: false, triesLeft: 0, lockedUntil: Timestamp(milliseconds: until))
      }
      try db.execute(
        sql: "DELETE FROM staff_try WHERE at <= ?", arguments: [after(.zero - Self.window)])
      try db.execute(sql: "INSERT INTO staff_try(at) VALUES(?)", arguments: [now.milliseconds])
      let counted = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM staff_try") ?? limit
      return TryVerdict(allowed: true, triesLeft: max(0, limit - counted), lockedUntil: nil)
    }
  }

  /// Locks stay: who guesses at night must not begin anew each morning.
  @Sendable func clearStaffTries() async throws(PortError) {
    try await write("clear staff tries") { db in try db.execute(sql: "DELETE FROM staff_try") }
  }
}

/// The staff's tables of version 3.
enum StaffSchema {
  static let version3 = """
    CREATE TABLE staff_try (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      at INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE staff_lock (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      at INTEGER NOT NULL,
      until INTEGER NOT NULL
    ) STRICT;
    """
}
