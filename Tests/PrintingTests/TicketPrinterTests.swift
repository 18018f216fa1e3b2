import Foundation
import OfficeModel
import Ports
import TestSupport
import Testing

@testable import Printing

@Suite("A ticket printer", .timeLimit(.minutes(2)))
struct TicketPrinterTests {
  @Test(
    "a ticket says what it must, and its QR code can be read from the paper",
    arguments: Slips.profileNames)
  func ticketOnPaper(name: String) async throws {
    try await withTicketPrinter(name) { rig in
      #expect(await rig.port.print(Slips.ticket()) == nil)
      let report = try await rig.onlyTicket()
      let text = report.text.joined(separator: " ")
      for words in [
        "Dinas Kependudukan Contoh", "A-007", "Kartu Keluarga", "Jalur prioritas",
        "Jumat, 20 November 2026", "Pukul 09.41 WITA", "CONTOH",
      ] {
        #expect(text.contains(words), "\(words)")
      }
      #expect(try await rig.readQR() == "ANJUNGAN:T:0123456789abcdef")
    }
  }

  @Test(
    "each fault before a ticket is told apart, and nothing is printed",
    arguments: [
      ("paper out", DeviceFault.mediaEmpty), ("cover open", .coverOpen),
      ("error cutter", .cutterError), ("error fatal", .needsRestart), ("error hot", .recovering),
      ("offline", .stopped), ("power off", .offline),
    ])
  func faultBefore(command: String, fault: DeviceFault) async throws {
    try await withTicketPrinter { rig in
      try await rig.lab.tell(command)
      #expect(await rig.port.print(Slips.ticket()) == fault)
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
        ("error fatal", .down(.needsRestart)), ("error hot", .down(.recovering)),
        ("offline", .down(.stopped)),
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
      #expect(await rig.port.print(Slips.ticket()) == nil)
    }
  }

  @Test("one connection for each ticket, closed afterwards")
  func connections() async throws {
    try await withTicketPrinter { rig in
      for _ in 0..<3 { #expect(await rig.port.print(Slips.ticket()) == nil) }
      try await eventually("no connection is left") { try await rig.status().connections == 0 }
      #expect(try await rig.tickets().count == 3)
    }
  }

  @Test("a device file works like the network")
  func deviceFile() async throws {
    try await withTicketDevice { rig in
      #expect(await rig.port.state() == .ready)
      #expect(await rig.port.print(Slips.ticket()) == nil)
      try await rig.lab.tell("cover open")
      #expect(await rig.port.print(Slips.ticket()) == .coverOpen)
      try await rig.lab.tell("power off")
      #expect(await rig.port.print(Slips.ticket()) == .offline)
    }
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
}
