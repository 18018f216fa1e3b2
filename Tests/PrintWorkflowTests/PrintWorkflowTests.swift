import OfficeModel
import PrintWorkflow
import Testing

@Suite("A print as a value")
struct PrintWorkflowTests {
  private static let events: [PrintWorkflow.Event] = [
    .submitted, .printerPrints, .printerHolds(.mediaEmpty), .printerHolds(.mediaJam),
    .printerEnded(.delivered, fault: nil, evidenceIsComplete: true),
    .printerEnded(.delivered, fault: nil, evidenceIsComplete: false),
    .printerEnded(.delivered, fault: .mediaLow, evidenceIsComplete: true),
    .printerEnded(.delivered, fault: .mediaJam, evidenceIsComplete: true),
    .printerEnded(.notPrinted, fault: .offline, evidenceIsComplete: false),
    .printerEnded(.unknown, fault: nil, evidenceIsComplete: false),
    .accountLost, .cancelRequested, .bytesRefused, .citizenMissesPaper,
  ]

  @Test("a print that goes well is settled as delivered, once")
  func plainDelivery() {
    var print = PrintWorkflow()
    #expect(print.handle(.submitted) == [.show(.sending)])
    #expect(print.handle(.printerPrints) == [.show(.printing)])
    #expect(print.handle(.printerHolds(.mediaEmpty)) == [.show(.held(.mediaEmpty))])
    #expect(print.handle(.printerPrints) == [.show(.printing)])
    #expect(
      print.handle(.printerEnded(.delivered, fault: nil, evidenceIsComplete: true))
        == [.settle(.delivered), .announceEnd(.delivered, nil)])
  }

  @Test("without complete evidence nothing is called delivered")
  func evidence() {
    for event in [
      PrintWorkflow.Event.printerEnded(.delivered, fault: nil, evidenceIsComplete: false),
      .printerEnded(.delivered, fault: .mediaJam, evidenceIsComplete: true), .accountLost,
    ] {
      var print = PrintWorkflow()
      _ = print.handle(.submitted)
      _ = print.handle(.printerPrints)
      #expect(print.handle(event).first == .settle(.unknown))
    }
  }

  @Test("a job that was never submitted ends as not printed, or unknown if a printer claims it")
  func neverSubmitted() {
    for (event, outcome) in [
      (PrintWorkflow.Event.cancelRequested, PrintOutcome.notPrinted),
      (.accountLost, .notPrinted), (.bytesRefused, .notPrinted),
      (.printerEnded(.delivered, fault: nil, evidenceIsComplete: true), .unknown),
    ] {
      var print = PrintWorkflow()
      #expect(print.handle(event).first == .settle(outcome))
    }
    for said in [PrintOutcome.delivered, .notPrinted, .unknown] {
      #expect(
        PrintWorkflow.outcomeAfterRestart(wasSubmitted: false, byPrinter: said) == .notPrinted)
      #expect(PrintWorkflow.outcomeAfterRestart(wasSubmitted: true, byPrinter: said) == said)
    }
  }

  @Test("cancelling asks the printer once and waits for its word")
  func cancelling() {
    var print = PrintWorkflow()
    _ = print.handle(.submitted)
    #expect(print.handle(.cancelRequested) == [.show(.cancelling), .cancelAtPrinter])
    #expect(print.handle(.cancelRequested) == [])
    #expect(print.handle(.printerPrints) == [])
    #expect(
      print.handle(.printerEnded(.notPrinted, fault: nil, evidenceIsComplete: false)).first
        == .settle(.notPrinted))
  }

  @Test("missing paper calls staff and never unsettles the ledger")
  func missingPaper() {
    var print = PrintWorkflow()
    _ = print.handle(.submitted)
    #expect(print.handle(.citizenMissesPaper) == [])
    _ = print.handle(.printerEnded(.delivered, fault: nil, evidenceIsComplete: true))
    #expect(print.handle(.citizenMissesPaper) == [.callStaff])
    #expect(print.handle(.citizenMissesPaper) == [])
    #expect(print.state == .ended(.delivered, nil))
  }

  @Test("in every sequence of five events a print is settled at most once, and the end stays")
  func everySequence() {
    var seen = 0
    func walk(_ print: PrintWorkflow, _ settled: PrintOutcome?, _ submitted: Bool, _ depth: Int) {
      guard depth > 0 else { return }
      for event in Self.events {
        var next = print
        let commands = next.handle(event)
        let settles = commands.compactMap { command -> PrintOutcome? in
          if case .settle(let outcome) = command { outcome } else { nil }
        }
        seen += 1
        if settled != nil {
          if !settles.isEmpty || next.state != print.state {
            Issue.record("settled twice by \(event)")
          }
        }
        if settles.count > 1 { Issue.record("two settles in one step: \(event)") }
        let started = submitted || next.state == .sending
        if settles.contains(.delivered), !started { Issue.record("delivered, never sent") }
        if next.isEnded != (settled != nil || !settles.isEmpty) {
          Issue.record("ended without being settled: \(event)")
        }
        walk(next, settled ?? settles.first, started, depth - 1)
      }
    }
    walk(PrintWorkflow(), nil, false, 5)
    #expect(seen > 500_000)
  }
}
