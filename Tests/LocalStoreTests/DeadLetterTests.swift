import LocalStore
import OfficeModel
import Ports
import TestSupport
import Testing

@Suite("Items that the server refused for good")
struct DeadLetterTests {
  private let now = Sample.now

  private func item(_ id: String, stream: String) -> OutboxItem {
    OutboxItem(id: id, kind: .staffCall, stream: stream, body: Array("{}".utf8), createdAt: now)
  }

  @Test("they are listed with why, hold nobody, and go out again under their key when staff say so")
  func retried() async throws {
    let folder = try TemporaryFolder()
    let store = try Sample.open(folder.path)
    let outbox = store.port().outbox
    for id in ["a", "b", "c"] { try await outbox.enqueue(item(id, stream: "s")) }
    try await outbox.settle("a", .retry(at: now, isFailure: true), now)
    try await outbox.settle("a", .dead(reason: "conflict at POST /v1/events: 422 invalid"), now)
    #expect(try await outbox.due(now, 9).map(\.id) == ["b", "c"])
    #expect(
      try await outbox.dead(9) == [
        DeadLetter(
          id: "a", kind: .staffCall, createdAt: now, attempts: 2,
          reason: "conflict at POST /v1/events: 422 invalid")
      ])

    #expect(try await outbox.retryDead("b", "staff:uji", now) == 0)
    #expect(try await outbox.retryDead("a", "staff:uji", now) == 1)
    let due = try await outbox.due(now, 9)
    #expect(due.map(\.id) == ["a", "b", "c"])
    #expect(due.first?.attempts == 0 && due.first?.failures == 0)
    #expect(try await outbox.dead(9).isEmpty)
    let record = try await store.port().audit.page(0, 9).map(\.entry)
    #expect(record.map(\.what) == [.outboxDead, .outboxRetried])
    #expect(record.map(\.who) == ["kiosk", "staff:uji"])
    #expect(record.map(\.subject) == ["a", "a"])
  }

  @Test("of a print they hold back its lease, which would be lent on without knowing of the print")
  func lease() async throws {
    let folder = try TemporaryFolder()
    let port = try LocalStore.open(directory: folder.path, storeKey: Sample.key).port()
    try await port.cache.apply(Sample.page("1", documents: [Sample.document(prints: 2)]), now)
    let print = PrintReservation(jobKey: "j1", documentID: "doc-1", at: now)
    #expect(try await port.ledger.reserve(print))
    try await port.ledger.submit("j1", now)
    try await port.ledger.settle("j1", .delivered, now)
    try await port.ledger.returnLease("doc-1", "uji-1", now)
    let last = try #require(try await port.outbox.due(now, 9).last)
    #expect(last.kind == .leaseReturned)
    try await port.outbox.settle("rj1", .delivered, now)
    try await port.outbox.settle("oj1", .dead(reason: "422"), now)
    #expect(try await port.outbox.due(now, 9).isEmpty)
    // Nothing else waits for it, not even another print of the document.
    try await port.outbox.enqueue(item("c", stream: last.stream))
    #expect(try await port.outbox.due(now, 9).map(\.id) == ["c"])
    _ = try await port.outbox.retryDead(nil, "staff:uji", now)
    #expect(try await port.outbox.due(now, 9).map(\.id) == ["oj1", last.id, "c"])
  }

  @Test("all at once, and each only once on the record")
  func all() async throws {
    let folder = try TemporaryFolder()
    let store = try Sample.open(folder.path)
    let outbox = store.port().outbox
    for id in ["a", "b"] {
      try await outbox.enqueue(item(id, stream: id))
      try await outbox.settle(id, .dead(reason: "409"), now)
      try await outbox.settle(id, .dead(reason: "409"), now)
    }
    #expect(try await outbox.dead(1).map(\.id) == ["a"])
    #expect(try await outbox.retryDead(nil, "staff:uji", now) == 2)
    #expect(try await outbox.state().dead == 0)
    #expect(try await store.port().audit.page(0, 9).count == 4)
  }
}
