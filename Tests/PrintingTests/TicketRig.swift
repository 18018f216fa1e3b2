import Foundation
import KioskConfiguration
import OfficeModel
import Ports
import TestSupport
import Testing
import TicketPaper

@testable import Printing

/// A ticket printer of the lab and the driver that talks to it.
struct TicketRig: Sendable {
  let lab: LabProgram
  let printer: ESCPOSTicketPrinter
  private let profile: TicketPrinterProfile
  var port: TicketPrinterPort { printer.port }

  init(
    _ lab: LabProgram, address: TicketPrinterAddress, profile: TicketPrinterProfile,
    logo: MonochromeImage? = nil, events: EventPort = EventPort { _ in }
  ) throws {
    self.lab = lab
    self.profile = profile
    var limits = ESCPOSTicketPrinter.Limits()
    // Every fault is told before; whoever waits for this has missed it.
    limits.confirm = .seconds(12)
    limits.stuck = .seconds(2)
    limits.leaveError = .zero
    printer = ESCPOSTicketPrinter(
      address: address, profile: profile, template: try Slips.template(), logo: logo,
      limits: limits, events: events)
  }

  struct Status: Decodable, Sendable {
    var printed: Int
    /// In the printer's buffer.
    var held: Int
    var connections: Int
    /// A command waits until so many bytes are printed.
    var later: Bool
  }

  struct Report: Decodable, Sendable {
    var text: [String]
    var events: [Event]

    enum Event: Decodable, Sendable, Equatable {
      case cut
      case qr(String)
      case other

      init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let word = try? value.decode(String.self) {
          self = word == "cut" ? .cut : .other
        } else if let code = try? value.decode([String: String].self)["qr"] {
          self = .qr(code)
        } else {
          self = .other
        }
      }
    }
  }

  func status() async throws -> Status { try await lab.ask("status") }
  func tickets() async throws -> [Report] { try await lab.ask("tickets") }

  func onlyTicket() async throws -> Report {
    try await eventually("a ticket lies in the tray") { try await !tickets().isEmpty }
    let all = try await tickets()
    guard let first = all.first, all.count == 1 else {
      throw LabProgram.Failure(description: "\(all.count) tickets")
    }
    return first
  }

  /// Every byte that was printed on the piece of paper with this number.
  func bytes(ofTicket number: Int) throws -> [UInt8] {
    let name = String(format: "%03d.bin", number)
    return Array(try Data(contentsOf: lab.folder.appending(path: name)))
  }

  /// What zbarimg reads from the picture of the first ticket.
  func readQR() async throws -> String { try await Slips.readQR(lab.folder.path + "/001.png") }

  /// Prints while somebody does something to the printer in mid-slip; also how long it took from then
  /// until the driver knew.
  func print(
    _ slip: TicketPrint, whenBegun command: String
  ) async throws -> (fault: DeviceFault?, after: Duration) {
    // By bytes and not by the clock: on a busy machine the slip would be out before anybody looks. A
    // printer that cannot be cleared may first get white dots, for what may have been torn.
    try await lab.tell("at \(profile.qrMode == .native ? 64 : 3_000) \(command)")
    let port = self.port
    async let printing = port.print(slip)
    try await eventually("it has come") { try await !status().later }
    let began = ContinuousClock.now
    let fault = await printing
    return (fault, began.duration(to: .now))
  }
}

/// Slips, profiles and the template of `kiosk-config`.
enum Slips {
  static let office = URL(filePath: LabProgram.laboratory).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "kiosk-config/offices/tabalong").path

  static let profileNames = [
    "epson-tm-80", "epson-tm-58", "bixolon-80", "generic-80", "generic-58",
  ]
  static func profile(_ name: String) throws -> TicketPrinterProfile {
    try KioskConfiguration.printerProfile(named: name, office: office)
  }
  static func template() throws -> TicketTemplate {
    try KioskConfiguration.ticketTemplate(named: "standard", office: office)
  }

  static let issued = IssuedTicket(
    id: "0123456789abcdef", number: TicketNumber(series: "A", number: 7), serviceID: "kk",
    serviceName: "Kartu Keluarga", lane: .priority, date: CivilDate(daysSinceEpoch: 20_777),
    issuedAt: Timestamp(seconds: 20_777 * 86_400 + 3600 + 41 * 60))

  static func ticket(_ number: Int = 7) -> TicketPrint {
    var issued = Self.issued
    issued.number = TicketNumber(series: "A", number: number)
    return TicketPrint(
      .ticket(issued), officeName: "Dinas Kependudukan Contoh", zone: .wita,
      qrPayload: "ANJUNGAN:T:0123456789abcdef", isDemonstration: true)
  }

  static func readQR(_ picture: String) async throws -> String {
    let zbarimg = "/usr/bin/zbarimg"
    guard FileManager.default.isExecutableFile(atPath: zbarimg) else {
      throw LabProgram.Failure(description: "zbarimg is missing: install zbar-tools")
    }
    return try await LabProgram.output(of: zbarimg, ["--quiet", "--raw", picture])
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }
}

/// Where a part stands in bytes; nil when it does not.
func position(of part: [UInt8], in bytes: [UInt8], from start: Int = 0) -> Int? {
  bytes.indices.first { $0 >= start && bytes[$0...].starts(with: part) }
}

func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool { position(of: part, in: bytes) != nil }

func withTicketPrinter(
  _ name: String = "epson-tm-80", lab more: [String] = [],
  _ body: (TicketRig) async throws -> Void
) async throws {
  let profile = try Slips.profile(name)
  guard FileManager.default.isExecutableFile(atPath: "/usr/bin/qrencode") else {
    throw LabProgram.Failure(description: "qrencode is missing: install the package qrencode")
  }
  let clears = profile.clearsBuffers ? [] : ["--no-clear"]
  try await withLab(
    "virtual-ticket-printer",
    arguments: {
      ["--dir", $0, "--control", $1, "--width", String(profile.widthDots)] + clears + more
    },
    { lab in
      let port = try #require(lab.values["PORT"].flatMap { UInt16($0) })
      try await body(
        try TicketRig(lab, address: .network(host: "127.0.0.1", port: port), profile: profile))
    })
}

/// The same printer behind a device file.
func withTicketDevice(
  _ name: String = "epson-tm-80", _ body: (TicketRig) async throws -> Void
) async throws {
  let profile = try Slips.profile(name)
  let clears = profile.clearsBuffers ? [] : ["--no-clear"]
  try await withLab(
    "virtual-ticket-printer",
    arguments: { ["--dir", $0, "--control", $1, "--port", "0", "--pty", $0 + "/lp0"] + clears },
    { lab in
      try await body(
        try TicketRig(lab, address: .device(path: lab.folder.path + "/lp0"), profile: profile))
    })
}
