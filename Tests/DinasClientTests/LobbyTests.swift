import DinasClient
import DinasProtocol
import Journey
import LocalStore
import OfficeModel
import Ports
import SensitiveMemory
import TestSupport
import Testing
import UseCases

@testable import dinas_simulator

/// Three kiosks of one lobby with stores of their own, and the one Dinas they share over HTTP.
private final class LobbyKiosk {
  let name: String
  let client: DinasClient
  private let simulator: RunningSimulator
  private let folder: TemporaryFolder
  private var store: LocalStore
  private var runner: UseCaseRunner
  private var told = Recorder<Action>()
  private var run = 0
  private var session: UInt64 = 0
  private var cursor: String?
  /// The kiosk falls over when the next answer of the server has come, before it is committed.
  private let falls = Box(false)
  private(set) var shown: [IssuedTicket] = []

  init(_ name: String, _ simulator: RunningSimulator) async throws {
    self.name = name
    self.simulator = simulator
    let address = try DinasAddress(
      "http://127.0.0.1:\(await simulator.server.port)", isDemonstration: true)
    client = try DinasClient(
      .init(address: address, kiosk: name, token: RunningSimulator.token))
    folder = try TemporaryFolder()
    store = try LocalStore.open(directory: folder.path, storeKey: [UInt8](repeating: 5, count: 32))
    runner = try Self.runner(store, client, simulator, falls, told, run: "\(name)-0")
  }

  private static func runner(
    _ store: LocalStore, _ client: DinasClient, _ simulator: RunningSimulator,
    _ falls: Box<Bool>, _ told: Recorder<Action>, run: String
  ) throws -> UseCaseRunner {
    let clock = simulator.clock
    let parts = TestPorts()
    var ports = parts.ports(store: store.port())
    ports.clock = ClockPort(
      now: { Moment(wall: clock.now, uptime: .zero) }, sleep: { try await Task.sleep(for: $0) })
    let makeID = ports.identifiers.make
    ports.identifiers.make = { run + "-" + makeID().suffix(16) }
    ports.dinas = client.port()
    let ask = ports.dinas.nextNumber
    ports.dinas.nextNumber = { request throws(PortError) in
      let reply = try await ask(request)
      guard falls.value else { return reply }
      try store.close()
      return reply
    }
    return UseCaseRunner(
      ports: ports, vault: SecretVault(),
      keys: try #require(KioskKeys(lookupKey: Array(0..<32))),
      settings: UseCaseSettings(
        officeName: "Kantor Contoh", zone: .wita, isDemonstration: true,
        services: [
          ServiceStandard(
            id: "ktp-el", title: "Penerbitan KTP-el", shortTitle: "KTP-el", series: "A",
            ticketIdentity: .none, requirements: [],
            timeLimit: TimeLimit(amount: 1, unit: .days, text: "1 hari"), fee: "Gratis",
            product: "KTP-el")
        ]), sink: { told.append($0) })
  }

  /// A citizen asks for a number; true when one was shown.
  func takeNumber(_ lane: Lane, fallingOver: Bool) async throws {
    falls.value = fallingOver
    session += 1
    let id = SessionID(session)
    runner.run(.issueTicket(id, TicketOrder(serviceID: "ktp-el", lane: lane)))
    let answer = await told.first { if case .answer(id, _) = $0 { true } else { false } }
    runner.run(.endSession(id))
    if case .answer(_, .ticketIssued(let ticket, _))? = answer { shown.append(ticket) }
    guard fallingOver else { return }
    falls.value = false
    try await restart()
  }

  func restart() async throws {
    try? store.close()
    run += 1
    store = try LocalStore.open(directory: folder.path, storeKey: [UInt8](repeating: 5, count: 32))
    told = Recorder()
    runner = try Self.runner(store, client, simulator, falls, told, run: "\(name)-\(run)")
    await runner.recover()
  }

  /// One page, when the server gives one.
  func pull() async throws {
    guard let page = try? await client.port().fetchChanges(cursor) else { return }
    try await store.port().cache.apply(page, simulator.clock.now)
    cursor = page.cursor
  }

  /// Sends what is due once; true when nothing is left.
  func push() async throws -> Bool {
    let port = store.port()
    let due = try await port.outbox.due(simulator.clock.now, 1000)
    for item in due {
      do throws(PortError) {
        try await client.port().send(item)
        try await port.outbox.settle(item.id, .delivered, simulator.clock.now)
      } catch {
        try #require(error.code != .conflict && error.code != .refused, "\(error)")
      }
    }
    return try await port.outbox.state().waiting == 0
  }

  func end() async {
    await client.shutdown()
    try? store.close()
  }
}

@Suite("A lobby of kiosks", .timeLimit(.minutes(2)))
struct LobbyTests {
  /// SplitMix64: the same seed plays the same plan.
  private struct Chance: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
    mutating func one(in count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }
  }

  @Test(
    "whatever fails, no number is shown twice, and the Dinas knows each that was shown and no other",
    arguments: 1...12 as ClosedRange<UInt64>)
  func plan(seed: UInt64) async throws {
    try await RunningSimulator.with { simulator, _ in
      var chance = Chance(state: seed)
      var kiosks: [LobbyKiosk] = []
      for name in ["lobi-1", "lobi-2", "lobi-3"] {
        kiosks.append(try await LobbyKiosk(name, simulator))
      }
      for kiosk in kiosks { try await kiosk.pull() }
      for _ in 0..<60 {
        simulator.clock.advance(by: .seconds(chance.one(in: 15) ? 40_000 : 20))
        let kiosk = kiosks[Int.random(in: 0..<kiosks.count, using: &chance)]
        if chance.one(in: 3), let kind = Faults.Kind.allCases.randomElement(using: &chance) {
          simulator.faults.spoilNext(1, kind)
        }
        if chance.one(in: 12) {
          if await simulator.server.isOnline {
            await simulator.server.turnOff()
          } else {
            try await simulator.server.turnOn()
          }
        }
        switch Int.random(in: 0..<8, using: &chance) {
        case 0: try await kiosk.pull()
        case 1: _ = try await kiosk.push()
        case 2: try await kiosk.restart()
        default:
          try await kiosk.takeNumber(
            chance.one(in: 3) ? .priority : .general, fallingOver: chance.one(in: 5))
        }
      }
      // Everything works again: what is left is told.
      simulator.faults.clear()
      if await !simulator.server.isOnline { try await simulator.server.turnOn() }
      for kiosk in kiosks {
        try await kiosk.restart()
        let isEmpty = try await kiosk.push()
        #expect(isEmpty)
        await kiosk.end()
      }
      let shown = kiosks.flatMap(\.shown)
      #expect(shown.count > 10)
      #expect(Set(shown.map { "\($0.number) \($0.date)" }).count == shown.count)
      let known = await simulator.dinas.received.tickets
      #expect(
        Set(known.map { "\($0.id) \($0.number) \($0.date)" })
          == Set(shown.map { "\($0.id) \($0.number) \($0.date)" }))
      #expect(known.count == shown.count)
    }
  }
}
