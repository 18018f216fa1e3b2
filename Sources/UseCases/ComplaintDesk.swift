internal import DinasProtocol
internal import Journey
internal import OfficeModel
internal import Ports

/// Takes a complaint: in the store before the citizen hears of it, and on a slip with its number.
struct ComplaintDesk: Sendable {
  let desk: Desk

  func file(_ session: SessionID, _ kind: ComplaintKind) async {
    switch desk.underway.begin(.taking(session)) {
    case .begun: break
    case .already: return
    case .stopping: return desk.answer(session, .complaintNotFiled)
    }
    let filed = await enqueue(kind)
    if let filed { desk.underway.owe(filed.id, session, desk.sessions) }
    desk.underway.end(.taking(session))
    desk.answer(session, filed.map(Answer.complaintFiled) ?? .complaintNotFiled)
  }

  /// Nil when the store does not take it.
  private func enqueue(_ kind: ComplaintKind) async -> Complaint? {
    let now = desk.ports.clock.now().wall
    let complaint = Complaint(
      id: desk.ports.identifiers.make(),
      // Another draw than the id, which stands in reports that more people see than the slip.
      number: Complaint.number(from: WireHash.digest(Array(desk.ports.identifiers.make().utf8))),
      kind: kind, filedAt: desk.ports.clock.trust() == .trusted ? now : nil)
    let report = KioskReport(
      id: complaint.id, at: now,
      content: .complaint(number: complaint.number, about: kind))
    guard await desk.enqueue(report, stream: "complaint") else { return nil }
    desk.record("complaint.filed", .notice, ["about": kind.rawValue])
    return complaint
  }

  /// Ends its slip.
  func print(_ session: SessionID, _ complaint: Complaint) async {
    let fault = await desk.ports.ticketPrinter.print(
      TicketPrint(
        .complaint(complaint), officeName: desk.settings.officeName, zone: desk.settings.zone,
        qrPayload: complaint.number, isDemonstration: desk.settings.isDemonstration))
    if let fault {
      desk.record("complaint.paper-failed", .warning, ["fault": fault.rawValue])
    }
    desk.underway.end(.slip(complaint.id))
    desk.answer(
      session,
      .complaintPaper(
        complaintID: complaint.id, fault.map(TicketShown.Paper.failed) ?? .printed))
  }
}
