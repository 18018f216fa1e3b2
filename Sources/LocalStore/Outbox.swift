internal import FoundationEssentials
internal import GRDB
internal import OfficeModel
internal import Ports

extension LocalStore {
  /// A wait longer than any back-off gives: the clock was set back since.
  private static let waitLimitMilliseconds: Int64 = 2 * 3600 * 1000

  @Sendable func enqueue(_ item: OutboxItem) async throws(PortError) {
    try await write("enqueue") { db in
      if Self.pleasantries.contains(item.kind) {
        let waiting =
          try Int.fetchOne(
            db, sql: "SELECT COUNT(*) FROM outbox WHERE kind = ?", arguments: [item.kind.rawValue])
          ?? 0
        guard waiting < Self.pleasantriesLimit else {
          throw PortError(.rateLimited, step: "enqueue", detail: "outbox is full")
        }
      }
      try Self.insert(db, item)
      guard item.kind == .complaint else { return }
      try Self.append(
        db, AuditEntry(at: item.createdAt, who: "kiosk", what: .complaintFiled, subject: item.id))
    }
  }

  static func insert(_ db: Database, _ item: OutboxItem, jobKey: String? = nil) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO outbox(id, kind, stream, body, created_at, due_at, attempts, failures, job_key)
        VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(
      arguments: [
        item.id, item.kind.rawValue, item.stream, Data(item.body), item.createdAt.milliseconds,
        // Due at once, whatever the clock said when it was made and is put right to since.
        0, item.attempts, item.failures, jobKey,
      ])
  }

  /// Numbers come before reports: a citizen may be waiting at the counter for the Dinas to know one.
  @Sendable func dueOutbox(
    _ now: Timestamp, _ limit: Int
  ) async throws(PortError) -> [OutboxItem] {
    try await read("due outbox") { db in
      try OutboxItem.Way.allCases.flatMap { try Self.due(db, $0, now, limit) }
    }
  }

  private static func due(
    _ db: Database, _ way: OutboxItem.Way, _ now: Timestamp, _ limit: Int
  ) throws -> [OutboxItem] {
    let kinds = way.kinds.map(\.rawValue)
    let marks = kinds.map { _ in "?" }.joined(separator: ", ")
    // An item waits as long as an earlier one of its stream waits. A lease goes back only behind all of
    // its document's prints, also those that the server refused: it would lend the right to another
    // kiosk without knowing of them.
    return try Row.fetchAll(
      db,
      sql: """
        SELECT * FROM outbox AS item
        WHERE dead_reason IS NULL AND kind IN (\(marks)) AND NOT EXISTS (
          SELECT 1 FROM outbox AS earlier
          WHERE earlier.stream = item.stream AND earlier.seq <= item.seq
            AND earlier.dead_reason IS NULL
            AND earlier.due_at > ? AND earlier.due_at <= ?)
          AND NOT (item.kind = 'leaseReturned' AND EXISTS (
            SELECT 1 FROM outbox AS refused
            WHERE refused.stream = item.stream AND refused.seq < item.seq
              AND refused.dead_reason IS NOT NULL AND refused.kind <> 'leaseReturned'))
        ORDER BY seq LIMIT ?
        """,
      arguments: StatementArguments(kinds)
        + [now.milliseconds, now.milliseconds + waitLimitMilliseconds, max(0, limit)]
    ).map { row in
      guard let id = row["id"] as String?, let stream = row["stream"] as String?,
        let kind = (row["kind"] as String?).flatMap(OutboxItem.Kind.init(rawValue:)),
        let body = row["body"] as Data?, let created = row["created_at"] as Int64?,
        let attempts = row["attempts"] as Int?, let failures = row["failures"] as Int?
      else { throw PortError(.storageDamaged, step: "read outbox") }
      return OutboxItem(
        id: id, kind: kind, stream: stream, body: Array(body),
        createdAt: Timestamp(milliseconds: created), attempts: attempts, failures: failures)
    }
  }

  /// An item that dies goes on the record with the change.
  @Sendable func settleOutbox(
    _ id: String, _ result: OutboxResult, _ now: Timestamp
  ) async throws(PortError) {
    try await write("settle outbox") { db in
      switch result {
      case .delivered:
        let jobKey = try String.fetchOne(
          db, sql: "SELECT job_key FROM outbox WHERE id = ? AND job_key IS NOT NULL",
          arguments: [id])
        if let jobKey { try Self.reported(db, jobKey) }
        try db.execute(sql: "DELETE FROM outbox WHERE id = ?", arguments: [id])
      case .retry(let at, let isFailure):
        try db.execute(
          sql: """
            UPDATE outbox SET attempts = attempts + 1, failures = failures + ?, due_at = ?
            WHERE id = ?
            """,
          arguments: [isFailure ? 1 : 0, at.milliseconds, id])
      case .dead(let reason):
        try db.execute(
          sql: """
            UPDATE outbox SET attempts = attempts + 1, dead_reason = ?
            WHERE id = ? AND dead_reason IS NULL
            """,
          arguments: [String(reason.prefix(200)), id])
        guard db.changesCount > 0 else { return }
        try Self.append(
          db, AuditEntry(at: now, who: "kiosk", what: .outboxDead, subject: id))
      }
    }
  }

  @Sendable func outboxState() async throws(PortError) -> OutboxState {
    try await read("outbox state") { db in
      let waiting =
        try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM outbox WHERE dead_reason IS NULL") ?? 0
      let prints =
        try Int.fetchOne(
          db,
          sql: "SELECT COUNT(*) FROM outbox WHERE dead_reason IS NULL AND job_key IS NOT NULL") ?? 0
      let oldest = try Int64.fetchOne(
        db, sql: "SELECT MIN(created_at) FROM outbox WHERE dead_reason IS NULL")
      let dead =
        try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM outbox WHERE dead_reason IS NOT NULL") ?? 0
      return OutboxState(
        waiting: waiting, prints: prints, oldest: oldest.map(Timestamp.init(milliseconds:)),
        dead: dead)
    }
  }

  @Sendable func deadOutbox(_ limit: Int) async throws(PortError) -> [DeadLetter] {
    try await read("dead letters") { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT id, kind, created_at, attempts, dead_reason FROM outbox
          WHERE dead_reason IS NOT NULL ORDER BY seq LIMIT ?
          """,
        arguments: [max(0, limit)]
      ).map { row in
        guard let id = row["id"] as String?, let created = row["created_at"] as Int64?,
          let kind = (row["kind"] as String?).flatMap(OutboxItem.Kind.init(rawValue:)),
          let attempts = row["attempts"] as Int?, let reason = row["dead_reason"] as String?
        else { throw PortError(.storageDamaged, step: "read outbox") }
        return DeadLetter(
          id: id, kind: kind, createdAt: Timestamp(milliseconds: created), attempts: attempts,
          reason: reason)
      }
    }
  }

  @Sendable func retryDeadOutbox(
    _ id: String?, _ who: String, _ now: Timestamp
  ) async throws(PortError) -> Int {
    try await write("retry dead letters") { db in
      let ids = try String.fetchAll(
        db, sql: "SELECT id FROM outbox WHERE dead_reason IS NOT NULL AND id = COALESCE(?, id)",
        arguments: [id])
      for id in ids {
        try db.execute(
          sql: """
            UPDATE outbox SET dead_reason = NULL, attempts = 0, failures = 0, due_at = ?
            WHERE id = ?
            """,
          arguments: [now.milliseconds, id])
        try Self.append(db, AuditEntry(at: now, who: who, what: .outboxRetried, subject: id))
      }
      return ids.count
    }
  }
}
