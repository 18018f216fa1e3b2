import OfficeModel
import Ports
import Synchronization
import Testing
import TicketPaper

@testable import Printing

/// A printer that always goes on, and so never stands still for as long as that is forbidden, in a time
/// that passes only while it is waited for.
@Suite("A ticket printer that takes its bytes one by one", .timeLimit(.minutes(1)))
struct TicketTrickleTests {
  @Test(
    "is given up in the time of a whole slip, and not when all its bytes are out",
    arguments: ["epson-tm-80", "generic-58"])
  func slip(profile: String) async throws {
    let limits = ESCPOSTicketPrinter.Limits()
    let printer = Trickle(bytesOfSlips: .seconds(4))
    #expect(try await printer.print(profile) == .offline)
    // Afterwards what keeps it is asked on a new connection, which is slow with nothing.
    #expect(printer.now < limits.whole + .seconds(2))
    #expect(printer.now > limits.whole - .seconds(5), "given up for another reason")
    #expect(printer.taken >= 8)
  }

  @Test("has no more time for a question than one that is silent")
  func question() async throws {
    let printer = Trickle(bytesOfQuestions: .milliseconds(900))
    #expect(try await printer.print("epson-tm-80") == .offline)
    #expect(printer.now <= ESCPOSTicketPrinter.Limits().status)
    #expect(printer.taken == 2)
  }
}

private final class Trickle: Sendable {
  struct State {
    var now = Duration.zero
    var answers: [UInt8] = []
    /// When it takes the next byte of those that it is slow with.
    var next = Duration.zero
    var taken = 0
    var isInQuestion = false
  }

  let state = Mutex(State())
  let bytesOfSlips: Duration
  let bytesOfQuestions: Duration

  /// - Parameters: from one byte to the next.
  init(bytesOfSlips: Duration = .zero, bytesOfQuestions: Duration = .zero) {
    self.bytesOfSlips = bytesOfSlips
    self.bytesOfQuestions = bytesOfQuestions
  }

  var now: Duration { state.withLock { $0.now } }
  /// Bytes that it was slow with.
  var taken: Int { state.withLock { $0.taken } }

  func print(_ profile: String) async throws -> DeviceFault? {
    let driver = ESCPOSTicketPrinter(
      dial: { _, _ in Link(self) }, profile: try Slips.profile(profile),
      template: try Slips.template(), events: EventPort { _ in })
    return await driver.port.print(Slips.ticket())
  }

  final class Link: TicketLink {
    private let printer: Trickle
    init(_ printer: Trickle) { self.printer = printer }
    let isSerial = false
    var now: Duration { printer.now }

    func send(_ bytes: ArraySlice<UInt8>) -> Int {
      printer.state.withLock { state in
        let isQuestion = bytes.first == 0x10 || state.isInQuestion
        let pause = isQuestion ? printer.bytesOfQuestions : printer.bytesOfSlips
        guard pause == .zero else {
          guard state.now >= state.next else { return 0 }
          state.next = state.now + pause
          state.taken += 1
          state.isInQuestion = isQuestion && bytes.count > 1
          return 1
        }
        if isQuestion { state.answers += bytes.count == 3 ? [0x12] : ESCPOSRescue.cleared }
        return bytes.count
      }
    }

    func wait(toRead: Bool, toWrite: Bool, limit: Duration) -> LinkReadiness {
      printer.state.withLock { state in
        let canRead = toRead && !state.answers.isEmpty
        if !canRead {
          state.now = min(
            state.now + limit, toWrite ? max(state.now, state.next) : state.now + limit)
        }
        return LinkReadiness(canRead: canRead, canWrite: toWrite && state.now >= state.next)
      }
    }

    func receive(atMost count: Int) -> [UInt8] {
      printer.state.withLock { state in
        defer { state.answers.removeFirst(min(count, state.answers.count)) }
        return Array(state.answers.prefix(count))
      }
    }

    func abandon() { printer.state.withLock { $0.answers = [] } }
  }
}
