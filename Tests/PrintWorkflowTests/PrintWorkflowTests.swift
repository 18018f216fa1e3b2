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
      .printerEnded(.delivered, fault: .mediaJam, evidenceIsComplete: true),
    ] {
      var print = PrintWorkflow()
      _ = print.handle(.submitted)
      _ = print.handle(.printerPrints)
      #expect(print.handle(event).first == .settle(.unknown))
    }
  }

  @Test("a job that the printer has not called over is left there, and settled by nobody")
  func left() {
    for event in [PrintWorkflow.Event.accountLost, .bytesRefused] {
      var print = PrintWorkflow()
      _ = print.handle(.submitted)
      _ = print.handle(.printerPrints)
      #expect(
        print.handle(event) == [.leaveAtPrinter, .announceEnd(.unknown, .jobLeft), .callStaff])
      #expect(print.isEnded)
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

  @Test("in every sequence of five events a print is settled or left once, and the end stays")
  func everySequence() {
    var seen = 0
    func walk(
      _ print: PrintWorkflow, _ ended: PrintWorkflow.Command?, _ submitted: Bool, _ depth: Int
    ) {
      guard depth > 0 else { return }
      for event in Self.events {
        var next = print
        let commands = next.handle(event)
        let ends = commands.filter { command in
          switch command {
          case .settle, .leaveAtPrinter: true
          default: false
          }
        }
        seen += 1
        if ended != nil {
          if !ends.isEmpty || next.state != print.state {
            Issue.record("settled twice by \(event)")
          }
        }
        if ends.count > 1 { Issue.record("two settles in one step: \(event)") }
        let started = submitted || next.state == .sending
        if ends == [.settle(.delivered)], !started { Issue.record("delivered, never sent") }
        if next.isEnded != (ended != nil || !ends.isEmpty) {
          Issue.record("ended without being settled: \(event)")
        }
        walk(next, ended ?? ends.first, started, depth - 1)
      }
    }
    walk(PrintWorkflow(), nil, false, 5)
    #expect(seen > 500_000)
  }
}
