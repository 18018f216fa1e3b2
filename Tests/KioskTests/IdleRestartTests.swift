import CardReading
import Foundation
import OfficeModel
import Ports
import Printing
import SensitiveMemory
import Synchronization
import TestSupport
import Testing
import UseCases

@testable import Kiosk
@testable import Observability

@Suite("A restart in an idle moment", .timeLimit(.minutes(1)))
struct IdleRestartTests {
  @Test(
    "only after a minute of refusing, and once an hour at most",
    arguments: [
      (nil, 7200, false), (59, 7200, false), (60, 7200, true), (600, 3599, false),
      (600, 3600, true),
    ] as [(Int?, Int, Bool)])
  func rule(refusing: Int?, uptime: Int, wanted: Bool) {
    let rule = RestartRule(
      refusingFor: refusing.map { .seconds($0) }, uptime: .seconds(uptime))
    #expect(rule.isWanted == wanted)
  }

  @Test("the gate opens once, and only when nobody is there")
  func gate() {
    let gate = IdleGate()
    #expect(!gate.mayEnd(isIdle: true), "nobody wants it")
    gate.want(true)
    #expect(!gate.mayEnd(isIdle: false))
    #expect(!gate.mayEnd(isIdle: true), "a wish holds for one look: a print may have begun since")
    #expect(!gate.wasTaken)
    gate.want(true)
    #expect(gate.mayEnd(isIdle: true) && gate.wasTaken)
    #expect(!gate.mayEnd(isIdle: true))
    #expect(KioskEnd.restart.exitStatus == 75 && KioskEnd.stopped.exitStatus == 0)
  }

  @Test("a stop waits as long as the driver waits for a slip, and systemd waits for the stop")
  func limits() {
    #expect(ESCPOSTicketPrinter.Limits().slip <= StopLimits().whole)
    #expect(StopLimits().whole < .seconds(45))
  }

  @Test(
    "a card that never lets go: health says why, the wish waits for the print and for the citizen")
  func wholeWay() async throws {
    let readers = SimulatedReaders()
    var limits = CardReader.Limits()
    limits.classify = .milliseconds(20)
    limits.relist = .milliseconds(5)
    let events = Mutex<[String]>([])
    let port = EventPort { event in events.withLock { $0.append(event.name) } }
    let cards = CardReader(
      vault: SecretVault(), limits: limits, platform: readers.platform, events: port)
    defer { cards.stop() }
    let (gate, board) = (IdleGate(), HealthBoard())
    let isPrinting = Mutex(true)
    let nudges = Mutex(0)
    let uptime = Uptime(milliseconds: 7_200_000)
    let clock = ClockPort(
      now: { Moment(wall: Timestamp(milliseconds: 0), uptime: uptime) },
      sleep: { _ in try await Task.sleep(for: .milliseconds(1)) })
    let service = IdleRestart(
      cards: cards, gate: gate, board: board, clock: clock, events: port,
      patience: .milliseconds(20), isPrinting: { isPrinting.withLock { $0 } },
      nudge: { nudges.withLock { $0 += 1 } })
    let running = Task { try await service.run() }
    defer { running.cancel() }

    readers.failNext(.stuckForGood)
    readers.insert(.numbered(1))
    try await eventually("it hangs") { cards.hangingTalks == 1 }
    #expect(!board.snapshot().cardTalksHang, "taken off in time nothing need be done")
    readers.remove()
    readers.insert(.numbered(2))
    try await eventually("health knows") { board.snapshot().cardTalksHang }
    try await eventually("cards are refused for long enough") {
      (cards.refusingFor ?? .zero) > .milliseconds(40)
    }
    #expect(nudges.withLock { $0 } == 0, "a page is being printed")
    isPrinting.withLock { $0 = false }
    try await eventually("it is asked for") { nudges.withLock { $0 } > 0 }
    #expect(!gate.mayEnd(isIdle: false))
    try await eventually("it is asked for again, and nobody is there") {
      gate.mayEnd(isIdle: true)
    }
    #expect(events.withLock { $0.contains("card.refused") })
    readers.release()
    try await eventually("all is well again") { !board.snapshot().cardTalksHang }
  }
}
