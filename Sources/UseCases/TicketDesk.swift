internal import Journey
internal import OfficeModel
internal import Ports

/// Gives numbers. A number is committed in the store before the printer hears of it; what the printer
/// makes of it afterwards changes nothing about the number.
actor TicketDesk {
  /// Marks the priority lane in the series: visible to everybody, and counted on its own.
  static let priorityMark = "P"

  private let desk: Desk
  private var issuing: Set<SessionID> = []
  private var printing: Set<String> = []

  init(_ desk: Desk) { self.desk = desk }

  /// Commits a number and answers with it; the journey then asks for its paper.
  ///
  /// - Parameter holder: Keyed hash of NIK or booking code, where the order brought one.
  func issue(_ session: SessionID, _ order: TicketOrder, holder: LookupKey?) async {
    guard issuing.insert(session).inserted else { return }
    defer { issuing.remove(session) }
    if let refusal = refusal(session, order, holder) {
      desk.record("ticket.refused", .info, ["service": order.serviceID])
      return desk.answer(session, .ticketRefused(refusal))
    }
    guard let service = desk.rules.service(order.serviceID) else {
      return desk.answer(session, .ticketRefused(.storeUnavailable))
    }
    guard
      desk.sessions.count(
        .ticket, session, limit: desk.settings.useLimits.ticketsPerSession)
    else {
      desk.record("ticket.limit-reached", .notice, ["service": service.id])
      return desk.answer(session, .ticketRefused(.quotaUsedUp))
    }
    let now = desk.ports.clock.now().wall
    let today = LocalTime(now, in: desk.settings.zone).date
    let draft = TicketDraft(
      id: desk.ports.identifiers.make(), serviceID: service.id, serviceName: service.shortTitle,
      series: (order.lane == .priority ? Self.priorityMark : "") + service.series,
      lane: order.lane, date: today, issuedAt: now, holder: holder)
    do throws(PortError) {
      let ticket = try await desk.ports.store.tickets.issue(draft)
      desk.sessions.given(ticket, session)
      desk.record(
        "ticket.issued", .notice,
        ["number": ticket.number.description, "service": ticket.serviceID])
      desk.answer(session, .ticketIssued(ticket, waiting: nil))
      desk.outboxNudge.nudge()
    } catch {
      desk.sessions.uncount(.ticket, session)
      await refuse(session, draft, error)
    }
  }

  /// Puts a number that was given on paper, the first time or again.
  func print(_ session: SessionID, _ ticket: IssuedTicket) async {
    guard printing.insert(ticket.id).inserted else { return }
    defer { printing.remove(ticket.id) }
    let fault = await desk.ports.ticketPrinter.print(
      TicketPrint(
        ticket: ticket, officeName: desk.settings.officeName, zone: desk.settings.zone,
        qrPayload: "\(ticket.number) \(ticket.date) \(ticket.id)",
        isDemonstration: desk.settings.isDemonstration))
    do throws(PortError) {
      try await desk.ports.store.tickets.paper(ticket.id, fault == nil)
    } catch { desk.record("ticket.paper-not-recorded", error) }
    if let fault {
      desk.record(
        "ticket.paper-failed", .warning,
        ["number": ticket.number.description, "fault": fault.rawValue])
    } else {
      desk.record("ticket.printed", .info, ["number": ticket.number.description])
    }
    desk.answer(
      session, .ticketPaper(ticketID: ticket.id, fault.map(TicketShown.Paper.failed) ?? .printed))
  }

  private func refusal(
    _ session: SessionID, _ order: TicketOrder, _ holder: LookupKey?
  ) -> TicketRefusal? {
    let now = desk.ports.clock.now().wall
    guard desk.ports.clock.trust() == .trusted, now >= desk.settings.clockFloor else {
      return .clockNotTrusted
    }
    if let calendar = desk.rules.now.calendar {
      let local = LocalTime(now, in: desk.settings.zone)
      guard calendar.isOpen(at: local) else {
        let next = calendar.nextOpening(after: local).map { opening in
          [opening.date.description, opening.time?.text].compactMap { $0 }.joined(separator: " ")
        }
        return .closed(nextOpening: next)
      }
    }
    if let held = desk.sessions.ticket(order.serviceID, session), holder == nil {
      return .alreadyHolding(held.number)
    }
    return nil
  }

  private func refuse(_ session: SessionID, _ draft: TicketDraft, _ error: PortError) async {
    switch error.code {
    case .conflict:
      if let holder = draft.holder,
        let held = try? await desk.ports.store.tickets.open(holder, draft.serviceID, draft.date)
      {
        desk.record("ticket.refused", .info, ["service": draft.serviceID])
        return desk.answer(session, .ticketRefused(.alreadyHolding(held.number)))
      }
    case .rateLimited:
      desk.record("ticket.refused", error)
      return desk.answer(session, .ticketRefused(.quotaUsedUp))
    default: break
    }
    desk.record("ticket.not-committed", error)
    desk.answer(session, .ticketRefused(.storeUnavailable))
  }
}
