import Crypto
import Foundation
import OfficeModel
import Ports
import SensitiveMemory
import Synchronization
import TestSupport

@testable import Printing

/// A document printer of the lab and the driver that talks to it.
struct PrinterRig: Sendable {
  let lab: LabProgram
  let vault = SecretVault()
  let driver: IPPDocumentPrinter

  final class Events: Sendable {
    private let list = Mutex<[KioskEvent]>([])
    var all: [KioskEvent] { list.withLock { $0 } }
    var port: EventPort { EventPort { event in self.list.withLock { $0.append(event) } } }
  }
  let recorded = Events()

  init(
    _ lab: LabProgram, unreachable: Duration, documentLimit: Duration = .seconds(60),
    poll: Duration = .milliseconds(50), way: IPPDocumentPrinter.Way? = nil,
    pages: (SecretVault) -> PreviewPort = Self.noPages
  ) throws {
    self.lab = lab
    guard let uri = lab.values["URI"] else {
      throw LabProgram.Failure(description: "the printer told no URI")
    }
    // Shorter than in an office, so that a test does not wait half a minute for a dead printer.
    var limits = PrintFollowUp.Limits()
    limits.poll = poll
    limits.unreachable = unreachable
    limits.settle = .seconds(3)
    var settings = IPPDocumentPrinter.Settings(way ?? .printer(uri: uri))
    settings.busyLimit = .milliseconds(600)
    settings.statusLimit = .seconds(2)
    settings.sendLimit = .seconds(3)
    settings.documentLimit = documentLimit
    driver = IPPDocumentPrinter(
      settings: settings, limits: limits, vault: vault, pages: pages(vault), events: recorded.port)
  }

  /// A printer that takes PDF needs nothing drawn.
  static func noPages(_ vault: SecretVault) -> PreviewPort {
    PreviewPort { _, _, _ throws(PortError) in throw PortError(.notFound, step: "preview") }
  }

  func order(
    _ bytes: [UInt8], byteCount: Int? = nil, sha256: String? = nil, jobKey: String = "job-0001"
  ) throws -> PrintOrder {
    let handle = try bytes.withUnsafeBytes { try vault.store($0) }
    let count = byteCount ?? bytes.count
    return PrintOrder(
      jobKey: jobKey, document: handle, byteCount: count,
      sha256: sha256 ?? Self.sha256(bytes[..<count]), pageCount: 1)
  }

  /// Prints and gives every step; `during` is told each one as it comes.
  func print(
    _ order: PrintOrder, during: (PrintStep) async throws -> Void = { _ in }
  ) async throws -> [PrintStep] {
    var steps: [PrintStep] = []
    for await step in driver.port.print(order) {
      steps.append(step)
      try await during(step)
    }
    return steps
  }

  /// A driver of a later run: it knows nothing of what this one printed.
  func restarted() throws -> PrinterRig { try PrinterRig(lab, unreachable: .seconds(3)) }

  func sheets() async throws -> Int {
    struct Status: Decodable, Sendable { var sheets: Int }
    return try await lab.ask("status", as: Status.self).sheets
  }

  struct Job: Decodable, Sendable {
    var id: Int
    var state: String
    var name: String
    var user: String
    var format: String
    var file: String?
    var attributes: [String: Attribute]
    enum Attribute: Decodable, Equatable, Sendable {
      case text(String)
      case number(Int)
      case other
      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int.self) {
          self = .number(number)
        } else if let text = try? container.decode(String.self) {
          self = .text(text)
        } else {
          self = .other
        }
      }
    }
  }

  func jobs() async throws -> [Job] { try await lab.ask("jobs") }

  static func sha256(_ bytes: some DataProtocol) -> String {
    SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined()
  }

  /// A document that only looks like PDF; the lab's printer counts its pages by `/Type /Page`.
  static func document(bytes count: Int = 40_000) -> [UInt8] {
    var bytes = Array("%PDF-1.4\n% invented\n1 0 obj << /Type /Page >> endobj\n".utf8)
    var value: UInt32 = 2_463_534_242
    while bytes.count < count {
      value ^= value << 13
      value ^= value >> 17
      value ^= value << 5
      bytes.append(UInt8(truncatingIfNeeded: value))
    }
    return bytes
  }
}

/// One rig with its own virtual printer for the body.
func withPrinter(
  unreachable: Duration = .seconds(3), _ body: (PrinterRig) async throws -> Void
) async throws {
  try await withLab("virtual-ipp-printer") { lab in
    try await body(try PrinterRig(lab, unreachable: unreachable))
  }
}
