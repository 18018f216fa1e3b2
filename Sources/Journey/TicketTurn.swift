internal import OfficeModel

extension Turn {
  mutating func takeTicket(_ control: Control) {
    switch (state.screen, control) {
    case (.serviceList(let purpose), .service(let id)):
      advance(to: .requirements(serviceID: id, purpose: purpose, page: 0))
    case (.serviceList, .nextPage): state.listPage += 1
    case (.serviceList, .previousPage): state.listPage -= 1
    case (.requirements(let id, let purpose, let page), .nextPage):
      state.screen = .requirements(serviceID: id, purpose: purpose, page: page + 1)
    case (.requirements(let id, let purpose, let page), .previousPage):
      state.screen = .requirements(serviceID: id, purpose: purpose, page: page - 1)
    case (.requirements(let id, _, _), .continue), (.requirements(let id, _, _), .takeNumber):
      advance(to: .lane(serviceID: id))
    case (.lane(let id), .lane(let lane)): choose(lane, serviceID: id)
    case (.ticket(var shown), .retryTicketPaper):
      guard let session = state.session else { return }
      shown.paper = .printing
      state.screen = .ticket(shown)
      state.screenSince = now
      effects.append(.printTicket(session, shown.ticket))
    case (.ticketRefused, .tryAgain): goBackToServices()
    default: break
    }
  }

  private mutating func choose(_ lane: Lane, serviceID: String) {
    let service = state.office.services.first { $0.id == serviceID }
    switch service?.ticketIdentity ?? .none {
    case .none: order(TicketOrder(serviceID: serviceID, lane: lane))
    case .nik:
      let entry = newEntry(.nik)
      advance(to: .ticketIdentity(serviceID: serviceID, lane: lane, entry: entry))
    case .booking:
      let entry = newEntry(.booking)
      advance(to: .ticketIdentity(serviceID: serviceID, lane: lane, entry: entry))
    }
  }

  /// Asks for one number. The screen that follows takes no touch, so a second tap asks nothing.
  mutating func order(_ order: TicketOrder) {
    guard let session = state.session else { return }
    effects.append(.issueTicket(session, order))
    advance(to: .issuingTicket)
  }

  private mutating func goBackToServices() {
    wipeAll()
    state.trail = [.home]
    show(.serviceList(.ticket))
  }

  mutating func takeTicketAnswer(_ answer: Answer) {
    guard let session = state.session else { return }
    switch (state.screen, answer) {
    case (.issuingTicket, .ticketIssued(let ticket, let wait)):
      wipeAll()
      state.trail = []
      effects.append(.printTicket(session, ticket))
      show(.ticket(TicketShown(ticket: ticket, paper: .printing, wait: wait)))
      play(.ok)
    case (.issuingTicket, .ticketRefused(let refusal)):
      wipeAll()
      state.trail = [.home]
      show(.ticketRefused(refusal))
      play(.error)
    case (.ticket(var shown), .ticketPaper(let id, let paper)) where id == shown.ticket.id:
      shown.paper = paper
      state.screen = .ticket(shown)
      state.screenSince = now
      if case .printing = paper { break }
      play(.attention)
    default: break
    }
  }
}
