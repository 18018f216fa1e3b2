public import OfficeModel

/// The body of `POST /v1/tickets`: a number that the kiosk has already given and committed. Its id
/// is the idempotency key.
extension IssuedTicket: WireBody {
  public func check() throws(WireProblem) {
    try Check.identifier(id, "id")
    guard (1...4).contains(number.series.utf8.count),
      number.series.utf8.allSatisfy({ (65...90).contains($0) || (48...57).contains($0) })
    else { throw WireProblem("number.series", "1 to 4 of the characters A-Z 0-9") }
    guard (1...9999).contains(number.number) else {
      throw WireProblem("number.number", "1 to 9999")
    }
    try Check.identifier(serviceID, "serviceID")
    try Check.text(serviceName, "serviceName")
    try Check.time(issuedAt, "issuedAt")
  }
}

/// The answer: the Dinas knows the ticket now. A repeated request gets the very same answer.
public struct TicketReceipt: WireBody, Hashable {
  public var id: String
  public var receivedAt: Timestamp
  /// Tickets of this series and lane that were waiting before it.
  public var waitingBefore: Int

  public init(id: String, receivedAt: Timestamp, waitingBefore: Int) {
    self.id = id
    self.receivedAt = receivedAt
    self.waitingBefore = waitingBefore
  }

  public func check() throws(WireProblem) {
    try Check.identifier(id, "id")
    try Check.time(receivedAt, "receivedAt")
    guard (0...100_000).contains(waitingBefore) else {
      throw WireProblem("waitingBefore", "0 to 100000")
    }
  }
}
