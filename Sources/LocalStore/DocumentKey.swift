internal import Crypto
internal import DinasProtocol
internal import FoundationEssentials
internal import GRDB
internal import OfficeModel
internal import Ports

/// The key of one kept document. Overwriting its wrapped form erases the document, wherever copies
/// of the ciphertext lie.
struct DocumentKey {
  /// Nonce, 32 bytes of key, tag.
  static let wrappedBytes = 60
  private static let table = "document_key"
  private let key: SymmetricKey

  init() { key = SymmetricKey(size: .bits256) }

  init(wrapped: Data, id: String, _ seal: RowSeal) throws(PortError) {
    key = SymmetricKey(data: try seal.open(wrapped, table: Self.table, row: id))
  }

  func wrapped(id: String, _ seal: RowSeal) throws(PortError) -> Data {
    try seal.seal(unsafe key.withUnsafeBytes { unsafe Data($0) }, table: Self.table, row: id)
  }

  func seal(_ bytes: [UInt8], id: String) throws(PortError) -> Data {
    guard
      let box = try? AES.GCM.seal(bytes, using: key, authenticating: Self.context(id)),
      let combined = box.combined
    else { throw PortError(.internalFault, step: "seal document") }
    return combined
  }

  func open(_ sealed: Data, id: String) throws(PortError) -> [UInt8] {
    guard let box = try? AES.GCM.SealedBox(combined: sealed),
      let bytes = try? AES.GCM.open(box, using: key, authenticating: Self.context(id))
    else {
      throw PortError(.storageDamaged, step: "open document", detail: "seal does not fit its row")
    }
    return Array(bytes)
  }

  private static func context(_ id: String) -> Data { Data("anjungan|document_bytes|\(id)".utf8) }
}

extension LocalStore {
  /// Documents whose bytes are kept: a shelf of several months at a kiosk that is a pick-up place.
  static let keptDocumentsLimit = 4096

  /// Nil when nothing is kept of it, or nothing that opens: then it is fetched again.
  @Sendable func sealedDocument(_ id: String) async throws(PortError) -> [UInt8]? {
    let seal = seal
    return try await read("document bytes") { db in
      guard
        let row = try Row.fetchOne(
          db,
          sql: """
            SELECT sealed, wrapped FROM document_bytes
            JOIN document_key ON slot = key_slot WHERE id = ?
            """, arguments: [id]),
        let sealed = row["sealed"] as Data?, let wrapped = row["wrapped"] as Data?,
        let key = try? DocumentKey(wrapped: wrapped, id: id, seal)
      else { return nil }
      return try? key.open(sealed, id: id)
    }
  }

  /// Whether a document of so many bytes may be kept without touching the room that tickets and
  /// ledger need.
  @Sendable func hasRoom(_ bytes: Int) -> Bool {
    guard let space = space() else { return true }
    return !space.isReadOnly && space.freeBytes >= reserveBytes + Int64(bytes)
  }

  /// Keeps nothing of a document that is or was being printed meanwhile: its bytes were erased, or are
  /// about to be.
  @Sendable func keepSealedDocument(_ id: String, _ bytes: [UInt8]) async throws(PortError) {
    guard bytes.count <= DinasAPI.Limit.sealedDocumentBytes else {
      throw PortError(.refused, step: "keep document", detail: "larger than the limit")
    }
    guard hasRoom(bytes.count) else {
      throw PortError(.refused, step: "keep document", detail: "reserve is kept free")
    }
    let key = DocumentKey()
    let sealed = try key.seal(bytes, id: id)
    let wrapped = try key.wrapped(id: id, seal)
    let seal = seal
    try await write("keep document") { db in
      guard let document = try Self.cached(db, seal, id) else {
        throw PortError(.notFound, step: "keep document")
      }
      guard try Self.printsLeft(db, document) > 0 else { return }
      try db.execute(sql: "DELETE FROM document_bytes WHERE id = ?", arguments: [id])
      let slot = try Self.freeSlot(db)
      try db.execute(
        sql: """
          INSERT INTO document_key(slot, wrapped) VALUES(?, ?)
          ON CONFLICT(slot) DO UPDATE SET wrapped = excluded.wrapped
          """, arguments: [slot, wrapped])
      try db.execute(
        sql: "INSERT INTO document_bytes(id, key_slot, sealed) VALUES(?, ?, ?)",
        arguments: [id, slot, sealed])
    }
  }

  /// A slot whose key was erased, or the next new one.
  private static func freeSlot(_ db: Database) throws -> Int64 {
    let free = try Int64.fetchOne(
      db,
      sql: """
        SELECT slot FROM document_key WHERE wrapped = zeroblob(?) ORDER BY slot LIMIT 1
        """, arguments: [DocumentKey.wrappedBytes])
    if let free { return free }
    let last = try Int64.fetchOne(db, sql: "SELECT MAX(slot) FROM document_key") ?? 0
    guard last < keptDocumentsLimit else {
      throw PortError(.refused, step: "keep document", detail: "as many as may be kept")
    }
    return last + 1
  }

  /// Erases what is kept of a document, in the transaction of the reason for it.
  /// - Parameter reason: a stable word for the record: `delivered`, `withdrawn`, `superseded`.
  static func eraseDocument(
    _ db: Database, _ id: String, _ reason: String, _ now: Timestamp
  ) throws {
    try db.execute(sql: "DELETE FROM document_bytes WHERE id = ?", arguments: [id])
    guard db.changesCount > 0 else { return }
    try append(
      db,
      AuditEntry(at: now, who: "kiosk", what: .documentErased, subject: id, result: reason))
  }
}
