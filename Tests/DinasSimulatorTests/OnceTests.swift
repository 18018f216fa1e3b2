import DinasProtocol
import OfficeModel
import Synchronization
import Testing

@testable import dinas_simulator

@Suite("What cannot be written down has not happened")
struct OnceTests {
  struct DiskFull: Error {}

  @Test("a failed save leaves neither a receipt nor a spent right, and the retry counts")
  func failedSave() async throws {
    let now = Timestamp(seconds: 1_795_150_000)
    let office = try LoadedOffice(
      directory: DemonstrationTests.data, secret: try LookupSecret(file: Array(0..<32)), now: now)
    let isFull = Mutex(true)
    let dinas = Dinas(
      office: office, clock: { now },
      save: { _ in if isFull.withLock({ $0 }) { throw DiskFull() } })
    let report = KioskReport(
      id: "p1", at: now,
      content: .printOutcome(documentID: "kk-budi", jobKey: "j1", outcome: .delivered))
    let body = try Wire.encode(report)
    let send = { () async throws in
      try await dinas.once(key: "p1", path: "/v1/events", body: body) { dinas in
        try Wire.encode(try dinas.receive(report))
      }
    }
    await #expect(throws: DiskFull.self) { _ = try await send() }
    #expect(await dinas.received.reports.isEmpty)
    #expect(try await dinas.document("kk-budi").count > 1000)
    isFull.withLock { $0 = false }
    let first = try await send()
    let second = try await send()
    #expect(first.status == 201 && first.body == second.body)
    #expect(await dinas.received.reports.count == 1)
    await #expect(throws: DinasRefusal.self) { _ = try await dinas.document("kk-budi") }
  }
}
