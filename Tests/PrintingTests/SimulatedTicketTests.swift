import OfficeModel
import Ports
import Synchronization
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
    for seed in 0..<Self.runs {
      var chance = PrinterChance(seed: seed)
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
  }

  @Test("slips that were given up answer for none of those that follow at once")
  func olderAnswers() async throws {
    for seed in 0..<Self.runs / 5 {
      var chance = PrinterChance(seed: seed)
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

  @Test("a printer that confirms too early, and a driver that never gives up, are found out")
  func provesItself() async throws {
    var endless = ESCPOSTicketPrinter.Limits()
    endless.confirm = .seconds(500)
    endless.stuck = .seconds(500)
    endless.status = .seconds(500)
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

extension PrinterChance {
  fileprivate mutating func ticketRun() throws -> SimulatedTicketRun {
    let profile = Slips.profileNames.randomElement(using: &self) ?? "generic-58"
    return try SimulatedTicketRun(profile, isSerial: isOne(in: 3)) { machine, slipBytes in
      // A slip comes out within two seconds, mostly much sooner.
      machine.pieceTime = duration(upTo: 2) / max(1, slipBytes / 64)
      machine.bufferSize = [256, 1024, 4096, 65_536].randomElement(using: &self) ?? 4096
      machine.wireSize = [2048, 100_000].randomElement(using: &self) ?? 2048
      machine.sendAtMost = [64, 1000, 100_000].randomElement(using: &self) ?? 64
    }
  }
}

/// Slips through the production driver to a simulated printer, and what has to hold.
final class SimulatedTicketRun: Sendable, CustomStringConvertible {
  let description: String
  let printer: SimulatedTicketPrinter
  private let driver: ESCPOSTicketPrinter
  private let makeDriver: @Sendable () -> ESCPOSTicketPrinter
  private let profile: TicketPrinterProfile
  private let template: TicketTemplate

  /// Asked, helped out of an error, cleared, sent, given up, asked again: each within its limits.
  private static let longest = Duration.seconds(90)

  init(
    _ name: String, isSerial: Bool = false, isEarly: Bool = false,
    limits: ESCPOSTicketPrinter.Limits = .init(),
    _ adjust: (inout SimulatedTicketPrinter.Machine, Int) -> Void = { _, _ in }
  ) throws {
    let template = try Self.shared.template.get()
    let profile = try #require(try Self.shared.profiles.get()[name])
    self.template = template
    self.profile = profile
    var machine = SimulatedTicketPrinter.Machine(
      isSerial: isSerial, clears: profile.clearsBuffers, confirmsEarly: isEarly)
    let slip = ESCPOSEncoder(profile: profile).encode(TicketLayout(Slips.ticket(), template))
    adjust(&machine, slip.count)
    description = "\(name) \(machine)"
    let printer = SimulatedTicketPrinter(machine)
    self.printer = printer
    makeDriver = {
      ESCPOSTicketPrinter(
        dial: SimulatedTicketLink.dial(printer), profile: profile, template: template,
        limits: limits, events: EventPort { _ in })
    }
    driver = makeDriver()
  }

  /// Read once: they are files.
  private static let shared = (
    profiles: Result {
      Dictionary(
        uniqueKeysWithValues: try Slips.profileNames.map { ($0, try Slips.profile($0)) })
    }, template: Result { try Slips.template() }
  )

  /// Of each profile's slips: made of bytes once.
  private static let commands = Mutex<[String: [[UInt8]]]>([:])

  func play() async throws {
    var chance = PrinterChance(seed: 0)
    try await play(&chance)
  }

  /// Prints two slips while things go wrong, with looks in between, and a third when all is well.
  func play(_ chance: inout PrinterChance) async throws {
    var slips: [(commands: [[UInt8]], fault: DeviceFault?)] = []
    for number in [7, 8] {
      slips.append(try await print(number))
      for _ in 0..<Int.random(in: 0...2, using: &chance) {
        printer.pass(chance.duration(upTo: 20))
        let began = printer.now
        _ = await driver.port.state()
        try check(printer.now - began < Self.longest, "a look took \(printer.now - began)")
      }
    }
    printer.mend()
    // A blade that is free is tried again after half a minute.
    printer.pass(.seconds(60))
    let last = try await print(9)
    try check(
      last.fault == nil,
      "all is well, and it says \(String(describing: last.fault))"
    )
    slips.append(last)
    printer.pass(.seconds(7_200))
    for slip in slips { try truth(slip.commands, slip.fault) }
    let paper = printer.paper
    let end = (paper.positions(of: last.commands).last ?? 0) + last.commands.count
    try check(
      !paper[end...].contains(where: SlipCommands.isReadable), "something came out behind the last")
  }

  /// Slips one behind the other: the paper ends in most, and is back before the next, of which another
  /// process may know nothing.
  func playInARow(_ chance: inout PrinterChance) async throws {
    var driver = self.driver
    for number in 7...12 {
      if chance.isOne(in: 4) { driver = makeDriver() }
      if !chance.isOne(in: 3) {
        printer.failNext(.paperOut, after: chance.duration(upTo: 4), lasting: .seconds(900))
      }
      _ = try await print(number, driver)
      printer.mend()
    }
    printer.pass(.seconds(60))
    let last = try await print(13, driver)
    try check(last.fault == nil, "all is well, and it says \(String(describing: last.fault))")
  }

  private func print(
    _ number: Int, _ driver: ESCPOSTicketPrinter? = nil
  ) async throws -> (commands: [[UInt8]], fault: DeviceFault?) {
    let slip = Slips.ticket(number)
    let commands = Self.commands.withLock { known in
      let key = "\(profile.name) \(number)"
      let found =
        known[key]
        ?? SlipCommands.of(ESCPOSEncoder(profile: profile).encode(TicketLayout(slip, template)))
      known[key] = found
      return found
    }
    let began = printer.now
    let fault = await (driver ?? self.driver).port.print(slip)
    try check(printer.now - began < Self.longest, "it took \(printer.now - began)")
    try truth(commands, fault)
    return (commands, fault)
  }

  /// Confirmed: once, whole, and cut off from what came before. Not confirmed: once at most.
  private func truth(_ commands: [[UInt8]], _ fault: DeviceFault?) throws {
    let paper = printer.paper
    let places = paper.positions(of: commands)
    guard fault == nil else {
      return try check(places.count <= 1, "\(fault ?? .other), and on paper \(places.count) times")
    }
    try check(places.count == 1, "confirmed, and on paper \(places.count) times at \(printer.now)")
    let before = paper[..<(places.first ?? 0)].reversed().prefix {
      !SlipCommands.isEnd($0, hasKnife: profile.cut != .none)
    }
    try check(!before.contains(where: SlipCommands.isReadable), "it hangs on what came before it")
  }

  private func check(_ holds: Bool, _ what: @autoclosure () -> String) throws {
    guard holds else { throw SimulatedRun.Broken(what()) }
  }
}

extension [[UInt8]] {
  /// Where these commands stand, one behind the other.
  fileprivate func positions(of part: Self) -> [Int] {
    guard let first = part.first else { return [] }
    return indices.filter { self[$0] == first && self[$0...].starts(with: part) }
  }
}
