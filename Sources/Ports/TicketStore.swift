public import OfficeModel

/// Numbers that were given, requests for numbers, and what the server must learn of both.
public struct TicketStore: Sendable {
  /// Commits that the server is about to be asked for a number, before it is.
  public var ask: @Sendable (NumberRequest) async throws(PortError) -> Void
  /// The server gave a number: commits it as the ticket of its request. `conflict` where the request is
  /// over or the number is already given here.
  public var give: @Sendable (TicketDraft, GivenNumber) async throws(PortError) -> IssuedTicket
  /// The server refused: the request is over.
  public var refused: @Sendable (_ requestID: String) async throws(PortError) -> Void
  /// In one transaction: the next number of the reserve, the item that tells the server of it, and the
  /// void of the request that brought none in time. The void is committed whatever the rules say of
  /// the number. The same draft twice is the same ticket.
  public var issue:
    @Sendable (TicketDraft, _ voiding: String?) async throws(PortError) -> NumberIssue
  /// What a draft's rules have to go by.
  public var standing: @Sendable (TicketDraft) async throws(PortError) -> TicketStanding
  /// Voids the requests of other runs that were never settled; answers how many.
  public var voidLeft:
    @Sendable (_ run: String, _ who: String, Timestamp) async throws(PortError) -> Int
  /// Voids one request, when it is still open.
  public var void:
    @Sendable (_ requestID: String, _ who: String, Timestamp) async throws(PortError) -> Void
  /// The server's last word on all lines; nil: there was none yet.
  public var lines: @Sendable () async throws(PortError) -> QueueState?
  public var paper:
    @Sendable (_ ticketID: String, _ printed: Bool, _ who: String, Timestamp)
      async throws(PortError) -> Void

  public init(
    ask: @escaping @Sendable (NumberRequest) async throws(PortError) -> Void,
    give: @escaping @Sendable (TicketDraft, GivenNumber) async throws(PortError) -> IssuedTicket,
    refused: @escaping @Sendable (_ requestID: String) async throws(PortError) -> Void,
    issue:
      @escaping @Sendable (TicketDraft, _ voiding: String?) async throws(PortError) -> NumberIssue,
    standing: @escaping @Sendable (TicketDraft) async throws(PortError) -> TicketStanding,
    voidLeft:
      @escaping @Sendable (_ run: String, _ who: String, Timestamp) async throws(PortError) -> Int,
    void:
      @escaping @Sendable (_ requestID: String, _ who: String, Timestamp)
      async throws(PortError) -> Void,
    lines: @escaping @Sendable () async throws(PortError) -> QueueState?,
    paper:
      @escaping @Sendable (_ ticketID: String, _ printed: Bool, _ who: String, Timestamp)
      async throws(PortError) -> Void
  ) {
    self.ask = ask
    self.give = give
    self.refused = refused
    self.issue = issue
    self.standing = standing
    self.voidLeft = voidLeft
    self.void = void
    self.lines = lines
    self.paper = paper
  }
}

/// A question to the server for the next number of a line. Its id is the idempotency key.
public struct NumberRequest: Sendable, Equatable {
  public var id: String
  public var serviceID: String
  public var lane: Lane
  public var identity: TicketIdentity
  /// Keyed hash of NIK or booking code; there is one unless `identity` is `none`.
  public var holder: LookupKey?
  public var askedAt: Timestamp
  /// The run of the kiosk that asks: what it leaves open, a later run voids.
  public var run: String

  public init(_ draft: TicketDraft, run: String) {
    id = draft.id
    serviceID = draft.serviceID
    lane = draft.lane
    identity = draft.identity
    holder = draft.holder
    askedAt = draft.issuedAt
    self.run = run
  }
}

/// What the server answers to it.
public enum NumberReply: Sendable, Equatable {
  case given(GivenNumber)
  case refused(TicketFinding)
}

/// What came of asking the reserve.
public enum NumberIssue: Sendable, Equatable {
  case given(IssuedTicket)
  case refused(TicketFinding)
}

/// The lines before the counters, and when they were like this.
public struct QueueState: Sendable, Equatable {
  public var asOf: Timestamp
  public var lines: [QueueLine]
  public init(asOf: Timestamp, lines: [QueueLine]) {
    self.asOf = asOf
    self.lines = lines
  }
}

/// A ticket before it has a number.
public struct TicketDraft: Sendable, Equatable {
  public var id: String
  public var serviceID: String
  public var serviceName: String
  public var lane: Lane
  public var identity: TicketIdentity
  /// The office's local date: the numbering restarts with it.
  public var date: CivilDate
  /// Minutes after midnight on the office's clock, for a booking's window.
  public var minute: Int
  public var issuedAt: Timestamp
  /// Keyed hash of NIK or booking code where the service asks for one.
  public var holder: LookupKey?
  public var limits: TicketLimits
  /// As the audit log names the session.
  public var who: String

  public init(
    id: String, serviceID: String, serviceName: String, lane: Lane,
    identity: TicketIdentity = .none, date: CivilDate, minute: Int = 0, issuedAt: Timestamp,
    holder: LookupKey? = nil, limits: TicketLimits = TicketLimits(), who: String = "kiosk"
  ) {
    self.id = id
    self.serviceID = serviceID
    self.serviceName = serviceName
    self.lane = lane
    self.identity = identity
    self.date = date
    self.minute = minute
    self.issuedAt = issuedAt
    self.holder = holder
    self.limits = limits
    self.who = who
  }
}
