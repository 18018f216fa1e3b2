import Glibc
import Journey
import OfficeModel

/// Tells on standard output what was touched, and what the citizen was answered, one line each, at
/// the moment the glass takes it: from here on it is a promise. Written without a buffer, which a kill
/// would lose.
enum Spoken {
  static func say(_ action: Action, on state: JourneyState) {
    guard let words = words(of: action, state) else { return }
    let bytes = Array((words + "\n").utf8)
    _ = write(STDOUT_FILENO, bytes, bytes.count)
  }

  private static func words(of action: Action, _ state: JourneyState) -> String? {
    switch action {
    case .activate(.digit): nil
    case .activate(let control): "touch \(control.name)"
    case .answer(_, .ticketIssued(let ticket, _)):
      "ticket \(ticket.number) \(ticket.date) \(ticket.id)"
    case .answer(_, .ticketPaper(let id, .printed)): "paper \(id)"
    case .answer(_, .complaintFiled(let complaint)):
      "complaint \(complaint.id) \(complaint.number)"
    case .answer(_, .complaintPaper(let id, .printed)): "complaint-paper \(id)"
    case .answer(_, .surveyStored(true)): "survey"
    case .answer(_, .staffCalled(true)): "staff"
    case .answer(let session, .printEnded(let outcome, _)):
      // Said to whoever still looks at this print; the answer itself does not name the document.
      if session == state.session, case .printing(let progress) = state.screen {
        "print \(outcome.rawValue) \(progress.documentID)"
      } else {
        nil
      }
    default: nil
    }
  }
}
