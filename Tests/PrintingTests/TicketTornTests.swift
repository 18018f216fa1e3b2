import Foundation
import OfficeModel
import Ports
import TestSupport
import Testing
import TicketPaper

@testable import Printing

/// What becomes of a slip that stops in the middle, and of the one after it.
@Suite("A torn ticket", .timeLimit(.minutes(2)))
struct TicketTornTests {
  /// The last words of every slip but a demonstration's mark.
  private static let foot = Array("dipanggil.".utf8)
  private static let number = Array("A-008".utf8)

  @Test(
    "is told at once, whatever stops it",
    arguments: [
      ("paper out", DeviceFault.mediaEmpty), ("cover open", .coverOpen),
      ("error cutter", .cutterError), ("error fatal", .needsRestart), ("error hot", .recovering),
      ("offline", .stopped), ("power off", .offline),
    ], ["epson-tm-80", "generic-80"])
  func toldAtOnce(_ cause: (command: String, fault: DeviceFault), profile: String) async throws {
    try await withTicketPrinter(profile) { rig in
      let told = try await rig.print(Slips.ticket(), whenBegun: cause.command)
      #expect(told.fault == cause.fault)
      // Automatic status comes at once; a question every 300 ms is answered at once, or, where it waits
      // behind bytes that the printer does not take, not for two seconds. The limit is twelve.
      #expect(told.after < .seconds(5))
    }
  }

