/// Version 4 of the tables for paper.
enum SuppliesSchema {
  static let version4 = """
    -- What was in a printer's tray after it was filled; the last row of a printer counts.
    CREATE TABLE paper_refill (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      printer TEXT NOT NULL,
      at INTEGER NOT NULL,
      -- NULL: nobody knows.
      sheets INTEGER CHECK (sheets >= 0),
      -- Nobody counted them: what the tray takes.
      is_estimate INTEGER NOT NULL,
      -- The printer's sheet counter then, where it has one.
      counter INTEGER,
      -- Sheets that the ledger took there since.
      printed INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX paper_refill_by_printer ON paper_refill(printer, id);
    """
}
