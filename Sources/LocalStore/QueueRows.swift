internal import GRDB
internal import OfficeModel
internal import Ports

extension LocalStore {
  /// Keeps what a page told of the queue, in the page's transaction. The lists are whole.
  static func apply(_ db: Database, _ news: QueueNews) throws {
    for table in ["number_reserve", "queue_line", "booking_lease"] {
      try db.execute(sql: "DELETE FROM \(table)")
    }
    for reserve in news.reserves {
      try db.cachedStatement(
        sql: """
          INSERT INTO number_reserve(series, local_date, service_id, lane, first, last)
          VALUES(?, ?, ?, ?, ?, ?)
          """
      ).execute(
        arguments: [
          reserve.series, reserve.date.description, reserve.serviceID, reserve.lane.rawValue,
          reserve.first, reserve.last,
        ])
    }
    for line in news.lines {
      // A line that is named twice is the later one.
      try db.cachedStatement(
        sql: """
          INSERT OR REPLACE INTO queue_line(service_id, lane, waiting, seconds_per_call, given_today,
            given_this_half, as_of) VALUES(?, ?, ?, ?, ?, ?, ?)
          """
      ).execute(
        arguments: [
          line.serviceID, line.lane.rawValue, line.waiting, line.secondsPerCall, line.givenToday,
          line.givenThisHalf, news.asOf.milliseconds,
        ])
    }
    for booking in news.bookings {
      try db.cachedStatement(
        sql: """
          INSERT OR REPLACE INTO booking_lease(code_key, service_id, local_date, from_minute,
            until_minute) VALUES(?, ?, ?, ?, ?)
          """
      ).execute(
        arguments: [
          booking.codeKey, booking.serviceID, booking.date.description, booking.from,
          booking.until,
        ])
    }
    for id in news.closedTickets {
      try db.cachedStatement(sql: "UPDATE ticket SET closed = 1 WHERE id = ? AND closed = 0")
        .execute(
          arguments: [id])
    }
  }

  @Sendable func queueLines() async throws(PortError) -> QueueState? {
    try await read("queue lines") { db in
      let rows = try Row.fetchAll(
        db.cachedStatement(sql: "SELECT * FROM queue_line ORDER BY service_id, lane LIMIT 200"))
      guard let asOf = rows.first?["as_of"] as Int64? else { return nil }
      return QueueState(
        asOf: Timestamp(milliseconds: asOf),
        lines: rows.compactMap { row in
          guard let service = row["service_id"] as String?,
            let lane = (row["lane"] as String?).flatMap(Lane.init(rawValue:)),
            let waiting = row["waiting"] as Int?, let today = row["given_today"] as Int?,
            let half = row["given_this_half"] as Int?
          else { return nil }
          return QueueLine(
            serviceID: service, lane: lane, waiting: waiting,
            secondsPerCall: row["seconds_per_call"], givenToday: today, givenThisHalf: half)
        })
    }
  }

  /// What the rules for a draft go by: the kiosk's own tickets, and what the server said of the office.
  static func standing(_ db: Database, _ draft: TicketDraft) throws -> TicketStanding {
    var standing = TicketStanding()
    let day = draft.date.description
    if let holder = draft.holder {
      standing.held = try heldTicket(db, holder, draft.serviceID, draft.date)?.number
      standing.takenByHolder =
        try Int.fetchOne(
          db.cachedStatement(
            sql: "SELECT COUNT(*) FROM ticket WHERE holder = ? AND local_date = ?"),
          arguments: [holder.value, day]) ?? 0
    }
    let (begins, ends) = (draft.limits.halfBegins.milliseconds, draft.limits.halfEnds.milliseconds)
    func own(since: Int64, until: Int64 = .max) throws -> Int {
      try Int.fetchOne(
        db.cachedStatement(
          sql: """
            SELECT COUNT(*) FROM ticket
            WHERE service_id = ? AND local_date = ? AND issued_at >= ? AND issued_at < ?
            """),
        arguments: [draft.serviceID, day, since, until]) ?? 0
    }
    standing.givenToday = try own(since: .min)
    standing.givenThisHalf = try own(since: begins, until: ends)
    // The office's own count, and on top of it what this kiosk gave after it was taken.
    let office = try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT SUM(given_today) AS today, SUM(given_this_half) AS half, MAX(as_of) AS as_of
          FROM queue_line WHERE service_id = ?
          """), arguments: [draft.serviceID])
    guard let asOf = office?["as_of"] as Int64?, let today = office?["today"] as Int?,
      let half = office?["half"] as Int?, asOf >= draft.limits.dayBegins.milliseconds,
      asOf < draft.limits.dayEnds.milliseconds
    else { return standing }
    standing.givenToday = max(standing.givenToday, today + (try own(since: asOf)))
    if asOf >= begins, asOf < ends {
      standing.givenThisHalf = max(
        standing.givenThisHalf, half + (try own(since: asOf, until: ends)))
    }
    return standing
  }

  /// What a booking allows now, when nobody but this store can be asked; nil: its number.
  static func booking(_ db: Database, _ draft: TicketDraft) throws -> TicketFinding? {
    guard draft.identity == .booking else { return nil }
    guard let code = draft.holder else { return .bookingUnknown }
    let row = try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT from_minute, until_minute FROM booking_lease
          WHERE code_key = ? AND service_id = ? AND local_date = ?
          """), arguments: [code.value, draft.serviceID, draft.date.description])
    guard let from = row?["from_minute"] as Int?, let until = row?["until_minute"] as Int? else {
      return .bookingUnchecked
    }
    return (from..<until).contains(draft.minute) ? nil : .bookingTime(from: from, until: until)
  }
}
