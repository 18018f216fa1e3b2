import Foundation
import OfficeModel
import Ports
import Synchronization
import TestSupport
import Testing
import TicketPaper

@testable import Printing

/// A printer that two programs want: the kiosk for a slip, and `doctor`, which must not touch it.
@Suite("A ticket printer beside an open kiosk", .timeLimit(.minutes(1)))
struct TicketBesideTests {
  @Test("is asked by doctor, and neither cleared nor told to go on nor asked for a confirmation")
  func looksOnly() async throws {
    for (status, word) in [(UInt8(0x12), "ready"), (0x1A, "cutter-error")] {
      let sent = AnsweringLink.Sent()
      func report(isKioskOpen: Bool) async throws -> DeviceReport {
        sent.bytes.withLock { $0 = [] }
        return try await Self.printer { _, _ in AnsweringLink(status: status, noting: sent) }
          .report(isKioskOpen: isKioskOpen)
      }
      let beside = try await report(isKioskOpen: true)
      #expect(sent.bytes.withLock { $0 } == [1, 2, 3, 4].flatMap { ESCPOSStatus.request($0) })
      #expect(beside.state.hasPrefix(word) && beside.found)
      // What it did not try it says, in both languages.
      let isReady = word == "ready"
      #expect(beside.state.contains("was not tried") == isReady)
      #expect(beside.words.indonesian.contains("tidak dicoba") == isReady)
      #expect(beside.words.english.contains("was not tried") == isReady)
      #expect((beside.advice == nil) == isReady)

      let alone = try await report(isKioskOpen: false)
      #expect(alone.state.hasPrefix(word) && !alone.state.contains("was not tried"))
      let bytes = sent.bytes.withLock { $0 }
      #expect(contains(bytes, ESCPOSRescue.clearBuffers))
      #expect(contains(bytes, isReady ? ESCPOSEncoder.confirmation : ESCPOSRescue.leaveError))
    }
  }

  @Test("doctor in the middle of a slip on a device file finds it held; the slip is whole")
  func duringSlip() async throws {
    try await withTicketDevice { rig in
      try await rig.lab.tell("slow 200")
      let before = try await rig.status().printed
      async let printing = rig.port.print(Slips.ticket())
      try await eventually("printing has begun") { try await rig.status().printed > before }
      let doctor = try Self.printer(at: rig.lab.folder.path + "/lp0")
      let held = await doctor.report(isKioskOpen: true)
      #expect(held == DeviceReport(heldByKiosk: "ticket printer"))
      #expect(held.advice == nil && held.words.indonesian.contains("dipakai anjungan"))
      // Without a kiosk somebody else has it.
      #expect(await doctor.report(isKioskOpen: false).state == "busy (lock: errno 16)")
      try await rig.lab.tell("slow 0")
      #expect(await printing == nil)
      let paper = try await rig.onlyTicket()
      #expect(paper.text.contains { $0.contains("A-007") } && paper.events.contains(.cut))
      #expect(await doctor.report(isKioskOpen: true).state.hasPrefix("ready"))
    }
  }

  @Test("one program at a time has a device file; the next waits for it, as long as it may")
  func oneAtATime() async throws {
    try await withTicketDevice { rig in
      let path = rig.lab.folder.path + "/lp0"
      let profile = try Slips.profile("epson-tm-80")
      @Sendable func link(_ limit: Duration) throws -> SystemLink {
        try SystemLink(.device(path: path), profile, limit: limit)
      }
      do {
        let first = try link(.seconds(1))
        let began = ContinuousClock.now
        #expect(throws: LinkError.busy) { try link(.milliseconds(200)) }
        #expect(began.duration(to: .now) >= .milliseconds(200))
        first.abandon()
      }
      let (taken, tell) = AsyncStream.makeStream(of: Void.self)
      let other = Task.detached {
        let first = try link(.seconds(1))
        tell.finish()
        try await Task.sleep(for: .milliseconds(300))
        first.abandon()
      }
      for await _ in taken {}
      #expect(await rig.port.print(Slips.ticket()) == nil)
      try await other.value
    }
  }

  @Test("a device file that stays held is busy, not absent")
  func staysHeld() async throws {
    let printer = try Self.printer { _, _ throws(LinkError) in throw .busy }
    #expect(await printer.port.print(Slips.ticket()) == .busy)
    #expect(await printer.port.state() == .unknown)
    #expect(await printer.port.state() == .down(.busy))
  }

  @Test("a printer that answers nobody but the kiosk is told so")
  func answersNobodyElse() async throws {
    let printer = try Self.printer { _, _ throws(LinkError) in
      throw LinkError(call: "read", code: 0)
    }
    let beside = await printer.report(isKioskOpen: true)
    #expect(beside.state == "offline (read: no answer)")
    #expect(
      beside.advice?.english.hasSuffix("The kiosk may be printing on it: look again.") == true)
    #expect(beside.advice?.indonesian.hasSuffix("sedang mencetak: periksa lagi.") == true)
    let alone = await printer.report(isKioskOpen: false)
    #expect(alone.advice == DeviceFault.offline.advice)
  }

  private static func printer(at path: String) throws -> ESCPOSTicketPrinter {
    var limits = ESCPOSTicketPrinter.Limits()
    // Far less than the slip takes.
    limits.connect = .milliseconds(100)
    return ESCPOSTicketPrinter(
      address: .device(path: path), profile: try Slips.profile("epson-tm-80"),
      template: try Slips.template(), limits: limits, events: EventPort { _ in })
  }

  private static func printer(_ dial: @escaping TicketDial) throws -> ESCPOSTicketPrinter {
    ESCPOSTicketPrinter(
      dial: dial, profile: try Slips.profile("epson-tm-80"), template: try Slips.template(),
      events: EventPort { _ in })
  }
}
