internal import DinasProtocol
internal import OfficeModel
internal import Ports

/// Asking for a number, telling of one that was given, and taking a request back.
extension DinasClient {
  func nextNumber(_ request: NumberRequest) async throws(PortError) -> NumberReply {
    let step = "POST \(DinasAPI.Path.nextTicket)"
    let answer = try await post(
      DinasAPI.Path.nextTicket,
      TicketRequest(
        id: request.id, kiosk: settings.kiosk, serviceID: request.serviceID, lane: request.lane,
        identity: request.identity, holderKey: request.holder?.value),
      TicketAnswer.self, step: step, key: request.id)
    try confirm(answer.id, request.id, step)
    if let given = answer.given {
      return .given(
        GivenNumber(
          number: given.number, date: given.date, issuedAt: given.issuedAt,
          waiting: given.waiting, secondsPerCall: given.secondsPerCall))
    }
    guard let refused = answer.refused, let finding = Self.finding(refused) else {
      throw PortError(.malformed, step: step, detail: "neither a number nor a reason")
    }
    return .refused(finding)
  }

  private static func finding(_ refused: TicketAnswer.Refused) -> TicketFinding? {
    switch refused.reason {
    case .holding: refused.number.map(TicketFinding.holding)
    case .citizenQuota: .citizenQuota
    case .dayQuota: .dayQuota
    case .halfDayQuota: .halfDayQuota
    case .closed: .closed
    case .bookingUnknown: .bookingUnknown
    case .bookingTime:
      if let from = refused.from, let until = refused.until {
        .bookingTime(from: from, until: until)
      } else {
        nil
      }
    }
  }

  func sendTicket(_ item: OutboxItem) async throws(PortError) {
    let step = "POST \(DinasAPI.Path.tickets)"
    let report = try checked(step) { () throws(WireProblem) in
      try Wire.decode(TicketReport.self, from: item.body)
    }
    guard report.ticket.id == item.id else {
      throw PortError(.refused, step: step, detail: "the ticket's id is not the item's")
    }
    let receipt = try await post(
      DinasAPI.Path.tickets, report, TicketReceipt.self, step: step, key: item.id)
    try confirm(receipt.id, item.id, step)
  }

  func sendVoid(_ item: OutboxItem) async throws(PortError) {
    let step = "POST \(DinasAPI.Path.ticketVoid)"
    let void = try checked(step) { () throws(WireProblem) in
      try Wire.decode(TicketVoid.self, from: item.body)
    }
    guard void.key == item.id else {
      throw PortError(.refused, step: step, detail: "the request's key is not the item's")
    }
    let receipt = try await post(
      DinasAPI.Path.ticketVoid, void, VoidReceipt.self, step: step, key: item.id)
    try confirm(receipt.id, void.id, step)
  }
}
