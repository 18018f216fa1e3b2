/// Version 3 of the tables for sealed rows and documents.
enum SealSchema {
  static let version3 = """
    -- What was kept of the documents is fetched again: from here on each has a key of its own, and
    -- its row is sealed to its holder. The old answers on applications stay until the last page.
    DROP TABLE document_bytes;
    DELETE FROM document;
    UPDATE meta SET value = x'' WHERE key = 'cursor';
    INSERT INTO meta(key, value) VALUES('generation', CAST('1' AS BLOB))
      ON CONFLICT(key) DO UPDATE SET value = CAST(CAST(CAST(value AS TEXT) + 1 AS TEXT) AS BLOB);

    -- The keys of kept documents, each wrapped under the store's key. A slot is never deleted, only
    -- overwritten in place by as many zeros: a key that was never moved left no copy behind.
    CREATE TABLE document_key (
      slot INTEGER PRIMARY KEY,
      wrapped BLOB NOT NULL CHECK (length(wrapped) = \(DocumentKey.wrappedBytes))
    ) STRICT;

    -- As the server sealed them, sealed once more under the document's own key.
    CREATE TABLE document_bytes (
      id TEXT NOT NULL PRIMARY KEY REFERENCES document(id) ON DELETE CASCADE,
      key_slot INTEGER NOT NULL UNIQUE REFERENCES document_key(slot),
      sealed BLOB NOT NULL
    ) STRICT;

    -- Whoever deletes the bytes, and be it by deleting the document, erases the key.
    CREATE TRIGGER document_bytes_erased AFTER DELETE ON document_bytes BEGIN
      UPDATE document_key SET wrapped = zeroblob(\(DocumentKey.wrappedBytes))
        WHERE slot = OLD.key_slot;
    END;
    """

  /// May be fetched again: when only these are damaged they are dropped and filled anew.
  static let cacheTables: Set<String> = [
    "application", "document", "document_key", "document_bytes",
  ]
  /// Rows of `meta` that tell what the cache holds.
  static let cacheMeta: Set<String> = [
    "cursor", "generation", "swept_generation", "synced_at", "asked_count",
  ]
}
