import DinasProtocol
import LocalStore
import OfficeModel
import Ports
import TestSupport
import Testing

@Suite("Numbers in the store")
struct NumberStoreTests {
  private let folder: TemporaryFolder
  private let store: LocalStore
  private var port: StorePort { store.port() }

  init() throws {
    folder = try TemporaryFolder()
    store = try Sample.open(folder.path)
  }

  private func code<Value>(_ body: () async throws -> Value) async -> PortError.Code? {
    do {
      _ = try await body()
      return nil
    } catch { return (error as? PortError)?.code }
  }

  private func lend(_ reserves: [NumberReserve], cursor: String = "1") async throws {
    try await news(QueueNews(asOf: Sample.now, reserves: reserves), cursor)
  }

  private func news(_ news: QueueNews, _ cursor: String = "1") async throws {
    try await port.cache.apply(Sample.page(cursor, queue: news), Sample.now)
  }

  private func ask(_ id: String, run: String = "run-1") async throws -> TicketDraft {
    let draft = Sample.draft(id)
    try await port.tickets.ask(NumberRequest(draft, run: run))
    return draft
  }

  private func due() async throws -> [OutboxItem] {
    try await port.outbox.due(Sample.now.adding(.seconds(60)), 10_000)
  }

  private static func given(_ number: Int, series: String = "A") -> GivenNumber {
    GivenNumber(
      number: TicketNumber(series: series, number: number), date: Sample.today,
      issuedAt: Sample.now, waiting: 3)
  }

  // MARK: The reserve

  @Test("the reserve counts up per series and day, from its first number, and past 999")
  func numbering() async throws {
    let tomorrow = Sample.today.adding(days: 1)
    let drafts = (1...4).map { Sample.draft("a\($0)") }
    let next = Sample.draft("t1", date: tomorrow)
    let alike = Sample.draft("b1", series: "A21")
    try await lend([
      Sample.reserve(drafts[0], first: 998, last: 1001), Sample.reserve(next),
      Sample.reserve(alike, first: 5),
    ])
    var numbers: [String] = []
    for draft in drafts + [next, alike] {
      numbers.append(try await port.give(draft).number.description)
    }
    #expect(numbers == ["A2-998", "A2-999", "A2-1000", "A2-1001", "A2-001", "A21-005"])
    let items = try await due()
    #expect(items.count == 6 && Set(items.map(\.stream)).count == 6)
    let told = try Wire.decode(TicketReport.self, from: items[0].body)
    #expect(told.ticket.number.description == "A2-998" && told.holderKey == nil)
  }

  @Test("a reserve that is used up gives nothing, and the next day's or another line's neither")
  func usedUp() async throws {
    let first = Sample.draft("1")
    try await lend([
      Sample.reserve(first, last: 1),
      Sample.reserve(Sample.draft("x", date: Sample.today.adding(days: 1))),
      Sample.reserve(Sample.draft("x", series: "B2")),
    ])
    _ = try await port.give(first)
    let second = try await port.tickets.issue(Sample.draft("2"), nil)
    #expect(second == .refused(.reserveUsedUp))
    var priority = Sample.draft("3")
    priority.lane = .priority
    let other = try await port.tickets.issue(priority, nil)
    #expect(other == .refused(.reserveUsedUp))
    #expect(try await due().count == 1)
  }

