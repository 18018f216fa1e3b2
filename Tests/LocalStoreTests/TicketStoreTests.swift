import LocalStore
import OfficeModel
import Ports
import TestSupport
import Testing

@Suite("Tickets, tries and prints in the store")
struct TicketStoreTests {
  private let folder: TemporaryFolder
  private let store: LocalStore
  private var port: StorePort { store.port() }

  init() throws {
    folder = try TemporaryFolder()
    store = try Sample.open(folder.path)
  }

  private func code<Value>(
    _ body: () async throws -> Value
  ) async -> PortError.Code? {
    do {
      _ = try await body()
      return nil
    } catch { return (error as? PortError)?.code }
  }

  @Test("tries are counted per NIK and per kiosk and leave with their window")
  func tries() async throws {
    let limits = TryLimits(perNIK: 2, perKiosk: 3, window: .seconds(600))
    #expect(try await port.tries.count(Sample.nik, limits, Sample.now).triesLeft == 1)
    #expect(try await port.tries.count(Sample.nik, limits, Sample.now).triesLeft == 0)
    let locked = try await port.tries.count(Sample.nik, limits, Sample.now.adding(.seconds(1)))
    #expect(
      locked
        == TryVerdict(
          allowed: false, triesLeft: 0, lockedUntil: Sample.now.adding(.seconds(600))))
    #expect(try await port.tries.count(Sample.otherNIK, limits, Sample.now).allowed)
    // The kiosk's own limit is reached now, for whoever comes.
    let third = LookupKey(value: "third")
    #expect(try await port.tries.count(third, limits, Sample.now).allowed == false)
    #expect(try await port.tries.count(third, limits, Sample.now.adding(.seconds(601))).allowed)
    try await port.tries.giveBack(third)
    #expect(
      try await port.tries.count(third, limits, Sample.now.adding(.seconds(602))).triesLeft == 1)
  }

  @Test("a print right is used once, also before the server counts it")
  func printRight() async throws {
    try await port.cache.apply(Sample.page("1", documents: [Sample.document()]), Sample.now)
    func reserve(_ job: String) async throws -> Bool {
      try await port.ledger.reserve(
        PrintReservation(jobKey: job, documentID: "doc-1", at: Sample.now))
    }
    #expect(try await reserve("j1"))
    #expect(try await reserve("j2") == false)
    try await port.ledger.settle("j1", .notPrinted, Sample.now)
    #expect(try await reserve("j3"))
    #expect(
      await code { try await port.ledger.settle("j3", .delivered, Sample.now) } == .conflict)
    try await port.ledger.submit("j3", Sample.now)
    try await port.ledger.settle("j3", .delivered, Sample.now)
    try await port.ledger.settle("j3", .delivered, Sample.now)
    #expect(
      await code { try await port.ledger.settle("j3", .unknown, Sample.now) } == .conflict)
    #expect(try await reserve("j4") == false)
    #expect(try await port.cache.documents(Sample.nik).first?.summary.printsLeft == 0)
    // A page asked for before the server was told does not bring the right back, whatever the clock
    // said meanwhile: here it goes forward, then back.
    try await port.cache.pullBegins()
    let later = Sample.now.adding(.seconds(3600))
    try await port.outbox.settle("oj3", .delivered, Sample.now.adding(.seconds(-3600)))
    try await port.cache.apply(Sample.page("2", documents: [Sample.document()]), later)
    #expect(try await reserve("j4") == false)
    // Asked for later, it is the server's own word: another print.
    try await pull("3", [Sample.document()], at: Sample.now.adding(.seconds(-7200)))
    #expect(try await reserve("j4"))
  }

  private func pull(
    _ cursor: String, _ documents: [CachedDocument], at time: Timestamp = Sample.now
  ) async throws {
    try await port.cache.pullBegins()
    try await port.cache.apply(Sample.page(cursor, documents: documents), time)
  }

  @Test("a page that no pull was announced for is as old as can be")
  func unannouncedPage() async throws {
    try await pull("1", [Sample.document()])
    #expect(try await port.ledger.reserve(Self.reservation("j1")))
    try await port.ledger.submit("j1", Sample.now)
    try await port.ledger.settle("j1", .delivered, Sample.now)
    try await port.outbox.settle("oj1", .delivered, Sample.now)
    try await port.cache.apply(Sample.page("2", documents: [Sample.document()]), Sample.now)
    #expect(try await port.ledger.reserve(Self.reservation("j2")) == false)
  }

  private static func reservation(_ job: String, _ document: String = "doc-1") -> PrintReservation {
    PrintReservation(jobKey: job, documentID: document, at: Sample.now)
  }

  @Test("only the server's later word on the document lifts the block of an unknown end")
  func unknownDecided() async throws {
    try await pull("1", [Sample.document(), Sample.document("doc-2")])
    #expect(try await port.ledger.reserve(Self.reservation("j1")))
    try await port.ledger.submit("j1", Sample.now)
    try await port.ledger.settle("j1", .unknown, Sample.now)
    func left() async throws -> Int? {
      try await port.cache.documents(Sample.nik).first { $0.summary.id == "doc-1" }?.summary
        .printsLeft
    }
    // The server does not know yet: what it sends is no decision.
    try await pull("2", [Sample.document()], at: Sample.now.adding(.seconds(60)))
    #expect(try await left() == 0)
    try await port.outbox.settle("rj1", .delivered, Sample.now)
    try await pull("3", [Sample.document()])
    #expect(try await left() == 0)
    // It knows, but this page was asked for before; nor does another document's row decide.
    try await port.cache.pullBegins()
    try await port.outbox.settle("oj1", .delivered, Sample.now)
    try await port.cache.apply(Sample.page("4", documents: [Sample.document()]), Sample.now)
    try await pull("5", [Sample.document("doc-2")])
    #expect(try await left() == 0)
    #expect(try await port.ledger.reserve(Self.reservation("j2")) == false)
    // Offered without a print is decided, but not for one.
    try await pull("6", [Sample.document(prints: 0)])
    #expect(try await port.ledger.reserve(Self.reservation("j2")) == false)
    try await pull("7", [Sample.document()])
    #expect(try await left() == 1)
    #expect(try await port.ledger.reserve(Self.reservation("j2")))
    #expect(try await port.ledger.reserve(Self.reservation("j3")) == false)
  }

  @Test("an unknown end keeps the document from every further print here")
  func unknownBlocks() async throws {
    try await port.cache.apply(
      Sample.page("1", documents: [Sample.document(prints: 5)]), Sample.now)
    let reservation = PrintReservation(jobKey: "j1", documentID: "doc-1", at: Sample.now)
    #expect(try await port.ledger.reserve(reservation))
    #expect(try await port.ledger.unsettled() == [reservation])
    try await port.ledger.submit("j1", Sample.now)
    #expect(try await port.ledger.unsettled().first?.wasSubmitted == true)
    try await port.ledger.settle("j1", .unknown, Sample.now)
    #expect(try await port.ledger.unsettled().isEmpty)
    #expect(try await port.cache.documents(Sample.nik).first?.summary.printsLeft == 0)
    #expect(
      try await port.ledger.reserve(
        PrintReservation(jobKey: "j2", documentID: "doc-1", at: Sample.now)) == false)
    #expect(
      try await port.ledger.reserve(
        PrintReservation(jobKey: "j3", documentID: "unheard-of", at: Sample.now)) == false)
  }
}
