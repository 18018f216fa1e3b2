internal import DinasProtocol
internal import Journey
internal import OfficeModel
internal import Ports

extension Desk {
  /// Puts a report for the server into the outbox; false when the store does not take it.
  func enqueue(_ content: KioskReport.Content, stream: String) async -> Bool {
    await enqueue(
      KioskReport(id: ports.identifiers.make(), at: ports.clock.now().wall, content: content),
      stream: stream)
  }

  func enqueue(_ report: KioskReport, stream: String) async -> Bool {
    let kind: OutboxItem.Kind =
      switch report.kind {
      case .printReserved: .printReserved
      case .printOutcome: .printOutcome
      case .leaseReturned: .leaseReturned
      case .survey: .survey
      case .complaint: .complaint
      case .staffCall: .staffCall
      case .auditHead: .auditHead
      }
    do {
      try report.check()
      try await ports.store.outbox.enqueue(
        OutboxItem(
          id: report.id, kind: kind, stream: stream, body: try Wire.encode(report),
          createdAt: report.at))
      record("outbox.enqueued", .info, ["id": report.id, "kind": kind.rawValue])
      outboxNudge.nudge()
      return true
    } catch let error as PortError {
      record("outbox.not-enqueued", error)
    } catch {
      record("outbox.not-enqueued", .warning, ["kind": kind.rawValue])
    }
    return false
  }
}

/// Takes the citizen's one-tap answer.
struct SurveyDesk: Sendable {
  let desk: Desk

  func record(_ session: SessionID, score: Int) async {
    let isStored = await desk.enqueue(.survey(score: score), stream: "survey")
    if isStored { desk.record("survey.answered", .info, ["score": "\(score)"]) }
    desk.answer(session, .surveyStored(isStored))
  }
}

/// Calls staff; the call reaches them through the server as soon as that answers.
struct StaffDesk: Sendable {
  let desk: Desk

  func call(_ session: SessionID, screen: String) async {
    desk.answer(session, .staffCalled(await enqueue(screen: screen)))
  }

  @discardableResult
  func enqueue(screen: String) async -> Bool {
    desk.record("staff.called", .notice, ["screen": screen])
    return await desk.enqueue(
      .staffCall(screen: String(screen.unicodeScalars.prefix(64).map(Character.init))),
      stream: "staff")
  }
}

/// Shows a card's photo to its holder, after a PIN was accepted: who found a slip with a code may have
/// found the card with it. The card identifies nobody.
struct CardDesk: Sendable {
  let desk: Desk

  func readPhoto(_ session: SessionID, request: UInt64) async {
    guard desk.sessions.grant(of: session)?.byPIN == true else {
      return desk.answer(session, .cardPhoto(nil, request: request))
    }
    do throws(PortError) {
      guard let photo = try await desk.ports.cards.readPhoto() else {
        return desk.answer(session, .cardPhoto(nil, request: request))
      }
      guard desk.sessions.adopt(photo, session) else { return }
      desk.answer(session, .cardPhoto(photo, request: request))
    } catch {
      desk.record("card.photo-not-read", error)
      desk.answer(session, .cardPhoto(nil, request: request))
    }
  }
}
