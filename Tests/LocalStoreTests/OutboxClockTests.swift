import LocalStore
import OfficeModel
import Ports
import TestSupport
import Testing

@Suite("What of the outbox is due")
struct OutboxClockTests {
  @Test("what was put in while the clock was ahead goes out as soon as it is right again")
  func clockWasAhead() async throws {
    let folder = try TemporaryFolder()
    let store = try Sample.open(folder.path)
    let outbox = store.port().outbox
    try await outbox.enqueue(
      OutboxItem(
        id: "ahead", kind: .staffCall, stream: "s", body: Array("{}".utf8),
        createdAt: Sample.now.adding(.seconds(360))))

    #expect(try await outbox.due(Sample.now, 9).map(\.id) == ["ahead"])
  }

  @Test("reports that pile up leave room for numbers")
  func ways() async throws {
    let folder = try TemporaryFolder()
    let store = try Sample.open(folder.path)
    let outbox = store.port().outbox
    func put(_ id: String, _ kind: OutboxItem.Kind) async throws {
      try await outbox.enqueue(
        OutboxItem(id: id, kind: kind, stream: id, body: Array("{}".utf8), createdAt: Sample.now))
    }
    for number in 1...60 { try await put("report-\(number)", .staffCall) }
    try await put("ticket", .ticket)
    try await put("void", .ticketVoid)
    let due = try await outbox.due(Sample.now, 50).map(\.id)
    #expect(due == ["ticket", "void"] + (1...50).map { "report-\($0)" })
    try store.close()
  }
}
