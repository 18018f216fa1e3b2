import DinasProtocol
import Journey
import LocalStore
import OfficeModel
import Ports
import SensitiveMemory
import TestSupport
import Testing
import UseCases

@testable import Printing

/// Two printers of the lab at one kiosk: real use cases, store and drivers. A document goes to one of
/// them only, and each is asked about its own jobs.
@Suite("Two A4 printers", .serialized, .timeLimit(.minutes(2)))
struct TwoPrintersTests {
  private struct Job: Decodable, Sendable {
    var name: String
    var state: String
  }

  /// The printers as the lab runs them, and what a kiosk that is started at them makes of it.
  private struct Pair {
    let first: LabProgram
    let second: LabProgram

    func counter(_ adjust: (inout Ports) -> Void = { _ in }) throws -> Counter {
      let uris = [try #require(first.values["URI"]), try #require(second.values["URI"])]
      return try Counter(
        adjust: adjust,
        printers: { vault in
          [
            DocumentPrinter(
              name: "utama", place: "sebelah kiri", port: Self.driver(uris[0], vault)),
            DocumentPrinter(
              name: "cadangan", place: "di loket 2", port: Self.driver(uris[1], vault)),
          ]
        })
    }

    private static func driver(_ uri: String, _ vault: SecretVault) -> DocumentPrinterPort {
      var limits = PrintFollowUp.Limits()
      limits.poll = .milliseconds(50)
      limits.unreachable = .seconds(1)
      limits.settle = .seconds(1)
      return IPPDocumentPrinter(
        settings: .init(uri: uri), limits: limits, vault: vault,
        pages: PreviewPort { _, _, _ throws(PortError) in
          throw PortError(.notFound, step: "preview")
        }, events: EventPort { _ in }
      ).port
    }

    func states(_ lab: LabProgram) async throws -> [String] {
      try await lab.ask("jobs", as: [Job].self).map(\.state)
    }
    func sheets(_ lab: LabProgram) async throws -> Int {
      struct Status: Decodable, Sendable { var sheets: Int }
      return try await lab.ask("status", as: Status.self).sheets
    }
  }

  private func withPair(_ body: (Pair) async throws -> Void) async throws {
    try await withLab("virtual-ipp-printer") { first in
      try await withLab("virtual-ipp-printer") { second in
        try await body(Pair(first: first, second: second))
      }
    }
  }

  /// The kiosk goes on, and its clock with it, until a condition is met.
  private func serving(
    _ counter: Counter, until what: String, _ condition: () async throws -> Bool
  ) async throws {
    let loops = Task { await counter.runner.serve() }
    defer { loops.cancel() }
    try await eventually(what) {
      counter.parts.clock.advance(by: .seconds(1))
      return try await condition()
    }
  }

  private func printed(_ counter: Counter, _ session: SessionID? = nil) async -> Answer? {
    let session = session ?? counter.session
    counter.runner.run(.printDocument(session, documentID: Counter.documentID))
    return await counter.answer(session) { $0.printEnd != nil }
  }

  @Test("the first prints as long as it can, and the citizen hears where")
  func first() async throws {
    try await withPair { pair in
      let counter = try pair.counter()
      try await counter.openDocument()
      #expect(await printed(counter) == .printEnded(.delivered, fault: nil))
      #expect(counter.allAnswers.contains(.printsAt(place: "sebelah kiri")))
      #expect(try await pair.states(pair.first) == ["completed"])
      #expect(try await pair.states(pair.second).isEmpty)
    }
  }

  @Test(
    "the second takes over, whatever keeps the first from printing",
    arguments: [
      "reasons media-empty", "reasons media-jam", "reasons cover-open",
      "reasons marker-supply-empty", "stop", "accept off", "offline", "power off", "http 500",
    ])
  func takesOver(_ fault: String) async throws {
    try await withPair { pair in
      let counter = try pair.counter()
      try await counter.openDocument()
      try await pair.first.tell(fault)
      #expect(await printed(counter) == .printEnded(.delivered, fault: nil))
      #expect(counter.allAnswers.contains(.printsAt(place: "di loket 2")))
      #expect(try await pair.states(pair.second) == ["completed"])
      #expect(try await pair.sheets(pair.first) == 0)
    }
  }

