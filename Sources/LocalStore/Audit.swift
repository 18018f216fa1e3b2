internal import Crypto
internal import GRDB
internal import OfficeModel
internal import Ports

extension LocalStore {
  @Sendable func recordAudit(_ entry: AuditEntry) async throws(PortError) {
    try await write("record audit") { db in try Self.append(db, entry) }
  }

  @Sendable func auditPage(
    _ after: Int64, _ limit: Int
  ) async throws(PortError) -> [AuditRecord] {
    try await read("audit page") { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM audit WHERE seq > ? ORDER BY seq LIMIT ?",
        arguments: [after, max(0, limit)]
      ).map(Self.auditRecord)
    }
  }

  @Sendable func auditHead() async throws(PortError) -> AuditRecord? {
    try await read("audit head") { db in try Self.auditHead(db) }
  }

  /// Adds an entry to the chain, in the transaction of what it tells of.
  static func append(_ db: Database, _ entry: AuditEntry) throws {
    let before = try auditHead(db)
    let sequence = (before?.sequence ?? 0) + 1
    let hash = auditHash(after: before?.hash ?? "", sequence, entry)
    try db.execute(
      sql: """
        INSERT INTO audit(seq, at, who, what, subject, result, hash) VALUES(?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        sequence, entry.at.milliseconds, entry.who, entry.what.rawValue, entry.subject,
        entry.result, hash,
      ])
  }

  /// SHA-256 over the fields, each with its length before it, so that no two entries read alike.
  static func auditHash(after before: String, _ sequence: Int64, _ entry: AuditEntry) -> String {
    var hash = SHA256()
    for field in [
      before, String(sequence), String(entry.at.milliseconds), entry.who, entry.what.rawValue,
      entry.subject, entry.result,
    ] {
      hash.update(data: Array("\(field.utf8.count):\(field)".utf8))
    }
    return hash.finalize().map { byte in
      String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }.joined()
  }

  private static func auditHead(_ db: Database) throws -> AuditRecord? {
    try Row.fetchOne(db, sql: "SELECT * FROM audit ORDER BY seq DESC LIMIT 1").map(auditRecord)
  }

  private static func auditRecord(_ row: Row) throws -> AuditRecord {
    guard let sequence = row["seq"] as Int64?, let at = row["at"] as Int64?,
      let who = row["who"] as String?,
      let what = (row["what"] as String?).flatMap(AuditEntry.What.init(rawValue:)),
      let subject = row["subject"] as String?, let result = row["result"] as String?,
      let hash = row["hash"] as String?
    else { throw PortError(.storageDamaged, step: "read audit") }
    return AuditRecord(
      sequence: sequence,
      entry: AuditEntry(
        at: Timestamp(milliseconds: at), who: who, what: what, subject: subject, result: result),
      hash: hash)
  }
}

/// The audit log's tables of version 3.
enum AuditSchema {
  static let version3 = """
    CREATE TABLE audit (
      seq INTEGER PRIMARY KEY,
      at INTEGER NOT NULL,
      who TEXT NOT NULL,
      what TEXT NOT NULL,
      subject TEXT NOT NULL,
      result TEXT NOT NULL,
      hash TEXT NOT NULL
    ) STRICT;
    """
}
