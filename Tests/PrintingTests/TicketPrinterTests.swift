import Foundation
import OfficeModel
import Ports
import Synchronization
import TestSupport
import Testing

@testable import Printing

@Suite("A ticket printer", .timeLimit(.minutes(2)))
struct TicketPrinterTests {
  @Test("a ticket says what it must, and its QR code can be read from the paper")
  func ticketOnPaper() async throws {
    try await onAllProfiles { rig, name in
      #expect(await rig.port.print(Self.ticket) == nil)
      let report = try await rig.onlyTicket()
      let text = report.text.joined(separator: "\n")
      for words in [
        "Dinas Kependudukan Contoh", "A-007", "Kartu Keluarga", "Jalur prioritas",
        "Jumat, 20 November 2026", "Pukul 09.41 WITA", "CONTOH",
      ] {
        #expect(text.replacing("\n", with: " ").contains(words), "\(name): \(words)")
      }
      #expect(try await rig.readQR() == "ANJUNGAN:T:0123456789abcdef", "\(name)")
    }
  }

  @Test("the number is printed large, the ticket is cut, and text cannot command the printer")
  func bytes() {
    var ticket = Self.ticket
    ticket.officeName = "Dinas\u{1B}@ \u{2013} Caf\u{E9}"
    let bytes = ESCPOSEncoder(profile: .epson80).encode(TicketLayout(ticket))
    #expect(bytes.starts(with: [0x1B, 0x40, 0x1D, 0x61, 0, 0x1B, 0x74, 16]))
    #expect(bytes.suffix(6) == [0x1B, 0x64, 4, 0x1D, 0x56, 1])
    #expect(contains(bytes, [0x1D, 0x21, 0x44] + Array("A-007".utf8) + [0x0A]))
    #expect(contains(bytes, Array("Dinas?@ - Caf".utf8) + [0xE9]))
    let plain = ESCPOSEncoder(profile: .generic58)
    #expect(plain.bytes(of: "Café") == Array("Cafe".utf8))
    #expect(
      plain.wrapped(Array("satu dua tiga".utf8), columns: 8) == [
        Array("satu dua".utf8), Array("tiga".utf8),
      ])
  }

  @Test("a long number on narrow paper is made smaller, not broken")
  func longNumber() {
    var issued = Self.issued
    issued.number = TicketNumber(series: "PRIO", number: 1234)
    var ticket = Self.ticket
    ticket.subject = .ticket(issued)
    let bytes = ESCPOSEncoder(profile: .generic58).encode(TicketLayout(ticket))
    #expect(contains(bytes, [0x1D, 0x21, 0x22] + Array("PRIO-1234".utf8) + [0x0A]))
  }

  @Test("a complaint's slip has its number, its day and what it is good for")
  func complaint() {
    var slip = Self.ticket
    slip.subject = .complaint(
      Complaint(id: "c", number: "WM4Q-XH8W", kind: .fee, filedAt: Self.issued.issuedAt))
    let bytes = ESCPOSEncoder(profile: .generic58).encode(TicketLayout(slip))
    // Lines are broken between words.
    for words in ["NOMOR PENGADUAN", "WM4Q-XH8W", "Pukul 09.41 WITA", "loket"] {
      #expect(contains(bytes, Array(words.utf8)), "\(words)")
    }
    // What it is about is the citizen's own affair: the slip may be found by anybody.
    #expect(!contains(bytes, Array("membayar".utf8)))
  }

  @Test("the confirmation is told from flow control, real-time answers and automatic status")
  func confirmation() {
    var confirmation = ESCPOSConfirmation()
    let line: [UInt8] = [0x11, 0x13, 0x12, 0x1E, 0x10, 0x00, 0x0C, 0x00, 0x18, 0x00, 0x00, 0x00]
    #expect(line.filter { confirmation.accepts($0) } == [])
    // 0x0F: the paper has run out behind the ticket.
    for byte: UInt8 in [0x00, 0x0F] {
      #expect([byte].filter { confirmation.accepts($0) } == [byte])
    }
  }

  @Test("a demonstration mark stands only on demonstration tickets")
  func demonstrationMark() {
    var ticket = Self.ticket
    ticket.isDemonstration = false
    let lines = TicketLayout(ticket).lines
    #expect(
      !lines.contains { line in
        if case .text(let text, _) = line { text.contains("CONTOH") } else { false }
      })
  }

  @Test(
    "each fault before a ticket is told apart, and nothing is printed",
    arguments: [
      ("paper out", DeviceFault.mediaEmpty), ("cover open", .coverOpen),
      ("error cutter", .cutterError), ("error fatal", .other), ("offline", .offline),
      ("power off", .offline),
    ])
  func faultBefore(command: String, fault: DeviceFault) async throws {
    try await withTicketPrinter { rig in
      try await rig.lab.tell(command)
      #expect(await rig.port.print(Self.ticket) == fault)
      #expect(try await rig.tickets().isEmpty)
    }
  }

  @Test("the state tells each fault apart; low paper is only a warning")
  func state() async throws {
    try await withTicketPrinter { rig in
      #expect(await rig.port.state() == .ready)
      for (command, fact) in [
        ("paper low", DeviceFact.attention(.mediaLow)), ("paper out", .down(.mediaEmpty)),
        ("cover open", .down(.coverOpen)), ("error cutter", .down(.cutterError)),
        ("offline", .down(.offline)),
      ] {
        try await rig.lab.tell("clear")
        try await rig.lab.tell(command)
        #expect(await rig.port.state() == fact)
      }
      try await rig.lab.tell("clear")
      try await rig.lab.tell("power off")
      #expect(await rig.port.state() == .unknown)
      #expect(await rig.port.state() == .down(.offline))
      try await rig.lab.tell("power on")
      #expect(await rig.port.state() == .ready)
    }
  }

  @Test("low paper still prints")
  func lowPaper() async throws {
    try await withTicketPrinter { rig in
      try await rig.lab.tell("paper low")
      #expect(await rig.port.print(Self.ticket) == nil)
    }
  }

  @Test("paper that runs out in mid-ticket is told, not taken for printed")
  func paperOutInMidTicket() async throws {
    try await withTicketPrinter { rig in
      // Slow enough that the fault comes while the ticket is being printed.
      try await rig.lab.tell("slow 200")
      async let fault = rig.port.print(Self.ticket)
      try await eventually("printing has begun") {
        let status: TicketRig.Status = try await rig.lab.ask("status")
        return status.printed > 0
      }
      try await rig.lab.tell("paper out")
      #expect(await fault == .mediaEmpty)
    }
  }

  @Test("a printer that dies in mid-ticket leaves it unconfirmed")
  func resetInMidTicket() async throws {
    try await withTicketPrinter { rig in
      try await rig.lab.tell("drop 200")
      #expect(await rig.port.print(Self.ticket) == .offline)
    }
  }

  @Test("one connection for each ticket, closed afterwards")
  func connections() async throws {
    try await withTicketPrinter { rig in
      for _ in 0..<3 { #expect(await rig.port.print(Self.ticket) == nil) }
      try await eventually("no connection is left") {
        let status: TicketRig.Status = try await rig.lab.ask("status")
        return status.connections == 0
      }
      #expect(try await rig.tickets().count == 3)
    }
  }

  @Test("a device file works like the network")
  func deviceFile() async throws {
    try await withLab(
      "virtual-ticket-printer",
      arguments: { ["--dir", $0, "--control", $1, "--port", "0", "--pty", $0 + "/lp0"] },
      { lab in
        let rig = TicketRig(
          lab, address: .device(path: lab.folder.path + "/lp0"), profile: .epson80)
        #expect(await rig.port.state() == .ready)
        #expect(await rig.port.print(Self.ticket) == nil)
        try await lab.tell("cover open")
        #expect(await rig.port.print(Self.ticket) == .coverOpen)
        try await lab.tell("power off")
        #expect(await rig.port.print(Self.ticket) == .offline)
      })
  }

  @Test("an address is a host with a port or a path")
  func addresses() {
    #expect(TicketPrinterAddress("10.0.0.9:9100") == .network(host: "10.0.0.9", port: 9100))
    #expect(
      TicketPrinterAddress("tcp://tiket.local:9100") == .network(host: "tiket.local", port: 9100))
    #expect(TicketPrinterAddress("/dev/usb/lp0") == .device(path: "/dev/usb/lp0"))
    for bad in ["", "host", "host:", ":9100", "host:0", "host:70000"] {
      #expect(TicketPrinterAddress(bad) == nil)
    }
  }

  // MARK: Helpers

  static let issued = IssuedTicket(
    id: "0123456789abcdef", number: TicketNumber(series: "A", number: 7), serviceID: "kk",
    serviceName: "Kartu Keluarga", lane: .priority, date: CivilDate(daysSinceEpoch: 20_777),
    issuedAt: Timestamp(seconds: 20_777 * 86_400 + 3600 + 41 * 60))
  static let ticket = TicketPrint(
    .ticket(issued), officeName: "Dinas Kependudukan Contoh", zone: .wita,
    qrPayload: "ANJUNGAN:T:0123456789abcdef", isDemonstration: true)

  private func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
    bytes.indices.contains { bytes[$0...].starts(with: part) }
  }

  private func onAllProfiles(
    _ body: (TicketRig, String) async throws -> Void
  ) async throws {
    for profile in TicketPrinterProfile.builtIn {
      #expect(profile.problems.isEmpty)
      try await withTicketPrinter(profile) { try await body($0, profile.name) }
    }
  }

  private func withTicketPrinter(
    _ profile: TicketPrinterProfile = .epson80, _ body: (TicketRig) async throws -> Void
  ) async throws {
    try await withLab(
      "virtual-ticket-printer",
      arguments: {
        ["--dir", $0, "--control", $1, "--width", String(profile.widthDots)]
      },
      { lab in
        let port = try #require(lab.values["PORT"].flatMap { UInt16($0) })
        try await body(
          TicketRig(lab, address: .network(host: "127.0.0.1", port: port), profile: profile))
      })
  }
}

