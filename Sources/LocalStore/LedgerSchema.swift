/// Versions 3 and 4 of the tables for print ledger and leases.
enum LedgerSchema {
  static let version3 = """
    -- For the audit log: who asked for the print.
    ALTER TABLE print_job ADD COLUMN who TEXT NOT NULL DEFAULT 'kiosk';
    ALTER TABLE print_job ADD COLUMN lease_id TEXT;
    -- The printer's sheet counter before the job.
    ALTER TABLE print_job ADD COLUMN sheet_counter INTEGER;
    ALTER TABLE print_job ADD COLUMN printing_at INTEGER;
    -- What staff found after an unknown end.
    ALTER TABLE print_job ADD COLUMN finding TEXT;

    -- The print rights that are lent to this kiosk.
    CREATE TABLE print_lease (
      document_id TEXT NOT NULL PRIMARY KEY,
      lease_id TEXT NOT NULL,
      until INTEGER NOT NULL,
      -- How the holder is known without the server, sealed; only of leases in advance.
      offline BLOB
    ) STRICT;

    -- `asked`: before the server hears of it, so that a lease whose answer nobody took can be given
    -- back. `returned`: nothing is printed under it any more, whatever a late answer or page says.
    CREATE TABLE lease_key (
      id TEXT NOT NULL PRIMARY KEY,
      document_id TEXT NOT NULL,
      at INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('asked', 'returned'))
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX lease_key_asked ON lease_key(document_id) WHERE state = 'asked';
    -- Behind which no lease goes back.
    CREATE INDEX outbox_refused ON outbox(stream, seq) WHERE dead_reason IS NOT NULL;
    """

  static let version4 = """
    -- The printer the job was sent to; NULL: there was one only.
    ALTER TABLE print_job ADD COLUMN printer TEXT;
    -- Sheets of the whole document.
    ALTER TABLE print_job ADD COLUMN pages INTEGER NOT NULL DEFAULT 0;
    """
}
