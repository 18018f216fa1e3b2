import Glibc
import Journey
import OfficeModel

/// Tells on standard output what the citizen was answered, one line each, at the moment the glass
/// takes it: from here on it is a promise. Written without a buffer, which a kill would lose.
enum Spoken {
  static func say(_ answer: Answer) {
    let line: String? =
      switch answer {
      case .ticketIssued(let ticket, _): "ticket \(ticket.number) \(ticket.date) \(ticket.id)"
      case .ticketPaper(let id, .printed): "paper \(id)"
      case .surveyStored(true): "survey"
      case .staffCalled(true): "staff"
      case .printEnded(let outcome, _): "print \(outcome.rawValue)"
      default: nil
      }
    guard let line else { return }
    let bytes = Array((line + "\n").utf8)
    _ = write(STDOUT_FILENO, bytes, bytes.count)
  }
}
