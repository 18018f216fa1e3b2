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
    let kept = await kept(documentID)
    if let kept, left(of: kept) >= wanted { return kept }
    let verdict: LeaseVerdict
    var lease = PrintLease(id: desk.ports.identifiers.make(), until: Timestamp(milliseconds: 0))
    do throws(PortError) {
      verdict = try await desk.ports.dinas.leasePrint(documentID, lease.id)
      if case .granted(let until) = verdict {
        // Kept before it is used.
        lease.until = until
        try await desk.ports.store.ledger.keepLease(
          documentID, lease, desk.who(session), desk.ports.clock.now().wall)
      }
    } catch {
      desk.record("lease.not-asked", error)
      guard let kept, left(of: kept) >= LeaseTime.least else {
        throw DocumentRefused(.noRightOffline)
      }
      return kept
    }
    switch verdict {
    case .granted:
      desk.record("lease.taken")
      if !desk.sessions.tookLease(documentID, session) { await giveBack([documentID], session) }
      // One for which there is too little time left by this clock is none.
      guard left(of: lease) >= LeaseTime.least else { throw DocumentRefused(.noRightOffline) }
      return lease
    case .heldElsewhere(let until):
      desk.record("lease.held-elsewhere", .notice)
      throw DocumentRefused(.heldElsewhere(until: until))
    case .undecided:
      desk.record("lease.undecided", .notice)
      throw DocumentRefused(.undecided)
    case .gone:
      desk.record("lease.gone", .notice)
      desk.syncNudge.nudge()
      throw DocumentRefused(.unavailable)
    }
  }

  /// Leases that a session took and no longer needs go back, so that its citizen can print elsewhere.
  func giveBack(_ documentIDs: [String], _ session: SessionID) async {
    for id in documentIDs {
      do throws(PortError) {
        try await desk.ports.store.ledger.returnLease(
          id, desk.who(session), desk.ports.clock.now().wall)
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