  @Test("a run that the server lends anew never brings back a number that was given")
  func newRun() async throws {
    let draft = Sample.draft("1")
    try await lend([Sample.reserve(draft, last: 5)])
    for index in 1...3 { _ = try await port.give(Sample.draft("\(index)")) }
    // A server that moved backwards lends the same numbers again.
    try await lend([Sample.reserve(draft, last: 5)], cursor: "2")
    #expect(try await port.give(Sample.draft("4")).number.number == 4)
    try await lend([Sample.reserve(draft, first: 41, last: 80)], cursor: "3")
    #expect(try await port.give(Sample.draft("5")).number.number == 41)
    // What a page does not name is gone.
    try await lend([], cursor: "4")
    #expect(
      try await port.tickets.issue(Sample.draft("6"), nil) == .refused(.reserveUsedUp))
  }

  @Test("a thousand tickets at once are a thousand different numbers without a gap")
  func manyAtOnce() async throws {
    try await lend([Sample.reserve(Sample.draft("x"))])
    let port = port
    let numbers = try await withThrowingTaskGroup(of: Int.self) { group in
      for index in 1...1000 {
        group.addTask { try await port.give(Sample.draft("c\(index)")).number.number }
      }
      return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
    }
    #expect(numbers == Set(1...1000))
    #expect(try await port.give(Sample.draft("last")).number.description == "A2-1001")
  }

  @Test("the same draft twice is the same ticket, sent once")
  func sameDraft() async throws {
    let first = try await port.give(Sample.draft("x"))
    #expect(try await port.give(Sample.draft("x")) == first)
    #expect(try await port.outbox.state().waiting == 1)
  }

  // MARK: Requests

  @Test("the server's number is the ticket of its request, and nothing more is told to it")
  func serverGives() async throws {
    let draft = try await ask("r1")
    let ticket = try await port.tickets.give(draft, Self.given(7))
    #expect(ticket.id == "r1" && ticket.number.description == "A-007")
    #expect(try await due().isEmpty)
    let left = try await port.tickets.voidLeft("run-2", "kiosk", Sample.now)
    #expect(left == 0)
    // The same number under another request: never twice, whatever the server says.
    let again = try await ask("r2")
    #expect(await code { try await port.tickets.give(again, Self.given(7)) } == .conflict)
    #expect(await code { try await port.tickets.give(draft, Self.given(8)) } == .conflict)
    #expect(await code { try await port.tickets.ask(NumberRequest(again, run: "x")) } == .conflict)
  }

  @Test("a late answer finds its request voided; the void and the reserve's number are one step")
  func lateAnswer() async throws {
    let request = try await ask("r1")
    try await lend([Sample.reserve(request, last: 1)])
    let own = Sample.draft("own")
    guard case .given(let ticket) = try await port.tickets.issue(own, "r1") else {
      Issue.record("no number of the reserve")
      return
    }
    #expect(ticket.number.description == "A2-001")
    #expect(await code { try await port.tickets.give(request, Self.given(7)) } == .conflict)
    #expect(try await due().map(\.kind) == [.ticketVoid, .ticket])
    // Used up: no number, and the void is committed all the same.
    _ = try await ask("r2")
    #expect(
      try await port.tickets.issue(Sample.draft("own2"), "r2") == .refused(.reserveUsedUp))
    let voids = try await due().filter { $0.kind == .ticketVoid }
    #expect(voids.map(\.id) == ["vr1", "vr2"])
    #expect(try voids.map { try Wire.decode(TicketVoid.self, from: $0.body).id } == ["r1", "r2"])
    // Voided once is voided.
    try await port.tickets.void("r2", "kiosk", Sample.now)
    #expect(try await due().count == 3)
  }

  @Test("what an earlier run left open is voided, what is over or of this run is not")
  func leftOpen() async throws {
    _ = try await ask("old", run: "run-1")
    let done = try await ask("done", run: "run-1")
    _ = try await port.tickets.give(done, Self.given(1))
    _ = try await ask("refused", run: "run-1")
    try await port.tickets.refused("refused")
    _ = try await ask("mine", run: "run-2")
    let count = try await port.tickets.voidLeft("run-2", "kiosk", Sample.now)
    #expect(count == 1)
    #expect(try await due().map(\.id) == ["vold"])
    let again = try await port.tickets.voidLeft("run-2", "kiosk", Sample.now)
    #expect(again == 0)
  }

  @Test("every number, void and slip is in the audit chain")
  func audit() async throws {
    let request = try await ask("r1")
    try await lend([Sample.reserve(request)])
    _ = try await port.tickets.issue(Sample.draft("own"), "r1")
    try await port.tickets.paper("own", false, "s-1", Sample.now)
    let records = try await port.audit.page(0, 10)
    #expect(records.map(\.entry.what) == [.ticketVoided, .ticketIssued, .ticketPaper])
    #expect(records.map(\.entry.subject) == ["r1", "own", "own"])
    #expect(records[1].entry.result == "reserve A2-001 \(Sample.today)")
  }

  @Test("the number that replaces a voided request is reported behind its void, in one stream")
  func voidFirst() async throws {
    let request = try await ask("r1")
    try await lend([Sample.reserve(request)])
    _ = try await port.tickets.issue(Sample.draft("own"), "r1")
    _ = try await port.tickets.issue(Sample.draft("next"), nil)
    let items = try await due()
    let stream = try #require(items.first { $0.id == "vr1" }?.stream)
    #expect(items.filter { $0.stream == stream }.map(\.id) == ["vr1", "own"])
    // While the void does not get through, the report waits; others do not.
    try await port.outbox.settle("vr1", .retry(at: Sample.now.adding(.seconds(600))), Sample.now)
    #expect(try await due().map(\.id) == ["next"])
  }

  // MARK: Rules

  @Test("a holder has one open ticket for a service, and another when the server closed it")
  func holder() async throws {
    var draft = Sample.draft("h1", holder: Sample.nik)
    draft.limits.perHolder = 2
    let first = try await port.give(draft)
    draft.id = "h2"
    #expect(
      try await port.tickets.issue(draft, nil) == .refused(.holding(first.number)))
    var other = Sample.draft("h3", holder: Sample.otherNIK)
    other.limits.perHolder = 2
    #expect(try await port.give(other).number.number == 2)
    try await news(
      QueueNews(asOf: Sample.now, reserves: [Sample.reserve(draft)], closedTickets: ["h1"]))
    #expect(try await port.give(draft).number.number == 3)
    // Two a day are enough, for whatever service.
    var third = Sample.draft("h4", series: "B2", holder: Sample.nik)
    third.limits.perHolder = 2
    #expect(try await port.tickets.issue(third, nil) == .refused(.citizenQuota))
    third.limits.perHolder = 3
    #expect(try await port.give(third).number.number == 1)
    // The next day is a new one.
    var next = Sample.draft("h5", date: Sample.today.adding(days: 1), holder: Sample.nik)
    next.limits.perHolder = 2
    #expect(try await port.give(next).number.number == 1)
  }

  @Test("a quota counts the office's numbers as far as they are known, and the kiosk's own since")
  func quota() async throws {
    func draft(_ id: String, at seconds: Int64) -> TicketDraft {
      var draft = Sample.draft(id)
      draft.issuedAt = Sample.now.adding(.seconds(seconds))
      draft.limits = TicketLimits(
        perDay: 8, perHalfDay: 5, dayBegins: Sample.now.adding(.seconds(-100)),
        dayEnds: Sample.now.adding(.seconds(1000)),
        halfBegins: Sample.now.adding(.seconds(-100)), halfEnds: Sample.now.adding(.seconds(100)))
      return draft
    }
    func line(_ today: Int, _ half: Int) -> QueueNews {
      QueueNews(
        asOf: Sample.now, reserves: [Sample.reserve(draft("x", at: 0))],
        lines: [
          QueueLine(
            serviceID: "service-A2", lane: .general, waiting: 1, givenToday: today,
            givenThisHalf: half)
        ])
    }
    try await news(line(3, 3))
    #expect(try await port.give(draft("1", at: 1)).number.number == 1)
    #expect(try await port.give(draft("2", at: 2)).number.number == 2)
    #expect(
      try await port.tickets.issue(draft("3", at: 3), nil) == .refused(.halfDayQuota))
    try await news(line(8, 0), "2")
    #expect(try await port.tickets.issue(draft("4", at: 4), nil) == .refused(.dayQuota))
    // Yesterday's word says nothing about today.
    var stale = line(8, 8)
    stale.asOf = Sample.now.adding(.seconds(-101))
    try await news(stale, "3")
    #expect(try await port.give(draft("5", at: 5)).number.number == 3)
    let own = try await port.tickets.standing(draft("6", at: 6))
    #expect(own.givenToday == 3 && own.givenThisHalf == 3)
  }

  @Test("without the server only a leased booking is checked in, in its window and once")
  func bookings() async throws {
    func draft(_ id: String, minute: Int) -> TicketDraft {
      var draft = Sample.draft(id, holder: Sample.nik)
      draft.identity = .booking
      draft.minute = minute
      return draft
    }
    try await lend([Sample.reserve(draft("x", minute: 0))])
    #expect(
      try await port.tickets.issue(draft("1", minute: 600), nil) == .refused(.bookingUnchecked))
    try await news(
      QueueNews(
        asOf: Sample.now, reserves: [Sample.reserve(draft("x", minute: 0))],
        bookings: [
          BookingLease(
            codeKey: Sample.nik.value, serviceID: "service-A2", date: Sample.today, from: 540,
            until: 600)
        ]), "2")
    for minute in [539, 600] {
      #expect(
        try await port.tickets.issue(draft("2", minute: minute), nil)
          == .refused(.bookingTime(from: 540, until: 600)))
    }
    let ticket = try await port.give(draft("3", minute: 540))
    #expect(
      try await port.tickets.issue(draft("4", minute: 550), nil)
        == .refused(.holding(ticket.number)))
    let told = try Wire.decode(TicketReport.self, from: try await due()[0].body)
    #expect(told.holderKey == Sample.nik.value)
  }

  @Test("the lines are those of the last page, with their age")
  func lines() async throws {
    #expect(try await port.tickets.lines() == nil)
    let line = QueueLine(
      serviceID: "ktp-el", lane: .priority, waiting: 4, secondsPerCall: 90, givenToday: 9,
      givenThisHalf: 2)
    try await news(QueueNews(asOf: Sample.now, lines: [line]))
    #expect(try await port.tickets.lines() == QueueState(asOf: Sample.now, lines: [line]))
  }
}
