import DinasProtocol
import Foundation
import Journey
import KioskConfiguration
import LocalStore
import OfficeModel
import Ports
import Screens
import SensitiveMemory
import TestSupport
import Testing
import UseCases

/// Staff at the glass about a print: from the touch, through the journey and the real use cases, down to
/// the ledger, the outbox and the record.
@Suite("Staff settle a print at the glass", .timeLimit(.minutes(1)))
struct StaffPrintTests {
  /// The glass of a counter whose one member of staff has the PIN 482913. A control is only touched
  /// where it lies on the frame that is drawn.
  private final class Glass {
    let counter: Counter
    var state: JourneyState
    private var moment: Moment
    private var seen = 0

    init(_ counter: Counter) {
      self.counter = counter
      moment = Moment(wall: counter.parts.clock.now.wall, uptime: .zero)
      state = JourneyState(
        office: OfficeProfile(
          name: "Disdukcapil Kabupaten Contoh", kioskName: "ADM 01", zone: .wita, services: [],
          languages: ["id"], isDemonstration: true, openingHours: []), now: moment)
    }

    func act(_ action: Action) {
      for effect in Journey.reduce(into: &state, action, at: moment) { counter.runner.run(effect) }
    }

    func offers(_ control: Control) throws -> Bool {
      let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Assets/strings").path
      let frame = Screens.frame(
        for: state, size: Size(width: 1080, height: 1920),
        strings: Strings(
          language: "id", tables: try StringsFile.load(directory: folder, languages: ["id"])),
        measure: TextMeasurer(
          width: { text, _, pixels in text.count * pixels * 6 / 10 },
          lineHeight: { _, pixels in pixels * 6 / 5 }))
      return frame.controls.contains { $0.control == control && $0.isEnabled }
    }

    func tap(_ controls: Control...) throws {
      for control in controls {
        #expect(try offers(control), "\(control.name) is not on \(state.screen.name)")
        act(.activate(control))
      }
    }

    /// Touches what asks the kiosk, and waits for its answer.
    func ask(_ control: Control) async throws {
      try tap(control)
      let count = Box(0)
      let before = seen
      let answer = await counter.answers.first { action in
        guard case .answer(_, .staff) = action else { return false }
        count.value += 1
        return count.value > before
      }
      seen += 1
      act(try #require(answer))
    }

    private func knock() {
      act(.hold(.staffDoor, isDown: true))
      moment = Moment(wall: moment.wall, uptime: moment.uptime.adding(.seconds(3)))
      act(.deadline)
    }

    /// The hand on the crest, and the PIN.
    func enter() async throws {
      // The citizen's session is the first; it ends, and staff come in the next.
      knock()
      try tap(.finish)
      knock()
      for digit in [4, 8, 2, 9, 1, 3] as [UInt8] { try tap(.digit(digit)) }
      try await ask(.continue)
      #expect(state.screen.name == "staffMenu")
    }
  }

  private func glass() throws -> Glass {
    let right = try LookupSecret(file: Counter.lookupKey).staff(Array("482913".utf8))
    return Glass(
      try Counter(adjust: { ports in
        ports.staff = StaffPort { pin in pin.value == right ? "petugas-uji" : nil }
      }))
  }

  /// A citizen's print that ends like this; the key of its job.
  private func print(_ counter: Counter, ending: PrintStep) async throws -> String {
    counter.parts.printScript.value = [.sending, .printing, ending]
    counter.parts.recovery.value = .unconfirmed
    try await counter.openDocument()
    counter.runner.run(.printDocument(counter.session, documentID: Counter.documentID))
    _ = await counter.parts.events.first { $0.name == "print.finished" }
    return try #require(counter.parts.documentsPrinted.all.first).jobKey
  }

  private func ends(_ counter: Counter) async throws -> [KioskReport.Content] {
    try await counter.due().filter { $0.kind == .printOutcome }.map {
      try Wire.decode(KioskReport.self, from: $0.body).content
    }
  }

  private func printsLeft(_ counter: Counter) async throws -> Int? {
    try await counter.store.port().cache.documents(counter.nikKey).first?.summary.printsLeft
  }

