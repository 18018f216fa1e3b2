import DinasProtocol
import Journey
import LocalStore
import OfficeModel
import Ports
import TestSupport
import Testing
import UseCases

/// Paper and toner, from the printer and from staff to the glass, on the real store.
@Suite("Paper and toner", .timeLimit(.minutes(1)))
struct PaperTests {
  private func counter() throws -> Counter {
    let right = try LookupSecret(file: Counter.lookupKey).staff(Array("482913".utf8))
    return try Counter(adjust: { ports in
      ports.staff = StaffPort { pin in pin.value == right ? "petugas-uji" : nil }
      ports.documentPrinters[0].paperCapacity = 250
    })
  }

  private func reading(_ counter: Counter) -> PrinterReading? {
    for action in counter.answers.all.reversed() {
      if case .facts(.documentPrinters(let readings, _)) = action { return readings.first }
    }
    return nil
  }

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

  private func ask(_ counter: Counter, _ request: StaffRequest, before: Int) async -> StaffNote? {
    counter.runner.run(.staff(counter.session, request))
    let count = Box(0)
    let action = await counter.answers.first { action in
      guard case .answer(_, .staff) = action else { return false }
      count.value += 1
      return count.value > before
    }
    guard case .answer(_, .staff(.overview(_, let note)))? = action else { return nil }
    return note
  }

  @Test("what staff put in is counted from there on, under their name")
  func told() async throws {
    let counter = try counter()
    counter.parts.supplies.value = PrinterSupplies(
      markers: [.init(name: "Hitam", level: .percent(9), lowLevel: 10)], sheetCounter: 1204)
    counter.parts.sheetCounter.value = 1204
    _ = await ask(counter, .signIn(pin: counter.type("482913", 1)), before: 0)
    let note = await ask(
      counter, .paperFilled(printer: "utama", typed: counter.type("200", 2)), before: 1)
    #expect(note == .paperNoted(sheets: 200))
    #expect(reading(counter)?.paper.sheetsLeft == 200)
    counter.parts.supplies.value?.sheetCounter = 1284
    try await serving(counter, until: "eighty are gone") {
      reading(counter)?.paper.sheetsLeft == 120
    }
    #expect(reading(counter)?.supplies?.markers.first?.isLow == true)
    let entry = try await counter.store.port().audit.page(0, 100).map(\.entry)
      .first { $0.what == .paperFilled }
    #expect(entry?.who == "staff:petugas-uji" && entry?.result == "200")
  }

  @Test("a slip of the finger and a printer that is not there change nothing")
  func refused() async throws {
    let counter = try counter()
    _ = await ask(counter, .signIn(pin: counter.type("482913", 1)), before: 0)
    #expect(
      await ask(counter, .paperFilled(printer: "utama", typed: counter.type("0", 2)), before: 1)
        == .paperRefused)
    #expect(
      await ask(counter, .paperFilled(printer: "lain", typed: counter.type("9", 3)), before: 2)
        == .notDone)
    #expect(
      try await counter.store.port().supplies.paper("utama", counter.parts.clock.now.wall).0 == nil)
  }

  @Test("a tray that was empty and is not has been filled; with how much is an estimate")
  func noticed() async throws {
    let counter = try counter()
    counter.parts.documentState.value = .down(.mediaEmpty)
    try await serving(counter, until: "it is empty") {
      reading(counter)?.paper.sheetsLeft == 0
    }
    counter.parts.documentState.value = .ready
    try await serving(counter, until: "it is full") {
      reading(counter)?.paper.sheetsLeft == 250
    }
    #expect(reading(counter)?.paper.isEstimate == true)
    let entries = try await counter.store.port().audit.page(0, 100).map(\.entry)
      .filter { $0.what == .paperFilled }
    #expect(entries.map(\.who) == ["kiosk"] && entries.map(\.result) == ["estimate-250"])
  }

  @Test("a print is taken off without a counter too")
  func printed() async throws {
    let counter = try counter()
    _ = await ask(counter, .signIn(pin: counter.type("482913", 11)), before: 0)
    _ = await ask(
      counter, .paperFilled(printer: "utama", typed: counter.type("30", 12)), before: 1)
    try await counter.openDocument()
    counter.runner.run(.printDocument(counter.session, documentID: Counter.documentID))
    _ = await counter.answer { $0.printEnd != nil }
    try await serving(counter, until: "one sheet is gone") {
      reading(counter)?.paper.sheetsLeft == 29
    }
    #expect(reading(counter)?.paper.sheetsSinceRefill == 1)
    // One document has no mean.
    #expect(reading(counter)?.paper.documentsLeft == nil)
  }
}
