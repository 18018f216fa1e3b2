import Glibc
import Journey
import OfficeModel

/// Tells on standard output what was touched, and what the citizen was answered, one line each, at
/// the moment the glass takes it: from here on it is a promise. Written without a buffer, which a kill
/// would lose.
enum Spoken {
  static func say(_ action: Action) {
    guard let words = words(of: action) else { return }
    let bytes = Array((words + "\n").utf8)
    _ = write(STDOUT_FILENO, bytes, bytes.count)
  }

  private static func words(of action: Action) -> String? {
    switch action {
    case .activate(.digit): nil
    case .activate(let control): "touch \(control.name)"
    case .answer(_, .ticketIssued(let ticket, _)):
      "ticket \(ticket.number) \(ticket.date) \(ticket.id)"
    case .answer(_, .ticketPaper(let id, .printed)): "paper \(id)"
    case .answer(_, .surveyStored(true)): "survey"
    case .answer(_, .staffCalled(true)): "staff"
    case .answer(_, .printEnded(let outcome, _)): "print \(outcome.rawValue)"
    default: nil
    }
  }
}
