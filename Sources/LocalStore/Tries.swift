internal import GRDB
internal import OfficeModel
internal import Ports

extension LocalStore {
  /// Counts a try, unless NIK or kiosk are locked. A try counts for its window; one from a future
  /// that lies beyond a window comes from a wrong clock and is dropped.
  @Sendable func countTry(
    _ nik: LookupKey, _ limits: TryLimits, _ now: Timestamp
  ) async throws(PortError) -> TryVerdict {
    try await write("count try") { db in
      let window = limits.window.wholeMilliseconds
      try db.execute(
        sql: "DELETE FROM credential_try WHERE at <= ? OR at > ?",
        arguments: [now.milliseconds - window, now.milliseconds + window])
      let mine = try Int64.fetchAll(
        db, sql: "SELECT at FROM credential_try WHERE nik = ? ORDER BY at DESC LIMIT ?",
        arguments: [nik.value, limits.perNIK])
      let all = try Int64.fetchAll(
        db, sql: "SELECT at FROM credential_try ORDER BY at DESC LIMIT ?",
        arguments: [limits.perKiosk])
      // Locked until the oldest of the tries that fill the limit leaves the window.
      var lockedUntil: Int64?
      if mine.count >= limits.perNIK { lockedUntil = (mine.last ?? now.milliseconds) + window }
      if all.count >= limits.perKiosk {
        lockedUntil = max(lockedUntil ?? .min, (all.last ?? now.milliseconds) + window)
      }
      if let lockedUntil {
        return TryVerdict(
          allowed: false, triesLeft: 0, lockedUntil: Timestamp(milliseconds: lockedUntil))
      }
      try db.execute(
        sql: "INSERT INTO credential_try(nik, at) VALUES(?, ?)",
        arguments: [nik.value, now.milliseconds])
      return TryVerdict(
        allowed: true, triesLeft: max(0, limits.perNIK - mine.count - 1), lockedUntil: nil)
    }
  }

  @Sendable func clearTries(_ nik: LookupKey) async throws(PortError) {
    try await write("clear tries") { db in
      try db.execute(sql: "DELETE FROM credential_try WHERE nik = ?", arguments: [nik.value])
    }
  }

  @Sendable func returnTry(_ nik: LookupKey) async throws(PortError) {
    try await write("return try") { db in
      try db.execute(
        sql: """
          DELETE FROM credential_try
          WHERE id = (SELECT MAX(id) FROM credential_try WHERE nik = ?)
          """,
        arguments: [nik.value])
    }
  }
}
