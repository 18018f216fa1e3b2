import OfficeModel
import Ports
import Testing

@testable import Printing

@Suite("Following a print job")
struct PrintFollowUpTests {
  private let idle = PrinterSnapshot(state: .idle, reasons: ["none"], isAccepting: true, counter: 8)
  private let empty = PrinterSnapshot(
    state: .stopped, reasons: ["media-empty-error"], isAccepting: true, counter: 7)

  private func job(
    _ state: JobSnapshot.State, _ reasons: [String] = ["none"], impressions: Int? = nil
  ) -> JobSnapshot {
    JobSnapshot(state: state, reasons: reasons, impressions: impressions)
  }

  private func followUp(counter: Int? = 7) -> PrintFollowUp {
    PrintFollowUp(limits: .init(), counterBefore: counter, pages: 1, at: .zero)
  }

  @Test("completed, idle, without fault and with a moved counter is delivered")
  func delivered() {
    var machine = followUp()
    #expect(
      machine.handle(.seen(job(.completed), idle), at: .zero) == [
        .report(.ended(.delivered, fault: nil))
      ])
    #expect(machine.handle(.unreachable, at: .seconds(1)) == [], "an ended job stays ended")
  }

  @Test("a counter that has moved by fewer sheets than the document has pages is no proof")
  func short() {
    for counter in [7, 9, 3] {
      var machine = PrintFollowUp(limits: .init(), counterBefore: 7, pages: 3, at: .zero)
      let few = PrinterSnapshot(state: .idle, reasons: [], isAccepting: true, counter: counter)
      #expect(machine.handle(.seen(job(.completed), few), at: .zero) == [])
      #expect(
        machine.handle(.seen(job(.completed), few), at: machine.limits.settle) == [
          .report(.ended(.unknown, fault: nil))
        ])
    }
    var machine = PrintFollowUp(limits: .init(), counterBefore: 7, pages: 3, at: .zero)
    let all = PrinterSnapshot(state: .idle, reasons: [], isAccepting: true, counter: 10)
    #expect(
      machine.handle(.seen(job(.completed), all), at: .zero) == [
        .report(.ended(.delivered, fault: nil))
      ])
  }

  @Test("completed while the printer is not idle waits, and in the end is unknown")
  func neverIdle() {
    var machine = followUp()
    let limit = machine.limits.settle
    #expect(machine.handle(.seen(job(.completed), empty), at: .zero) == [])
    #expect(machine.handle(.seen(job(.completed), empty), at: limit - .seconds(1)) == [])
    #expect(
      machine.handle(.seen(job(.completed), empty), at: limit) == [
        .report(.ended(.unknown, fault: .mediaEmpty))
      ])
  }

  @Test("completed with errors or without history is unknown")
  func doubted() {
    for reason in ["job-completed-with-errors", "cups-ipp-missing-job-history"] {
      var machine = followUp()
      #expect(
        machine.handle(.seen(job(.completed, [reason]), idle), at: .zero) == [
          .report(.ended(.unknown, fault: nil))
        ])
    }
  }

  @Test("a counter that was never anything but zero counts nothing")
  func zeroCounter() {
    var machine = followUp(counter: 0)
    let zero = PrinterSnapshot(state: .idle, reasons: [], isAccepting: true, counter: 0)
    #expect(
      machine.handle(.seen(job(.completed), zero), at: .zero) == [
        .report(.ended(.delivered, fault: nil))
      ])
    var canceled = followUp(counter: 0)
    #expect(
      canceled.handle(.seen(job(.canceled), zero), at: .zero) == [
        .report(.ended(.unknown, fault: nil))
      ])
  }

  @Test("canceled without a counter that has counted before is unknown, whatever the job counts")
  func canceledUncounted() {
    var machine = followUp(counter: nil)
    #expect(
      machine.handle(.seen(job(.canceled), idle), at: .zero) == [
        .report(.ended(.unknown, fault: nil))
      ])
    for counter in [nil, 0] {
      var machine = followUp(counter: counter)
      let printer = PrinterSnapshot(
        state: .idle, reasons: [], isAccepting: true, counter: counter)
      #expect(
        machine.handle(.seen(job(.canceled, impressions: 0), printer), at: .zero) == [
          .report(.ended(.unknown, fault: nil))
        ])
    }
  }

  @Test("a sheet that comes out after the job was canceled is seen before anything is said")
  func lateSheet() {
    var machine = followUp()
    let still = PrinterSnapshot(state: .idle, reasons: [], isAccepting: true, counter: 7)
    let limit = machine.limits.settle
    #expect(machine.handle(.seen(job(.canceled), still), at: .zero) == [])
    #expect(machine.handle(.seen(job(.canceled), still), at: limit - .seconds(1)) == [])
    var other = machine
    #expect(
      machine.handle(.seen(job(.canceled), idle), at: limit) == [
        .report(.ended(.unknown, fault: nil))
      ])
    #expect(
      other.handle(.seen(job(.canceled), still), at: limit) == [
        .report(.ended(.notPrinted, fault: nil))
      ])
  }

  @Test("paper that never comes ends the job, which is then not printed")
  func heldForEver() {
    var machine = followUp()
    #expect(machine.handle(.seen(job(.stopped), empty), at: .zero) == [.report(.held(.mediaEmpty))])
    #expect(machine.handle(.seen(job(.stopped), empty), at: .seconds(60)) == [])
    #expect(machine.handle(.seen(job(.stopped), empty), at: machine.limits.held) == [.cancelJob])
    let canceled = machine.limits.held + .seconds(1)
    #expect(machine.handle(.seen(job(.canceled), empty), at: canceled) == [])
    #expect(
      machine.handle(.seen(job(.canceled), empty), at: canceled + machine.limits.settle) == [
        .report(.ended(.notPrinted, fault: .mediaEmpty))
      ])
  }

  @Test("a job that prints for ever is cancelled; time without paper does not count")
  func printsForEver() {
    var machine = followUp()
    let printing = PrinterSnapshot(
      state: .processing, reasons: ["none"], isAccepting: true, counter: 7)
    #expect(machine.handle(.seen(job(.processing), printing), at: .zero) == [.report(.printing)])
    _ = machine.handle(.seen(job(.stopped), empty), at: .seconds(1))
    _ = machine.handle(.seen(job(.processing), printing), at: .seconds(301))
    #expect(machine.handle(.seen(job(.processing), printing), at: .seconds(899)) == [])
    #expect(machine.handle(.seen(job(.processing), printing), at: .seconds(900)) == [.cancelJob])
    // Still there half a minute later, it may come out whenever the printer likes.
    #expect(
      machine.handle(.seen(job(.processing), printing), at: .seconds(930)) == [
        .report(.left(fault: nil))
      ])
  }

  @Test("a job that is to be cancelled is cancelled at every look until the printer lets it go")
  func cancelledAgain() {
    var machine = followUp()
    _ = machine.handle(.seen(job(.stopped), empty), at: .zero)
    #expect(machine.cancel(at: .seconds(1)) == [.cancelJob])
    #expect(machine.handle(.unreachable, at: .seconds(2)) == [])
    for second in 3...5 {
      #expect(machine.handle(.seen(job(.stopped), empty), at: .seconds(second)) == [.cancelJob])
    }
    #expect(machine.handle(.seen(job(.canceled), empty), at: .seconds(6)) == [])
  }

  @Test("a printer that is gone for longer than anybody waits leaves its job without an end")
  func gone() {
    var machine = followUp()
    _ = machine.handle(.seen(job(.stopped), empty), at: .zero)
    let limit = machine.limits.unreachable
    #expect(machine.handle(.unreachable, at: .zero) == [])
    #expect(machine.handle(.unreachable, at: .seconds(1)) == [.report(.held(.offline))])
    #expect(machine.handle(.unreachable, at: limit) == [.report(.left(fault: .offline))])
    #expect(machine.handle(.seen(job(.stopped), empty), at: limit) == [])
  }

  @Test("reasons become faults without their severity; warnings stay warnings")
  func reasons() {
    func fault(_ reasons: [String], _ state: PrinterSnapshot.State = .stopped) -> DeviceFault? {
      PrinterSnapshot(state: state, reasons: reasons, isAccepting: true).fault
    }
    #expect(fault(["media-empty-error"]) == .mediaEmpty)
    #expect(fault(["media-empty"]) == .mediaEmpty)
    #expect(fault(["media-empty-report"], .idle) == nil)
    #expect(fault(["media-jam-warning"], .idle) == nil)
    #expect(fault(["media-jam-warning"]) == .mediaJam)
    #expect(fault(["media-empty-error", "cover-open-error"]) == .coverOpen)
    #expect(fault(["marker-supply-low-error"], .idle) == nil)
    #expect(fault(["none"]) == .stopped)
    #expect(fault(["none"], .idle) == nil)
    #expect(fault(["vendor-specific-error"], .idle) == nil)
    #expect(fault(["vendor-specific-error"]) == .other)
  }
}
