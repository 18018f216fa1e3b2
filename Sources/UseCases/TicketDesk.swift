internal import Journey
internal import OfficeModel
internal import Ports

/// Gives numbers. A number is committed in the store before anybody sees it or the printer hears of it;
/// what the printer makes of it afterwards changes nothing about the number.
actor TicketDesk {
  private let desk: Desk
  private let server: ServerFact
  /// Requests that the store could not void yet.
  private var unvoided: Set<String> = []
  private var isRecovered = false

  init(_ desk: Desk, server: ServerFact) {
    self.desk = desk
    self.server = server
  }

  /// Takes back what earlier runs asked for and never showed.
  func recover() async {
    guard !isRecovered else { return }
    do throws(PortError) {
      let count = try await desk.ports.store.tickets.voidLeft(
        desk.runID, "kiosk", desk.ports.clock.now().wall)
      isRecovered = true
      guard count > 0 else { return }
      desk.record("ticket.requests-voided", .notice, ["count": "\(count)"])
      desk.outboxNudge.nudge()
    } catch { desk.record("ticket.requests-not-voided", error) }
  }

  /// Commits a number and answers with it; the journey then asks for its paper.
  ///
  /// - Parameter holder: Keyed hash of NIK or booking code, where the order brought one.
  func issue(_ session: SessionID, _ order: TicketOrder, holder: LookupKey?) async {
    switch desk.underway.begin(.taking(session)) {
    case .begun: break
    case .already: return
    case .stopping: return refuse(session, order.serviceID, .storeUnavailable)
    }
    defer { desk.underway.end(.taking(session)) }
    await recover()
    if let refusal = refusal(session, order, holder) {
      return refuse(session, order.serviceID, refusal)
    }
    guard let service = desk.rules.service(order.serviceID) else {
      return refuse(session, order.serviceID, .storeUnavailable)
    }
    guard
      desk.sessions.count(
        .ticket, session, limit: desk.settings.useLimits.ticketsPerSession)
    else {
      desk.record("ticket.limit-reached", .notice, ["service": service.id])
      return desk.answer(session, .ticketRefused(.sessionLimit))
    }
    let draft = draft(session, service, order.lane, holder)
    if await carryOut(draft, session) == nil { desk.sessions.uncount(.ticket, session) }
  }

  private func draft(
    _ session: SessionID, _ service: ServiceStandard, _ lane: Lane, _ holder: LookupKey?
  ) -> TicketDraft {
    let now = desk.ports.clock.now().wall
    let local = LocalTime(now, in: desk.settings.zone)
    return TicketDraft(
      id: desk.ports.identifiers.make(), serviceID: service.id, serviceName: service.shortTitle,
      lane: lane, identity: service.ticketIdentity, date: local.date, minute: local.time.minutes,
      issuedAt: now, holder: holder,
      limits: TicketLimits(
        service.quota,
        perHolder: service.ticketIdentity.numbersADay(
          perCitizen: desk.settings.useLimits.ticketsPerCitizen),
        at: local, in: desk.settings.zone), who: desk.who(session))
  }

  /// The ticket that was shown; nil: none.
  private func carryOut(_ draft: TicketDraft, _ session: SessionID) async -> IssuedTicket? {
    var shown: IssuedTicket?
    var flow = TicketFlow()
    var commands = await begin(&flow, draft, session)
    while !commands.isEmpty {
      switch commands.removeFirst() {
      case .commitRequest: commands += flow.handle(await commitRequest(draft))
      case .ask: commands += flow.handle(await ask(draft))
      case .commitTicket(let number): commands += flow.handle(await commit(draft, number))
      case .closeRequest:
        do throws(PortError) { try await desk.ports.store.tickets.refused(draft.id) } catch {
          // It stays open, and a later run voids it: the server gave nothing under it.
          desk.record("ticket.request-not-closed", error)
        }
      case .takeFromReserve(let voids):
        commands += flow.handle(await takeFromReserve(draft, voiding: voids))
      case .voidRequest:
        unvoided.insert(draft.id)
        await voidLeft(draft)
      case .show(let ticket, let wait):
        shown = ticket
        show(ticket, wait, session)
      case .refuse(let finding):
        refuse(
          session, draft.serviceID,
          TicketRefusal(
            finding, draft.identity, givenHere: desk.sessions.ticket(draft.serviceID, session)))
      case .refuseForStore: refuse(session, draft.serviceID, .storeUnavailable)
      }
    }
    return shown
  }

  /// What is known here is judged first: nobody waits for a server to be told what the kiosk knows.
  private func begin(
    _ flow: inout TicketFlow, _ draft: TicketDraft, _ session: SessionID
  ) async -> [TicketFlow.Command] {
    await voidLeft(draft)
    do throws(PortError) {
      let standing = try await desk.ports.store.tickets.standing(draft)
      if let finding = draft.limits.finding(standing) { return [.refuse(finding)] }
    } catch {
      desk.record("ticket.standing-unknown", error)
      return [.refuseForStore]
    }
    return flow.handle(.begin(serverIsAway: server.isAway))
  }

  private func commitRequest(_ draft: TicketDraft) async -> TicketFlow.Event {
    do throws(PortError) {
      try await desk.ports.store.tickets.ask(NumberRequest(draft, run: desk.runID))
      return .requestCommitted
    } catch {
      desk.record("ticket.request-not-committed", error)
      return .storeFailed
    }
  }

  /// Waits so long for the server and not longer: a citizen stands before the glass.
  private func ask(_ draft: TicketDraft) async -> TicketFlow.Event {
    let ports = desk.ports
    let request = NumberRequest(draft, run: desk.runID)
    let patience = desk.settings.numberPatience
    let reply: Result<NumberReply, PortError> = await withTaskGroup(
      of: Result<NumberReply, PortError>.self
    ) { group in
      group.addTask {
        do throws(PortError) { return .success(try await ports.dinas.nextNumber(request)) } catch {
          return .failure(error)
        }
      }
      group.addTask {
        try? await ports.clock.sleep(patience)
        return .failure(PortError(.timedOut, step: "next number", detail: "no answer in time"))
      }
      defer { group.cancelAll() }
      return await group.next() ?? .failure(PortError(.cancelled, step: "next number"))
    }
    switch reply {
    case .success(let answer):
      server.set(true)
      return switch answer {
      case .given(let number): .given(number)
      case .refused(let finding): .refused(finding)
      }
    case .failure(let error):
      desk.record("ticket.no-number", error)
      if error.code == .timedOut || error.code == .unreachable {
        // The next citizen does not wait for it again; the synchronisation finds out when it is back.
        server.set(false)
        desk.syncNudge.nudge()
      }
      return .noNumber
    }
  }

  private func commit(_ draft: TicketDraft, _ given: GivenNumber) async -> TicketFlow.Event {
    // The kiosk's clock is trusted, or no number would be asked for: a server of another day is wrong.
    guard given.date == draft.date,
      LocalTime(given.issuedAt, in: desk.settings.zone).date == draft.date
    else {
      desk.record("ticket.other-day", .warning)
      return .numberClashes
    }
    do throws(PortError) {
      let ticket = try await desk.ports.store.tickets.give(draft, given)
      return .ticketCommitted(
        ticket,
        WaitEstimate(
          waiting: given.waiting, secondsPerCall: given.secondsPerCall, asOf: given.issuedAt))
    } catch {
      desk.record("ticket.not-committed", error)
      return error.code == .conflict || error.code == .malformed ? .numberClashes : .storeFailed
    }
  }

  /// A number of the reserve has an identifier of its own: that of the request is used up.
  private func takeFromReserve(_ draft: TicketDraft, voiding: Bool) async -> TicketFlow.Event {
    var own = draft
    own.id = desk.ports.identifiers.make()
    do throws(PortError) {
      let issue = try await desk.ports.store.tickets.issue(own, voiding ? draft.id : nil)
      desk.outboxNudge.nudge()
      guard case .given = issue else { return .reserve(issue, nil) }
      return .reserve(issue, await wait(draft))
    } catch {
      desk.record("ticket.not-committed", error)
      return .storeFailed
    }
  }

  private func wait(_ draft: TicketDraft) async -> WaitEstimate? {
    guard let state = try? await desk.ports.store.tickets.lines(),
      let line = state.lines.first(where: {
        $0.serviceID == draft.serviceID && $0.lane == draft.lane
      })
    else { return nil }
    return WaitEstimate(
      waiting: line.waiting, secondsPerCall: line.secondsPerCall, asOf: state.asOf)
  }

  private func voidLeft(_ draft: TicketDraft) async {
    for id in unvoided {
      do throws(PortError) {
        try await desk.ports.store.tickets.void(id, draft.who, draft.issuedAt)
        unvoided.remove(id)
        desk.outboxNudge.nudge()
      } catch { return desk.record("ticket.request-not-voided", error) }
    }
  }

  private func show(_ ticket: IssuedTicket, _ wait: WaitEstimate?, _ session: SessionID) {
    desk.sessions.given(ticket, session)
    desk.underway.owe(ticket.id, session, desk.sessions)
    desk.record(
      "ticket.issued", .notice,
      ["number": ticket.number.description, "service": ticket.serviceID])
    desk.answer(session, .ticketIssued(ticket, wait: wait))
  }

  private func refuse(_ session: SessionID, _ serviceID: String, _ refusal: TicketRefusal) {
    desk.record("ticket.refused", .info, ["service": serviceID, "reason": refusal.code])
    desk.answer(session, .ticketRefused(refusal))
  }

  private func refusal(
    _ session: SessionID, _ order: TicketOrder, _ holder: LookupKey?
  ) -> TicketRefusal? {
    let now = desk.ports.clock.now().wall
    guard desk.ports.clock.trust() == .trusted else { return .clockNotTrusted }
    if let calendar = desk.rules.now.calendar {
      switch calendar.state(at: LocalTime(now, in: desk.settings.zone)) {
      case .open: break
      case .onBreak(let until): return .onBreak(until: until)
      case .closed(let next, let reason): return .closed(next: next, reason: reason)
      }
    }
    if let held = desk.sessions.ticket(order.serviceID, session), holder == nil {
      return .alreadyHolding(held.number)
    }
    return nil
  }

  /// Puts a number that was given on paper, the first time or again; ends its slip.
  func print(_ session: SessionID, _ ticket: IssuedTicket) async {
    let fault = await desk.ports.ticketPrinter.print(
      TicketPrint(
        .ticket(ticket), officeName: desk.settings.officeName, zone: desk.settings.zone,
        qrPayload: "\(ticket.number) \(ticket.date) \(ticket.id)",
        isDemonstration: desk.settings.isDemonstration))
    do throws(PortError) {
      try await desk.ports.store.tickets.paper(
        ticket.id, fault == nil, desk.who(session), desk.ports.clock.now().wall)
    } catch { desk.record("ticket.paper-not-recorded", error) }
    if let fault {
      desk.record(
        "ticket.paper-failed", .warning,
        ["number": ticket.number.description, "fault": fault.rawValue])
    } else {
      desk.record("ticket.printed", .info, ["number": ticket.number.description])
    }
    // First: who is told may ask for it again.
    desk.underway.end(.slip(ticket.id))
    desk.answer(
      session, .ticketPaper(ticketID: ticket.id, fault.map(TicketShown.Paper.failed) ?? .printed))
  }
}

