import Foundation
import OfficeModel
import Ports
import SensitiveMemory
import TestSupport
import Testing

@testable import CardReading

/// Nothing of the reader is in PC/SC any more when the process may exit.
@Suite("The end of the card reader", .timeLimit(.minutes(1)))
struct EndingTests {
  @Test("whatever goes on, when `stop` returns no context is open and no card connected")
  func ends() async throws {
    for round in 0..<200 {
      let rig = SimulatedRig()
      switch round % 4 {
      case 0: break
      case 1: rig.readers.insert(.numbered(round))
      case 2: rig.readers.kill()
      default:
        rig.readers.insert(.numbered(round, bytes: 4000))
        try await rig.settle(.present(.ktpEl))
      }
      let photo = Task { try? await rig.photo() }
      // Reads of the next round begin while this one ends.
      for _ in 0..<(round % 7) { await Task.yield() }
      rig.reader.stop()
      let open = rig.readers.openHandles
      #expect(open.contexts == 0 && open.cards == 0, "round \(round)")
      _ = await photo.value
      #expect(rig.readers.openHandles.contexts == 0, "nothing begins afterwards")
      #expect(rig.vault.population == 0)
    }
  }

  @Test("a wait that never returns is waited for no longer than told")
  func standsStill() async throws {
    let readers = SimulatedReaders()
    var platform = readers.platform
    let cancel = platform.cancel
    platform.cancel = { _ in }
    var limits = CardReader.Limits()
    limits.ending = .milliseconds(50)
    let events = CardRig.Recorder()
    let reader = CardReader(
      vault: SecretVault(), limits: limits, platform: platform, events: events.port)
    try await eventually("it watches") { reader.reading == .empty }
    let began = ContinuousClock.now
    reader.stop()
    let took = ContinuousClock.now - began
    #expect(took >= .milliseconds(50) && took < .seconds(10), "\(took)")
    #expect(events.all.contains { $0.name == "card.not-ended" })
    // Lets the thread go.
    for context in 1...8 { cancel(context) }
    try await eventually("it ends") { readers.openHandles.contexts == 0 }
  }

  @Test("a card that hangs is not waited for")
  func hangs() async throws {
    let rig = SimulatedRig()
    rig.readers.failNext(.stuckForGood)
    rig.readers.insert(.numbered(1))
    try await eventually("it hangs") { rig.reader.hangingTalks == 1 }
    let began = ContinuousClock.now
    rig.reader.stop()
    #expect(ContinuousClock.now - began < .seconds(2), "the limit is not used up")
    #expect(!rig.events.all.contains { $0.name == "card.not-ended" })
    rig.readers.release()
    try await eventually("it is back") { rig.reader.hangingTalks == 0 }
  }
}
