internal import DinasProtocol
internal import FoundationEssentials
internal import GRDB
internal import OfficeModel
internal import Ports

extension LocalStore {
  /// The next number of series and day, with the item that tells the server, in one transaction. The
  /// same draft twice is the same ticket. A holder who has one open for this service and day:
  /// `conflict` at `holder`. No number left: `rateLimited` at `ticket numbers`.
  @Sendable func issueTicket(_ draft: TicketDraft) async throws(PortError) -> IssuedTicket {
    try await write("issue ticket") { db in
      if let known = try Row.fetchOne(
        db, sql: "SELECT * FROM ticket WHERE id = ?", arguments: [draft.id])
      {
        return try Self.ticket(known)
      }
      if let holder = draft.holder,
        try Self.heldTicket(db, holder, draft.serviceID, draft.date) != nil
      {
        throw PortError(.conflict, step: "holder", detail: "has a ticket for this service")
      }
      let last =
        try Int.fetchOne(
          db, sql: "SELECT MAX(number) FROM ticket WHERE series = ? AND local_date = ?",
          arguments: [draft.series, draft.date.description]) ?? 0
      guard last < Self.numbersPerDayLimit else {
        throw PortError(.rateLimited, step: "ticket numbers", detail: "used up for today")
      }
      let ticket = IssuedTicket(
        id: draft.id, number: TicketNumber(series: draft.series, number: last + 1),
        serviceID: draft.serviceID, serviceName: draft.serviceName, lane: draft.lane,
        date: draft.date, issuedAt: draft.issuedAt)
      do throws(WireProblem) {
        try ticket.check()
      } catch {
        throw PortError(.malformed, step: "issue ticket", detail: error.description)
      }
      try db.execute(
        sql: """
          INSERT INTO ticket
            (id, series, local_date, number, service_id, service_name, lane, issued_at, holder)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          ticket.id, draft.series, draft.date.description, ticket.number.number,
          ticket.serviceID, ticket.serviceName, ticket.lane.rawValue,
          ticket.issuedAt.milliseconds, draft.holder?.value,
        ])
      try Self.insert(
        db,
        OutboxItem(
          id: ticket.id, kind: .ticket, stream: "tickets:" + draft.series,
          body: try Wire.encode(ticket), createdAt: draft.issuedAt))
      return ticket
    }
  }

  /// Counts as open for the rest of its day: whether the counter has called it, only the server knows.
  @Sendable func openTicket(
    _ holder: LookupKey, _ serviceID: String, _ date: CivilDate
  ) async throws(PortError) -> IssuedTicket? {
    try await read("open ticket") { db in try Self.heldTicket(db, holder, serviceID, date) }
  }

  @Sendable func ticketPaper(_ ticketID: String, _ printed: Bool) async throws(PortError) {
    try await write("ticket paper") { db in
      // Once on paper it stays so, whatever a second attempt comes to.
      try db.execute(
        sql: "UPDATE ticket SET printed = MAX(COALESCE(printed, 0), ?) WHERE id = ?",
        arguments: [printed ? 1 : 0, ticketID])
    }
  }

  private static func heldTicket(
    _ db: Database, _ holder: LookupKey, _ serviceID: String, _ date: CivilDate
  ) throws -> IssuedTicket? {
    try Row.fetchOne(
      db,
      sql: """
        SELECT * FROM ticket WHERE holder = ? AND service_id = ? AND local_date = ?
        ORDER BY number DESC LIMIT 1
        """,
      arguments: [holder.value, serviceID, date.description]
    ).map(ticket)
  }

  private static func ticket(_ row: Row) throws -> IssuedTicket {
    guard let series = row["series"] as String?, let number = row["number"] as Int?, number > 0,
      let lane = (row["lane"] as String?).flatMap(Lane.init(rawValue:)),
      let date = (row["local_date"] as String?).flatMap(CivilDate.init(_:)),
      let id = row["id"] as String?, let serviceID = row["service_id"] as String?,
      let serviceName = row["service_name"] as String?, let issued = row["issued_at"] as Int64?
    else { throw PortError(.storageDamaged, step: "read ticket") }
    return IssuedTicket(
      id: id, number: TicketNumber(series: series, number: number), serviceID: serviceID,
      serviceName: serviceName, lane: lane, date: date, issuedAt: Timestamp(milliseconds: issued))
  }
}
