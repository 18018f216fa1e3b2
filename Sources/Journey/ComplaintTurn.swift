public import OfficeModel

public struct ComplaintShown: Sendable, Equatable {
  public var complaint: Complaint
  public var paper: TicketShown.Paper
  public init(complaint: Complaint, paper: TicketShown.Paper) {
    self.complaint = complaint
    self.paper = paper
  }
}

extension Turn {
  mutating func takeComplaint(_ control: Control) {
    guard let session = state.session else { return }
    switch (state.screen, control) {
    case (.complaints(let page), .nextPage): state.screen = .complaints(page: page + 1)
    case (.complaints(let page), .previousPage): state.screen = .complaints(page: page - 1)
    case (.complaints, .complain): advance(to: .complaintKinds)
    case (.complaintKinds, .complaintKind(let kind)):
      // The screen that follows takes no touch, so a second tap files nothing.
      effects.append(.fileComplaint(session, kind))
      advance(to: .filingComplaint)
    case (.complaint(var shown), .retryTicketPaper):
      shown.paper = .printing
      state.screen = .complaint(shown)
      state.screenSince = now
      effects.append(.printComplaint(session, shown.complaint))
    default: break
    }
  }

  mutating func takeComplaintAnswer(_ answer: Answer) {
    guard let session = state.session else { return }
    switch (state.screen, answer) {
    case (.filingComplaint, .complaintFiled(let complaint)):
      state.trail = []
      effects.append(.printComplaint(session, complaint))
      show(.complaint(ComplaintShown(complaint: complaint, paper: .printing)))
      play(.ok)
    case (.filingComplaint, .complaintNotFiled):
      state.trail = [.home]
      show(.complaintRefused)
      play(.error)
    case (.complaint(var shown), .complaintPaper(let id, let paper)) where id == shown.complaint.id:
      shown.paper = paper
      state.screen = .complaint(shown)
      state.screenSince = now
      play(.attention)
    default: break
    }
  }
}
