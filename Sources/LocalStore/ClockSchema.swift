/// Version 3 of the tables for trusted time.
enum ClockSchema {
  static let version3 = """
    CREATE TABLE clock (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      boot_id TEXT NOT NULL,
      -- Civil time less the time since the machine's start; NULL: no time was trusted.
      offset INTEGER,
      source TEXT,
      seen INTEGER,
      server INTEGER,
      staff TEXT,
      pardoned INTEGER,
      CHECK ((offset IS NULL) = (source IS NULL))
    ) STRICT;
    """
}
