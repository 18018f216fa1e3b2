internal import DinasProtocol
internal import FoundationEssentials
internal import GRDB
internal import OfficeModel
internal import Ports

extension LocalStore {
  @Sendable func giveTicket(
    _ draft: TicketDraft, _ given: GivenNumber
  ) async throws(PortError) -> IssuedTicket {
    try await write("give ticket") { db in
      try Self.close(db, request: draft.id, as: "given")
      let ticket = IssuedTicket(
        id: draft.id, number: given.number, serviceID: draft.serviceID,
        serviceName: draft.serviceName, lane: draft.lane, date: given.date,
        issuedAt: given.issuedAt)
      try Self.insert(db, ticket, draft, origin: "server")
      return ticket
    }
  }

  @Sendable func issueTicket(
    _ draft: TicketDraft, _ voiding: String?
  ) async throws(PortError) -> NumberIssue {
    try await write("issue ticket") { db in
      if let voiding { try Self.void(db, voiding, draft.who, draft.issuedAt) }
      if let known = try Row.fetchOne(
        db.cachedStatement(sql: "SELECT * FROM ticket WHERE id = ?"), arguments: [draft.id])
      {
        return .given(try Self.ticket(known))
      }
      if let finding = draft.limits.finding(try Self.standing(db, draft)) {
        return .refused(finding)
      }
      if let finding = try Self.booking(db, draft) { return .refused(finding) }
      guard let number = try Self.nextOfReserve(db, draft) else {
        return .refused(.reserveUsedUp)
      }
      let ticket = IssuedTicket(
        id: draft.id, number: number, serviceID: draft.serviceID, serviceName: draft.serviceName,
        lane: draft.lane, date: draft.date, issuedAt: draft.issuedAt)
      try Self.insert(db, ticket, draft, origin: "reserve")
      try Self.insertReport(
        db, of: ticket, holder: draft.holder?.value,
        stream: voiding.map(Self.stream(voiding:)) ?? "ticket:" + ticket.id)
      return .given(ticket)
    }
  }

  /// Lets the server learn of a number of the reserve.
  static func insertReport(
    _ db: Database, of ticket: IssuedTicket, holder: String?, stream: String
  ) throws {
    try insert(
      db,
      OutboxItem(
        id: ticket.id, kind: .ticket, stream: stream,
        body: try Wire.encode(TicketReport(ticket: ticket, holderKey: holder)),
        createdAt: ticket.issuedAt))
  }

  /// The lowest number of the draft's line and day that lies above all that were given of its series.
  private static func nextOfReserve(_ db: Database, _ draft: TicketDraft) throws -> TicketNumber? {
    let runs = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT series, first, last,
            (SELECT MAX(number) FROM ticket WHERE ticket.series = number_reserve.series
              AND ticket.local_date = number_reserve.local_date) AS given
          FROM number_reserve WHERE service_id = ? AND lane = ? AND local_date = ? ORDER BY series
          """),
      arguments: [draft.serviceID, draft.lane.rawValue, draft.date.description])
    for run in runs {
      guard let series = run["series"] as String?, let first = run["first"] as Int?,
        let last = run["last"] as Int?
      else { continue }
      let next = max(first, (run["given"] as Int? ?? 0) + 1)
      if next <= last { return TicketNumber(series: series, number: next) }
    }
    return nil
  }

  private static func insert(
    _ db: Database, _ ticket: IssuedTicket, _ draft: TicketDraft, origin: String
  ) throws {
    do throws(WireProblem) {
      try ticket.check()
    } catch {
      throw PortError(.malformed, step: "ticket", detail: error.description)
    }
    try db.cachedStatement(
      sql: """
        INSERT INTO ticket (id, series, local_date, number, service_id, service_name, lane,
          issued_at, holder, origin) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(
      arguments: [
        ticket.id, ticket.number.series, ticket.date.description, ticket.number.number,
        ticket.serviceID, ticket.serviceName, ticket.lane.rawValue, ticket.issuedAt.milliseconds,
        draft.holder?.value, origin,
      ])
    try append(
      db,
      AuditEntry(
        at: draft.issuedAt, who: draft.who, what: .ticketIssued, subject: ticket.id,
        result: "\(origin) \(ticket.number) \(ticket.date)"))
  }

  @Sendable func ticketStanding(_ draft: TicketDraft) async throws(PortError) -> TicketStanding {
    try await read("ticket standing") { db in try Self.standing(db, draft) }
  }

  @Sendable func ticketPaper(
    _ ticketID: String, _ printed: Bool, _ who: String, _ at: Timestamp
  ) async throws(PortError) {
    try await write("ticket paper") { db in
      // Once on paper it stays so, whatever a second attempt comes to.
      try db.cachedStatement(
        sql: "UPDATE ticket SET printed = MAX(COALESCE(printed, 0), ?) WHERE id = ?"
      ).execute(
        arguments: [printed ? 1 : 0, ticketID])
      try Self.append(
        db,
        AuditEntry(
          at: at, who: who, what: .ticketPaper, subject: ticketID,
          result: printed ? "ok" : "not printed"))
    }
  }

  /// The open ticket of a holder for a service and day: it counts as open until the server says that
  /// it is not.
  static func heldTicket(
    _ db: Database, _ holder: LookupKey, _ serviceID: String, _ date: CivilDate
  ) throws -> IssuedTicket? {
    try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT * FROM ticket
          WHERE holder = ? AND service_id = ? AND local_date = ? AND closed = 0
          ORDER BY issued_at DESC LIMIT 1
          """),
      arguments: [holder.value, serviceID, date.description]
    ).map(ticket)
  }

  static func ticket(_ row: Row) throws -> IssuedTicket {
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
