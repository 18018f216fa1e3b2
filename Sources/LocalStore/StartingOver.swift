internal import DinasProtocol
internal import GRDB
internal import OfficeModel
internal import Ports

/// A server that no longer knows the kiosk's cursor may have been set back to a backup: what it
/// confirmed since, it may not know any more.
extension LocalStore {
  /// Backups are made daily; an office is closed for at most ten days (Idulfitri), and has some to notice
  /// and mend what happened. Nobody goes back further than that.
  private static let retold = Duration.seconds(14 * 86_400)

  /// Begins anew at the server, and tells it again what it must know. All of it goes under the ids and
  /// with the bodies it had: a server that forgot nothing answers from its record.
  @Sendable func startOver(_ now: Timestamp) async throws(PortError) {
    try await write("start over") { db in
      try Self.nextGeneration(db)
      try Self.retellPrints(db, now)
      try Self.retellTickets(db, now)
      try Self.giveLeasesBack(db, now)
    }
  }

  /// Until the server confirms an outcome anew, it is not in its count of the prints that are left.
  private static func retellPrints(_ db: Database, _ now: Timestamp) throws {
    // Jobs without a lease are older than this way of telling them. One that ended in a future that was
    // believed once hides none of now.
    let jobs = try Row.fetchAll(
      db,
      sql: """
        SELECT * FROM print_job
        WHERE lease_id IS NOT NULL AND (outcome IS NULL
          OR settled_at >= MIN(?, (SELECT MAX(settled_at) FROM print_job)) - ?)
        ORDER BY reserved_at
        """, arguments: [now.milliseconds, Self.retold.wholeMilliseconds])
    for row in jobs {
      guard let job = row["job_key"] as String?, let document = row["document_id"] as String?,
        let reserved = row["reserved_at"] as Int64?
      else { throw PortError(.storageDamaged, step: "start over", detail: "print job") }
      guard let settled = row["settled_at"] as Int64?,
        let outcome = (row["outcome"] as String?).flatMap(PrintOutcome.init(rawValue:))
      else {
        try retell(
          db, "r" + job, at: reserved, of: document,
          .printReserved(documentID: document, jobKey: job, leaseID: row["lease_id"]))
        continue
      }
      try db.execute(
        sql: "UPDATE print_job SET reported_count = NULL WHERE job_key = ?", arguments: [job])
      let finding = (row["finding"] as String?).flatMap(PrintFinding.init(rawValue:))
      try retell(
        db, (finding == nil ? "o" : "s") + job, at: settled, of: document, jobKey: job,
        .printOutcome(
          documentID: document, jobKey: job, outcome: outcome, finding: finding))
    }
  }

  private static func retell(
    _ db: Database, _ id: String, at milliseconds: Int64, of documentID: String,
    jobKey: String? = nil, _ content: KioskReport.Content
  ) throws {
    guard try !isInOutbox(db, id) else { return }
    try report(
      db, id, Timestamp(milliseconds: milliseconds), stream: documentID, jobKey: jobKey, content)
  }

  /// The day's numbers that this kiosk gave by itself. Those of the server are its own to know; of those
  /// of days before, the kiosk has forgotten who took them, and what it told then it could not say again.
  private static func retellTickets(_ db: Database, _ now: Timestamp) throws {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT * FROM ticket
        WHERE origin = 'reserve' AND local_date >= ? ORDER BY issued_at
        """,
      // See `tidy`.
      arguments: [LocalTime(now, in: .wib).date.description])
    for row in rows {
      let ticket = try Self.ticket(row)
      guard try !isInOutbox(db, ticket.id) else { continue }
      try insertReport(
        db, of: ticket, holder: row["holder"], stream: "ticket:" + ticket.id)
    }
  }

  private static func isInOutbox(_ db: Database, _ id: String) throws -> Bool {
    try Bool.fetchOne(
      db, sql: "SELECT EXISTS (SELECT 1 FROM outbox WHERE id = ?)", arguments: [id]) ?? false
  }

  /// What was lent since the backup the server would lend to another kiosk: nothing is printed under a
  /// lease of before, and what waits here comes with a new one.
  private static func giveLeasesBack(_ db: Database, _ now: Timestamp) throws {
    let documents = try String.fetchAll(
      db,
      sql: """
        SELECT document_id FROM print_lease
        UNION SELECT document_id FROM lease_key WHERE state = 'asked'
        """)
    for document in documents { try giveBack(db, of: document, "kiosk", now) }
  }
}
