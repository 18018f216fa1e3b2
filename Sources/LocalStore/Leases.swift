internal import DinasProtocol
internal import FoundationEssentials
internal import GRDB
internal import OfficeModel
internal import Ports

extension LocalStore {
  /// A kiosk is the pick-up place of far fewer documents at a time.
  private static let leasesLimit = 1000
  /// Longer than a right is lent, so that what was given back is over when it is forgotten.
  private static let keysKept = Duration.seconds(40 * 86_400)

  @Sendable func keepLease(
    _ documentID: String, _ lease: PrintLease, _ who: String, _ at: Timestamp
  ) async throws(PortError) {
    try await write("keep lease") { db in
      guard try !Self.isReturned(db, lease.id) else {
        throw PortError(.conflict, step: "keep lease", detail: "was given back")
      }
      try Self.keep(db, lease, of: documentID)
      try Self.append(
        db,
        AuditEntry(at: at, who: who, what: .leaseTaken, subject: documentID, result: lease.id))
    }
  }

  @Sendable func lease(_ documentID: String) async throws(PortError) -> PrintLease? {
    try await read("lease") { db in try Self.lease(db, documentID) }
  }

  @Sendable func askLease(
    _ documentID: String, _ leaseID: String, _ at: Timestamp
  ) async throws(PortError) {
    try await write("ask lease") { db in
      try db.execute(
        sql: "INSERT INTO lease_key(id, document_id, at, state) VALUES(?, ?, ?, 'asked')",
        arguments: [leaseID, documentID, at.milliseconds])
    }
  }

  @Sendable func askedLeases() async throws(PortError) -> [String] {
    try await read("asked leases") { db in
      try String.fetchAll(
        db,
        sql: """
          SELECT document_id FROM lease_key WHERE state = 'asked'
          UNION SELECT document_id FROM print_lease WHERE offline IS NULL
          """)
    }
  }

  @Sendable func returnLease(
    _ documentID: String, _ who: String, _ at: Timestamp
  ) async throws(PortError) {
    try await write("return lease") { db in
      // What was lent in advance would be lent again with the next page.
      try Self.giveBack(
        db, of: documentID, who, at,
        keeping: """
          SELECT lease_id FROM print_lease
          WHERE document_id = :document AND offline IS NOT NULL
          """)
    }
  }

  /// Everything that was asked for or lent of a document, unless a job of it runs or its end is open.
  /// - Parameter kept: selects the ids that are not given back.
  static func giveBack(
    _ db: Database, of documentID: String, _ who: String, _ at: Timestamp,
    keeping kept: String = "SELECT NULL WHERE 0"
  ) throws {
    let isPrinting = try Bool.fetchOne(
      db,
      sql: "SELECT EXISTS (SELECT 1 FROM print_job WHERE document_id = ? AND outcome IS NULL)",
      arguments: [documentID])
    guard isPrinting == false, try !isUndecided(db, documentID) else { return }
    let ids = try String.fetchAll(
      db,
      sql: """
        SELECT * FROM (
          SELECT id FROM lease_key WHERE document_id = :document AND state = 'asked'
          UNION SELECT lease_id FROM print_lease WHERE document_id = :document)
        WHERE id NOT IN (\(kept))
        """,
      arguments: ["document": documentID])
    for id in ids { try giveBack(db, id, of: documentID, who, at) }
  }

  /// Nothing is printed under this id any more, and the server will be told.
  private static func giveBack(
    _ db: Database, _ id: String, of documentID: String, _ who: String, _ at: Timestamp
  ) throws {
    try db.execute(
      sql: "DELETE FROM lease_key WHERE state = 'returned' AND at < ?",
      arguments: [at.adding(.zero - Self.keysKept).milliseconds])
    try db.execute(
      sql: """
        INSERT INTO lease_key(id, document_id, at, state) VALUES(?, ?, ?, 'returned')
        ON CONFLICT(id) DO UPDATE SET at = excluded.at, state = 'returned'
        """, arguments: [id, documentID, at.milliseconds])
    try db.execute(sql: "DELETE FROM print_lease WHERE lease_id = ?", arguments: [id])
    try report(
      db, UUID().uuidString.lowercased(), at, stream: documentID,
      .leaseReturned(documentID: documentID, leaseID: id))
    try append(
      db, AuditEntry(at: at, who: who, what: .leaseEnded, subject: documentID, result: id))
  }