  @Test("as long as one of them can print, the glass offers printing; staff see which cannot")
  func glass() async throws {
    try await withPair { pair in
      let counter = try pair.counter()
      try await pair.first.tell("reasons media-empty")
      // Toner and paper are told with them, as soon as the printers have been asked.
      try await serving(counter, until: "both are known") {
        counter.readings.map(\.fact) == [.down(.mediaEmpty), .ready] && counter.isOffered == .ready
      }
      #expect(counter.readings.map(\.name) == ["utama", "cadangan"])
      #expect(counter.readings.map(\.place) == ["sebelah kiri", "di loket 2"])
      try await pair.second.tell("reasons media-jam")
      try await serving(counter, until: "neither can print") {
        counter.isOffered == .down(.mediaEmpty)
      }
    }
  }

  /// A document waits for paper in the first when its cable is pulled, and the citizen leaves.
  private func leaveAtFirst(_ pair: Pair, _ counter: Counter) async throws {
    try await counter.openDocument()
    try await pair.first.tell("slow 600")
    counter.runner.run(.printDocument(counter.session, documentID: Counter.documentID))
    _ = await counter.answer { $0 == .print(.printing) }
    try await pair.first.tell("reasons media-empty")
    _ = await counter.answer { $0 == .print(.held(.mediaEmpty)) }
    try await pair.first.tell("offline")
    #expect(await counter.answer { $0.printEnd != nil } == .printEnded(.unknown, fault: .jobLeft))
    counter.runner.run(.endSession(counter.session))
    _ = await counter.parts.events.first { $0.name == "print.finished" }
  }

  @Test("a print that is undecided at the first is not begun at the second")
  func undecided() async throws {
    try await withPair { pair in
      let counter = try pair.counter()
      try await leaveAtFirst(pair, counter)
      let until = Counter.lease.until
      counter.parts.leaseVerdict.value = { _ in .success(.granted(until: until)) }
      let next = SessionID(2)
      counter.runner.run(
        .checkCredential(
          next, nik: counter.type(Counter.nikDigits, 11), pin: counter.type("123456", 12)))
      _ = await counter.answer(next) { if case .credentialAccepted = $0 { true } else { false } }
      counter.runner.run(.openDocument(next, Counter.summary))
      let refused = await counter.answer(next) {
        if case .documentRefused = $0 { true } else { false }
      }
      #expect(refused == .documentRefused(.unavailable))
      #expect(try await pair.states(pair.second).isEmpty)
    }
  }

  @Test("a job that was left at the first is cancelled there and holds up no other printer")
  func blocksItsOwn() async throws {
    try await withPair { pair in
      let counter = try pair.counter()
      try await leaveAtFirst(pair, counter)
      let ledger = counter.store.port().ledger
      #expect(try await ledger.unsettled().map(\.printer) == ["utama"])
      // Another citizen's document meanwhile.
      try await counter.offerOther()
      #expect(await counter.printOther() == .printEnded(.delivered, fault: nil))
      #expect(try await pair.states(pair.second) == ["completed"])
      try await pair.first.tell("online")
      try await serving(counter, until: "settled") { try await ledger.unsettled().isEmpty }
      #expect(try await pair.states(pair.first) == ["canceled"])
    }
  }

  @Test("after a restart the printer that holds the job is asked, also when it is the second")
  func restart() async throws {
    try await withPair { pair in
      let counter = try pair.counter()
      try await counter.openDocument()
      try await pair.first.tell("offline")
      try await pair.second.tell("slow 600")
      counter.runner.run(.printDocument(counter.session, documentID: Counter.documentID))
      _ = await counter.answer { $0 == .print(.printing) }
      #expect(try await counter.store.port().ledger.unsettled().map(\.printer) == ["cadangan"])
      // The kiosk dies here; another runs on its store. Both printers answer it.
      try await pair.first.tell("online")
      let store = counter.store.port()
      let later = try pair.counter { $0.store = store }
      await later.runner.recover()
      try await serving(later, until: "settled") { try await store.ledger.unsettled().isEmpty }
      #expect(try await pair.states(pair.second) == ["canceled"])
      // The first knew nothing of it, and an unknown job would have counted as gone.
      #expect(try await pair.states(pair.first).isEmpty)
      try await pair.second.tell("slow 0.1")
      #expect(try await pair.sheets(pair.second) == 0)
    }
  }

