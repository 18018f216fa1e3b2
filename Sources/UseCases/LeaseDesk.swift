internal import Journey
internal import OfficeModel
internal import Ports
internal import PrintWorkflow

/// Sees to it that a document is opened and printed only while its right is lent to this kiosk.
struct LeaseDesk: Sendable {
  let desk: Desk

  /// The lease of a document with at least so much of it left: the one that lies here, else one that
  /// the server grants now. A lease that would do for a print is good enough when nobody answers.
  func secure(
    _ session: SessionID, _ documentID: String, atLeast wanted: Duration
  ) async throws(DocumentRefused) -> PrintLease {
    guard desk.sessions.tookLease(documentID, session) else {
      throw DocumentRefused(.unavailable)
    }
    let kept = await kept(documentID)
    if let kept, left(of: kept) >= wanted { return kept }
    // Not ended with the session: what the server grants is kept, and then given back.
    let id = desk.ports.identifiers.make()
    let asking = Task { await ask(documentID, id, session) }
    let asked = await asking.value
    // When its end gave everything back, this may not have been asked for yet.
    if desk.sessions.isOver(session) { await giveBack([documentID], session) }
    switch asked {
    case .failure(let error):
      desk.record("lease.not-asked", error)
      guard let kept, left(of: kept) >= LeaseTime.least else {
        throw DocumentRefused(.noRightOffline)
      }
      return kept
    case .success(.granted(let until)):
      desk.record("lease.taken")
      let lease = PrintLease(id: id, until: until)
      // One for which there is too little time left by this clock is none.
      guard left(of: lease) >= LeaseTime.least else { throw DocumentRefused(.noRightOffline) }
      return lease
    case .success(.heldElsewhere(let until)):
      desk.record("lease.held-elsewhere", .notice)
      throw DocumentRefused(.heldElsewhere(until: until))
    case .success(.undecided):
      desk.record("lease.undecided", .notice)
      throw DocumentRefused(.undecided)
    case .success(.gone):
      desk.record("lease.gone", .notice)
      desk.syncNudge.nudge()
      throw DocumentRefused(.unavailable)
    }
  }

  /// Notes the asking, asks, and keeps what is granted before it is used.
  private func ask(
    _ documentID: String, _ id: String, _ session: SessionID
  ) async -> Result<LeaseVerdict, PortError> {
    let (ledger, clock) = (desk.ports.store.ledger, desk.ports.clock)
    do throws(PortError) {
      try await ledger.askLease(documentID, id, clock.now().wall)
      let verdict = try await desk.ports.dinas.leasePrint(documentID, id)
      if case .granted(let until) = verdict {
        try await ledger.keepLease(
          documentID, PrintLease(id: id, until: until), desk.who(session), clock.now().wall)
      }
      return .success(verdict)
    } catch { return .failure(error) }
  }

  /// At a start every session is over: what none of them gave back goes back now, or once the store is
  /// open, but for what a session has asked for by then. False when it could not be read.
  func recover() async -> Bool {
    do throws(PortError) {
      let asked = try await desk.ports.store.ledger.askedLeases()
      await giveBack(asked.filter { !desk.sessions.holds($0) }, who: "kiosk")
      return true
    } catch {
      desk.record("lease.not-returned", error)
      return false
    }
  }

  /// Leases that a session took and no longer needs go back, so that its citizen can print elsewhere.
  func giveBack(_ documentIDs: [String], _ session: SessionID) async {
    await giveBack(documentIDs, who: desk.who(session))
  }

  func giveBack(_ documentIDs: [String], who: String) async {
    for id in documentIDs {
      do throws(PortError) {
        try await desk.ports.store.ledger.returnLease(id, who, desk.ports.clock.now().wall)
      } catch { desk.record("lease.not-returned", error) }
    }
    if !documentIDs.isEmpty { desk.outboxNudge.nudge() }
  }

  private func kept(_ documentID: String) async -> PrintLease? {
    do throws(PortError) {
      return try await desk.ports.store.ledger.lease(documentID)
    } catch {
      desk.record("lease.not-read", error)
      return nil
    }
  }

  /// Nothing while the time cannot be trusted: a lease ends by it.
  private func left(of lease: PrintLease) -> Duration {
    guard desk.ports.clock.trust() == .trusted else { return .zero }
    return lease.until.since(desk.ports.clock.now().wall)
  }
}
