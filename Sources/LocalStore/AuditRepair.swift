internal import GRDB
internal import OfficeModel
internal import Ports

/// What a repair of the file leaves in the record. No clock is trusted yet, so each entry carries the
/// time of the record before it.
extension LocalStore {
  static func appendRepair(_ db: Database, _ result: String) throws {
    // A store of an earlier version keeps no record.
    guard try db.tableExists("audit") else { return }
    // Read as it stands: a head that is spoilt in itself must not keep the rest from being saved.
    let head = try Row.fetchOne(db, sql: "SELECT * FROM audit ORDER BY seq DESC LIMIT 1")
      .map(auditLine)
    try insert(
      db,
      AuditLine(
        seq: (head?.seq ?? 0) + 1, at: head?.at ?? 0, who: "kiosk",
        what: AuditEntry.What.storeDamaged.rawValue, subject: "", result: result, hash: ""),
      after: head?.hash ?? "")
  }

  /// Puts an entry into each gap that lost records left, in the place of the first of them. It names
  /// the record behind the gap and its hash, so that the chain can be followed beyond it.
  static func bridgeAudit(_ db: Database) throws {
    guard try db.tableExists("audit") else { return }
    let ends = try Row.fetchAll(
      db,
      sql: """
        SELECT seq, at, hash FROM audit AS here
        WHERE seq > 1 AND NOT EXISTS (SELECT 1 FROM audit WHERE seq = here.seq - 1) ORDER BY seq
        """)
    for end in ends {
      guard let next = end["seq"] as Int64?, let at = end["at"] as Int64?,
        let hash = end["hash"] as String?
      else { continue }
      let before = try Row.fetchOne(
        db, sql: "SELECT * FROM audit WHERE seq < ? ORDER BY seq DESC LIMIT 1", arguments: [next]
      ).map(auditLine)
      try insert(
        db,
        AuditLine(
          seq: (before?.seq ?? 0) + 1, at: before?.at ?? at, who: "kiosk",
          what: AuditEntry.What.storeDamaged.rawValue,
          subject: AuditChain.Bridge(sequence: next, hash: hash).text,
          result: AuditChain.Bridge.result, hash: ""), after: before?.hash ?? "")
    }
  }
}
