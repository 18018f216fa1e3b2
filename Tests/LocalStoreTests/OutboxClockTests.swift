import LocalStore
import OfficeModel
import Ports
import TestSupport
import Testing

@Suite("The outbox and a clock that is put right")
struct OutboxClockTests {
  @Test("what was put in while the clock was ahead goes out as soon as it is right again")
  func clockWasAhead() async throws {
    let folder = try TemporaryFolder()
    let store = try LocalStore.open(directory: folder.path, storeKey: Sample.key)
    let outbox = store.port().outbox
    try await outbox.enqueue(
      OutboxItem(
        id: "ahead", kind: .staffCall, stream: "s", body: Array("{}".utf8),
        createdAt: Sample.now.adding(.seconds(360))))

    #expect(try await outbox.due(Sample.now, 9).map(\.id) == ["ahead"])
  }
}
