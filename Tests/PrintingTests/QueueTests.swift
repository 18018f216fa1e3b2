import Foundation
import OfficeModel
import Ports
import TestSupport
import Testing

@testable import Printing

// What becomes of a job: an event, what the driver makes of it straight to the printer, and through a
// queue of CUPS. (D: DocumentPrinterTests, R: RecoveryTests, Q: here, L: QueueLossTests.)
//
// event                              straight                      queue
// out of paper, jam, cover, toner    D outOfPaper, faultInMidJob   Q faultInMidJob
// offline before, during, for a bit  D goneBefore, goneDuring,     Q goneBefore, awayForAMoment,
//                                      awayForAMoment                goneDuring
// not accepting, busy                D refused                     Q notAccepting, busyThenFree
// HTTP 503 and 500 in mid-job        D talksNonsenseForAWhile      Q talksNonsenseForAWhile
// HTTP 404 once                      D talksNonsenseForAWhile      Q stoppedQueue
// canceled or aborted at the printer D aborted, cancelledAtThePanel  Q endedAtThePrinter
// power lost, printing or no paper   D powerLoss                   Q powerLoss
// connection torn in the document    D tornConnection              Q tornConnection
// cancelled here while out of paper  D cancelledHere               Q cancelledHere
// server kill -9, SIGTERM            has none                      L serverEnds, serverEndsOffline,
//                                                                    deserted
// MaxJobTime                         has none                      L serverTires
// the queue is deleted               has none                      L queueDeleted
// another printer in its place       D anotherMachine              L anotherMachine
// left by an earlier run             R                             L left*
@Suite("An A4 printer behind a queue of CUPS", .timeLimit(.minutes(3)))
struct QueueTests {
  @Test("exactly the verified bytes pass through it, as one A4 copy, and are delivered")
  func exactBytes() async throws {
    try await withQueue { queue in
      let order = try queue.order()
      let steps = try await queue.rig.print(order)
      #expect(steps.last == .ended(.delivered, fault: nil))
      let job = try #require(try await queue.rig.jobs().first)
      #expect(job.name == QueueRig.key)
      #expect(job.user == "anjungan")
      #expect(job.format == "application/pdf")
      let arrived = try Data(contentsOf: URL(filePath: try #require(job.file)))
      #expect(PrinterRig.sha256(arrived) == order.sha256)
      #expect(try await queue.rig.sheets() == 1)
      #expect(try await queue.queued() == [.completed])
    }
  }

  @Test(
    "each fault in mid-job has its own name and its way back",
    arguments: [
      ("media-empty", DeviceFault.mediaEmpty), ("media-jam", .mediaJam),
      ("cover-open", .coverOpen), ("toner-empty", .markerSupplyEmpty),
    ])
  func faultInMidJob(reason: String, fault: DeviceFault) async throws {
    try await withQueue { queue in
      try await queue.printer.tell("reasons \(reason)")
      let steps = try await queue.rig.print(try queue.order()) { step in
        if step == .held(fault) { try await queue.printer.tell("reasons none") }
      }
      #expect(steps.contains(.held(fault)))
      #expect(steps.last == .ended(.delivered, fault: nil))
      #expect(try await queue.rig.sheets() == 1)
    }
  }

  @Test("a printer that is gone before the first byte gets no job, now or later")
  func goneBefore() async throws {
    try await withQueue { queue in
      try await queue.printer.tell("offline")
      let steps = try await queue.rig.print(try queue.order())
      #expect(steps == [.sending, .ended(.notPrinted, fault: .offline)])
      #expect(try await queue.queued().isEmpty)
    }
  }

  @Test("a printer that is away for a moment in mid-job is followed to the end")
  func awayForAMoment() async throws {
    try await withQueue { queue in
      try await queue.printer.tell("slow 2")
      let steps = try await queue.rig.print(try queue.order()) { step in
        if step == .printing { try await queue.printer.tell("offline") }
        if step == .held(.offline) { try await queue.printer.tell("online") }
      }
      #expect(steps.contains(.held(.offline)))
      #expect(steps.last == .ended(.delivered, fault: nil))
      #expect(try await queue.rig.sheets() == 1)
    }
  }

  @Test("the job of a printer that stays away is left; a later run has it let go before anything")
  func goneDuring() async throws {
    var options = QueueRig.Options()
    options.unreachable = .seconds(3)
    try await withQueue(options) { queue in
      try await queue.printer.tell("reasons media-empty")
      let before = await queue.rig.driver.port.sheetCounter()
      let steps = try await queue.rig.print(try queue.order()) { step in
        if step == .held(.mediaEmpty) { try await queue.printer.tell("offline") }
      }
      #expect(steps.last == .left(fault: .offline))
      let later = try queue.restarted()
      #expect(await later.driver.port.reconcile(QueueRig.key, before, 1) == .unconfirmed)
      #expect(try await queue.queued() == [.canceled])
      try await queue.printer.tell("online")
      try await queue.printer.tell("reasons none")
      try await eventually("the printer is asked") {
        let said = await later.driver.port.reconcile(QueueRig.key, before, 1)
        return said != .unconfirmed
      }
    }
  }

  @Test("a printer that takes no jobs gets none")
  func notAccepting() async throws {
    try await withQueue { queue in
      try await queue.printer.tell("accept off")
      let steps = try await queue.rig.print(try queue.order())
      #expect(steps.last == .ended(.notPrinted, fault: .notAccepting))
      #expect(try await queue.queued().isEmpty)
    }
  }

  @Test("a queue that takes no jobs gets none")
  func queueNotAccepting() async throws {
    try await withQueue { queue in
      try await queue.ask("/usr/sbin/cupsreject", ["kiosk"]) { $0?.printer.isAccepting == false }
      try await queue.driverSays(.down(.notAccepting))
      try await eventually("doctor says what to do") {
        await queue.rig.driver.report().advice?.english.contains("cupsaccept kiosk") == true
      }
      let steps = try await queue.rig.print(try queue.order())
      #expect(steps.last == .ended(.notPrinted, fault: .notAccepting))
    }
  }

  @Test("a busy printer gets its job when it is free, once")
  func busyThenFree() async throws {
    try await withQueue { queue in
      try await queue.printer.tell("busy on")
      let steps = try await queue.rig.print(try queue.order()) { step in
        if step == .printing { try await queue.printer.tell("busy off") }
      }
      #expect(steps.last == .ended(.delivered, fault: nil))
      #expect(try await queue.rig.sheets() == 1)
    }
  }

  @Test("a printer that answers nonsense for a while prints once", arguments: [503, 500])
  func talksNonsenseForAWhile(status: Int) async throws {
    try await withQueue { queue in
      try await queue.printer.tell("slow 1")
      let steps = try await queue.rig.print(try queue.order()) { step in
        if step == .printing { try await queue.printer.tell("http \(status)") }
        if step == .held(.offline) { try await queue.printer.tell("http off") }
      }
      #expect(steps.last == .ended(.delivered, fault: nil))
      #expect(try await queue.rig.sheets() == 1)
    }
  }

  @Test("a queue that stopped goes on when the printer can print, and not before")
  func stoppedQueue() async throws {
    try await withQueue { queue in
      // The server keeps trying, and meets somebody who knows no such printer.
      try await queue.printer.tell("busy on")
      var isBack = false
      let steps = try await queue.rig.print(try queue.order()) { step in
        guard step == .printing, !isBack else { return }
        isBack = true
        try await queue.printer.tell("http 404")
        try await eventually("the queue stops", within: .seconds(40)) {
          try await queue.queued() == [.pending]
        }
        try await queue.printer.tell("busy off")
        try await queue.printer.tell("http off")
      }
      #expect(steps.last == .ended(.delivered, fault: nil))
      #expect(try await queue.rig.sheets() == 1)
      #expect(queue.rig.recorded.all.contains { $0.name == "print.queue-resumed" })
    }
  }

  @Test("a queue that stands still is woken at an idle printer, not at one without paper")
  func wakesTheQueue() async throws {
    try await withQueue { queue in
      try await queue.pause()
      try await queue.printer.tell("reasons media-empty")
      try await queue.driverSays(.down(.mediaEmpty))
      try await queue.printer.tell("reasons none")
      let looking = try queue.restarted().driver
      try await eventually("it stands still, and doctor says what to do") {
        let report = await looking.report()
        return report.advice?.english.contains("cupsenable kiosk") == true
          && report.state.hasPrefix("stopped")
      }
      try await queue.driverSays(.ready)
      try await eventually("it goes on") { await looking.report().state.hasPrefix("ready") }
    }
  }

  @Test(
    "a job ended at the printer before a sheet came out is not printed",
    arguments: [
      "abort", "cancel",
    ])
  func endedAtThePrinter(command: String) async throws {
    try await withQueue { queue in
      try await queue.printer.tell("slow 30")
      let steps = try await queue.rig.print(try queue.order()) { step in
        guard step == .printing else { return }
        try await eventually("the printer has it") { try await queue.rig.jobs().count == 1 }
        try await queue.printer.tell(command)
      }
      #expect(steps.last == .ended(.notPrinted, fault: nil))
    }
  }

  @Test(
    "a power loss is never delivered, although the queue calls its job completed",
    arguments: [
      false, true,
    ])
  func powerLoss(withoutPaper: Bool) async throws {
    try await withQueue { queue in
      try await queue.printer.tell("slow 30")
      if withoutPaper { try await queue.printer.tell("reasons media-empty") }
      var isOff = false
      let steps = try await queue.rig.print(try queue.order()) { step in
        if step == (withoutPaper ? .held(.mediaEmpty) : .printing), !isOff {
          isOff = true
          try await eventually("the printer has it") {
            try await queue.rig.jobs().first?.state.hasPrefix("processing") == true
          }
          try await queue.printer.tell("power off")
        }
        if step == .held(.offline) { try await queue.printer.tell("power on") }
      }
      switch steps.last {
      case .ended(.unknown, _): break
      case .ended(.notPrinted, _):
        // Now and then the server notices the loss: it has ended the job, and the counter stands still.
        #expect(try await queue.queued().allSatisfy(\.isDropped))
      default: Issue.record("ended \(String(describing: steps.last))")
      }
      #expect(try await queue.rig.sheets() == 0)
    }
  }

  @Test(
    "what comes of a connection torn in the document is told as it is, and nothing stays behind")
  func tornConnection() async throws {
    try await withQueue { queue in
      try await queue.printer.tell("drop 20000")
      let steps = try await queue.rig.print(try queue.order(bytes: 400_000))
      // The server calls its job completed; now and then it has tried once more before.
      let sheets = try await queue.rig.sheets()
      #expect(steps.last == .ended(sheets == 0 ? .notPrinted : .delivered, fault: nil))
      #expect(sheets <= 1)
      try await eventually("nothing stays behind") {
        try await queue.rig.jobs().allSatisfy { ["canceled", "completed"].contains($0.state) }
      }
    }
  }

  @Test(
    "a job cancelled from here while paper is out is not printed, also in the midst of its sending",
    arguments: [false, true])
  func cancelledHere(isWhole: Bool) async throws {
    try await withQueue { queue in
      try await queue.printer.tell("reasons media-empty")
      let steps = try await queue.rig.print(try queue.order()) { step in
        if step == .held(.mediaEmpty) {
          try await eventually("the printer has it") {
            let jobs = try await queue.rig.jobs()
            return isWhole ? jobs.first?.state == "processing-stopped" : jobs.count == 1
          }
          await queue.rig.driver.port.cancel(QueueRig.key)
        }
      }
      #expect(steps.last == .ended(.notPrinted, fault: .mediaEmpty))
      // A document that ends before its first byte is aborted by the printer itself.
      let states = try await queue.rig.jobs().map(\.state)
      #expect(states == ["canceled"] || (!isWhole && states == ["aborted"]), "\(states)")
      #expect(try await queue.queued() == [.canceled])
      try await queue.printer.tell("reasons none")
      #expect(try await queue.rig.sheets() == 0)
    }
  }
}
