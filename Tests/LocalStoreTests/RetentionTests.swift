import GRDB
import OfficeModel
import Ports
import TestSupport
import Testing

@testable import LocalStore

@Suite("What is kept, and for how long")
struct RetentionTests {
  private let folder: TemporaryFolder
  private let store: LocalStore
  private var port: StorePort { store.port() }

  init() throws {
    folder = try TemporaryFolder()
    store = try Sample.open(folder.path)
  }

  private func count(_ sql: String) async throws -> Int? {
    try await store.pool.read { try Int.fetchOne($0, sql: sql) }
  }

  @Test("who took a number is forgotten when its day is over, the number is not")
  func holders() async throws {
    _ = try await port.give(Sample.draft("today", holder: Sample.nik))
    let held = "SELECT COUNT(*) FROM ticket WHERE holder IS NOT NULL"
    try await port.tidy(Sample.now)
    #expect(try await count(held) == 1)
    try await port.tidy(Sample.now.adding(.seconds(2 * 86_400)))
    #expect(try await count(held) == 0)
    #expect(try await count("SELECT COUNT(*) FROM ticket") == 1)
  }

  @Test("numbers and prints go when the Dinas has known them for long, and never before")
  func old() async throws {
    let later = Sample.now.adding(.seconds((LocalStore.keptDays + 1) * 86_400))
    _ = try await port.give(Sample.draft("told"))
    _ = try await port.give(Sample.draft("untold"))
    try await port.outbox.settle("told", .delivered, Sample.now)
    try await store.pool.write { db in
      try db.execute(
        sql: """
          INSERT INTO print_job(job_key, document_id, reserved_at, outcome, settled_at,
            reported_count, finding)
          VALUES('known', 'gone', 1, 'delivered', 2, 7, NULL),
            ('unreported', 'gone', 1, 'delivered', 2, NULL, NULL),
            ('in-doubt', 'gone', 1, 'unknown', 2, 7, NULL),
            ('found', 'gone', 1, 'unknown', 2, 7, 'handedOver'),
            ('still-offered', 'doc-1', 1, 'delivered', 2, 7, NULL),
            ('running', 'doc-2', 1, NULL, NULL, NULL, NULL)
          """)
    }
    try await port.cache.apply(
      Sample.page("1", hasMore: true, documents: [Sample.document()]), Sample.now)
    let records = try await port.audit.head()?.sequence
    try await port.tidy(Timestamp(seconds: 86_400))
    #expect(try await count("SELECT COUNT(*) FROM print_job") == 6)

    try await port.tidy(later)
    let kept = try await store.pool.read {
      try String.fetchAll($0, sql: "SELECT job_key FROM print_job ORDER BY job_key")
    }
    #expect(kept == ["in-doubt", "running", "still-offered", "unreported"])
    #expect(try await count("SELECT COUNT(*) FROM ticket") == 1)
    #expect(try await count("SELECT COUNT(*) FROM ticket WHERE id = 'untold'") == 1)
    #expect(try await port.audit.head()?.sequence == records)
  }
}
