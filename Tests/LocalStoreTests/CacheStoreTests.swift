import Foundation
import LocalStore
import OfficeModel
import Ports
import TestSupport
import Testing

@Suite("Cache and outbox in the store")
struct CacheStoreTests {
  private let folder: TemporaryFolder
  private let store: LocalStore
  private var port: StorePort { store.port() }

  init() throws {
    folder = try TemporaryFolder()
    store = try Sample.open(folder.path)
  }

  private func application(_ status: ApplicationStatus?) -> ChangesPage.Application {
    .init(registration: Sample.registration, nik: Sample.nik, status: status)
  }

  @Test("a page's rows and its cursor come together; both keys are needed to read")
  func pages() async throws {
    #expect(try await port.cache.state() == nil)
    try await port.cache.apply(
      Sample.page("c1", applications: [application(Sample.status())]), Sample.now)
    #expect(
      try await port.cache.state() == CacheState(cursor: "c1", syncedAt: Sample.now))
    #expect(try await port.cache.application(Sample.registration, Sample.nik) == Sample.status())
    #expect(try await port.cache.application(Sample.registration, Sample.otherNIK) == nil)
    try await port.cache.apply(
      Sample.page("c2", applications: [application(nil)]), Sample.now)
    #expect(try await port.cache.application(Sample.registration, Sample.nik) == nil)
  }

  @Test("starting over keeps the old answers until the last page, then drops what was not named")
  func startingOver() async throws {
    try await port.cache.apply(
      Sample.page(
        "c1", applications: [application(Sample.status())], documents: [Sample.document("old")]),
      Sample.now)
    try await port.cache.startOver(Sample.now)
    #expect(try await port.cache.state()?.cursor == "")
    try await port.cache.apply(
      Sample.page("n1", hasMore: true, documents: [Sample.document("new")]), Sample.now)
    #expect(try await port.cache.documents(Sample.nik).count == 2)
    try await port.cache.apply(Sample.page("n2"), Sample.now)
    #expect(try await port.cache.documents(Sample.nik).map(\.summary.id) == ["new"])
    #expect(try await port.cache.application(Sample.registration, Sample.nik) == nil)
  }

  @Test("nothing readable of an application lies in the files")
  func sealed() async throws {
    var status = Sample.status()
    status.holderMasked = "SENTINELNAME"
    status.note = "SENTINELNOTE"
    try await port.cache.apply(
      Sample.page("c1", applications: [application(status)]), Sample.now)
    for name in ["/anjungan.sqlite", "/anjungan.sqlite-wal"] {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.path + name))
      #expect(bytes.range(of: Data("SENTINEL".utf8)) == nil)
      #expect(bytes.range(of: Data("ktp-el".utf8)) == nil)
    }
  }

  @Test("bytes of a document go with it, and with a new version of it")
  func documentBytes() async throws {
    try await port.cache.apply(Sample.page("1", documents: [Sample.document()]), Sample.now)
    try await port.cache.keepSealedDocument("doc-1", [1, 2, 3])
    #expect(try await port.cache.sealedDocument("doc-1") == [1, 2, 3])
    var newer = Sample.document()
    newer.sealedSHA256 = String(repeating: "b", count: 64)
    try await port.cache.apply(Sample.page("2", documents: [newer]), Sample.now)
    #expect(try await port.cache.sealedDocument("doc-1") == nil)
    await #expect(throws: PortError.self) {
      try await port.cache.keepSealedDocument("not-announced", [1])
    }
  }

  @Test("an item that waits holds its own stream; a dead one does not")
  func outbox() async throws {
    func item(_ id: String, _ stream: String) -> OutboxItem {
      OutboxItem(id: id, kind: .survey, stream: stream, body: [1], createdAt: Sample.now)
    }
    for (id, stream) in [("a1", "a"), ("a2", "a"), ("b1", "b")] {
      try await port.outbox.enqueue(item(id, stream))
    }
    func due(_ seconds: Int64 = 0) async throws -> [String] {
      try await port.outbox.due(Sample.now.adding(.seconds(seconds)), 10).map(\.id)
    }
    #expect(try await due() == ["a1", "a2", "b1"])
    try await port.outbox.settle("a1", .retry(at: Sample.now.adding(.seconds(60))), Sample.now)
    #expect(try await due() == ["b1"])
    #expect(try await due(60) == ["a1", "a2", "b1"])
    #expect(try await port.outbox.due(Sample.now.adding(.seconds(60)), 1).first?.attempts == 1)
    #expect(try await port.outbox.due(Sample.now.adding(.seconds(60)), 1).first?.failures == 0)
    try await port.outbox.settle(
      "a1", .retry(at: Sample.now.adding(.seconds(60)), isFailure: true), Sample.now)
    let again = try await port.outbox.due(Sample.now.adding(.seconds(60)), 1).first
    #expect(again?.attempts == 2)
    #expect(again?.failures == 1)
    // A clock that was set back by a day does not silence the stream for a day.
    #expect(try await due(-86_400) == ["a1", "a2", "b1"])
    try await port.outbox.settle("a1", .dead(reason: "422"), Sample.now)
    #expect(try await due() == ["a2", "b1"])
    try await port.outbox.settle("b1", .delivered, Sample.now)
    #expect(
      try await port.outbox.state()
        == OutboxState(waiting: 1, oldest: Sample.now, dead: 1))
  }
}
