internal import Journey
internal import OfficeModel
internal import Ports
import Synchronization

/// What staff do at the glass. Each step is on the record under the name their PIN belongs to.
actor StaffRoom {
  private let desk: Desk
  private let left: LeftPrints
  private var present: [SessionID: String] = [:]
  private var working: Set<SessionID> = []

  init(_ desk: Desk, _ left: LeftPrints) {
    self.desk = desk
    self.left = left
  }

  /// - Parameter pin: Keyed hash of the PIN that came with `signIn`.
  /// - Parameter typed: What came with the request, read before it was wiped.
  func work(_ session: SessionID, _ request: StaffRequest, pin: LookupKey?, typed: TypedByStaff)
    async
  {
    guard working.insert(session).inserted else { return }
    defer { working.remove(session) }
    if case .signIn = request {
      guard let pin else { return desk.answer(session, .staff(.refused(.wrong(triesLeft: 0)))) }
      return await signIn(session, pin)
    }
    guard let name = present[session] else {
      return desk.answer(session, .staff(.refused(.wrong(triesLeft: 0))))
    }
    await show(session, await carryOut(request, "staff:" + name, name, typed))
  }

  func ended(_ session: SessionID) async {
    guard let name = present.removeValue(forKey: session) else { return }
    await desk.audit(.staffLeft, who: "staff:" + name, subject: desk.who(session))
  }

  // MARK: The door

  private func signIn(_ session: SessionID, _ pin: LookupKey) async {
    do throws(PortError) {
      // An uncounted try is not judged.
      let counted = try await desk.ports.store.staff.countTry(
        desk.settings.staffTriesPerHour, desk.settings.staffLock, desk.ports.clock.now().wall)
      guard counted.allowed else {
        await refuse(session, .locked(until: counted.lockedUntil), "locked")
        return
      }
      guard let name = try await desk.ports.staff.identify(pin) else {
        // Health tells of it: somebody guesses, or staff need another PIN.
        if counted.triesLeft == 0 { desk.record("staff.locked", .error) }
        await refuse(session, .wrong(triesLeft: counted.triesLeft), "wrong-pin")
        return
      }
      // Nobody stands at the glass whose entry is not on the record.
      try await desk.ports.store.audit.record(
        AuditEntry(
          at: desk.ports.clock.now().wall, who: "staff:" + name, what: .staffEntered,
          subject: desk.who(session)))
      try await desk.ports.store.staff.clearTries()
      guard !desk.sessions.isOver(session) else { return }
      present[session] = name
      desk.record("staff.entered", .notice)
      await show(session, nil)
    } catch {
      desk.record("staff.not-judged", error)
      desk.answer(
        session,
        .staff(.refused(error.code == .notFound ? .nobodyKnown : .storeUnavailable)))
    }
  }

  private func refuse(_ session: SessionID, _ refusal: StaffRefusal, _ code: String) async {
    desk.record("staff.refused", .warning, ["reason": code])
    await desk.audit(.staffEntered, who: desk.who(session), result: code)
    desk.answer(session, .staff(.refused(refusal)))
  }

  // MARK: The work

  private func carryOut(
    _ request: StaffRequest, _ who: String, _ name: String, _ typed: TypedByStaff
  ) async -> StaffNote? {
    do throws(PortError) {
      switch request {
      case .signIn, .overview: return nil
      case .confirmMachineClock: return await confirm(desk.ports.clock.machine(), who)
      case .confirmClock:
        guard let time = typed.time else { return .clockRefused }
        return await confirm(time, who)
      case .settle(let jobKey, let finding):
        try await desk.ports.store.ledger.settleByStaff(
          StaffSettlement(
            jobKey: jobKey, finding: finding, staff: name, at: desk.ports.clock.now().wall))
        desk.outboxNudge.nudge()
        for printer in desk.printers.printers { desk.printers.paperNudge(printer.name).nudge() }
        return .printSettled
      case .printerCleared(let jobKey, let clearing):
        try await left.clear(
          PrinterCleared(
            jobKey: jobKey, clearing: clearing, staff: name, at: desk.ports.clock.now().wall))
        desk.outboxNudge.nudge()
        return .printerCleared
      case .retryLetters:
        let count = try await desk.ports.store.outbox.retryDead(
          nil, who, desk.ports.clock.now().wall)
        desk.outboxNudge.nudge()
        return .lettersSent(count)
      case .paperFilled(let printer, _):
        guard let sheets = typed.sheets else { return .paperRefused }
        try await PaperDesk(desk: desk).told(printer, sheets: sheets, who: who)
        return .paperNoted(sheets: sheets)
      }
    } catch {
      desk.record("staff.not-done", error)
      return .notDone
    }
  }

  private func confirm(_ time: Timestamp, _ who: String) async -> StaffNote {
    // On the record at the time that was believed before, with the time that is from here on.
    let entry = AuditEntry(
      at: desk.ports.clock.now().wall, who: who, what: .clockConfirmed,
      subject: String(time.milliseconds))
    do throws(PortError) { try await desk.ports.store.audit.record(entry) } catch {
      desk.record("staff.not-done", error)
      return .notDone
    }
    guard desk.ports.clock.staffConfirmed(time) else {
      await desk.audit(
        .clockConfirmed, who: who, subject: String(time.milliseconds), result: "impossible")
      return .clockRefused
    }
    desk.record("clock.confirmed", .notice)
    desk.clockNudge.nudge()
    return .clockConfirmed
  }

  private func show(_ session: SessionID, _ note: StaffNote?) async {
    let store = desk.ports.store
    let machine = desk.ports.clock.machine()
    let trust = desk.ports.clock.trust()
    var note = note
    var overview = StaffOverview(
      clock: trust, machineTime: trust == .untrusted(reason: .tooEarly) ? nil : machine,
      prints: [], letters: [], waiting: 0, oldestWaiting: nil)
    do throws(PortError) {
      let state = try await store.outbox.state()
      overview = StaffOverview(
        clock: overview.clock, machineTime: overview.machineTime,
        prints: await left.atPrinter.map {
          .init(
            jobKey: $0.jobKey, documentID: $0.documentID, at: $0.at, isAtPrinter: true,
            printer: $0.printer)
        }
          + (try await store.ledger.unknowns()).map {
            .init(
              jobKey: $0.jobKey, documentID: $0.documentID, at: $0.settledAt, printer: $0.printer)
          },
        letters: try await store.outbox.dead(JourneyLimits.staffRows).map {
          .init(kind: $0.kind.rawValue, at: $0.createdAt, reason: $0.reason)
        },
        waiting: state.waiting, oldestWaiting: state.oldest)
    } catch {
      desk.record("staff.no-overview", error)
      note = .notDone
    }
    desk.answer(session, .staff(.overview(overview, note)))
  }
}
