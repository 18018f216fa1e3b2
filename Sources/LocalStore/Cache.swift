internal import FoundationEssentials
internal import GRDB
internal import OfficeModel
internal import Ports

/// What a document's row seals.
private struct SealedDocumentRow: Codable {
  var summary: DocumentSummary
  var bytes: Int
  var sha256: String
}

extension LocalStore {
  @Sendable func cacheState() async throws(PortError) -> CacheState? {
    try await read("cache state") { db in
      guard let cursor = try Self.meta(db, "cursor"), let synced = try Self.meta(db, "synced_at"),
        let milliseconds = Int64(synced)
      else { return nil }
      return CacheState(cursor: cursor, syncedAt: Timestamp(milliseconds: milliseconds))
    }
  }

  static func nextGeneration(_ db: Database) throws {
    try setMeta(db, "generation", String(try generation(db) + 1))
    // `synced_at` stays: the old rows still answer, with their age.
    try setMeta(db, "cursor", "")
  }

  @Sendable func pullBegins() async throws(PortError) {
    try await write("pull begins") { db in
      let count = try Self.ledgerCount(db)
      // Mostly nothing was reported since the last page: then nothing is written.
      guard try Self.askedCount(db) != count else { return }
      try Self.setMeta(db, "asked_count", String(count))
    }
  }

  @Sendable func applyChanges(_ page: ChangesPage, _ now: Timestamp) async throws(PortError) {
    let seal = seal
    try await write("apply changes") { db in
      let generation = try Self.generation(db)
      let asked = try Self.askedCount(db)
      try Self.apply(db, page.applications, seal, generation)
      for document in page.documents {
        try Self.apply(db, document, seal, generation, asked, now)
      }
      if let queue = page.queue { try Self.apply(db, queue) }
      if let office = page.office { try Self.apply(db, office, generation: generation) }
      if !page.hasMore {
        try Self.dropApplications(db, before: generation)
        let gone = try String.fetchAll(
          db, sql: "SELECT id FROM document WHERE generation < ?", arguments: [generation])
        for id in gone {
          try Self.eraseDocument(db, id, "withdrawn", now)
          try db.execute(sql: "DELETE FROM document WHERE id = ?", arguments: [id])
        }
        try Self.dropLeasesOfNothing(db)
        try Self.dropOfficeParts(db, before: generation)
        try Self.setMeta(db, "synced_at", String(now.milliseconds))
      }
      try Self.setMeta(db, "cursor", page.cursor)
    }
  }

  private static func apply(
    _ db: Database, _ change: ChangesPage.Document, _ seal: RowSeal, _ generation: Int,
    _ asked: Int64, _ now: Timestamp
  ) throws {
    guard let document = change.document else {
      try eraseDocument(db, change.id, "withdrawn", now)
      try db.execute(sql: "DELETE FROM document WHERE id = ?", arguments: [change.id])
      try db.execute(
        sql: "DELETE FROM print_lease WHERE document_id = ?", arguments: [change.id])
      return
    }
    try keepLease(db, of: document, seal)
    // Bytes of an older version of the same document are of no use.
    if (try? cached(db, seal, change.id))?.sealedSHA256 != document.sealedSHA256 {
      try eraseDocument(db, change.id, "superseded", now)
    }
    let row = SealedDocumentRow(
      summary: document.summary, bytes: document.sealedBytes, sha256: document.sealedSHA256)
    try db.execute(
      sql: """
        INSERT INTO document(id, nik, sealed, asked_count, generation) VALUES(?, ?, ?, ?, ?)
        ON CONFLICT(id) DO UPDATE SET nik = excluded.nik, sealed = excluded.sealed,
          asked_count = excluded.asked_count,
          generation = excluded.generation
        """,
      arguments: [
        change.id, change.nik.value,
        try seal.seal(row, table: "document", row: change.id + "|" + change.nik.value), asked,
        generation,
      ])
  }

  /// The documents of a holder, oldest first, with the prints that this kiosk has not yet told the
  /// server taken off.
  @Sendable func documents(_ nik: LookupKey) async throws(PortError) -> [CachedDocument] {
    let seal = seal
    return try await read("documents") { db in
      let ids = try String.fetchAll(
        db, sql: "SELECT id FROM document WHERE nik = ? ORDER BY id LIMIT 200",
        arguments: [nik.value])
      return try ids.compactMap { id in
        guard var document = try Self.cached(db, seal, id) else { return nil }
        document.summary.printsLeft = try Self.printsLeft(db, document)
        return document
      }.sorted { $0.summary.readySince < $1.summary.readySince }
    }
  }

  static func cached(_ db: Database, _ seal: RowSeal, _ id: String) throws -> CachedDocument? {
    let found = try Row.fetchOne(
      db, sql: "SELECT nik, sealed FROM document WHERE id = ?", arguments: [id])
    guard let nik = found?["nik"] as String?, let sealed = found?["sealed"] as Data? else {
      return nil
    }
    let row = try seal.open(
      SealedDocumentRow.self, sealed, table: "document", row: id + "|" + nik)
    return CachedDocument(summary: row.summary, sealedBytes: row.bytes, sealedSHA256: row.sha256)
  }

  static func meta(_ db: Database, _ key: String) throws -> String? {
    try Data.fetchOne(db, sql: "SELECT value FROM meta WHERE key = ?", arguments: [key]).map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  static func setMeta(_ db: Database, _ key: String, _ value: String) throws {
    try db.execute(
      sql: "INSERT OR REPLACE INTO meta(key, value) VALUES(?, ?)",
      arguments: [key, Data(value.utf8)])
  }

  /// Zero, which is older than every report, as long as no pull was announced.
  private static func askedCount(_ db: Database) throws -> Int64 {
    try meta(db, "asked_count").flatMap { Int64($0) } ?? 0
  }

  private static func generation(_ db: Database) throws -> Int {
    try meta(db, "generation").flatMap { Int($0) } ?? 0
  }
}
