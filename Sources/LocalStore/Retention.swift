internal import GRDB
internal import OfficeModel
internal import Ports

extension LocalStore {
  /// Numbers and prints are kept for longer than a year, so that what is counted over one can be held
  /// against them.
  static let keptDays = 400

  /// Lets go of what has been kept long enough: who took a number, when its day is over; numbers and
  /// prints that the Dinas knows, after `keptDays`. The audit log stays whole, or it could not be
  /// verified.
  @Sendable func tidy(_ now: Timestamp) async throws(PortError) {
    // The westernmost zone: where its day has begun, every office's has.
    let today = LocalTime(now, in: .wib).date
    let limit = now.adding(.seconds(-Self.keptDays * 86_400))
    try await write("tidy") { db in
      try db.execute(
        sql: "UPDATE ticket SET holder = NULL WHERE holder IS NOT NULL AND local_date < ?",
        arguments: [today.description])
      try db.execute(
        sql: """
          DELETE FROM ticket WHERE issued_at < ?
            AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.id = ticket.id)
          """, arguments: [limit.milliseconds])
      try db.execute(
        sql: "DELETE FROM number_request WHERE asked_at < ? AND state != 'asked'",
        arguments: [limit.milliseconds])
      // As long as the document may be printed its prints count.
      try db.execute(
        sql: """
          DELETE FROM print_job WHERE settled_at < ? AND reported_count IS NOT NULL
            AND (outcome != 'unknown' OR finding IS NOT NULL)
            AND document_id NOT IN (SELECT id FROM document)
          """, arguments: [limit.milliseconds])
    }
    StoreRepair(directory: directory, seal: seal).removeOldSetAside()
  }
}
