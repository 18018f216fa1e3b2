internal import GRDB
internal import OfficeModel
internal import Ports

extension LocalStore {
  /// Refills that are kept; who filled what is on the record.
  private static let refillsKept = 50

  @Sendable func refillPaper(_ refill: PaperRefill, _ who: String) async throws(PortError) {
    try await write("refill paper") { db in
      try db.execute(
        sql: """
          INSERT INTO paper_refill(printer, at, sheets, is_estimate, counter) VALUES(?, ?, ?, ?, ?)
          """,
        arguments: [
          refill.printer, refill.at.milliseconds, refill.sheets, refill.isEstimate, refill.counter,
        ])
      try db.execute(
        sql: "DELETE FROM paper_refill WHERE id <= ?",
        arguments: [db.lastInsertedRowID - Int64(Self.refillsKept)])
      let said = refill.sheets.map(String.init) ?? "unknown"
      try Self.append(
        db,
        AuditEntry(
          at: refill.at, who: who, what: .paperFilled, subject: refill.printer,
          result: refill.isEstimate ? "estimate-" + said : said))
    }
  }

  @Sendable func paper(
    _ printer: String, _ now: Timestamp
  ) async throws(PortError) -> (PaperRefill?, RecentPrints) {
    try await read("paper") { db in
      let refill = try Row.fetchOne(
        db, sql: "SELECT * FROM paper_refill WHERE printer = ? ORDER BY id DESC LIMIT 1",
        arguments: [printer])
      let recent = try Row.fetchOne(
        db,
        sql: """
          SELECT COUNT(*) AS documents, SUM(pages) AS pages FROM print_job
          WHERE outcome = ? AND pages > 0 AND settled_at > ?
          """,
        arguments: [
          PrintOutcome.delivered.rawValue,
          now.adding(.zero - RecentPrints.span).milliseconds,
        ])
      return (
        refill.map { row in
          PaperRefill(
            printer: printer, at: Timestamp(milliseconds: row["at"] as Int64? ?? 0),
            sheets: row["sheets"] as Int?, isEstimate: row["is_estimate"] as Bool? ?? true,
            counter: row["counter"] as Int?, printed: row["printed"] as Int? ?? 0)
        },
        RecentPrints(
          documents: recent?["documents"] as Int? ?? 0, sheets: recent?["pages"] as Int? ?? 0)
      )
    }
  }

  /// The sheets of a job that came out, or may have, are gone from its printer's tray. In the
  /// transaction of its end and not by the clock, which staff and NTP may set back.
  static func takePaper(_ db: Database, _ jobKey: String) throws {
    try db.execute(
      sql: """
        UPDATE paper_refill
        SET printed = printed + (SELECT pages FROM print_job WHERE job_key = ?)
        WHERE id = (SELECT MAX(id) FROM paper_refill
          WHERE printer = (SELECT printer FROM print_job WHERE job_key = ?))
        """, arguments: [jobKey, jobKey])
  }

  /// Staff found that nothing had come out of a job whose end was unknown: its sheets are in the tray.
  /// Not when the tray was filled since: what lay there was counted then.
  static func giveBackPaper(_ db: Database, _ jobKey: String) throws {
    try db.execute(
      sql: """
        UPDATE paper_refill
        SET printed = MAX(0, printed - (SELECT pages FROM print_job WHERE job_key = ?))
        WHERE id = (SELECT MAX(id) FROM paper_refill
          WHERE printer = (SELECT printer FROM print_job WHERE job_key = ?))
        AND at <= (SELECT settled_at FROM print_job WHERE job_key = ?)
        """, arguments: [jobKey, jobKey, jobKey])
  }
}
