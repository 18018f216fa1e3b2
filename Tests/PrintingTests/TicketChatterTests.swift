import OfficeModel
import Ports
import Synchronization
import Testing
import TicketPaper

@testable import Printing

/// A printer that talks much and says little, in a time that passes only while it is waited for.
@Suite("A ticket printer that chatters", .timeLimit(.minutes(1)))
struct TicketChatterTests {
  @Test("keeps nobody longer than one that is silent", arguments: ["epson-tm-80", "bixolon-80"])
  func bounded(profile: String) async throws {
    let clock = Clock()
    let printer = ESCPOSTicketPrinter(
      dial: { _, _ in ChatteringLink(clock) }, profile: try Slips.profile(profile),
      template: try Slips.template(), events: EventPort { _ in })
    #expect(await printer.port.print(Slips.ticket()) == .offline)
    // Asked, cleared, sent, awaited, asked again: each within its limits.
    #expect(clock.now.withLock { $0 } < .seconds(40))
  }

  final class Clock: Sendable {
    let now = Mutex(Duration.zero)
  }
}

/// Says "offline" as often as it can instead of confirming, and "all is well" when asked why, late.
private final class ChatteringLink: TicketLink {
  private let clock: TicketChatterTests.Clock
  private var answers: [(at: Duration, byte: UInt8)] = []
  let isSerial = false
  var now: Duration { clock.now.withLock { $0 } }

  /// Shorter than a question's limit.
  private static let delay = Duration.milliseconds(900)

  init(_ clock: TicketChatterTests.Clock) { self.clock = clock }

  func send(_ bytes: ArraySlice<UInt8>) -> Int {
    if contains(Array(bytes), ESCPOSEncoder.confirmation) {
      answers += (0..<256).map { _ in (now, 0x1A) }
    }
    if bytes.starts(with: [0x10, 0x04]) { answers.append((now + Self.delay, 0x12)) }
    return bytes.count
  }

  func wait(toRead: Bool, toWrite: Bool, limit: Duration) -> LinkReadiness {
    if let next = answers.first?.at, next <= now + limit {
      clock.now.withLock { $0 = max($0, next) }
      return LinkReadiness(canRead: toRead, canWrite: toWrite)
    }
    if !toWrite { clock.now.withLock { $0 += limit } }
    return LinkReadiness(canRead: false, canWrite: toWrite)
  }

  func receive(atMost count: Int) -> [UInt8] {
    let heard = answers.prefix { $0.at <= now }.prefix(count)
    answers.removeFirst(heard.count)
    return heard.map(\.byte)
  }

  func abandon() { answers = [] }
}
