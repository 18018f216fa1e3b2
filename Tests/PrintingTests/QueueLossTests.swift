import Foundation
import Glibc
import OfficeModel
import Ports
import TestSupport
import Testing

@testable import Printing

// The rest of the table at the head of QueueTests.
@Suite("A queue whose server, printer or name goes away", .timeLimit(.minutes(3)))
struct QueueLossTests {
  private func isUnknown(_ step: PrintStep?) -> Bool {
    if case .ended(.unknown, _) = step { true } else { false }
  }

  @Test(
    "no second copy comes out of a server that ended while its job printed",
    arguments: [SIGKILL, SIGTERM])
  func serverEnds(signal: Int32) async throws {
    try await withQueue { queue in
      try await queue.printer.tell("slow 4")
      var again: LabProgram?
      let steps = try await queue.rig.print(try queue.order()) { step in
        guard step == .printing, again == nil else { return }
        try await eventually("the printer has it") {
          try await queue.rig.jobs().first?.state == "processing"
        }
        try await queue.end(cupsd: signal)
        again = try await queue.restartedCUPS()
      }
      #expect(isUnknown(steps.last), "\(String(describing: steps.last))")
      #expect(try await queue.queued().isEmpty)
      // The next citizen's comes out of it, and once as well.
      try await queue.printer.tell("slow 0.1")
      let next = String(QueueRig.key.reversed())
      #expect(
        try await queue.rig.print(try queue.order(next)).last == .ended(.delivered, fault: nil))
      #expect(try await queue.rig.sheets() <= 2)
      let names = try await queue.rig.jobs().map(\.name)
      #expect(Set(names).count == names.count)
      await again?.stop()
    }
  }

  @Test("what waits in a server that ended while there was no paper does not come out later")
  func serverEndsWithoutPaper() async throws {
    try await withQueue { queue in
      try await queue.printer.tell("reasons media-empty")
      var again: LabProgram?
      let steps = try await queue.rig.print(try queue.order()) { step in
        guard step == .held(.mediaEmpty), again == nil else { return }
        try await eventually("the printer has it") { try await queue.rig.jobs().count == 1 }
        try await queue.end(cupsd: SIGKILL)
        // Not even purged: the kiosk takes it back before there is paper.
        again = try await queue.restartedCUPS([])
        await queue.rig.driver.port.cancel(QueueRig.key)
      }
      guard case .ended(let outcome, _) = steps.last else {
        Issue.record("ended \(String(describing: steps.last))")
        await again?.stop()
        return
      }
      #expect(outcome != .delivered)
      try await eventually("nothing is left") { await queue.rig.driver.port.cancelAll() }
      try await queue.printer.tell("reasons none")
      #expect(try await queue.rig.sheets() == 0)
      await again?.stop()
    }
  }

  @Test("a job that its server has given up (MaxJobTime) is taken from the printer as well")
  func serverTires() async throws {
    var options = QueueRig.Options()
    options.cups = ["--directive", "MaxJobTime 2"]
    try await withQueue(options) { queue in
      try await queue.printer.tell("reasons media-empty")
      let before = try #require(await queue.rig.driver.port.sheetCounter())
      // Of a kiosk that is gone: whoever asks for a job keeps the server from tiring of it, so its log
      // is asked.
      let file = queue.folder.appending(path: "page.pdf")
      try Data(PrinterRig.document()).write(to: file)
      _ = try await queue.command(
        "/usr/bin/lp", ["-d", "kiosk", "-t", QueueRig.key, "-o", "raw", file.path])
      try await eventually("the server gives it up", within: .seconds(60)) {
        try queue.log().contains("[Job 1] Marking stuck job as completed")
      }
      try await eventually("it calls it canceled") {
        try await queue.queued() == [.canceled]
      }
      let found = await queue.rig.driver.port.reconcile(QueueRig.key, before, 1)
      #expect(found == .over(.notPrinted) || found == .over(.unknown), "\(found)")
      // Whatever the server left in the printer was taken from it.
      try await queue.printer.tell("reasons none")
      #expect(try await queue.rig.jobs().map(\.state) == ["canceled"])
      #expect(try await queue.rig.sheets() == 0)
    }
  }

  @Test("a job that a server dropped as it ended, and calls pending for ever, is cancelled")
  func deserted() async throws {
    try await withQueue { queue in
      try await queue.printer.tell("slow 3")
      var again: LabProgram?
      let steps = try await queue.rig.print(try queue.order()) { step in
        guard step == .printing, again == nil else { return }
        try await eventually("the printer has it") {
          try await queue.rig.jobs().first?.state == "processing"
        }
        try await queue.end(cupsd: SIGTERM)
        again = try await queue.restartedCUPS([])
      }
      #expect(isUnknown(steps.last), "\(String(describing: steps.last))")
      try await eventually("the queue is empty") {
        try await queue.queued().allSatisfy(\.isOver)
      }
      #expect(try await queue.rig.sheets() <= 1)
      await again?.stop()
    }
  }

  @Test("a server that does not come back leaves the job, and says so")
  func serverStaysAway() async throws {
    var options = QueueRig.Options()
    options.unreachable = .seconds(2)
    try await withQueue(options) { queue in
      try await queue.printer.tell("slow 2")
      let steps = try await queue.rig.print(try queue.order()) { step in
        if step == .printing { try await queue.end(cupsd: SIGTERM) }
      }
      #expect(steps.last == .left(fault: .offline))
      #expect(await queue.rig.driver.port.reconcile(QueueRig.key, nil, 1) == .unconfirmed)
      let report = await queue.rig.driver.report()
      #expect(!report.found)
      #expect(report.advice?.english == "The CUPS server does not answer: start the service cups.")
      let again = try await queue.restartedCUPS()
      #expect(await queue.rig.driver.port.reconcile(QueueRig.key, nil, 1) == .over(.unknown))
      await again.stop()
    }
  }

  @Test("a queue deleted while it prints is unknown, and the next print says that it is gone")
  func queueDeleted() async throws {
    try await withQueue { queue in
      try await queue.printer.tell("slow 30")
      var isDeleted = false
      let steps = try await queue.rig.print(try queue.order()) { step in
        guard step == .printing, !isDeleted else { return }
        isDeleted = true
        try await eventually("the printer has it") {
          try await queue.rig.jobs().first?.state == "processing"
        }
        try await queue.ask("/usr/sbin/lpadmin", ["-x", "kiosk"]) { $0 == nil }
        try await queue.printer.tell("slow 0.1")
      }
      guard case .ended(let outcome, _) = steps.last else {
        Issue.record("ended \(String(describing: steps.last))")
        return
      }
      #expect(outcome != .delivered)
      try await queue.driverSays(.down(.other))
      let report = await queue.rig.driver.report()
      #expect(!report.found)
      #expect(report.advice?.english.hasPrefix("There is no such CUPS queue") == true)
      let next = try await queue.rig.print(try queue.order(String(QueueRig.key.reversed())))
      #expect(next.last == .ended(.notPrinted, fault: .other))
    }
  }

  @Test("another machine in its place: the job is unknown, and the next goes out as it takes it")
  func anotherMachine() async throws {
    var options = QueueRig.Options()
    options.pages = { QueueRig.paper($0) }
    try await withQueue(options) { queue in
      try await queue.printer.tell("slow 30")
      let port = try #require(queue.printer.values["PORT"])
      var other: LabProgram?
      let steps = try await queue.rig.print(try queue.order()) { step in
        guard step == .printing, other == nil else { return }
        try await eventually("the printer has it") {
          try await queue.rig.jobs().first?.state == "processing"
        }
        try await queue.printer.tell("power off")
        other = try await LabProgram.start("virtual-ipp-printer") { place, control in
          [
            "--dir", place, "--control", control, "--port", port, "--formats",
            "application/octet-stream,image/pwg-raster",
          ]
        }
        try await other?.tell("attr printer-uuid urn:uuid:00000000-0000-4000-8000-0000000000ff")
      }
      #expect(isUnknown(steps.last), "\(String(describing: steps.last))")
      let next = try await queue.rig.print(try queue.order(String(QueueRig.key.reversed())))
      #expect(next.last == .ended(.delivered, fault: nil))
      let jobs = try await other?.ask("jobs", as: [PrinterRig.Job].self)
      #expect(jobs?.last?.format == "image/pwg-raster")
      await other?.stop()
    }
  }

  // MARK: Left by an earlier run

  @Test("one that came out is delivered by the printer's own evidence")
  func leftFinished() async throws {
    try await withQueue { queue in
      let before = await queue.rig.driver.port.sheetCounter()
      let steps = try await queue.rig.print(try queue.order())
      #expect(steps.last == .ended(.delivered, fault: nil))
      let later = try queue.restarted()
      #expect(await later.driver.port.reconcile(QueueRig.key, before, 1) == .over(.delivered))
      #expect(
        await later.driver.port.reconcile("f0" + QueueRig.key.dropFirst(2), before, 1)
          == .over(.unknown))
    }
  }

  @Test("one that waits for paper is cancelled at the queue and at the printer by whoever starts")
  func leftWaiting() async throws {
    try await withQueue { queue in
      try await queue.printer.tell("reasons media-empty")
      let before = await queue.rig.driver.port.sheetCounter()
      let later = try queue.restarted()
      let steps = try await queue.rig.print(try queue.order()) { step in
        guard step == .held(.mediaEmpty) else { return }
        try await eventually("the printer has it") { try await queue.rig.jobs().count == 1 }
        #expect(await later.driver.port.state() == .down(.mediaEmpty))
        #expect(await later.driver.port.reconcile(QueueRig.key, before, 1) == .over(.notPrinted))
      }
      #expect(steps.last == .ended(.notPrinted, fault: .mediaEmpty))
      #expect(try await queue.rig.jobs().map(\.state) == ["canceled"])
    }
  }
}