/// A ticket printer of the lab and the driver that talks to it.
struct TicketRig: Sendable {
  let lab: LabProgram
  let port: TicketPrinterPort

  init(_ lab: LabProgram, address: TicketPrinterAddress, profile: TicketPrinterProfile) {
    self.lab = lab
    var limits = ESCPOSTicketPrinter.Limits()
    limits.confirm = .seconds(3)
    port =
      ESCPOSTicketPrinter(
        address: address, profile: profile, limits: limits, events: EventPort { _ in }
      ).port
  }

  struct Status: Decodable, Sendable {
    var printed: Int
    var connections: Int
  }

  struct Report: Decodable, Sendable {
    var text: [String]
  }

  func tickets() async throws -> [Report] { try await lab.ask("tickets") }

  func onlyTicket() async throws -> Report {
    try await eventually("a ticket lies in the tray") { try await !tickets().isEmpty }
    let all = try await tickets()
    guard let first = all.first, all.count == 1 else {
      throw LabProgram.Failure(description: "\(all.count) tickets")
    }
    return first
  }

  /// What zbarimg reads from the picture of the first ticket.
  func readQR() async throws -> String {
    let picture = lab.folder.path + "/001.png"
    let zbarimg = "/usr/bin/zbarimg"
    guard FileManager.default.isExecutableFile(atPath: zbarimg) else {
      throw LabProgram.Failure(description: "zbarimg is missing: install zbar-tools")
    }
    return try await LabProgram.output(of: zbarimg, ["--quiet", "--raw", picture])
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
