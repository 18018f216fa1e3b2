import OfficeModel
import Ports
import Synchronization
import TestSupport
import TicketPaper

@testable import Printing

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
    let profile = try Self.profile(name)
    self.template = template
    self.profile = profile
    var machine = SimulatedTicketPrinter.Machine(
      isSerial: isSerial, clears: profile.clearsBuffers, confirmsEarly: isEarly)
    adjust(&machine, Self.paper(7, profile, template).byteCount)
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

  private static func profile(_ name: String) throws -> TicketPrinterProfile {
    guard let found = try shared.profiles.get()[name] else {
      throw SimulatedRun.Broken("there is no profile \(name)")
    }
    return found
  }

  /// Read once: they are files.
  private static let shared = (
    profiles: Result {
      Dictionary(
        uniqueKeysWithValues: try Slips.profileNames.map { ($0, try Slips.profile($0)) })
    }, template: Result { try Slips.template() }
  )

  /// What each profile's slips leave on paper: made once, to be compared with what the driver sent.
  private static let known = Mutex<[String: [Int: SlipPaper]]>([:])

  private static func paper(
    _ number: Int, _ profile: TicketPrinterProfile, _ template: TicketTemplate
  ) -> SlipPaper {
    known.withLock { known in
      if let found = known[profile.name]?[number] { return found }
      let layout = TicketLayout(Slips.ticket(number), template)
      let found = SlipPaper(of: ESCPOSEncoder(profile: profile).encode(layout))
      known[profile.name, default: [:]][number] = found
      return found
    }
  }

  func play() async throws {
    var chance = SeededChance(seed: 0)
    try await play(&chance)
  }

  /// Prints two slips while things go wrong, with looks in between, and a third when all is well.
  func play(_ chance: inout SeededChance) async throws { try await play(on: driver, &chance) }

  /// On the driver's own thread: a change of threads for each word would be most of what a run takes.
  private func play(
    on driver: isolated ESCPOSTicketPrinter, _ chance: inout SeededChance
  ) async throws {
    var slips: [(slip: SlipPaper, fault: DeviceFault?)] = []
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
    for (slip, fault) in slips { try truth(slip, fault) }
    let paper = printer.paper
    let end = (paper.positions(of: last.slip).last ?? 0) + last.slip.commands.count
    try check(
      !paper.commands[end...].contains(where: SlipCommands.isReadable),
      "something came out behind the last")
  }

  /// Slips one behind the other: the paper ends in most, and is back before the next, of which another
  /// process may know nothing.
  func playInARow(_ chance: inout SeededChance) async throws {
    try await playInARow(on: driver, &chance)
  }

  private func playInARow(
    on first: isolated ESCPOSTicketPrinter, _ chance: inout SeededChance
  ) async throws {
    var driver = first
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
  ) async throws -> (slip: SlipPaper, fault: DeviceFault?) {
    let slip = Self.paper(number, profile, template)
    let began = printer.now
    let fault = await (driver ?? self.driver).port.print(Slips.ticket(number))
    try check(printer.now - began < Self.longest, "it took \(printer.now - began)")
    try truth(slip, fault)
    return (slip, fault)
  }

  /// Confirmed: once, whole, and cut off from what came before. Not confirmed: once at most.
  private func truth(_ slip: SlipPaper, _ fault: DeviceFault?) throws {
    let paper = printer.paper
    let places = paper.positions(of: slip)
    guard fault == nil else {
      return try check(places.count <= 1, "\(fault ?? .other), and on paper \(places.count) times")
    }
    try check(places.count == 1, "confirmed, and on paper \(places.count) times at \(printer.now)")
    let before = paper.commands[..<(places.first ?? 0)].reversed().prefix {
      !SlipCommands.isEnd($0, hasKnife: profile.cut != .none)
    }
    try check(!before.contains(where: SlipCommands.isReadable), "it hangs on what came before it")
  }

  private func check(_ holds: Bool, _ what: @autoclosure () -> String) throws {
    guard holds else { throw SimulatedRun.Broken(what()) }
  }
}

extension SeededChance {
  mutating func ticketRun() throws -> SimulatedTicketRun {
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
