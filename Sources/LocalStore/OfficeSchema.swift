/// Version 3 of the tables for news of the office.
enum OfficeSchema {
  static let version3 = """
    -- Nothing personal: what hangs on the wall of the office.
    CREATE TABLE office_part (
      name TEXT NOT NULL PRIMARY KEY,
      json BLOB NOT NULL,
      generation INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- Lists as the server offered them; an ending says what became of it here.
    CREATE TABLE revocation_list (
      id TEXT NOT NULL PRIMARY KEY,
      sha256 TEXT NOT NULL,
      size INTEGER NOT NULL,
      ending TEXT
    ) STRICT, WITHOUT ROWID;
    """

  /// Those of them that the server tells again from an empty cursor, and such rows of `meta`.
  static let cacheTables: Set<String> = ["office_part", "revocation_list"]
  static let cacheMeta: Set<String> = []
}
