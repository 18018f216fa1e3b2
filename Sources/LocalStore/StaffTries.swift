internal import GRDB
internal import OfficeModel
internal import Ports

extension LocalStore {
  /// Apart from the citizens' tries: neither may lock or clear the other.
  @Sendable func countStaffTry(
    _ limit: Int, _ window: Duration, _ now: Timestamp
  ) async throws(PortError) -> TryVerdict {
    try await write("count staff try") { db in
      let window = window.wholeMilliseconds
      // One from beyond a window ahead comes from a wrong clock.
      try db.execute(
        sql: "DELETE FROM staff_try WHERE at <= ? OR at > ?",
        arguments: [now.milliseconds - window, now.milliseconds + window])
      let tries = try Int64.fetchAll(
        db, sql: "SELECT at FROM staff_try ORDER BY at DESC LIMIT ?", arguments: [limit])
      guard tries.count < limit else {
        let oldest = tries.last ?? now.milliseconds
        return TryVerdict(
          allowed: false, triesLeft: 0, lockedUntil: Timestamp(milliseconds: oldest + window))
      }
      try db.execute(sql: "INSERT INTO staff_try(at) VALUES(?)", arguments: [now.milliseconds])
      return TryVerdict(allowed: true, triesLeft: limit - tries.count - 1, lockedUntil: nil)
    }
  }

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
    """
}
