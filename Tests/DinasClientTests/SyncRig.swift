import DinasClient
import DinasProtocol
import Foundation
import Journey
import LocalStore
import OfficeModel
import Ports
import SensitiveMemory
import TestSupport
import Testing
import UseCases

@testable import dinas_simulator

/// The kiosk's own loops on its own store, talking to the simulator over HTTP. Only devices and clock
/// are in memory.
final class SyncRig: Sendable {
  let simulator: RunningSimulator
  let store: LocalStore
  var port: StorePort { store.port() }
  let parts = TestPorts()
  let told = Recorder<Action>()
  let runner: UseCaseRunner
  private let folder: TemporaryFolder

  static let service = ServiceStandard(
    id: "kk", title: "Kartu Keluarga", shortTitle: "KK", series: "B", ticketIdentity: .none,
    requirements: [], timeLimit: TimeLimit(amount: 1, unit: .days, text: "1 hari"), fee: "Gratis",
    product: "Kartu Keluarga")

  init(
    _ simulator: RunningSimulator, _ client: DinasClient, revocations: RevocationPort = .none
  ) throws {
    self.simulator = simulator
    folder = try TemporaryFolder()
    store = try LocalStore.open(
      directory: folder.path, storeKey: [UInt8](repeating: 5, count: 32))
    var ports = parts.ports(store: store.port())
    ports.dinas = client.port()
    ports.revocations = revocations
    runner = UseCaseRunner(
      ports: ports, vault: SecretVault(),
      keys: try #require(KioskKeys(lookupKey: Array(0..<32))),
      settings: UseCaseSettings(
        officeName: "Kantor Contoh", zone: .wita, isDemonstration: true,
        services: [Self.service], openingHours: ["Senin-Jumat 08.00-15.00"]),
      sink: { [told] in told.append($0) })
  }

  /// Runs the loops while `body` does.
  func whileServing(_ body: () async throws -> Void) async throws {
    let loops = Task { [runner] in await runner.serve() }
    let result: Result<Void, any Error>
    do { result = .success(try await body()) } catch { result = .failure(error) }
    loops.cancel()
    await loops.value
    try result.get()
  }

  /// Lets time pass until it is so.
  func passTime(until isSo: () async throws -> Bool) async throws {
    while !(try await isSo()) {
      parts.clock.advance(by: .seconds(5))
      // The network is real: it is waited for, and the loops' own waits go by at once.
      try await Task.sleep(for: .milliseconds(2))
    }
  }

  var cursor: String? {
    get async throws { try await store.port().cache.state()?.cursor }
  }

  /// The cursor of a server whose every change is known.
  func serverCursor() async throws -> String {
    try await everything().cursor
  }

  /// Whether the cache holds what the server holds, row by row, and knows it.
  func agrees() async throws -> Bool {
    let all = try await everything()
    guard try await cursor == all.cursor else { return false }
    for row in all.applications {
      let known = try await store.port().cache.application(
        LookupKey(value: row.registrationKey), LookupKey(value: row.nikKey))
      guard known == row.status else { return false }
    }
    for row in all.documents {
      let known = try await store.port().cache.documents(LookupKey(value: row.nikKey))
      guard known.contains(where: { $0.summary.id == row.id }) == (row.offer != nil) else {
        return false
      }
    }
    return true
  }

  private func everything() async throws -> ChangesBody {
    var all = try await simulator.dinas.changes(since: nil, for: "pembanding")
    while all.hasMore {
      let page = try await simulator.dinas.changes(since: all.cursor, for: "pembanding")
      all.applications += page.applications
      all.documents += page.documents
      (all.cursor, all.hasMore) = (page.cursor, page.hasMore)
    }
    return all
  }

  func knows(_ row: ChangesBody.Application) async throws -> Bool {
    try await store.port().cache.application(
      LookupKey(value: row.registrationKey), LookupKey(value: row.nikKey)) != nil
  }
}
