import Foundation
import OfficeModel
import Ports
import SensitiveMemory
import Synchronization
import TestSupport

@testable import CardReading

/// A pcscd of the lab with a virtual card. libpcsclite reads the socket's name once per process, so
/// all tests of the process use one folder, one after the other, each with a pcscd of its own.
struct CardRig: Sendable {
  static let folder: URL = {
    let folder = URL(filePath: "/tmp/lab-pcsc-\(ProcessInfo.processInfo.processIdentifier)")
    setenv("PCSCLITE_CSOCK_NAME", folder.path + "/run/pcscd.comm", 1)
    return folder
  }()

  let network: LabProgram?
  let card: LabProgram
  let reader: CardReader
  let vault = SecretVault()
  let events = Recorder()
  private let pcscd: Mutex<LabProgram>
  private let vpcdPort: String

  final class Recorder: Sendable {
    private let list = Mutex<[KioskEvent]>([])
    var all: [KioskEvent] { list.withLock { $0 } }
    var port: EventPort { EventPort { event in self.list.withLock { $0.append(event) } } }
  }

  private final class Mutex<Value: Sendable>: Sendable {
    private let value: Synchronization.Mutex<Value>
    init(_ value: Value) { self.value = .init(value) }
    func withLock<R>(_ body: (inout sending Value) -> sending R) -> R { value.withLock(body) }
  }

  private static func startDaemon(_ network: LabProgram?, port: String?, pairs: Int = 1)
    async throws -> LabProgram
  {
    let extra =
      (network.map { ["--network", String($0.pid)] } ?? [])
      + (port.map { ["--port", $0] } ?? []) + ["--pairs", String(pairs)]
    return try await LabProgram.start(
      "start-pcscd", folder: folder, arguments: { folder, _ in ["--dir", folder] + extra })
  }

  init(profile: String) async throws {
    // vpcd listens on every interface; where namespaces are not allowed it does so all the same.
    let network = try? await LabProgram.start("private-network", arguments: { _, _ in [] })
    self.network = network
    let pcscd = try await Self.startDaemon(network, port: nil)
    self.pcscd = Mutex(pcscd)
    guard let port = pcscd.values["VPCD_PORTS"]?.split(separator: " ").first.map(String.init) else {
      throw LabProgram.Failure(description: "pcscd told no port")
    }
    vpcdPort = port
    let arguments = network.map { ["--network", String($0.pid)] } ?? []
    card = try await LabProgram.start(
      "virtual-card",
      arguments: { _, control in
        ["--control", control, "--port", port, "--profile", profile] + arguments
      })
    var limits = CardReader.Limits()
    limits.classify = .seconds(2)
    limits.photo = .seconds(2)
    reader = CardReader(vault: vault, limits: limits, events: events.port)
  }

  /// Ends pcscd as a crash would, with SIGKILL.
  func killDaemon() async throws {
    let daemon = pcscd.withLock { $0 }
    guard let pid = daemon.values["LAB_PCSCD_PID"].flatMap({ Int32($0) }) else {
      throw LabProgram.Failure(description: "pcscd told no pid")
    }
    kill(pid, SIGKILL)
    await daemon.stop()
  }

  /// - Parameter pairs: of readers; 0 stands for a reader that was unplugged.
  func restartDaemon(pairs: Int = 1) async throws {
    let new = try await Self.startDaemon(network, port: vpcdPort, pairs: pairs)
    pcscd.withLock { $0 = new }
  }

  func stop() async {
    reader.stop()
    await card.stop()
    await pcscd.withLock { $0 }.stop()
    await network?.stop()
    try? FileManager.default.removeItem(at: Self.folder)
  }
}

/// One rig for the body, ended whatever happens.
func withCard(
  profile: String = "ktp.json", _ body: (CardRig, inout Changes) async throws -> Void
) async throws {
  let rig = try await CardRig(profile: LabProgram.laboratory + "/profiles/" + profile)
  var changes = Changes(rig.reader.port.changes())
  do { try await body(rig, &changes) } catch {
    await rig.stop()
    throw error
  }
  await rig.stop()
}

/// The readings of a test, one after the other.
struct Changes {
  private var iterator: AsyncStream<OfficeModel.CardReading>.Iterator
  private(set) var seen: [OfficeModel.CardReading] = []

  init(_ stream: AsyncStream<OfficeModel.CardReading>) { iterator = stream.makeAsyncIterator() }

  /// Waits for a reading; others on the way are passed over.
  mutating func wait(for wanted: OfficeModel.CardReading) async throws {
    while let next = await iterator.next(isolation: #isolation) {
      seen.append(next)
      if next == wanted { return }
    }
    throw LabProgram.Failure(description: "the stream ended before \(wanted); seen: \(seen)")
  }
}
