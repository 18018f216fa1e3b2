import DinasProtocol
import OfficeModel

/// What the Dinas has received, and what follows from it: the simulator's memory and, with
/// `--state`, its file.
struct DinasRecord: Codable, Hashable, Sendable {
  struct Answer: Codable, Hashable, Sendable {
    var path: String
    var requestSHA256: String
    var status: Int
    var body: [UInt8]
  }

  var book = QueueBook()
  var reports: [KioskReport] = []
  /// Every number in force.
  var tickets: [IssuedTicket] { book.tickets }
  /// Nil in a file of before there were any.
  var rights: PrintRights?
  /// By idempotency key: the answer that a repeated request gets.
  var answers: [String: Answer] = [:]
}