  @Test("leaves no tail behind in a printer that can be cleared")
  func noTail() async throws {
    try await withTicketPrinter("epson-tm-80") { rig in
      #expect(
        try await rig.print(Slips.ticket(7), whenBegun: "paper out").fault == .mediaEmpty)
      let torn = try await rig.status()
      #expect(torn.held == 0)
      try await rig.lab.tell("paper ok")
      #expect(await rig.port.state() == .ready)
      #expect(try await rig.status().printed == torn.printed)

      #expect(await rig.port.print(Slips.ticket(8)) == nil)
      _ = try await rig.onlyTicket()
      let paper = try rig.bytes(ofTicket: 1)
      // What hung in the printer is cut off, and then the next slip comes, whole.
      let cut = try #require(position(of: [0x1D, 0x56, 1], in: paper))
      let next = try #require(position(of: Self.number, in: paper))
      #expect(cut < next)
      let foot = try #require(position(of: Self.foot, in: paper))
      #expect(foot > next, "the torn slip's tail came out")
      #expect(position(of: Self.foot, in: paper, from: foot + 1) == nil)
    }
  }

  @Test("comes out before the next one in a printer that cannot be cleared, and is cut off")
  func tailApart() async throws {
    try await withTicketPrinter("generic-80") { rig in
      #expect(
        try await rig.print(Slips.ticket(7), whenBegun: "paper out").fault == .mediaEmpty)
      #expect(try await rig.status().held > 0)
      try await rig.lab.tell("paper ok")
      #expect(await rig.port.print(Slips.ticket(8)) == nil)
      _ = try await rig.onlyTicket()
      let paper = try rig.bytes(ofTicket: 1)
      let cut = try #require(position(of: [0x1D, 0x56, 1], in: paper))
      let next = try #require(position(of: Self.number, in: paper))
      #expect(cut < next)
      // The torn one stopped in its image, which swallowed nothing of the next one.
      let text = try await rig.onlyTicket().text.joined(separator: " ")
      #expect(text.contains("NOMOR ANTREAN A-008 "))
      #expect(try await rig.readQR().contains("ANJUNGAN:T:0123456789abcdef"))
    }
  }

  @Test("is not confirmed by an older slip's answer")
  func olderAnswer() async throws {
    try await withTicketPrinter("generic-80") { rig in
      #expect(
        try await rig.print(Slips.ticket(7), whenBegun: "paper out").fault == .mediaEmpty)
      try await rig.lab.tell("paper ok")
      // The older slip comes out first and answers; the younger one stops in the middle.
      #expect(try await rig.print(Slips.ticket(8), whenBegun: "status").fault == nil)
      let third = try await rig.print(Slips.ticket(9), whenBegun: "cover open")
      #expect(third.fault == .coverOpen)
    }
  }

  @Test("that lay whole in the printer does not answer for younger ones", arguments: [false, true])
  func wholeOlderSlip(isDevice: Bool) async throws {
    func body(_ rig: TicketRig) async throws {
      #expect(
        try await rig.print(Slips.ticket(7), whenBegun: "paper out").fault == .mediaEmpty)
      // The white dots behind it now take longer than any pause between answers.
      try await rig.lab.tell("slow 20")
      try await rig.lab.tell("paper ok")
      for number in 8...10 {
        #expect(await rig.port.print(Slips.ticket(number)) == nil)
        let status = try await rig.status()
        // Only the command behind the question may wait: it was asked at the slip's very end.
        #expect(status.held <= ESCPOSEncoder.quiet.count, "A-\(number) is not on the paper yet")
      }
    }
    if isDevice {
      try await withTicketDevice("bixolon-80", body)
    } else {
      try await withTicketPrinter("bixolon-80", body)
    }
  }

  @Test("larger than the printer's buffer is told for what it is, and is not sent any further")
  func largerThanTheBuffer() async throws {
    try await withTicketPrinter("generic-80", lab: ["--buffer", "1024"]) { rig in
      #expect(
        try await rig.print(Slips.ticket(7), whenBegun: "paper out").fault == .mediaEmpty)
      let torn = try await rig.status()
      #expect(torn.held <= 2048)
      try await rig.lab.tell("paper ok")
      try await eventually("what it held is printed") { try await rig.status().held == 0 }
      let slip = ESCPOSEncoder(profile: try Slips.profile("generic-80")).encode(
        TicketLayout(Slips.ticket(7), try Slips.template()))
      // What was still on its way never arrived.
      #expect(try await rig.status().printed < slip.count)
      #expect(await rig.port.print(Slips.ticket(8)) == nil)
    }
  }

  @Test("ends with the printer's power, and the next one is whole and apart")
  func powerLost() async throws {
    try await withTicketPrinter { rig in
      #expect(try await rig.print(Slips.ticket(7), whenBegun: "power off").fault == .offline)
      try await rig.lab.tell("power on")
      #expect(await rig.port.print(Slips.ticket(8)) == nil)
      _ = try await rig.onlyTicket()
      let paper = try rig.bytes(ofTicket: 1)
      let cut = try #require(position(of: [0x1D, 0x56, 1], in: paper))
      #expect(cut < (try #require(position(of: Self.number, in: paper))))
    }
  }

  @Test("by a reset of the connection is not confirmed")
  func resetInMidTicket() async throws {
    try await withTicketPrinter { rig in
      try await rig.lab.tell("drop 200")
      #expect(await rig.port.print(Slips.ticket()) == .offline)
      #expect(await rig.port.print(Slips.ticket(8)) == nil)
    }
  }

  @Test("by a stuck cutter is over when the blade is free: the printer is told to go on")
  func cutterFreed() async throws {
    try await withTicketPrinter { rig in
      #expect(
        try await rig.print(Slips.ticket(7), whenBegun: "error cutter").fault == .cutterError)
      #expect(await rig.port.state() == .down(.cutterError))
      try await rig.lab.tell("unjam")
      #expect(await rig.port.state() == .ready)
      #expect(await rig.port.print(Slips.ticket(8)) == nil)
    }
  }

  @Test("at a device file: paper out on a serial line is told, and nothing comes out later")
  func deviceFile() async throws {
    try await withTicketDevice { rig in
      #expect(
        try await rig.print(Slips.ticket(7), whenBegun: "paper out").fault == .mediaEmpty)
      let torn = try await rig.status()
      #expect(torn.held == 0)
      try await rig.lab.tell("paper ok")
      #expect(await rig.port.print(Slips.ticket(8)) == nil)
      try await eventually("the next is there") { try await !rig.tickets().isEmpty }
    }
  }

  @Test("by an unplugged cable: the device file comes back and the next one is printed")
  func unplugged() async throws {
    try await withTicketDevice { rig in
      #expect(try await rig.print(Slips.ticket(7), whenBegun: "unplug").fault == .offline)
      #expect(await rig.port.state() == .unknown)
      #expect(await rig.port.state() == .down(.offline))
      try await rig.lab.tell("plug")
      #expect(await rig.port.state() == .ready)
      #expect(await rig.port.print(Slips.ticket(8)) == nil)
    }
  }
}