  private static func isReturned(_ db: Database, _ id: String) throws -> Bool {
    try Bool.fetchOne(
      db,
      sql: "SELECT EXISTS (SELECT 1 FROM lease_key WHERE id = ? AND state = 'returned')",
      arguments: [id]) ?? false
  }

  @Sendable func leasedDocuments(_ now: Timestamp) async throws(PortError) -> [LeasedDocument] {
    let seal = seal
    return try await read("leased documents") { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT print_lease.*, document.nik AS nik, document_bytes.id IS NOT NULL AS is_kept
          FROM print_lease JOIN document ON document.id = print_lease.document_id
          LEFT JOIN document_bytes ON document_bytes.id = document.id
          WHERE until > ? AND offline IS NOT NULL ORDER BY document.id LIMIT ?
          """,
        arguments: [now.milliseconds, Self.leasesLimit]
      ).compactMap { row in
        guard let id = row["document_id"] as String?, let nik = row["nik"] as String?,
          let leaseID = row["lease_id"] as String?, let until = row["until"] as Int64?,
          let offline = row["offline"] as Data?, let isKept = row["is_kept"] as Bool?,
          // One row whose seal does not open hides no other holder's document.
          var document = try Self.unlessSealFails({ try Self.cached(db, seal, id) }) ?? nil,
          let check = try Self.unlessSealFails({
            try seal.open(OfflineCheck.self, offline, table: "print_lease", row: id)
          })
        else { return nil }
        document.summary.printsLeft = try Self.printsLeft(db, document)
        return LeasedDocument(
          document: document, nik: LookupKey(value: nik),
          lease: PrintLease(id: leaseID, until: Timestamp(milliseconds: until)),
          offline: check, isKept: isKept, isUndecided: try Self.isUndecided(db, id))
      }
    }
  }

  private static func unlessSealFails<Value>(_ open: () throws -> Value) throws -> Value? {
    do { return try open() } catch is PortError { return nil }
  }

  /// Keeps what a page of changes lent in advance, in the page's transaction. How the holder is known
  /// without the server is what the last page says: nothing any more, where a credential was withdrawn.
  static func keepLease(_ db: Database, of document: CachedDocument, _ seal: RowSeal) throws {
    let id = document.summary.id
    if let lease = document.lease, try !isReturned(db, lease.id) { try keep(db, lease, of: id) }
    let offline = try document.offline.map {
      try seal.seal($0, table: "print_lease", row: id)
    }
    try db.execute(
      sql: "UPDATE print_lease SET offline = ? WHERE document_id = ?", arguments: [offline, id])
  }

  /// After the last page: a document that is gone needs no lease.
  static func dropLeasesOfNothing(_ db: Database) throws {
    try db.execute(
      sql: "DELETE FROM print_lease WHERE document_id NOT IN (SELECT id FROM document)")
  }

  static func lease(_ db: Database, _ documentID: String) throws -> PrintLease? {
    try Row.fetchOne(
      db, sql: "SELECT lease_id, until FROM print_lease WHERE document_id = ?",
      arguments: [documentID]
    ).flatMap { row in
      guard let id = row["lease_id"] as String?, let until = row["until"] as Int64? else {
        return nil
      }
      return PrintLease(id: id, until: Timestamp(milliseconds: until))
    }
  }

  /// A page that was asked for before a lease was granted may come after it: so a lease is replaced
  /// only by one that lasts longer.
  private static func keep(_ db: Database, _ lease: PrintLease, of documentID: String) throws {
    try db.execute(
      sql: """
        INSERT INTO print_lease(document_id, lease_id, until) VALUES(?, ?, ?)
        ON CONFLICT(document_id) DO UPDATE SET
          lease_id = CASE WHEN excluded.until > until THEN excluded.lease_id ELSE lease_id END,
          until = MAX(until, excluded.until)
        """,
      arguments: [documentID, lease.id, lease.until.milliseconds])
  }
}
