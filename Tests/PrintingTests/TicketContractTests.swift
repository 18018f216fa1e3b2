import Foundation
import OfficeModel
import Ports
import TestSupport
import Testing
import TicketPaper

@testable import Printing

/// The measured facts about ticket printers, each as the driver meets it. The rows about CUPS (a job
/// completed although nothing was printed) have their counterpart here: there is no way to name a
/// spooler, and what it would have called printed is told as what it is.
@Suite("What ticket printers do", .timeLimit(.minutes(2)))
struct TicketContractTests {
  @Test(
    "the four real-time answers of each state",
    arguments: [
      ("clear", [0x12, 0x12, 0x12, 0x12]), ("paper low", [0x12, 0x12, 0x12, 0x1E]),
      ("paper out", [0x1A, 0x32, 0x12, 0x7E]), ("cover open", [0x1A, 0x16, 0x12, 0x12]),
      ("offline", [0x1A, 0x12, 0x12, 0x12]), ("error cutter", [0x1A, 0x52, 0x1A, 0x12]),
    ] as [(String, [UInt8])])
  func realtimeAnswers(command: String, answers: [UInt8]) async throws {
    try await withTicketPrinter { rig in
      try await rig.lab.tell(command)
      let link = try Self.link(rig)
      for (kind, expected) in answers.enumerated() {
        try link.write(ESCPOSStatus.request(UInt8(kind + 1)), limit: .seconds(2))
        #expect(try link.readByte(limit: .seconds(2)) { _ in true } == expected)
      }
    }
  }

  @Test("a successful write proves nothing: the kernel takes what the printer does not")
  func writeProvesNothing() async throws {
    try await withTicketPrinter { rig in
      try await rig.lab.tell("paper out")
      let link = try Self.link(rig)
      try link.write([UInt8](repeating: 0x0A, count: 100_000), limit: .seconds(2))
      #expect(try await rig.status().printed == 0)
      link.abandon()
    }
  }

  @Test("real-time status is answered in the middle of a slip, GS r only in its turn")
  func inOrder() async throws {
    try await withTicketPrinter { rig in
      try await rig.lab.tell("slow 100")
      let link = try Self.link(rig)
      let began = ContinuousClock.now
      try link.write(
        [UInt8](repeating: 0x0A, count: 640) + ESCPOSEncoder.confirmation, limit: .seconds(2))
      try link.write(ESCPOSStatus.request(1), limit: .seconds(2))
      #expect(try link.readByte(limit: .seconds(2)) { _ in true } == 0x12)
      let atOnce = began.duration(to: .now)
      #expect(try link.readByte(limit: .seconds(5)) { _ in true } == 0x00)
      // Ten pieces of 64 bytes, a tenth of a second each.
      #expect(atOnce < .milliseconds(700))
      #expect(began.duration(to: .now) > .milliseconds(700))
    }
  }

  @Test("automatic status comes when it is asked for, and with each change")
  func automaticStatus() async throws {
    try await withTicketPrinter { rig in
      let link = try Self.link(rig)
      var answers = ESCPOSAnswers()
      func next() throws -> ESCPOSStatus? {
        while true {
          let byte = try link.readByte(limit: .seconds(3)) { _ in true }
          if case .status(let status)? = answers.take(byte) { return status }
        }
      }
      try link.write([0x1D, 0x61, 0x0E], limit: .seconds(2))
      #expect(try next()?.fault == nil)
      for (command, fault) in [
        ("paper out", DeviceFault.mediaEmpty), ("cover open", .coverOpen),
        ("error cutter", .cutterError),
      ] {
        try await rig.lab.tell(command)
        #expect(try next()?.fault == fault)
      }
    }
  }

  @Test("while another holds the only connection the status is unknown, then the printer absent")
  func oneConnection() async throws {
    try await withTicketPrinter { rig in
      do {
        let other = try Self.link(rig)
        try other.write(ESCPOSStatus.request(1), limit: .seconds(2))
        _ = try other.readByte(limit: .seconds(2)) { _ in true }
        #expect(await rig.port.state() == .unknown)
        #expect(await rig.port.state() == .down(.offline))
        #expect(try await rig.tickets().isEmpty)
      }
      #expect(await rig.port.state() == .ready)
      #expect(await rig.port.print(Slips.ticket()) == nil)
    }
  }

  @Test("no power: nothing waits to be printed later")
  func noPower() async throws {
    try await withTicketPrinter { rig in
      try await rig.lab.tell("power off")
      #expect(await rig.port.print(Slips.ticket()) == .offline)
      try await rig.lab.tell("power on")
      #expect(await rig.port.state() == .ready)
      let status = try await rig.status()
      #expect(status.printed == 0 && status.held == 0)
      #expect(try await rig.tickets().isEmpty)
    }
  }

  @Test("a printer that never confirms is told by doctor, and none of its slips counts as printed")
  func neverConfirms() async throws {
    try await withTicketPrinter(lab: ["--no-confirm"]) { rig in
      let report = await rig.printer.report(isKioskOpen: false)
      #expect(report.found && report.state == "it does not confirm (GS r)")
      #expect(report.advice != nil)
      #expect(await rig.port.print(Slips.ticket()) != nil)
    }
    try await withTicketPrinter { rig in
      let report = await rig.printer.report(isKioskOpen: false)
      #expect(report.state == "ready" && report.advice == nil)
      let tickets = try await rig.tickets()
      #expect(tickets.isEmpty)
    }
  }

  @Test("a spooler cannot be named as a ticket printer")
  func noSpooler() {
    for address in [
      "socket://127.0.0.1:9100", "ipp://127.0.0.1/printers/tiket", "lpd://127.0.0.1/tiket",
      "serial:/dev/ttyUSB0", "file:/tmp/tiket", "usb://EPSON/TM-T20",
    ] {
      #expect(TicketPrinterAddress(address) == nil, "\(address)")
    }
  }

  @Test("a plain file in the device's place swallows no ticket")
  func plainFile() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/lp0"
    try Data().write(to: URL(filePath: path))
    let printer = ESCPOSTicketPrinter(
      address: .device(path: path), profile: try Slips.profile("epson-tm-80"),
      template: try Slips.template(), events: EventPort { _ in })
    #expect(await printer.port.print(Slips.ticket()) == .offline)
    #expect(try Data(contentsOf: URL(filePath: path)).isEmpty)
  }

  @Test("the confirmation is told from flow control, real-time answers and automatic status")
  func confirmation() {
    var answers = ESCPOSAnswers()
    // XON, XOFF, online, offline; four bytes of automatic status: paper out.
    let line: [UInt8] = [0x11, 0x13, 0x12, 0x1A, 0x18, 0x00, 0x0F, 0x00]
    let found = line.compactMap { answers.take($0) }
    #expect(found.count == 3)
    #expect(found.prefix(2) == [.isOffline(false), .isOffline(true)])
    if case .status(let status)? = found.last {
      #expect(status.fault == .mediaEmpty)
    } else {
      Issue.record("no status in \(found)")
    }
    // What it says of the paper: enough, near its end, out.
    for (byte, isPaperOut) in [(UInt8(0x00), false), (0x03, false), (0x0C, true), (0x0F, true)] {
      #expect(answers.take(byte) == .confirmation(isPaperOut: isPaperOut))
    }
  }

  private static func link(_ rig: TicketRig) throws -> SystemLink {
    let port = try #require(rig.lab.values["PORT"].flatMap { UInt16($0) })
    return try SystemLink(
      .network(host: "127.0.0.1", port: port), try Slips.profile("epson-tm-80"),
      limit: .seconds(2))
  }
}
