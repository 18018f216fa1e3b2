import Synchronization
import TestSupport
import Testing
import TicketPaper

@testable import Printing

@Suite("A ticket printer with simulated faults", .timeLimit(.minutes(3)))
struct SimulatedTicketTests {
  @Test("each fault by itself, at every stage, ends in the truth", arguments: TicketFault.allCases)
  func each(fault: TicketFault) async throws {
    for profile in ["epson-tm-80", "generic-58"] {
      for isSerial in [false, true] {
        for milliseconds in [0, 2, 4, 6, 8, 10, 20, 40, 200, 700] {
          for lasting in [Duration.milliseconds(5), .milliseconds(400), .seconds(4), .seconds(900)]
          {
            let run = try SimulatedTicketRun(profile, isSerial: isSerial)
            run.printer.failNext(fault, after: .milliseconds(milliseconds), lasting: lasting)
            do { try await run.play() } catch {
              let told = "\(profile), serial \(isSerial), \(fault) after \(milliseconds) ms"
              throw SimulatedRun.Broken("\(told) for \(lasting): \(error)")
            }
          }
        }
      }
    }
  }

  @Test("faults at random, in any number and order")
  func random() async throws {
    let began = ContinuousClock.now
    for seed in 0..<Self.runs {
      var chance = SeededChance(seed: seed)
      let run = try chance.ticketRun()
      var faults: [String] = []
      for _ in 0..<Int.random(in: 0...4, using: &chance) {
        let fault = TicketFault.allCases.randomElement(using: &chance) ?? .paperOut
        let (after, lasting) = (chance.duration(upTo: 30), chance.duration(upTo: 60))
        run.printer.failNext(fault, after: after, lasting: lasting)
        faults.append("\(fault) after \(after) for \(lasting)")
      }
      do { try await run.play(&chance) } catch {
        throw SimulatedRun.Broken("seed \(seed), \(run), \(faults): \(error)")
      }
    }
    SimulatedRun.tell("slips", Self.runs * 3, since: began)
  }

  @Test("slips that were given up answer for none of those that follow at once")
  func olderAnswers() async throws {
    for seed in 0..<Self.runs / 5 {
      var chance = SeededChance(seed: seed)
      let profile = ["bixolon-80", "generic-58"].randomElement(using: &chance) ?? "bixolon-80"
      let run = try SimulatedTicketRun(profile, isSerial: chance.isOne(in: 2)) { machine, bytes in
        machine.pieceTime = chance.duration(upTo: 2) / max(1, bytes / 64)
        machine.bufferSize = 65_536
      }
      do { try await run.playInARow(&chance) } catch {
        throw SimulatedRun.Broken("seed \(seed), \(run): \(error)")
      }
    }
  }

  @Test(
    "a kiosk that has just begun takes no answer to its forerunner's questions for its own",
    arguments: [1, 4, 8, 10])
  func leftQuestions(count: Int) async throws {
    for profile in ["bixolon-80", "generic-58"] {
      let run = try SimulatedTicketRun(profile) { machine, _ in
        machine.pieceTime = .milliseconds(10)
        machine.bufferSize = 65_536
      }
      run.printer.state.withLock { state in
        for index in 0..<count {
          // The first waits until the driver's own are asked. They are answered one soon after the other,
          // but the last after longer than the driver takes for silence: whoever counts too few takes it
          // for the slip's. The driver reckons with eight, and asks twice more.
          let pieces = index == 0 ? 20 : index == count - 1 ? 40 : 1
          state.buffer += [UInt8](repeating: 0, count: pieces * 64) + ESCPOSEncoder.confirmation
        }
      }
      try await run.play()
    }
  }

  @Test("a printer that confirms too early, and a driver that never gives up, are found out")
  func provesItself() async throws {
    var endless = ESCPOSTicketPrinter.Limits()
    endless.confirm = .seconds(500)
    endless.stuck = .seconds(500)
    endless.status = .seconds(500)
    endless.whole = .seconds(500)
    for (isEarly, limits, words) in [
      (true, .init(), "confirmed, and on paper 0 times"), (false, endless, "it took"),
    ] {
      var stories: [String] = []
      for fault in [TicketFault.paperOut, .hangs, .powerLoss] {
        let run = try SimulatedTicketRun("epson-tm-80", isEarly: isEarly, limits: limits)
        run.printer.failNext(fault, after: .milliseconds(10), lasting: .seconds(900))
        do { try await run.play() } catch { stories.append("\(error)") }
      }
      #expect(stories.contains { $0.contains(words) }, "\(words): \(stories)")
    }
  }

  /// Of three slips each.
  private static let runs: UInt64 = 1_000
}
