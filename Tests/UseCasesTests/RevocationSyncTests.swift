import DinasProtocol
import LocalStore
import OfficeModel
import Ports
import TestSupport
import Testing
import UseCases

@Suite("Revocation lists on their way", .timeLimit(.minutes(2)))
struct RevocationSyncTests {
  private static let bytes = Array("a list".utf8)

  private func serve(
    _ counter: Counter, offered: [UInt8], _ body: () async throws -> Void
  ) async throws {
    let now = counter.parts.clock.now.wall
    counter.parts.pages.value = { _ in
      .success(
        ChangesPage(
          cursor: "1", hasMore: false, serverTime: now, applications: [], documents: [],
          nowServing: [],
          office: OfficeNews(revocationLists: [
            RevocationListOffer(
              id: "uji", sizeBytes: offered.count, sha256: WireHash.sha256(offered))
          ])))
    }
    let loops = Task { await counter.runner.serve() }
    try await body()
    loops.cancel()
    await loops.value
  }

  private func passTime(_ counter: Counter, until isSo: () async throws -> Bool) async throws {
    while !(try await isSo()) {
      counter.parts.clock.advance(by: .seconds(61))
      await Task.yield()
    }
  }

  @Test("one that cannot be put in place is tried again, but not with every pull")
  func failing() async throws {
    let counter = try Counter()
    counter.parts.list.value = { _ in .success(Self.bytes) }
    counter.parts.listOutcome.value = .failed(reason: "openat errno 30")
    try await serve(counter, offered: Self.bytes) {
      _ = await counter.parts.events.first { $0.name == "revocation.failed" }
      let begun = counter.parts.clock.now.uptime
      try await passTime(counter) {
        counter.parts.events.all.count { $0.name == "revocation.failed" } == 2
      }
      #expect(counter.parts.clock.now.uptime.since(begun) >= .seconds(600))
      counter.parts.listOutcome.value = .inPlace
      try await passTime(counter) {
        try await counter.store.port().cache.missingLists().isEmpty
      }
    }
    #expect(counter.parts.listsAdded.all.allSatisfy { $0 == Self.bytes })
  }

  @Test("one that is not what was offered never reaches the trust folder, and is not fetched again")
  func another() async throws {
    let counter = try Counter()
    counter.parts.list.value = { _ in .success(Self.bytes) }
    try await serve(counter, offered: Array("another list".utf8)) {
      try await passTime(counter) {
        counter.parts.events.all.contains { $0.name == "revocation.not-as-offered" }
      }
      try await passTime(counter) {
        try await counter.store.port().cache.missingLists().isEmpty
      }
    }
    #expect(counter.parts.listsAdded.all.isEmpty)
  }
}
