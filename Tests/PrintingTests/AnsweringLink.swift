import Synchronization
import TicketPaper

@testable import Printing

/// A ticket printer that has nothing to print and answers whatever it is asked, always the same.
final class AnsweringLink: TicketLink {
  /// Every byte that a printer was sent.
  final class Sent: Sendable {
    let bytes = Mutex<[UInt8]>([])
  }

  private let status: UInt8
  private let confirmation: UInt8
  private let sent: Sent
  private var answers: [UInt8] = []
  let isSerial = false
  private(set) var now = Duration.zero

  /// - Parameters:
  ///   - status: to each DLE EOT.
  ///   - confirmation: to GS r.
  init(status: UInt8 = 0x12, confirmation: UInt8 = 0, noting sent: Sent = Sent()) {
    self.status = status
    self.confirmation = confirmation
    self.sent = sent
  }

  func send(_ bytes: ArraySlice<UInt8>) -> Int {
    sent.bytes.withLock { $0 += bytes }
    if bytes.starts(with: [0x10, 0x04]) { answers.append(status) }
    if bytes.starts(with: ESCPOSRescue.clearBuffers) { answers += ESCPOSRescue.cleared }
    if contains(Array(bytes), ESCPOSEncoder.confirmation) { answers.append(confirmation) }
    return bytes.count
  }

  func wait(toRead: Bool, toWrite: Bool, limit: Duration) -> LinkReadiness {
    if answers.isEmpty, !toWrite { now += limit }
    return LinkReadiness(canRead: toRead && !answers.isEmpty, canWrite: toWrite)
  }

  func receive(atMost count: Int) -> [UInt8] {
    defer { answers.removeFirst(min(count, answers.count)) }
    return Array(answers.prefix(count))
  }

  func abandon() { answers = [] }
}
