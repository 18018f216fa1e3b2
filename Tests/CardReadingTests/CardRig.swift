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
  /// Two slots of one reader; to PC/SC each is a reader.
  static let first = "Lab Reader 00 00"
  static let sibling = "Lab Reader 00 01"

  /// Cards for the first slot and the second.
  let card: LabProgram
  let second: LabProgram
  /// Nil for who wants PC/SC alone.
  let optionalReader: CardReader?
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
      ["--network", String(network?.pid ?? 0)]
      + (port.map { ["--port", $0] } ?? []) + ["--pairs", String(pairs)]
    return try await LabProgram.start(
      "start-pcscd", folder: folder, arguments: { folder, _ in ["--dir", folder] + extra })
  }

  var reader: CardReader {
    guard let optionalReader else { preconditionFailure("a rig without a reader") }
    return optionalReader
  }

  init(
    profile: String, hasReader: Bool = true, without excluded: String? = nil
  ) async throws {
    // One that outlives a pcscd which is killed.
    let network = await LabProgram.privateNetwork()
    self.network = network
    let pcscd = try await Self.startDaemon(network, port: nil)
    self.pcscd = Mutex(pcscd)
    let ports = (pcscd.values["VPCD_PORTS"] ?? "").split(separator: " ").map(String.init)
    guard ports.count == 2 else {
      throw LabProgram.Failure(description: "pcscd told other ports than two")
    }
    vpcdPort = ports[0]
    let arguments = ["--network", String(network?.pid ?? 0)]
    func start(_ port: String) async throws -> LabProgram {
      try await LabProgram.start(
        "virtual-card",
        arguments: { _, control in
          ["--control", control, "--port", port, "--profile", profile] + arguments
        })
    }
    card = try await start(ports[0])
    second = try await start(ports[1])
    var limits = CardReader.Limits()
    limits.classify = .seconds(2)
    limits.photo = .seconds(2)
    optionalReader =
      hasReader
      ? CardReader(vault: vault, without: excluded, limits: limits, events: events.port) : nil
  }

  private struct Status: Decodable, Sendable {
    var apdus: Int
    var powered: Bool
    var hanging: Bool
  }

  /// Puts the card in and waits until pcscd has powered it.
  func insert() async throws {
    try await card.tell("insert now")
    try await eventually("the card is powered") {
      try await card.ask("status", as: Status.self).powered
    }
    // And has told its readers' states.
    let context = try PlainContext()
    defer { context.release() }
    try await eventually("the card is there") {
      let state = context.change([(Self.first, 0)], milliseconds: 0).states.first ?? 0
      return state & ReaderFlags.present != 0 && state & ReaderFlags.mute == 0
    }
  }

  /// Commands the first card was sent so far.
  var apdus: Int {
    get async throws { try await card.ask("status", as: Status.self).apdus }
  }

  /// Takes the first card off and puts another on, as a person would.
  func swap(to profile: String) async throws {
    try await card.tell("remove")
    try await card.tell("profile \(profile)")
    try await card.tell("insert")
  }

  /// Whether a command waits for its answer.
  var hasHang: Bool {
    get async throws { try await card.ask("status", as: Status.self).hanging }
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
    optionalReader?.stop()
    await card.stop()
    await second.stop()
    await pcscd.withLock { $0 }.stop()
    await network?.stop()
    try? FileManager.default.removeItem(at: Self.folder)
  }
}

/// One rig for the body, ended whatever happens.
func withRig(
  profile: String = "ktp.json", hasReader: Bool = true, without excluded: String? = nil,
  _ body: (CardRig) async throws -> Void
) async throws {
  let rig = try await CardRig(
    profile: LabProgram.laboratory + "/profiles/" + profile, hasReader: hasReader,
    without: excluded)
  do { try await body(rig) } catch {
    await rig.stop()
    throw error
  }
  await rig.stop()
}

/// As `withRig`, with the readings as they come.
func withCard(
  profile: String = "ktp.json", _ body: (CardRig, inout Changes) async throws -> Void
) async throws {
  try await withRig(profile: profile) { rig in
    var changes = Changes(rig.reader.port.changes())
    try await body(rig, &changes)
  }
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
