internal import Crypto
internal import FoundationEssentials
internal import GRDB
internal import Ports

/// Whether the keys at hand are those that a store was made with.
enum StoreKeys {
  enum Fit: Equatable {
    case own, other
    /// The key is the right one, and what was kept to tell is spoilt.
    case damaged
  }

  static let otherStoreKey = PortError(
    .unauthorized, step: "store key", detail: "this key does not open the existing store")

  private static let lookupCheck = "lookup_check"
  /// Sealed rows that are tried where the check itself does not open: all of them spoilt is unlikely.
  private static let witnesses = 8

  static func fit(_ db: Database, _ seal: RowSeal) throws -> Fit {
    let check = try meta(db, StoreSchema.keyCheck)
    if let check, let text = opened(check, StoreSchema.keyCheck, seal) {
      return text == StoreSchema.keyCheckText ? .own : .other
    }
    return opensAnything(db, seal) ? .damaged : .other
  }

  private static func opensAnything(_ db: Database, _ seal: RowSeal) -> Bool {
    if let check = try? meta(db, lookupCheck), opened(check, lookupCheck, seal) != nil {
      return true
    }
    // A table that is not there, or not readable, says nothing.
    let rows =
      sealedRows(
        db, "document_key",
        """
        SELECT wrapped, id FROM document_bytes JOIN document_key ON slot = key_slot LIMIT ?
        """)
      + sealedRows(
        db, "application", "SELECT sealed, registration || '|' || nik FROM application LIMIT ?")
    return rows.contains { (try? seal.open($0.sealed, table: $0.table, row: $0.row)) != nil }
  }

  private static func sealedRows(
    _ db: Database, _ table: String, _ sql: String
  ) -> [(table: String, row: String, sealed: Data)] {
    let rows = try? Row.fetchAll(db, sql: sql, arguments: [witnesses])
    return (rows ?? []).compactMap { row in
      guard let sealed = row[0] as Data?, let name = row[1] as String? else { return nil }
      return (table, name, sealed)
    }
  }

  /// Refuses another lookup key than the one of the last start: with it nobody's data would be found,
  /// and every count of tickets and tries would begin anew.
  static func checkLookupKey(_ db: Database, _ lookupKey: [UInt8], _ seal: RowSeal) throws {
    let hash = HMAC<SHA256>.authenticationCode(
      for: Data("anjungan lookup".utf8), using: SymmetricKey(data: lookupKey))
    let own = [Data(hash).base64EncodedString()]
    if let check = try meta(db, lookupCheck), let known = opened(check, lookupCheck, seal) {
      guard known == own else {
        throw PortError(
          .unauthorized, step: "lookup key", detail: "not the one that the store was made with")
      }
      return
    }
    // The first start that keeps it, or one that is spoilt: the store's own key was checked before.
    try db.execute(
      sql: "INSERT OR REPLACE INTO meta(key, value) VALUES(?, ?)",
      arguments: [lookupCheck, try seal.seal(own, table: "meta", row: lookupCheck)])
  }

  private static func meta(_ db: Database, _ key: String) throws -> Data? {
    try Data.fetchOne(db, sql: "SELECT value FROM meta WHERE key = ?", arguments: [key])
  }

  private static func opened(_ check: Data, _ row: String, _ seal: RowSeal) -> [String]? {
    try? seal.open([String].self, check, table: "meta", row: row)
  }
}
