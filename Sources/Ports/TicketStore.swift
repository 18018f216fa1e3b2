public import OfficeModel

/// Numbers that were given, with what the server must learn of them.
public struct TicketStore: Sendable {
  /// Takes the next number of the series for that local date and commits ticket and outbox item
  /// together, before anything is printed.
  public var issue: @Sendable (TicketDraft) async throws(PortError) -> IssuedTicket
  public var open:
    @Sendable (_ holder: LookupKey, _ serviceID: String, CivilDate) async throws(PortError)
      -> IssuedTicket?
  public var paper: @Sendable (_ ticketID: String, _ printed: Bool) async throws(PortError) -> Void

  public init(
    issue: @escaping @Sendable (TicketDraft) async throws(PortError) -> IssuedTicket,
    open:
      @escaping @Sendable (_ holder: LookupKey, _ serviceID: String, CivilDate)
      async throws(PortError) -> IssuedTicket?,
    paper: @escaping @Sendable (_ ticketID: String, _ printed: Bool) async throws(PortError) -> Void
  ) {
    self.issue = issue
    self.open = open
    self.paper = paper
  }
}

public struct TicketDraft: Sendable, Equatable {
  public var id: String
  public var serviceID: String
  public var serviceName: String
  public var series: String
  public var lane: Lane
  /// The office's local date: the numbering restarts with it.
  public var date: CivilDate
  public var issuedAt: Timestamp
  /// Keyed hash of NIK or booking code where the service asks for one.
  public var holder: LookupKey?

  public init(
    id: String, serviceID: String, serviceName: String, series: String, lane: Lane,
    date: CivilDate, issuedAt: Timestamp, holder: LookupKey? = nil
  ) {
    self.id = id
    self.serviceID = serviceID
    self.serviceName = serviceName
    self.series = series
    self.lane = lane
    self.date = date
    self.issuedAt = issuedAt
    self.holder = holder
  }
}
