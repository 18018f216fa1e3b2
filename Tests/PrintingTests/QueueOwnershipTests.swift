import Foundation
import OfficeModel
import Ports
import TestSupport
import Testing

@testable import Printing

@Suite("The kiosk's own queue", .timeLimit(.minutes(3)))
struct QueueOwnershipTests {
  @Test("at its start stale jobs of a kiosk are cancelled, others stay, and none is sent twice")
  func takesOver() async throws {
    try await withQueue { queue in
      let file = queue.folder.appending(path: "invented.pdf")
      try Data(PrinterRig.document()).write(to: file)
      try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file.path)
      try await queue.pause()
      for name in [QueueRig.key, "somebody's"] {
        _ = try await queue.command(
          "/usr/bin/lp", ["-d", "kiosk", "-o", "raw", "-t", name, file.path])
      }
      try await eventually("both wait") { try await queue.queued() == [.pending, .pending] }
      try await queue.driverSays(.ready)
      try await eventually("the other one prints") {
        try await queue.queued() == [.canceled, .completed]
      }
      #expect(try await queue.rig.jobs().map(\.name) == ["somebody's"])
      try await eventually("the policy is written") {
        try queue.configuration().contains("ErrorPolicy abort-job")
      }
    }
  }

  @Test("with Debian's own rules: set up and woken through the socket, by who may")
  func withRights() async throws {
    var options = QueueRig.Options()
    options.cups = ["--restricted"]
    options.bySocket = true
    try await withQueue(options) { queue in
      let before = await queue.rig.driver.port.sheetCounter()
      try await queue.driverSays(.ready)
      #expect(!queue.rig.recorded.all.contains { $0.name == "print.queue-not-set-up" })
      try await eventually("the policy is written") {
        try queue.configuration().contains("ErrorPolicy abort-job")
      }
      let steps = try await queue.rig.print(try queue.order())
      #expect(steps.last == .ended(.delivered, fault: nil))
      // Names are hidden from it; the printer's are not.
      #expect(await queue.rig.driver.port.reconcile(QueueRig.key, before, 1) == .over(.delivered))
      try await queue.pause()
      try await queue.driverSays(.ready)
    }
  }

  @Test("without the right it prints all the same, says what it may not do, and asks nobody")
  func withoutRights() async throws {
    var options = QueueRig.Options()
    options.cups = ["--restricted"]
    try await withQueue(options) { queue in
      let steps = try await queue.rig.print(try queue.order())
      #expect(steps.last == .ended(.delivered, fault: nil))
      #expect(queue.rig.recorded.all.count { $0.name == "print.queue-not-set-up" } == 1)
      try await queue.pause()
      try await queue.driverSays(.down(.stopped))
    }
  }

  @Test("a printer that cannot be asked gets our drawing through its driver, and is never believed")
  func withDriver() async throws {
    try await withLab("virtual-ticket-printer") { sink in
      var options = QueueRig.Options()
      let port = try #require(sink.values["PORT"])
      // Takes any bytes, as a printer on port 9100 does.
      options.device = "socket://127.0.0.1:\(port)/?waiteof=false,drv:///sample.drv/generic.ppd"
      options.pages = { QueueRig.paper($0) }
      try await withQueue(options) { queue in
        try await queue.driverSays(.ready)
        #expect(await queue.rig.driver.port.sheetCounter() == nil)
        let steps = try await queue.rig.print(try queue.order())
        #expect(steps.last == .ended(.unknown, fault: nil))
        #expect(try await queue.queued() == [.completed])
        #expect(try queue.log().contains("rastertopdf"))
        let report = await queue.rig.driver.report()
        #expect(report.found)
        #expect(report.advice?.english.hasPrefix("This printer cannot be asked") == true)
        // What the server never began has not come out.
        try await queue.pause()
        let next = try queue.order(String(QueueRig.key.reversed()))
        let waiting = try await queue.rig.print(next) { step in
          if step == .held(.stopped) { await queue.rig.driver.port.cancel(next.jobKey) }
        }
        #expect(waiting.last == .ended(.notPrinted, fault: .stopped))
      }
    }
  }

  @Test(
    "a device without IPP and a queue without a driver get nothing: nobody knows what they take")
  func withoutDriver() async throws {
    var options = QueueRig.Options()
    options.device = "socket://127.0.0.1:9,raw"
    try await withQueue(options) { queue in
      let steps = try await queue.rig.print(try queue.order())
      #expect(steps.last == .ended(.notPrinted, fault: .other))
      #expect(queue.rig.recorded.all.contains { $0.name == "print.no-format" })
    }
  }

  @Test("doctor advises the straight way, and says when the server keeps documents")
  func doctor() async throws {
    var options = QueueRig.Options()
    options.cups = ["--keep-files"]
    try await withQueue(options) { queue in
      let uri = try #require(queue.printer.values["URI"])
      let report = await queue.rig.driver.report()
      #expect(report.found && report.state.contains("through the CUPS queue kiosk, to \(uri)"))
      #expect(
        report.advice?.english
          == "This printer takes IPP itself: set uri: \(uri) in place of queue.")
      _ = try await queue.rig.print(try queue.order())
      let kept = await queue.rig.driver.report()
      #expect(kept.advice?.english.hasPrefix("CUPS keeps documents") == true)
    }
  }

  @Test("the spool is emptied of jobs only, and never under a server that runs")
  func purge() async throws {
    try await withQueue { queue in
      let script = LabProgram.laboratory + "/../../scripts/purge-print-spool"
      let (spool, cache) = (queue.folder.path + "/spool", queue.folder.path + "/cache")
      try await queue.printer.tell("reasons media-empty")
      let steps = try await queue.rig.print(try queue.order()) { step in
        guard step == .held(.mediaEmpty) else { return }
        let document = spool + "/d00001-001"
        #expect(FileManager.default.fileExists(atPath: document))
        _ = try await LabProgram.output(of: script, ["--spool", spool, "--cache", cache])
        #expect(FileManager.default.fileExists(atPath: document))
        await queue.rig.driver.port.cancel(QueueRig.key)
      }
      #expect(steps.last == .ended(.notPrinted, fault: .mediaEmpty))
      let note = spool + "/notes"
      try Data("of somebody".utf8).write(to: URL(filePath: note))
      await queue.cups.stop()
      _ = try await LabProgram.output(of: script, ["--spool", spool, "--cache", cache])
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: spool).sorted() == ["notes", "tmp"])
      #expect(!FileManager.default.fileExists(atPath: cache + "/job.cache"))
      #expect(FileManager.default.fileExists(atPath: queue.folder.path + "/printers.conf"))
    }
  }
}