  @Test(
    "what they found about an unknown print is in the ledger, in the outbox and on the record",
    arguments: PrintFinding.allCases)
  func unknown(_ finding: PrintFinding) async throws {
    let glass = try glass()
    let counter = glass.counter
    let job = try await print(counter, ending: .ended(.unknown, fault: nil))
    #expect(try await printsLeft(counter) == 0)
    try await glass.enter()
    try glass.tap(.staffPrints, .staffPrint(job))
    #expect(try !glass.offers(.staffPrinterCleared(.emptied)))
    try await glass.ask(.staffFinding(finding))
    #expect(glass.state.staffNote == .printSettled)
    #expect(try !glass.offers(.staffPrints))
    #expect(try await counter.store.port().ledger.unknowns().isEmpty)
    #expect(try await printsLeft(counter) == (finding == .handedOver ? 0 : 1))
    #expect(
      try await ends(counter) == [
        .printOutcome(documentID: Counter.documentID, jobKey: job, outcome: .unknown),
        .printOutcome(
          documentID: Counter.documentID, jobKey: job, outcome: finding.outcome,
          finding: finding),
      ])
    let entry = try #require(try await counter.store.port().audit.head()).entry
    #expect(entry.what == .printSettledByStaff && entry.who == "staff:petugas-uji")
    #expect(entry.subject == job && entry.result == finding.rawValue)
  }

  @Test(
    "a print still at the printer is settled by nobody before the printer is cleared",
    arguments: PrinterClearing.allCases)
  func leftAtPrinter(_ clearing: PrinterClearing) async throws {
    let glass = try glass()
    let counter = glass.counter
    let ledger = counter.store.port().ledger
    let job = try await print(counter, ending: .left(fault: .offline))
    try await glass.enter()
    try glass.tap(.staffPrints, .staffPrint(job))
    for finding in PrintFinding.allCases {
      #expect(try !glass.offers(.staffFinding(finding)))
      await #expect(throws: PortError.self) {
        try await ledger.settleByStaff(
          StaffSettlement(
            jobKey: job, finding: finding, staff: "petugas-uji",
            at: counter.parts.clock.now.wall))
      }
    }
    #expect(try await ledger.unsettled().map(\.jobKey) == [job])
    try await glass.ask(.staffPrinterCleared(clearing))
    #expect(glass.state.staffNote == .printerCleared)
    #expect(try await ledger.unsettled().isEmpty)
    #expect(try await ledger.unknowns().map(\.jobKey) == [job])
    let entries = try await counter.store.port().audit.page(0, 1000).map(\.entry)
    let vouched = try #require(entries.first { $0.what == .printerCleared })
    #expect(vouched.who == "staff:petugas-uji" && vouched.subject == job)
    #expect(vouched.result == clearing.rawValue)
    // Only now is it a print in doubt like any other.
    try glass.tap(.staffPrints, .staffPrint(job))
    try await glass.ask(.staffFinding(.nothingCameOut))
    #expect(try await printsLeft(counter) == 1)
    #expect(
      try await ends(counter).last
        == .printOutcome(
          documentID: Counter.documentID, jobKey: job, outcome: .notPrinted,
          finding: .nothingCameOut))
  }

  @Test("nobody clears a job that is being printed")
  func running() async throws {
    let glass = try glass()
    let counter = glass.counter
    counter.parts.printScript.value = nil
    try await counter.openDocument()
    counter.runner.run(.printDocument(counter.session, documentID: Counter.documentID))
    counter.parts.printFeed.yield(.printing)
    _ = await counter.answer { $0 == .print(.printing) }
    let job = try #require(counter.parts.documentsPrinted.all.first).jobKey
    try await glass.enter()
    #expect(try !glass.offers(.staffPrints))
    let session = try #require(glass.state.session)
    counter.runner.run(.staff(session, .printerCleared(jobKey: job, .emptied)))
    let answer = await counter.answer(session) {
      if case .staff(.overview(_, .notDone)) = $0 { true } else { false }
    }
    #expect(answer != nil)
    counter.parts.printFeed.yield(.ended(.delivered, fault: nil))
    counter.parts.printFeed.finish()
    _ = await counter.parts.events.first { $0.name == "print.finished" }
    #expect(try await counter.store.port().ledger.unknowns().isEmpty)
    #expect(try await printsLeft(counter) == 0)
  }
}
