import Foundation
import OfficeModel
import Ports
import SensitiveMemory
import Synchronization
import TestSupport

@testable import Printing

extension SeededChance {
  mutating func isOne(in count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }

  /// Short ones as often as long ones, from a millisecond on.
  mutating func duration(upTo seconds: Double) -> Duration {
    let exponent = Double.random(in: 0...1, using: &self)
    return .milliseconds(Int(pow(seconds * 1000, exponent)))
  }

  mutating func machine() -> SimulatedPrinter.Machine {
    SimulatedPrinter.Machine(
      pageTime: duration(upTo: 5), counter: isOne(in: 3) ? nil : 4711,
      countsAfter: duration(upTo: 3), hasLateSheets: isOne(in: 2))
  }

  mutating func plan(in printer: SimulatedPrinter) {
    printer.failNext(
      PrinterFault.allCases.randomElement(using: &self) ?? .paperOut,
      after: duration(upTo: 30), lasting: duration(upTo: isOne(in: 5) ? 4_000 : 60))
  }
}

/// One document through the production driver to a simulated printer, and what has to hold.
final class SimulatedRun: Sendable {
  struct Broken: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }

  let printer: SimulatedPrinter
  private let vault = SecretVault()
  private let driver: IPPDocumentPrinter
  /// From the order, when the citizen cancels.
  private let cancelAt: Duration?

  init(
    _ machine: SimulatedPrinter.Machine, limits: PrintFollowUp.Limits = .init(),
    cancelAt: Duration? = nil
  ) {
    self.cancelAt = cancelAt
    let printer = SimulatedPrinter(machine)
    self.printer = printer
    let time = PrintTime(
      now: { printer.now },
      sleep: { duration in
        printer.pass(duration)
        return true
      })
    driver = IPPDocumentPrinter(
      settings: .init(uri: "ipp://simulated"), way: SimulatedWay(printer: printer), time: time,
      limits: limits, vault: vault, pages: PrinterRig.noPages(vault), events: EventPort { _ in })
  }

  /// Prints a document while things go wrong, then another when all is well.
  func play(pages: Int) async throws {
    let before = printer.state.withLock { $0.toldCounter }
    let began = printer.now
    let last = try await print("job-1", pages: pages)
    // What a driver may wait at most: held, printing, canceling, and the rest of each.
    try check(
      printer.now - began < .seconds(2_400), "it took \(printer.now - began) to say \(last)")
    try truth("job-1", pages, last)
    printer.mend()
    if case .left = last {
      let found = await driver.port.reconcile("job-1", before, pages)
      guard case .over(let outcome) = found else {
        throw Broken("a reachable printer's job is \(found) after \(last)")
      }
      try truth("job-1", pages, .ended(outcome, fault: nil))
    }
    let sheets = printer.tray("job-1").sheets
    printer.pass(.seconds(7_200))
    // What a lost answer left there has no document, and is not printed.
    try check(
      printer.tray("job-1").sheets == sheets || isUnknown(last),
      "\(last) was said, and \(printer.tray("job-1").sheets - sheets) sheets came out afterwards")
    try truth("job-1", pages, last)
    let second = try await print("job-2", pages: 1)
    try check(second == .ended(.delivered, fault: nil), "all is well, and it is \(second)")
  }

  private func isUnknown(_ step: PrintStep) -> Bool {
    if case .ended(.unknown, _) = step { true } else { false }
  }

  private func truth(_ key: String, _ pages: Int, _ last: PrintStep) throws {
    let tray = printer.tray(key)
    try check(tray.jobs <= 1, "\(tray.jobs) jobs")
    switch last {
    case .ended(.delivered, _):
      try check(tray.sheets == pages, "delivered, \(tray.sheets) of \(pages) sheets")
    case .ended(.notPrinted, _): try check(tray.sheets == 0, "notPrinted, \(tray.sheets) sheets")
    case .ended(.unknown, _), .left: break
    case .sending, .printing, .held: throw Broken("the last step is \(last)")
    }
  }

  private func print(_ key: String, pages: Int) async throws -> PrintStep {
    let document = Array(repeating: UInt8(ascii: "P"), count: pages) + Array("invented".utf8)
    let handle = try document.withUnsafeBytes { try vault.store($0) }
    defer { vault.wipe(handle) }
    let order = PrintOrder(
      jobKey: key, document: handle, byteCount: document.count,
      sha256: PrinterRig.sha256(document), pageCount: pages)
    if let at = cancelAt, key == "job-1" {
      let driver = driver
      printer.state.withLock { state in
        state.plan(at: state.now + at) { _ in driver.requestCancel(key) }
      }
    }
    var last = PrintStep.sending
    for await step in driver.port.print(order) { last = step }
    return last
  }

  /// How many there were in how long; told, and not demanded, since machines are busy.
  static func tell(_ what: String, _ count: UInt64, since began: ContinuousClock.Instant) {
    let seconds = began.duration(to: .now) / .seconds(1)
    Swift.print(
      "\(count) simulated \(what) in \(seconds) s: \(Int(Double(count) / seconds)) a second")
  }

  private func check(_ holds: Bool, _ what: @autoclosure () -> String) throws {
    guard holds else { throw Broken(what()) }
  }
}
