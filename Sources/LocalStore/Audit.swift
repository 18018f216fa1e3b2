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
        db.cachedStatement(sql: "SELECT * FROM audit WHERE seq > ? ORDER BY seq LIMIT ?"),
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
    try insert(
      db,
      AuditLine(
        seq: (before?.sequence ?? 0) + 1, at: entry.at.milliseconds, who: entry.who,
        what: entry.what.rawValue, subject: entry.subject, result: entry.result, hash: ""),
      after: before?.hash ?? "")
  }

  /// - Parameters:
  ///   - line: Its hash is made here.
  ///   - before: The hash of the record before it.
  static func insert(_ db: Database, _ line: AuditLine, after before: String) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO audit(seq, at, who, what, subject, result, hash) VALUES(?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(
      arguments: [
        line.seq, line.at, line.who, line.what, line.subject, line.result,
        AuditChain.hash(after: before, line),
      ])
  }

  static func auditHead(_ db: Database) throws -> AuditRecord? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT * FROM audit ORDER BY seq DESC LIMIT 1")
    ).map(auditRecord)
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

extension LocalStore {
  /// Read at once by an export: a few hundred KiB.
  private static let exportPage = 1000

  /// Reads the audit log of a store, also while a kiosk runs on it; changes nothing, and holds nothing
  /// up however long the lines take to go out. Records of later than the head are left out.
  /// - Parameter line: Is given each line of the export, the head first.
  public static func exportAudit(
    directory: String, kiosk: String, _ line: (String) throws -> Void
  ) throws {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    do {
      let queue = try DatabaseQueue(
        path: directory + "/" + StoreFiles.databaseName, configuration: configuration)
      defer { try? queue.close() }
      let head = try queue.read { db in
        try Row.fetchOne(db, sql: "SELECT * FROM audit ORDER BY seq DESC LIMIT 1")
          .map(auditLine)
      }
      let end = head?.seq ?? 0
      try line(AuditText.line(AuditHead(kiosk: kiosk, records: end, hash: head?.hash ?? "")))
      var after = Int64.min
      while true {
        // A read each: one that lasted would keep the journal from being emptied.
        let page = try queue.read { [after] db in
          try Row.fetchAll(
            db, sql: "SELECT * FROM audit WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?",
            arguments: [after, end, exportPage]
          ).map(auditLine)
        }
        guard let last = page.last else { return }
        for record in page { try line(AuditText.line(record)) }
        after = last.seq
      }
    } catch let error as DatabaseError { throw StoreFailure.port(error, "read audit") }
  }

  static func auditLine(_ row: Row) throws -> AuditLine {
    guard let seq = row["seq"] as Int64?, let at = row["at"] as Int64?,
      let who = row["who"] as String?, let what = row["what"] as String?,
      let subject = row["subject"] as String?, let result = row["result"] as String?,
      let hash = row["hash"] as String?
    else { throw PortError(.storageDamaged, step: "read audit") }
    return AuditLine(
      seq: seq, at: at, who: who, what: what, subject: subject, result: result, hash: hash)
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
