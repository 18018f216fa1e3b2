import Foundation
import OfficeModel
import Ports
import TestSupport
import Testing

@testable import Printing

@Suite("An A4 printer spoken to directly", .timeLimit(.minutes(2)))
struct DocumentPrinterTests {
  @Test("exactly the verified bytes arrive, as one A4 copy under a title without personal data")
  func exactBytes() async throws {
    try await withPrinter { rig in
      let document = PrinterRig.document()
      let appended = Array("an unsigned revision appended".utf8)
      let order = try rig.order(document + appended, byteCount: document.count)
      let steps = try await rig.print(order)
      #expect(steps.first == .sending)
      #expect(steps.last == .ended(.delivered, fault: nil))
      let job = try #require(try await rig.jobs().first)
      #expect(job.name == "job-0001")
      #expect(job.user == "anjungan")
      #expect(job.format == "application/pdf")
      #expect(job.attributes["media"] == .text("iso_a4_210x297mm"))
      #expect(job.attributes["copies"] == .number(1))
      #expect(job.attributes["sides"] == .text("one-sided"))
      let arrived = try Data(contentsOf: URL(filePath: try #require(job.file)))
      #expect(PrinterRig.sha256(arrived) == order.sha256)
      #expect(try await rig.jobs().count == 1)
    }
  }

  @Test("a document that is not the verified one never leaves")
  func otherDocument() async throws {
    try await withPrinter { rig in
      let order = try rig.order(
        PrinterRig.document(), sha256: String(repeating: "0", count: 64))
      #expect(try await rig.print(order) == [.ended(.notPrinted, fault: .other)])
      #expect(try await rig.jobs().isEmpty)
      #expect(
        rig.recorded.all.filter(\.isSecurityEvent)
          == [.security(reason: "changed_before_print", step: "sending")])
    }
  }

  @Test("a title that could name a person is refused")
  func titleWithPersonalData() async throws {
    try await withPrinter { rig in
      let order = try rig.order(PrinterRig.document(), jobKey: "Akta Budi 6309")
      #expect(try await rig.print(order) == [.ended(.notPrinted, fault: .other)])
      #expect(try await rig.jobs().isEmpty)
    }
  }

  @Test("out of paper is held, goes on when paper comes, and is delivered once")
  func outOfPaper() async throws {
    try await withPrinter { rig in
      try await rig.lab.tell("reasons media-empty")
      let steps = try await rig.print(try rig.order(PrinterRig.document())) { step in
        if step == .held(.mediaEmpty) { try await rig.lab.tell("reasons none") }
      }
      #expect(steps.contains(.held(.mediaEmpty)))
      #expect(steps.last == .ended(.delivered, fault: nil))
      #expect(try await rig.jobs().map(\.state) == ["completed"])
    }
  }

  @Test(
    "each fault in mid-job has its own name",
    arguments: [
      ("media-jam", DeviceFault.mediaJam), ("cover-open", .coverOpen),
      ("toner-empty", .markerSupplyEmpty), ("output-area-full", .outputFull),
    ])
  func faultInMidJob(reason: String, fault: DeviceFault) async throws {
    try await withPrinter { rig in
      try await rig.lab.tell("slow 3")
      var isBroken = false
      let steps = try await rig.print(try rig.order(PrinterRig.document())) { step in
        if step == .printing, !isBroken {
          isBroken = true
          try await rig.lab.tell("reasons \(reason)")
        }
        if step == .held(fault) {
          try await rig.lab.tell("slow 0.1")
          try await rig.lab.tell("reasons none")
        }
      }
      #expect(steps.contains(.held(fault)))
      #expect(steps.last == .ended(.delivered, fault: nil))
    }
  }

  @Test("a printer that is gone before the first byte has printed nothing")
  func goneBefore() async throws {
    try await withPrinter { rig in
      try await rig.lab.tell("offline")
      let steps = try await rig.print(try rig.order(PrinterRig.document()))
      #expect(steps == [.sending, .ended(.notPrinted, fault: .offline)])
    }
  }

  @Test("the job of a printer that goes and stays away is left, and nobody says how it ended")
  func goneDuring() async throws {
    // Long enough for two misses on a busy machine, and shorter than the job.
    try await withPrinter(unreachable: .seconds(10)) { rig in
      try await rig.lab.tell("slow 30")
      let steps = try await rig.print(try rig.order(PrinterRig.document())) { step in
        if step == .printing { try await rig.lab.tell("offline") }
      }
      #expect(steps.contains(.held(.offline)))
      #expect(steps.last == .left(fault: .offline))
    }
  }

  @Test("a printer that is away for a moment in mid-job is followed to the end")
  func awayForAMoment() async throws {
    try await withPrinter(unreachable: .seconds(20)) { rig in
      try await rig.lab.tell("slow 2")
      let steps = try await rig.print(try rig.order(PrinterRig.document())) { step in
        if step == .printing { try await rig.lab.tell("offline") }
        if step == .held(.offline) { try await rig.lab.tell("online") }
      }
      #expect(steps.contains(.held(.offline)))
      #expect(steps.last == .ended(.delivered, fault: nil))
    }
  }

  @Test("a power loss in mid-job is unknown, never delivered")
  func powerLoss() async throws {
    try await withPrinter(unreachable: .seconds(20)) { rig in
      try await rig.lab.tell("slow 30")
      let steps = try await rig.print(try rig.order(PrinterRig.document())) { step in
        if step == .printing { try await rig.lab.tell("power off") }
        if step == .held(.offline) { try await rig.lab.tell("power on") }
      }
      guard case .ended(.unknown, _) = steps.last else {
        Issue.record("ended \(String(describing: steps.last))")
        return
      }
    }
  }

  @Test("a job aborted before a sheet came out is not printed")
  func aborted() async throws {
    try await withPrinter { rig in
      try await rig.lab.tell("slow 30")
      let steps = try await rig.print(try rig.order(PrinterRig.document())) { step in
        if step == .printing { try await rig.lab.tell("abort") }
      }
      #expect(steps.last == .ended(.notPrinted, fault: nil))
    }
  }

  @Test("a job aborted after a sheet came out is unknown")
  func abortedAfterASheet() async throws {
    try await withPrinter { rig in
      try await rig.lab.tell("slow 30")
      let steps = try await rig.print(try rig.order(PrinterRig.document())) { step in
        guard step == .printing else { return }
        try await rig.lab.tell("attr printer-media-sheets-completed 4711")
        try await rig.lab.tell("abort")
      }
      #expect(steps.last == .ended(.unknown, fault: nil))
    }
  }

  @Test("a completed job whose sheet counter stands still is unknown")
  func counterStandsStill() async throws {
    try await withPrinter { rig in
      try await rig.lab.tell("attr printer-media-sheets-completed 4711")
      let steps = try await rig.print(try rig.order(PrinterRig.document()))
      #expect(steps.last == .ended(.unknown, fault: nil))
    }
  }

  @Test("a job cancelled at the panel is not printed")
  func cancelledAtThePanel() async throws {
    try await withPrinter { rig in
      try await rig.lab.tell("slow 30")
      let steps = try await rig.print(try rig.order(PrinterRig.document())) { step in
        if step == .printing { try await rig.lab.tell("cancel") }
      }
      #expect(steps.last == .ended(.notPrinted, fault: nil))
    }
  }

  @Test("a job cancelled from here while paper is out is not printed")
  func cancelledHere() async throws {
    try await withPrinter { rig in
      try await rig.lab.tell("reasons media-empty")
      let steps = try await rig.print(try rig.order(PrinterRig.document())) { step in
        if step == .held(.mediaEmpty) {
          await rig.driver.port.cancel("job-0001")
        }
      }
      #expect(steps.last == .ended(.notPrinted, fault: .mediaEmpty))
      #expect(try await rig.jobs().map(\.state) == ["canceled"])
    }
  }

  @Test("a job cancelled while its document is being sent prints nothing")
  func cancelledWhileSending() async throws {
    try await withPrinter { rig in
      try await rig.lab.tell("slow 30")
      let order = try rig.order(PrinterRig.document(bytes: 4_000_000))
      let steps = try await rig.print(order) { step in
        if step == .sending {
          await rig.driver.port.cancel("job-0001")
        }
      }
      guard case .ended(.notPrinted, _) = steps.last else {
        Issue.record("ended \(String(describing: steps.last))")
        return
      }
      #expect(try await rig.jobs().allSatisfy { $0.state == "canceled" })
    }
  }

  @Test("a document that takes longer than all of it may is torn off and cancelled")
  func tooSlow() async throws {
    try await withLab("virtual-ipp-printer") { lab in
      let rig = try PrinterRig(lab, unreachable: .seconds(3), documentLimit: .zero)
      let steps = try await rig.print(try rig.order(PrinterRig.document()))
      #expect(steps.last == .ended(.notPrinted, fault: nil))
      #expect(try await rig.jobs().map(\.state) == ["canceled"])
    }
  }

  @Test(
    "a refused job is not printed, and the reason is told",
    arguments: [("accept off", DeviceFault.notAccepting), ("busy on", .busy)])
  func refused(command: String, fault: DeviceFault) async throws {
    try await withPrinter { rig in
      try await rig.lab.tell(command)
      let steps = try await rig.print(try rig.order(PrinterRig.document()))
      #expect(steps.last == .ended(.notPrinted, fault: fault))
    }
  }

  @Test("a connection torn in the document prints nothing and is cancelled")
  func tornConnection() async throws {
    try await withPrinter { rig in
      try await rig.lab.tell("drop 20000")
      let steps = try await rig.print(try rig.order(PrinterRig.document(bytes: 400_000)))
      #expect(steps.last == .ended(.notPrinted, fault: nil))
      #expect(try await rig.jobs().map(\.state) == ["canceled"])
    }
  }

  @Test("a printer that answers nonsense for a while prints once", arguments: [500, 503, 404])
  func talksNonsenseForAWhile(status: Int) async throws {
    try await withPrinter(unreachable: .seconds(20)) { rig in
      try await rig.lab.tell("slow 1")
      let steps = try await rig.print(try rig.order(PrinterRig.document())) { step in
        if step == .printing { try await rig.lab.tell("http \(status)") }
        if step == .held(.offline) { try await rig.lab.tell("http off") }
      }
      #expect(steps.last == .ended(.delivered, fault: nil))
      #expect(try await rig.sheets() == 1)
    }
  }

  @Test(
    "the job of a machine that another one has replaced is unknown, and the other gets the next")
  func anotherMachine() async throws {
    try await withPrinter(unreachable: .seconds(20)) { rig in
      try await rig.lab.tell("slow 30")
      let steps = try await rig.print(try rig.order(PrinterRig.document())) { step in
        guard step == .printing else { return }
        // It has a job of the same number, and counts from elsewhere.
        try await rig.lab.tell("attr printer-uuid urn:uuid:00000000-0000-4000-8000-0000000000ff")
        try await rig.lab.tell("attr printer-media-sheets-completed 4711")
        try await rig.lab.tell("slow 0.1")
      }
      #expect(steps.last == .ended(.unknown, fault: nil))
    }
  }

  @Test("a second job at the same time is refused")
  func secondJob() async throws {
    try await withPrinter { rig in
      try await rig.lab.tell("slow 1")
      let second = try rig.order(PrinterRig.document(), jobKey: "job-0002")
      var other: [PrintStep] = []
      let steps = try await rig.print(try rig.order(PrinterRig.document())) { step in
        if step == .printing { other = try await rig.print(second) }
      }
      #expect(other == [.ended(.notPrinted, fault: .busy)])
      #expect(steps.last == .ended(.delivered, fault: nil))
    }
  }

  @Test("the state tells faults and warnings apart")
  func state() async throws {
    try await withPrinter { rig in
      let port = rig.driver.port
      #expect(await port.state() == .ready)
      try await rig.lab.tell("reasons media-low-warning")
      #expect(await port.state() == .attention(.mediaLow))
      try await rig.lab.tell("reasons marker-supply-low-warning media-empty-error")
      #expect(await port.state() == .down(.mediaEmpty))
      try await rig.lab.tell("clear")
      try await rig.lab.tell("accept off")
      #expect(await port.state() == .down(.notAccepting))
      try await rig.lab.tell("clear")
      try await rig.lab.tell("stop")
      #expect(await port.state() == .down(.stopped))
    }
  }

  @Test("one lost question is not an absent printer, and nonsense is not a broken one")
  func absenceIsDebounced() async throws {
    try await withPrinter { rig in
      let port = rig.driver.port
      try await rig.lab.tell("http 500")
      #expect(await port.state() == .unknown)
      #expect(await port.state() == .unknown)
      #expect(await port.state() == .unknown)
      try await rig.lab.tell("http off")
      try await rig.lab.tell("offline")
      #expect(await port.state() == .unknown)
      #expect(await port.state() == .down(.offline))
      try await rig.lab.tell("online")
      #expect(await port.state() == .ready)
    }
  }

  @Test("a printer that takes the connection and never answers costs its time limit only")
  func hangingPrinter() async throws {
    try await withPrinter { rig in
      try await rig.lab.tell("hang on")
      let began = ContinuousClock.now
      #expect(await rig.driver.port.state() == .unknown)
      #expect(ContinuousClock.now - began < .seconds(30))
    }
  }

  @Test(
    "an answer without an end costs its time limit only, and the next question is heard",
    arguments: ["head", "body", "heads", "flood", "nest"])
  func endlessAnswer(how: String) async throws {
    try await withPrinter { rig in
      let port = rig.driver.port
      try await rig.lab.tell("endless " + how)
      let isTooLarge = how == "flood" || how == "nest"
      let began = ContinuousClock.now
      #expect(await port.state() == .unknown)
      #expect(await port.supplies() == nil)
      #expect(ContinuousClock.now - began < .seconds(30))
      // Too much is nonsense at once; too slow is nobody.
      #expect(
        rig.recorded.all.filter { $0.name == "print.error" }.map { $0.fields["status"] }
          == [isTooLarge ? "answer too large" : "out of time"])
      let steps = try await rig.print(try rig.order(PrinterRig.document()))
      #expect(steps.last == .ended(.notPrinted, fault: isTooLarge ? .other : .offline))
      try await rig.lab.tell("endless off")
      #expect(await port.state() == .ready)
    }
  }

  @Test("a printer that turns endless under a document costs the follow-up's limit only")
  func endlessFollowUp() async throws {
    try await withPrinter { rig in
      try await rig.lab.tell("slow 600")
      let began = ContinuousClock.now
      let steps = try await rig.print(try rig.order(PrinterRig.document())) { step in
        if case .printing = step { try await rig.lab.tell("endless body") }
      }
      #expect(steps.last == .left(fault: .offline))
      #expect(ContinuousClock.now - began < .seconds(60))
    }
  }

  @Test("TLS to a port that never speaks costs the time limit only")
  func muteGreeting() async throws {
    try await withPrinter { rig in
      try await rig.lab.tell("hang on")
      let uri = try #require(rig.lab.values["URI"])
      let mute = try PrinterRig(
        rig.lab, unreachable: .seconds(3),
        way: .printer(uri: uri.replacing("ipp://", with: "ipps://")))
      let began = ContinuousClock.now
      #expect(await mute.driver.port.state() == .unknown)
      // libcups waits ten seconds at the least, and goes around again.
      #expect(ContinuousClock.now - began < .seconds(8))
    }
  }
}
