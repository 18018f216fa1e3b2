/// Version 3 of the tables for tickets, requests and reserves.
enum TicketSchema {
  /// What the server told last; all of it comes again.
  static let cacheTables: Set<String> = ["number_reserve", "queue_line", "booking_lease"]

  static let version3 = """
    -- `server`: given by the Dinas; `reserve`: out of the leased run; `kiosk`: before version 3.
    ALTER TABLE ticket ADD COLUMN origin TEXT NOT NULL DEFAULT 'kiosk';
    -- The server said that it is no longer open: its holder may take another.
    ALTER TABLE ticket ADD COLUMN closed INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX ticket_by_service ON ticket(service_id, local_date, issued_at);
    CREATE INDEX ticket_by_day_of_holder ON ticket(holder, local_date) WHERE holder IS NOT NULL;

    -- A question for a number. It is here before the server hears of it, so an answer that nobody
    -- waited for can be voided.
    CREATE TABLE number_request (
      id TEXT NOT NULL PRIMARY KEY,
      run TEXT NOT NULL,
      asked_at INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('asked', 'given', 'refused', 'voided'))
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX number_request_open ON number_request(run) WHERE state = 'asked';

    -- What the server told last; all of it comes again with the next page.
    CREATE TABLE number_reserve (
      series TEXT NOT NULL,
      local_date TEXT NOT NULL,
      service_id TEXT NOT NULL,
      lane TEXT NOT NULL,
      first INTEGER NOT NULL CHECK (first > 0),
      last INTEGER NOT NULL CHECK (last >= first),
      PRIMARY KEY (series, local_date)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE queue_line (
      service_id TEXT NOT NULL,
      lane TEXT NOT NULL,
      waiting INTEGER NOT NULL,
      seconds_per_call INTEGER,
      given_today INTEGER NOT NULL,
      given_this_half INTEGER NOT NULL,
      as_of INTEGER NOT NULL,
      PRIMARY KEY (service_id, lane)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE booking_lease (
      code_key TEXT NOT NULL,
      service_id TEXT NOT NULL,
      local_date TEXT NOT NULL,
      from_minute INTEGER NOT NULL,
      until_minute INTEGER NOT NULL,
      PRIMARY KEY (code_key, service_id, local_date)
    ) STRICT, WITHOUT ROWID;
    """
}