  @Test("one of a printer that is no longer configured is for staff, and holds up nobody")
  func goneFromConfiguration() async throws {
    try await withPair { pair in
      let counter = try pair.counter()
      try await leaveAtFirst(pair, counter)
      let store = counter.store.port()
      let later = try pair.counter { ports in
        ports.store = store
        ports.documentPrinters.removeFirst()
        // Of another run: no job key comes twice.
        let make = ports.identifiers.make
        ports.identifiers.make = { "a" + make().dropFirst() }
      }
      await later.runner.recover()
      #expect(later.parts.events.all.contains { $0.name == "print.left-at-printer" })
      #expect(try await store.ledger.unsettled().map(\.printer) == ["utama"])
      try await later.offerOther(in: store)
      #expect(await later.printOther() == .printEnded(.delivered, fault: nil))
      #expect(try await pair.states(pair.second) == ["completed"])
    }
  }

  @Test("a kiosk whose store does not open sweeps both printers")
  func swept() async throws {
    try await withPair { pair in
      let counter = try pair.counter()
      try await leaveAtFirst(pair, counter)
      try await pair.first.tell("online")
      let later = try pair.counter {
        $0.store = .failing(PortError(.storageReadOnly, step: "open store"))
      }
      try await serving(later, until: "both are swept") {
        Set(
          later.parts.events.all.filter { $0.name == "print.swept" }
            .compactMap { $0.fields["printer"] }) == ["utama", "cadangan"]
      }
      #expect(try await pair.states(pair.first) == ["canceled"])
    }
  }
}

extension Counter {
  private static let otherID = "doc-kk-2"
  private static let otherSession = SessionID(9)

  /// The printers as the glass was last told of them.
  fileprivate var readings: [PrinterReading] {
    for case .facts(.documentPrinters(let readings, _)) in answers.all.reversed() {
      return readings
    }
    return []
  }

  /// Whether printing is offered on the glass.
  fileprivate var isOffered: DeviceFact? {
    for case .facts(.documentPrinter(let fact)) in answers.all.reversed() { return fact }
    return nil
  }

  /// A second document for the same holder.
  fileprivate func offerOther(in other: StorePort? = nil) async throws {
    let secret = try LookupSecret(file: Self.lookupKey)
    let sealed = try DocumentSeal(secret).seal(Self.plain, id: Self.otherID)
    let key = try nikKey
    var summary = Self.summary
    summary.id = Self.otherID
    let offered = summary
    try await (other ?? store.port()).cache.apply(
      ChangesPage(
        cursor: "2", hasMore: false, serverTime: parts.clock.now.wall, applications: [],
        documents: [
          .init(
            id: Self.otherID, nik: key,
            document: CachedDocument(
              summary: offered, sealedBytes: sealed.count,
              sealedSHA256: WireHash.sha256(sealed),
              lease: PrintLease(id: "lease-2", until: Self.lease.until)))
        ], nowServing: []), parts.clock.now.wall)
    parts.document.value = { _ in .success(sealed) }
    parts.credential.value = { _ in .success(.accepted(nik: key, documents: [offered])) }
    answerDocuments()
  }

  fileprivate func printOther() async -> Answer? {
    let session = Self.otherSession
    runner.run(
      .checkCredential(session, nik: type(Self.nikDigits, 21), pin: type("123456", 22)))
    _ = await answer(session) { if case .credentialAccepted = $0 { true } else { false } }
    var summary = Self.summary
    summary.id = Self.otherID
    runner.run(.openDocument(session, summary))
    _ = await answer(session) { if case .documentReady = $0 { true } else { false } }
    runner.run(.printDocument(session, documentID: Self.otherID))
    return await answer(session) { $0.printEnd != nil }
  }
}
