import DinasProtocol
import Journey
import LocalStore
import OfficeModel
import Ports
import SensitiveMemory
import TestSupport
import Testing
import UseCases

@testable import Printing

/// Jobs that the kiosk loses sight of: real use cases, store and driver, at a printer of the lab that
/// takes no second citizen's document before it has let go of the first one's.
@Suite("Prints that were left at the printer", .serialized, .timeLimit(.minutes(2)))
struct LeftPrintTests {
  /// A counter at the lab's printer.
  private func withCounter(_ body: (Counter, LabProgram) async throws -> Void) async throws {
    try await withLab("virtual-ipp-printer") { lab in
      try await body(try counter(at: lab), lab)
    }
  }

  private func counter(
    at lab: LabProgram, adjust: (inout Ports) -> Void = { _ in }
  ) throws -> Counter {
    let uri = try #require(lab.values["URI"])
    return try Counter(adjust: adjust, printers: { [DocumentPrinter(port: Self.driver(uri, $0))] })
  }

  private static func driver(_ uri: String, _ vault: SecretVault) -> DocumentPrinterPort {
    // Shorter than in an office: two looks that fail, and a counter that stands still for a moment.
    var limits = PrintFollowUp.Limits()
    limits.poll = .milliseconds(50)
    limits.unreachable = .seconds(2)
    limits.settle = .seconds(1)
    return IPPDocumentPrinter(
      settings: .init(uri: uri), limits: limits, vault: vault,
      pages: PreviewPort { _, _, _ throws(PortError) in
        throw PortError(.notFound, step: "preview")
      }, events: EventPort { _ in }
    ).port
  }

  /// The citizen's document waits for paper when the printer's cable is pulled; the kiosk waits as long
  /// as it waits, and the citizen leaves.
  private func leave(_ counter: Counter, _ lab: LabProgram) async throws {
    try await lab.tell("reasons media-empty")
    try await counter.openDocument()
    counter.runner.run(.printDocument(counter.session, documentID: Counter.documentID))
    _ = await counter.answer { $0 == .print(.held(.mediaEmpty)) }
    try await lab.tell("offline")
    #expect(await counter.answer { $0.printEnd != nil } == .printEnded(.unknown, fault: .jobLeft))
    counter.runner.run(.endSession(counter.session))
    _ = await counter.parts.events.first { $0.name == "print.finished" }
  }

  private struct Job: Decodable, Sendable {
    var name: String
    var state: String
  }

  private func jobs(_ lab: LabProgram) async throws -> [String] {
    try await lab.ask("jobs", as: [Job].self).map(\.state)
  }

  private func sheets(_ lab: LabProgram) async throws -> Int {
    struct Status: Decodable, Sendable { var sheets: Int }
    return try await lab.ask("status", as: Status.self).sheets
  }

  /// The kiosk goes on, and its clock with it, until a condition is met.
  private func serving(
    _ counter: Counter, until what: String, _ condition: () async throws -> Bool
  ) async throws {
    let loops = Task { await counter.runner.serve() }
    defer { loops.cancel() }
    try await eventually(what) {
      counter.parts.clock.advance(by: .seconds(1))
      return try await condition()
    }
  }

  @Test("a printer that comes back with the job still waiting lets it go before there is paper")
  func nothingComesOut() async throws {
    try await withCounter { counter, lab in
      try await leave(counter, lab)
      let ledger = counter.store.port().ledger
      #expect(try await ledger.unsettled().count == 1)
      #expect(try await ledger.unknowns().isEmpty)
      try await lab.tell("online")
      #expect(try await jobs(lab) == ["processing-stopped"])
      try await serving(counter, until: "settled") { try await ledger.unsettled().isEmpty }
      #expect(try await jobs(lab) == ["canceled"])
      // Now somebody fills the tray.
      try await lab.tell("reasons none")
      #expect(try await sheets(lab) == 0)
      // The printer's counter stood still: the right is the citizen's again.
      #expect(try await ledger.unknowns().isEmpty)
      let documents = try await counter.store.port().cache.documents(counter.nikKey)
      #expect(documents.first?.summary.printsLeft == 1)
    }
  }

