/// What a service asks for before it gives a number (`ticketIdentity` in a service file).
public enum TicketIdentity: String, Sendable, Codable, CaseIterable {
  case none, nik, booking
}

/// The lane a citizen chooses; priority is self-declared, without proof at the kiosk.
public enum Lane: String, Sendable, Codable, CaseIterable {
  case general, priority
}

/// A queue number such as `A-001`. Series of letters, optionally the kiosk's own mark, and a
/// number that may pass 999.
public struct TicketNumber: Hashable, Sendable, Codable, CustomStringConvertible {
  public let series: String
  public let number: Int

  public init(series: String, number: Int) {
    precondition(number > 0, "a queue number counts from 1")
    self.series = series
    self.number = number
  }

  /// Stands before a service's letters in the series of its priority lane: `PA-001`.
  public static let priorityMark = "P"

  /// Whether two services with these letters could give one number: the letters of one, with or
  /// without the priority mark, are those of the other. Series that only begin alike do not clash, nor
  /// do those of a kiosk's reserve (`A2`), which end with digits.
  public static func seriesClash(_ a: String, _ b: String) -> Bool {
    a == b || priorityMark + a == b || priorityMark + b == a
  }

  public var description: String { "\(series)-\(padded(number, 3))" }
}

/// A number that is committed in the store: it is given, whatever the printer does afterwards.
public struct IssuedTicket: Hashable, Sendable, Codable {
  /// Identifies the ticket across kiosk, outbox and server; also its idempotency key.
  public var id: String
  public var number: TicketNumber
  public var serviceID: String
  public var serviceName: String
  public var lane: Lane
  public var date: CivilDate
  public var issuedAt: Timestamp

  public init(
    id: String, number: TicketNumber, serviceID: String, serviceName: String, lane: Lane,
    date: CivilDate, issuedAt: Timestamp
  ) {
    self.id = id
    self.number = number
    self.serviceID = serviceID
    self.serviceName = serviceName
    self.lane = lane
    self.date = date
    self.issuedAt = issuedAt
  }
}