extension TicketRefusal {
  /// - Parameter givenHere: What this session was given for the service. Another number is not told:
  ///   whoever types a NIK or a code has not proved to be its holder.
  init(_ finding: TicketFinding, _ identity: TicketIdentity, givenHere: IssuedTicket?) {
    self =
      switch finding {
      case .holding(let number):
        .alreadyHolding(givenHere?.number == number ? number : nil)
      case .citizenQuota: identity == .booking ? .bookingUsed : .citizenQuota
      case .dayQuota: .quotaUsedUp
      case .halfDayQuota: .halfDayUsedUp
      case .closed: .closed(next: nil, reason: nil)
      case .bookingUnknown: .bookingUnknown
      case .bookingTime(let from, let until): .bookingTime(from: from, until: until)
      case .bookingUnchecked: .bookingUnchecked
      case .reserveUsedUp: .reserveUsedUp
      }
  }

  /// A stable word for the log.
  var code: String {
    switch self {
    case .closed: "closed"
    case .onBreak: "break"
    case .alreadyHolding: "holding"
    case .citizenQuota: "citizen-quota"
    case .quotaUsedUp: "quota"
    case .halfDayUsedUp: "half-day-quota"
    case .sessionLimit: "session-limit"
    case .reserveUsedUp: "reserve"
    case .bookingUnknown: "booking-unknown"
    case .bookingUsed: "booking-used"
    case .bookingTime: "booking-time"
    case .bookingUnchecked: "booking-unchecked"
    case .clockNotTrusted: "clock"
    case .storeUnavailable: "store"
    }
  }
}
