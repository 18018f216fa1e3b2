import TestSupport
import Testing

@testable import Printing

@Suite("An A4 printer with simulated faults", .timeLimit(.minutes(3)))
struct SimulatedPrinterTests {
  @Test("each fault by itself, at every stage, ends in the truth", arguments: PrinterFault.allCases)
  func each(fault: PrinterFault) async throws {
    for milliseconds in [0, 12, 18, 25, 500, 1_900, 3_000, 3_950, 5_000] {
      for lasting in [Duration.milliseconds(100), .seconds(3), .seconds(60), .seconds(4_000)] {
        let run = SimulatedRun(.init())
        run.printer.failNext(fault, after: .milliseconds(milliseconds), lasting: lasting)
        try await run.play(pages: 3)
      }
    }
  }

  @Test("faults at random, in any number and order")
  func random() async throws {
    let began = ContinuousClock.now
    for seed in 0..<Self.runs {
      var chance = SeededChance(seed: seed)
      let run = SimulatedRun(
        chance.machine(), cancelAt: chance.isOne(in: 4) ? chance.duration(upTo: 30) : nil)
      for _ in 0..<Int.random(in: 0...3, using: &chance) { chance.plan(in: run.printer) }
      do { try await run.play(pages: Int.random(in: 1...5, using: &chance)) } catch {
        throw SimulatedRun.Broken("seed \(seed): \(error)")
      }
    }
    SimulatedRun.tell("documents", Self.runs * 2, since: began)
  }

  @Test("a driver that trusts too early, and one that never gives up, are found out")
  func provesItself() async throws {
    var hasty = PrintFollowUp.Limits()
    hasty.settle = .zero
    var endless = PrintFollowUp.Limits()
    endless.held = .seconds(5_000)
    for (limits, words) in [(hasty, "sheets came out afterwards"), (endless, "it took")] {
      let stories = await Self.stories(limits)
      #expect(stories.contains { $0.contains(words) }, "\(words)")
    }
  }

  /// What was wrong with the runs of a driver with these limits.
  private static func stories(_ limits: PrintFollowUp.Limits) async -> [String] {
    var stories: [String] = []
    for fault in [PrinterFault.cancelAtPanel, .paperOut] {
      for milliseconds in stride(from: 500, to: 2_500, by: 100) {
        let run = SimulatedRun(.init(), limits: limits)
        run.printer.failNext(fault, after: .milliseconds(milliseconds), lasting: .seconds(9_000))
        do { try await run.play(pages: 1) } catch { stories.append("\(error)") }
      }
    }
    return stories
  }

  private static let runs: UInt64 = 2_000
}
