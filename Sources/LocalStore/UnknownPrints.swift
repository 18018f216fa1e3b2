internal import DinasProtocol
internal import GRDB
internal import OfficeModel
internal import Ports

extension LocalStore {
  @Sendable func unknownPrints() async throws(PortError) -> [UnknownPrint] {
    try await read("unknown prints") { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM print_job WHERE outcome = ? ORDER BY settled_at, job_key",
        arguments: [PrintOutcome.unknown.rawValue]
      ).compactMap { row in
        guard let job = row["job_key"] as String?, let document = row["document_id"] as String?,
          let reserved = row["reserved_at"] as Int64?, let settled = row["settled_at"] as Int64?
        else { return nil }
        return UnknownPrint(
          jobKey: job, documentID: document, printer: row["printer"] as String?,
          reservedAt: Timestamp(milliseconds: reserved),
          settledAt: Timestamp(milliseconds: settled))
      }
    }
  }

  @Sendable func clearPrintByStaff(_ cleared: PrinterCleared) async throws(PortError) {
    try await write("clear by staff") { db in
      let isLeft = try Bool.fetchOne(
        db,
        sql: """
          SELECT EXISTS (SELECT 1 FROM print_job
            WHERE job_key = ? AND outcome IS NULL AND submitted_at IS NOT NULL)
          """,
        arguments: [cleared.jobKey])
      guard isLeft == true else {
        throw PortError(.notFound, step: "clear by staff", detail: "not left")
      }
      try Self.append(
        db,
        AuditEntry(
          at: cleared.at, who: "staff:" + cleared.staff, what: .printerCleared,
          subject: cleared.jobKey, result: cleared.clearing.rawValue))
      try Self.settle(db, cleared.jobKey, .unknown, cleared.at)
    }
  }

  /// The finding is a new end of the job, which the server has not heard of yet: until it confirms it,
  /// a print that came out is taken off its count here.
  @Sendable func settlePrintByStaff(_ settlement: StaffSettlement) async throws(PortError) {
    try await write("settle by staff") { db in
      let documentID = try String.fetchOne(
        db, sql: "SELECT document_id FROM print_job WHERE job_key = ? AND outcome = ?",
        arguments: [settlement.jobKey, PrintOutcome.unknown.rawValue])
      guard let documentID else {
        throw PortError(.notFound, step: "settle by staff", detail: "not in unknown")
      }
      let outcome = settlement.finding.outcome
      if settlement.finding == .nothingCameOut { try Self.giveBackPaper(db, settlement.jobKey) }
      try db.execute(
        sql: """
          UPDATE print_job SET outcome = ?, settled_at = ?, finding = ?, reported_count = NULL
          WHERE job_key = ?
          """,
        arguments: [
          outcome.rawValue, settlement.at.milliseconds, settlement.finding.rawValue,
          settlement.jobKey,
        ])
      if outcome == .delivered {
        try Self.eraseDocument(db, documentID, "delivered", settlement.at)
      }
      // A report of the unknown end that is still on its way confirms nothing of this one.
      try db.execute(
        sql: "UPDATE outbox SET job_key = NULL WHERE job_key = ?",
        arguments: [settlement.jobKey])
      try Self.report(
        db, "s" + settlement.jobKey, settlement.at, stream: documentID,
        jobKey: settlement.jobKey,
        .printOutcome(
          documentID: documentID, jobKey: settlement.jobKey, outcome: outcome,
          finding: settlement.finding))
      try Self.append(
        db,
        AuditEntry(
          at: settlement.at, who: "staff:" + settlement.staff, what: .printSettledByStaff,
          subject: settlement.jobKey, result: settlement.finding.rawValue))
    }
  }
}
