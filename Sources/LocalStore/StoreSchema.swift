internal import GRDB

/// The database's shape, version by version. A version that was released is never edited.
enum StoreSchema {
  static func migrator(seal: RowSeal) -> DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("v1") { db in
      try db.execute(sql: version1)
      // Written together with the tables: a database without it does not exist, so a key that does
      // not open it is a wrong key and never a new database.
      try db.execute(
        sql: "INSERT INTO meta(key, value) VALUES(?, ?)",
        arguments: [
          keyCheck, try seal.seal(keyCheckText, table: "meta", row: keyCheck),
        ])
    }
    migrator.registerMigration("v2") { db in
      // Until here `attempts` counted outages too, so it says nothing about the items themselves.
      try db.execute(sql: "ALTER TABLE outbox ADD COLUMN failures INTEGER NOT NULL DEFAULT 0")
    }
    migrator.registerMigration("v3") { db in
      for part in [
        SealSchema.version3, TicketSchema.version3, LedgerSchema.version3, OfficeSchema.version3,
        ClockSchema.version3, StaffSchema.version3, AuditSchema.version3,
      ] {
        try db.execute(sql: part)
      }
    }
    migrator.registerMigration("v4") { db in
      for part in [LedgerSchema.version4, SuppliesSchema.version4] { try db.execute(sql: part) }
    }
    return migrator
  }

  /// What may be fetched again. Everything else must survive, whatever happens to these.
  static let cacheTables = SealSchema.cacheTables.union(OfficeSchema.cacheTables)
    .union(TicketSchema.cacheTables)
  static let cacheMeta = SealSchema.cacheMeta.union(OfficeSchema.cacheMeta)

  static let keyCheck = "key_check"
  static let keyCheckText = ["anjungan store"]

  private static let version1 = """
    CREATE TABLE meta (
      key TEXT NOT NULL PRIMARY KEY,
      value BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- A number is given once for its series and day, whatever else goes wrong.
    CREATE TABLE ticket (
      id TEXT NOT NULL PRIMARY KEY,
      series TEXT NOT NULL,
      local_date TEXT NOT NULL,
      number INTEGER NOT NULL CHECK (number > 0),
      service_id TEXT NOT NULL,
      service_name TEXT NOT NULL,
      lane TEXT NOT NULL,
      issued_at INTEGER NOT NULL,
      holder TEXT,
      printed INTEGER,
      UNIQUE (series, local_date, number)
    ) STRICT;
    CREATE INDEX ticket_by_holder ON ticket(holder, service_id, local_date)
      WHERE holder IS NOT NULL;

    CREATE TABLE application (
      registration TEXT NOT NULL PRIMARY KEY,
      nik TEXT NOT NULL,
      sealed BLOB NOT NULL,
      generation INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE document (
      id TEXT NOT NULL PRIMARY KEY,
      nik TEXT NOT NULL,
      sealed BLOB NOT NULL,
      -- The ledger's count when the server was asked for this row.
      asked_count INTEGER NOT NULL,
      generation INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX document_by_nik ON document(nik);

    -- As the server sealed them: this store never holds the key and the text together.
    CREATE TABLE document_bytes (
      id TEXT NOT NULL PRIMARY KEY REFERENCES document(id) ON DELETE CASCADE,
      sealed BLOB NOT NULL
    ) STRICT;

    CREATE TABLE credential_try (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      nik TEXT NOT NULL,
      at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX credential_try_by_nik ON credential_try(nik, at);
    CREATE INDEX credential_try_by_time ON credential_try(at);

    CREATE TABLE print_job (
      job_key TEXT NOT NULL PRIMARY KEY,
      document_id TEXT NOT NULL,
      reserved_at INTEGER NOT NULL,
      submitted_at INTEGER,
      outcome TEXT,
      settled_at INTEGER,
      -- The ledger's count when the server confirmed that it knows the outcome.
      reported_count INTEGER,
      CHECK ((outcome IS NULL) = (settled_at IS NULL))
    ) STRICT;
    CREATE INDEX print_job_by_document ON print_job(document_id);
    -- At most one job of a document runs, whoever asks.
    CREATE UNIQUE INDEX print_job_running ON print_job(document_id) WHERE outcome IS NULL;

    CREATE TABLE outbox (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      kind TEXT NOT NULL,
      stream TEXT NOT NULL,
      body BLOB NOT NULL,
      created_at INTEGER NOT NULL,
      due_at INTEGER NOT NULL,
      attempts INTEGER NOT NULL,
      -- The print job whose outcome this item reports.
      job_key TEXT,
      dead_reason TEXT
    ) STRICT;
    CREATE INDEX outbox_by_stream ON outbox(stream, seq) WHERE dead_reason IS NULL;
    """
}
