internal import DinasProtocol
internal import FoundationEssentials
internal import GRDB
internal import OfficeModel
internal import Ports

extension LocalStore {
  /// Takes the right to one print. The rule lies in one transaction, so two jobs never share it: the
  /// right is lent to this kiosk until the print's end, no other job of the document runs or ended
  /// unknown without a word on it since, and the prints that the server does not know of yet leave at
  /// least one.
  @Sendable func reservePrint(_ reservation: PrintReservation) async throws(PortError) -> Bool {
    let seal = seal
    return try await write("reserve print") { db in
      guard let document = try Self.cached(db, seal, reservation.documentID),
        try Self.printsLeft(db, document) > 0,
        let lease = try Self.lease(db, reservation.documentID), lease.until >= reservation.endsBy
      else { return false }
      let isKnown = try Bool.fetchOne(
        db, sql: "SELECT EXISTS (SELECT 1 FROM print_job WHERE job_key = ?)",
        arguments: [reservation.jobKey])
      guard isKnown == false else { return false }
      try db.execute(
        sql: """
          INSERT INTO print_job(
            job_key, document_id, reserved_at, who, lease_id, sheet_counter, printer, pages)
          VALUES(?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          reservation.jobKey, reservation.documentID, reservation.at.milliseconds,
          reservation.who, lease.id, reservation.sheetCounter, reservation.printer,
          reservation.pages,
        ])
      try Self.report(
        db, "r" + reservation.jobKey, reservation.at, stream: reservation.documentID,
        .printReserved(
          documentID: reservation.documentID, jobKey: reservation.jobKey, leaseID: lease.id))
      try Self.record(db, .printReserved, reservation.jobKey, "ok", reservation.at)
      return true
    }
  }

  @Sendable func submitPrint(_ jobKey: String, _ at: Timestamp) async throws(PortError) {
    try await write("submit print") { db in
      try db.execute(
        sql: """
          UPDATE print_job SET submitted_at = ?
          WHERE job_key = ? AND outcome IS NULL AND submitted_at IS NULL
          """,
        arguments: [at.milliseconds, jobKey])
      guard db.changesCount == 1 else {
        throw PortError(.conflict, step: "submit print", detail: "not reserved")
      }
      try Self.record(db, .printSubmitted, jobKey, "ok", at)
    }
  }

  @Sendable func printingPrint(_ jobKey: String, _ at: Timestamp) async throws(PortError) {
    try await write("printing print") { db in
      try db.execute(
        sql: """
          UPDATE print_job SET printing_at = ?
          WHERE job_key = ? AND outcome IS NULL AND submitted_at IS NOT NULL AND printing_at IS NULL
          """,
        arguments: [at.milliseconds, jobKey])
      guard db.changesCount == 1 else { return }
      try Self.record(db, .printPrinting, jobKey, "ok", at)
    }
  }

  @Sendable func settlePrint(
    _ jobKey: String, _ outcome: PrintOutcome, _ at: Timestamp
  ) async throws(PortError) {
    try await write("settle print") { db in try Self.settle(db, jobKey, outcome, at) }
  }

  static func settle(
    _ db: Database, _ jobKey: String, _ outcome: PrintOutcome, _ at: Timestamp
  ) throws {
    let row = try Row.fetchOne(
      db, sql: "SELECT document_id, outcome, submitted_at FROM print_job WHERE job_key = ?",
      arguments: [jobKey])
    guard let row, let documentID = row["document_id"] as String? else {
      throw PortError(.notFound, step: "settle print")
    }
    if let settled = row["outcome"] as String? {
      // Told twice is fine; told otherwise is not.
      guard settled == outcome.rawValue else {
        throw PortError(.conflict, step: "settle print", detail: "settled as \(settled)")
      }
      return
    }
    guard outcome != .delivered || row["submitted_at"] as Int64? != nil else {
      throw PortError(.conflict, step: "settle print", detail: "delivered but never submitted")
    }
    try db.execute(
      sql: "UPDATE print_job SET outcome = ?, settled_at = ? WHERE job_key = ?",
      arguments: [outcome.rawValue, at.milliseconds, jobKey])
    if outcome != .notPrinted { try takePaper(db, jobKey) }
    if outcome == .delivered { try Self.eraseDocument(db, documentID, "delivered", at) }
    try Self.report(
      db, "o" + jobKey, at, stream: documentID, jobKey: jobKey,
      .printOutcome(documentID: documentID, jobKey: jobKey, outcome: outcome))
    try Self.record(db, .printSettled, jobKey, outcome.rawValue, at)
  }

  @Sendable func unsettledPrints() async throws(PortError) -> [PrintReservation] {
    try await read("unsettled prints") { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM print_job WHERE outcome IS NULL ORDER BY reserved_at"
      ).compactMap { row in
        guard let job = row["job_key"] as String?, let document = row["document_id"] as String?,
          let at = row["reserved_at"] as Int64?
        else { return nil }
        return PrintReservation(
          jobKey: job, documentID: document, at: Timestamp(milliseconds: at),
          who: row["who"] as String? ?? "kiosk", sheetCounter: row["sheet_counter"] as Int?,
          printer: row["printer"] as String?, pages: row["pages"] as Int? ?? 0,
          wasSubmitted: (row["submitted_at"] as Int64?) != nil)
      }
    }
  }

  /// The server's count, less what was delivered here and is not in that count yet: the outcome is
  /// unreported, or was reported after the page of the document's row was asked for.
  ///
  /// None while a job of the document runs, and none after one whose end nobody knows, until the server
  /// has decided: a row of the document from a page that was asked for after the server confirmed
  /// that it knows the unknown end. If that row carries prints, they may be made. Nothing else lifts
  /// the block: no time, no restart, no other document's row.
  ///
  /// What came first is told by a count and not by the clock, which staff and NTP may set back.
  static func printsLeft(_ db: Database, _ document: CachedDocument) throws -> Int {
    guard try !isUndecided(db, document.summary.id) else { return 0 }
    let spent =
      try Int.fetchOne(
        db,
        sql: """
          SELECT COUNT(*) FROM print_job JOIN document ON document.id = print_job.document_id
          WHERE document.id = ? AND outcome = ?
            AND (reported_count IS NULL OR reported_count > document.asked_count)
          """,
        arguments: [document.summary.id, PrintOutcome.delivered.rawValue]) ?? 0
    return max(0, document.summary.printsLeft - spent)
  }

  /// A job of the document runs, or nobody knows how one ended and the server has not decided since.
  static func isUndecided(_ db: Database, _ documentID: String) throws -> Bool {
    try Bool.fetchOne(
      db,
      sql: """
        SELECT EXISTS (SELECT 1 FROM print_job
          JOIN document ON document.id = print_job.document_id
          WHERE document.id = ? AND (outcome IS NULL OR outcome = ?
            AND (reported_count IS NULL OR reported_count > document.asked_count)))
        """,
      arguments: [documentID, PrintOutcome.unknown.rawValue]) != false
  }

  /// Goes up by one with every report of an outcome that the server confirmed, never down.
  static func ledgerCount(_ db: Database) throws -> Int64 {
    try meta(db, "ledger_count").flatMap { Int64($0) } ?? 0
  }

  /// The server knows the job's outcome: pages asked for from here on have it counted.
  static func reported(_ db: Database, _ jobKey: String) throws {
    let count = try ledgerCount(db) + 1
    try setMeta(db, "ledger_count", String(count))
    try db.execute(
      sql: "UPDATE print_job SET reported_count = ? WHERE job_key = ?",
      arguments: [count, jobKey])
  }

  /// The entry of a step, under the name of who asked for the print.
  private static func record(
    _ db: Database, _ what: AuditEntry.What, _ jobKey: String, _ result: String, _ at: Timestamp
  ) throws {
    let who = try String.fetchOne(
      db, sql: "SELECT who FROM print_job WHERE job_key = ?", arguments: [jobKey])
    try append(
      db,
      AuditEntry(at: at, who: who ?? "kiosk", what: what, subject: jobKey, result: result))
  }

  static func report(
    _ db: Database, _ id: String, _ at: Timestamp, stream: String, jobKey: String? = nil,
    _ content: KioskReport.Content
  ) throws {
    let report = KioskReport(id: id, at: at, content: content)
    do throws(WireProblem) {
      try report.check()
    } catch {
      throw PortError(.malformed, step: "report print", detail: error.description)
    }
    guard let kind = OutboxItem.Kind(rawValue: report.kind.rawValue) else {
      throw PortError(.internalFault, step: "report print", detail: "no such kind")
    }
    try insert(
      db,
      OutboxItem(
        id: id, kind: kind, stream: "print:" + stream, body: try Wire.encode(report),
        createdAt: at), jobKey: jobKey)
  }
}
