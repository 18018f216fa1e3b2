import Journey
import LocalStore
import OfficeModel
import Ports
import TestSupport
import Testing
import UseCases

@Suite("Room on the disk", .timeLimit(.minutes(1)))
struct RoomTests {
  @Test("without room a document is shown and printed, and not kept")
  func shownNotKept() async throws {
    let counter = try Counter(adjust: { $0.store.cache.hasRoom = { _ in false } })
    try await counter.openDocument()
    _ = await counter.parts.events.first { $0.name == "document.no-room" }
    #expect(try await counter.store.port().cache.sealedDocument(Counter.documentID) == nil)
    counter.runner.run(.printDocument(counter.session, documentID: Counter.documentID))
    #expect(
      await counter.answer { $0.printEnd != nil } == .printEnded(.delivered, fault: nil))
    // Little room is no disk that takes nothing: tickets and prints go on.
    #expect(!counter.answers.all.contains(.facts(.store(writable: false))))
  }

  @Test("without room nothing is fetched ahead")
  func notAhead() async throws {
    let asked = Box(0)
    let counter = try Counter(adjust: { $0.store.cache.hasRoom = { _ in false } })
    try await counter.offerDocument(offline: OfflineCheck([]))
    counter.parts.document.value = { _ in
      asked.value += 1
      return .failure(PortError(.unreachable, step: "test"))
    }
    let loops = Task { await counter.runner.serve() }
    _ = await counter.parts.events.first { $0.name == "document.no-room" }
    loops.cancel()
    await loops.value
    #expect(asked.value == 0)
  }

  @Test("on a disk that takes nothing no document is fetched: its print could not be recorded")
  func readOnly() async throws {
    let asked = Box(0)
    let counter = try Counter(adjust: {
      $0.store.outbox.enqueue = { _ throws(PortError) in
        throw PortError(.storageReadOnly, step: "test")
      }
    })
    try await counter.offerDocument()
    counter.parts.document.value = { _ in
      asked.value += 1
      return .failure(PortError(.unreachable, step: "test"))
    }
    _ = await counter.prove()
    counter.runner.run(.recordSurvey(counter.session, score: 3))
    _ = await counter.answer { $0 == .surveyStored(false) }
    #expect(counter.answers.all.contains(.facts(.store(writable: false))))
    counter.runner.run(.openDocument(counter.session, Counter.summary))
    _ = await counter.answer { $0 == .documentRefused(.unavailable) }
    #expect(asked.value == 0)
  }
}