  @Test("what came out while the printer could not be asked is in the ledger as soon as it can")
  func cameOut() async throws {
    try await withCounter { counter, lab in
      try await leave(counter, lab)
      let ledger = counter.store.port().ledger
      try await lab.tell("reasons none")
      try await eventually("the printer prints on its own") { try await sheets(lab) == 1 }
      try await lab.tell("online")
      try await serving(counter, until: "settled") { try await ledger.unsettled().isEmpty }
      #expect(try await ledger.unknowns().isEmpty)
      let documents = try await counter.store.port().cache.documents(counter.nikKey)
      #expect(documents.first?.summary.printsLeft == 0)
    }
  }

  @Test(
    "a printer that lets go of nothing prints for nobody, and says so on the glass until it does")
  func nothingBehindIt() async throws {
    try await withCounter { counter, lab in
      try await lab.tell("slow 600")
      try await leave(counter, lab)
      try await lab.tell("deaf 1000000")
      try await lab.tell("reasons none")
      try await lab.tell("online")
      let left = FactsChange.documentPrinter(.down(.jobLeft))
      try await serving(counter, until: "the glass knows") {
        counter.answers.all.contains(.facts(left))
      }
      #expect(try await counter.store.port().ledger.unsettled().count == 1)
      let before = counter.answers.all.count
      try await lab.tell("deaf 3")
      try await serving(counter, until: "the glass is free again") {
        counter.answers.all.dropFirst(before).contains(.facts(.documentPrinter(.ready)))
      }
      #expect(try await jobs(lab) == ["canceled"])
      // Nothing came out of it, and its right went back; the next print is asked for anew.
      let until = Counter.lease.until
      counter.parts.leaseVerdict.value = { _ in .success(.granted(until: until)) }
      let next = SessionID(2)
      counter.runner.run(
        .checkCredential(
          next, nik: counter.type(Counter.nikDigits, 11), pin: counter.type("123456", 12)))
      _ = await counter.answer(next) { if case .credentialAccepted = $0 { true } else { false } }
      counter.runner.run(.openDocument(next, Counter.summary))
      _ = await counter.answer(next) { if case .documentReady = $0 { true } else { false } }
      try await lab.tell("slow 0.1")
      counter.runner.run(.printDocument(next, documentID: Counter.documentID))
      let end = await counter.answer(next) { $0.printEnd != nil }
      #expect(end == .printEnded(.delivered, fault: nil))
      #expect(try await sheets(lab) == 1)
    }
  }

  @Test("a kiosk whose store does not open has its jobs cancelled all the same, and nobody else's")
  func withoutStore() async throws {
    try await withCounter { counter, lab in
      try await leave(counter, lab)
      try await lab.tell("online")
      // Somebody at a desk prints at the same machine.
      let vault = SecretVault()
      let document = try Counter.plain.withUnsafeBytes { try vault.store($0) }
      let desk = Self.driver(try #require(lab.values["URI"]), vault)
      let order = PrintOrder(
        jobKey: "daftar-hadir", document: document, byteCount: Counter.plain.count,
        sha256: WireHash.sha256(Counter.plain), pageCount: 1)
      let other = Task { for await _ in desk.print(order) {} }
      try await eventually("two jobs") { try await jobs(lab).count == 2 }
      let later = try self.counter(
        at: lab,
        adjust: { $0.store = .failing(PortError(.storageReadOnly, step: "open store")) })
      try await serving(later, until: "its job is cancelled") {
        later.parts.events.all.contains { $0.name == "print.swept" }
      }
      let found = try await lab.ask("jobs", as: [Job].self)
      #expect(found.first?.state == "canceled")
      #expect(found.last?.name == "daftar-hadir" && found.last?.state != "canceled")
      await desk.cancel("daftar-hadir")
      await other.value
      #expect(try await sheets(lab) == 0)
    }
  }
}
