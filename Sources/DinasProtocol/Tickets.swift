public import OfficeModel

extension IssuedTicket: WireBody {
  public func check() throws(WireProblem) {
    try Check.identifier(id, "id")
    try Check.number(number, "number")
    try Check.identifier(serviceID, "serviceID")
    try Check.text(serviceName, "serviceName")
    try Check.time(issuedAt, "issuedAt")
  }
}

/// The body of `POST /v1/tickets`: a number of the reserve, already given and committed. Its id is the
/// idempotency key. Written as one flat object, the ticket's fields and `holderKey`.
public struct TicketReport: WireBody, Hashable {
  public var ticket: IssuedTicket
  /// Keyed hash of the NIK or booking code it was given for.
  public var holderKey: String?

  public init(ticket: IssuedTicket, holderKey: String?) {
    self.ticket = ticket
    self.holderKey = holderKey
  }

  private enum CodingKeys: String, CodingKey { case holderKey }

  public init(from decoder: any Decoder) throws {
    ticket = try IssuedTicket(from: decoder)
    holderKey = try decoder.container(keyedBy: CodingKeys.self)
      .decodeIfPresent(String.self, forKey: .holderKey)
  }

  public func encode(to encoder: any Encoder) throws {
    try ticket.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(holderKey, forKey: .holderKey)
  }

  public func check() throws(WireProblem) {
    try ticket.check()
    if let holderKey { try Check.key(holderKey, "holderKey") }
  }
}

/// The answer: the Dinas knows the ticket now. A repeated request gets the very same answer.
public struct TicketReceipt: WireBody, Hashable {
  public var id: String
  public var receivedAt: Timestamp
  /// Tickets of this service and lane that were waiting before it.
  public var waitingBefore: Int

  public init(id: String, receivedAt: Timestamp, waitingBefore: Int) {
    self.id = id
    self.receivedAt = receivedAt
    self.waitingBefore = waitingBefore
  }

  public func check() throws(WireProblem) {
    try Check.identifier(id, "id")
    try Check.time(receivedAt, "receivedAt")
    try Check.people(waitingBefore, "waitingBefore")
  }
}

/// The body of `POST /v1/tickets/next`: the next number of a line is asked for. The id is the
/// idempotency key, and becomes the ticket's.
public struct TicketRequest: WireBody, Hashable {
  public var id: String
  public var kiosk: String
  public var serviceID: String
  public var lane: Lane
  public var identity: TicketIdentity
  /// Keyed hash of the NIK or of the booking's code; there is one unless `identity` is `none`.
  public var holderKey: String?

  public init(
    id: String, kiosk: String, serviceID: String, lane: Lane, identity: TicketIdentity = .none,
    holderKey: String? = nil
  ) {
    self.id = id
    self.kiosk = kiosk
    self.serviceID = serviceID
    self.lane = lane
    self.identity = identity
    self.holderKey = holderKey
  }

  public func check() throws(WireProblem) {
    try Check.identifier(id, "id")
    try Check.identifier(kiosk, "kiosk")
    try Check.identifier(serviceID, "serviceID")
    guard (identity == .none) == (holderKey == nil) else {
      throw WireProblem("holderKey", "there is one unless identity is none")
    }
    if let holderKey { try Check.key(holderKey, "holderKey") }
  }
}

/// The answer to it: a number, or the rule that gives none. A repeated request gets the very same.
public struct TicketAnswer: WireBody, Hashable {
  public struct Given: Codable, Hashable, Sendable {
    public var number: TicketNumber
    public var date: CivilDate
    public var issuedAt: Timestamp
    /// Before it in its line.
    public var waiting: Int
    public var secondsPerCall: Int?

    public init(_ given: GivenNumber) {
      number = given.number
      date = given.date
      issuedAt = given.issuedAt
      waiting = given.waiting
      secondsPerCall = given.secondsPerCall
    }
  }

  public struct Refused: Codable, Hashable, Sendable {
    public enum Reason: String, Codable, Sendable, CaseIterable {
      case holding, citizenQuota, dayQuota, halfDayQuota, closed, bookingUnknown, bookingTime
    }
    public var reason: Reason
    /// With `holding`: the number that the citizen has.
    public var number: TicketNumber?
    /// With `bookingTime`: the check-in window, in minutes after midnight.
    public var from: Int?
    public var until: Int?

    public init(reason: Reason, number: TicketNumber? = nil, from: Int? = nil, until: Int? = nil) {
      self.reason = reason
      self.number = number
      self.from = from
      self.until = until
    }
  }

  public var id: String
  public var serverTime: Timestamp
  /// One of the two.
  public var given: Given?
  public var refused: Refused?

  public init(id: String, serverTime: Timestamp, given: Given? = nil, refused: Refused? = nil) {
    self.id = id
    self.serverTime = serverTime
    self.given = given
    self.refused = refused
  }

  public func check() throws(WireProblem) {
    try Check.identifier(id, "id")
    try Check.time(serverTime, "serverTime")
    guard (given == nil) != (refused == nil) else {
      throw WireProblem("given", "given or refused, one of them")
    }
    if let given {
      try Check.number(given.number, "given.number")
      try Check.time(given.issuedAt, "given.issuedAt")
      try Check.people(given.waiting, "given.waiting")
      try Check.pace(given.secondsPerCall, "given.secondsPerCall")
    }
    guard let refused else { return }
    if let number = refused.number { try Check.number(number, "refused.number") }
    guard (refused.reason == .holding) == (refused.number != nil) else {
      throw WireProblem("refused.number", "with holding and only then")
    }
    let isWindow = refused.reason == .bookingTime
    guard (refused.from != nil) == isWindow, (refused.until != nil) == isWindow else {
      throw WireProblem("refused.from", "from and until with bookingTime and only then")
    }
    if let from = refused.from, let until = refused.until {
      guard 0 <= from, from < until, until <= 1440 else {
        throw WireProblem("refused.from", "minutes of a day, before until")
      }
    }
  }
}

/// The body of `POST /v1/tickets/void`: the request of this id is over, whether it reached the Dinas or
/// not. A number given under it is taken back and never given again, and a request that still comes is
/// refused. The idempotency key is `v` and the id.
public struct TicketVoid: WireBody, Hashable {
  public var id: String
  public var at: Timestamp

  public init(id: String, at: Timestamp) {
    self.id = id
    self.at = at
  }

  public var key: String { Self.key(of: id) }
  public static func key(of id: String) -> String { "v" + id }

  public func check() throws(WireProblem) {
    try Check.identifier(id, "id")
    // The key is an identifier, too.
    try Check.identifier(key, "id")
    try Check.time(at, "at")
  }
}

/// The answer to it; `number`: what was taken back.
public struct VoidReceipt: WireBody, Hashable {
  public var id: String
  public var receivedAt: Timestamp
  public var number: TicketNumber?

  public init(id: String, receivedAt: Timestamp, number: TicketNumber? = nil) {
    self.id = id
    self.receivedAt = receivedAt
    self.number = number
  }

  public func check() throws(WireProblem) {
    try Check.identifier(id, "id")
    try Check.time(receivedAt, "receivedAt")
    if let number { try Check.number(number, "number") }
  }
}
