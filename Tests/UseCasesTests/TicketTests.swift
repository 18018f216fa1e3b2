import DinasProtocol
import Journey
import LocalStore
import OfficeModel
import Ports
import SensitiveMemory
import TestSupport
import Testing
import UseCases

@Suite("Giving numbers", .timeLimit(.minutes(1)))
struct TicketTests {
  private static let order = TicketOrder(serviceID: "ktp-el", lane: .general)
  private static let away = PortError(.unreachable, step: "POST /v1/tickets/next")

  /// What a session is answered to its order.
  private func answer(
    _ counter: Counter, _ session: UInt64 = 1, _ order: TicketOrder = order
  ) async -> Answer? {
    counter.runner.run(.issueTicket(SessionID(session), order))
    return await counter.answer(SessionID(session)) { answer in
      switch answer {
      case .ticketIssued, .ticketRefused, .entryRefused: true
      default: false
      }
    }
  }

  private func number(_ answer: Answer?) -> String? {
    if case .ticketIssued(let ticket, _)? = answer { ticket.number.description } else { nil }
  }

  @Test("the server's number is committed before it is printed, and stays when the printer fails")
  func committedFirst() async throws {
    let counter = try Counter()
    counter.parts.ticketFault.value = .mediaEmpty
    let paper = await counter.takeNumber()
    guard case .ticketIssued(let ticket, let wait)? = counter.allAnswers.first else {
      Issue.record("the number comes before its paper")
      return
    }
    #expect(ticket.number == TicketNumber(series: "A", number: 1))
    #expect(ticket.id == counter.parts.numbersAsked.all.first?.id)
    #expect(wait?.waiting == 4 && wait?.minutes == 6 && wait?.asOf == ticket.issuedAt)
    #expect(paper == .ticketPaper(ticketID: ticket.id, .failed(.mediaEmpty)))
    #expect(try await counter.due().isEmpty)
    // Tried again: the same number.
    counter.parts.ticketFault.value = nil
    counter.runner.run(.printTicket(counter.session, ticket))
    _ = await counter.answer { $0 == .ticketPaper(ticketID: ticket.id, .printed) }
    #expect(counter.parts.ticketsPrinted.all.map(\.subject) == [.ticket(ticket), .ticket(ticket)])
  }

  @Test("the key of a request is in the store before the server hears of it")
  func keyFirst() async throws {
    let counter = try Counter()
    let store = counter.store.port()
    let voided = Box(-1)
    counter.parts.nextNumber.value = { request in
      // As a later run would find it if the kiosk fell over now.
      voided.value = (try? await store.tickets.voidLeft("later", "kiosk", request.askedAt)) ?? -1
      return .failure(Self.away)
    }
    _ = await answer(counter)
    #expect(voided.value == 1)
  }

  @Test(
    "when no answer comes in two seconds a number of the reserve is given and the request voided")
  func late() async throws {
    let counter = try Counter()
    try await counter.lend()
    let clock = counter.parts.clock
    counter.parts.nextNumber.value = { _ in
      // Answers only after the citizen has gone on.
      try? await clock.sleep(.seconds(60))
      return .failure(PortError(.cancelled, step: "test"))
    }
    counter.runner.run(.issueTicket(counter.session, Self.order))
    _ = await clock.sleeps.first { $0 == .seconds(2) }
    #expect(counter.allAnswers.isEmpty)
    clock.advance(by: .seconds(2))
    let issued = await counter.answer { if case .ticketIssued = $0 { true } else { false } }
    #expect(number(issued) == "A2-001")
    if case .ticketIssued(_, let wait)? = issued { #expect(wait?.waiting == 7) }
    let items = try await counter.due()
    #expect(items.map(\.kind) == [.ticketVoid, .ticket])
    let asked = try #require(counter.parts.numbersAsked.all.first)
    #expect(items.first?.id == TicketVoid.key(of: asked.id))
    #expect(items.last?.id != asked.id)
  }

  @Test("a server that is known to be away is not asked again, until it answers")
  func knownAway() async throws {
    let counter = try Counter()
    try await counter.lend()
    let give = counter.parts.nextNumber.value
    counter.parts.nextNumber.value = { _ in .failure(Self.away) }
    #expect(number(await answer(counter, 1)) == "A2-001")
    counter.parts.nextNumber.value = give
    #expect(number(await answer(counter, 2)) == "A2-002")
    #expect(counter.parts.numbersAsked.all.count == 1)
    // A page of changes shows that it is back.
    counter.parts.pages.value = { _ in
      .success(
        ChangesPage(
          cursor: "2", hasMore: false, serverTime: counter.parts.clock.now.wall, applications: [],
          documents: [], nowServing: []))
    }
    let loops = Task { await counter.runner.serve() }
    _ = await counter.answers.first { $0 == .facts(.server(reachable: true)) }
    #expect(number(await answer(counter, 3)) == "A-001")
    loops.cancel()
    await loops.value
  }

  @Test(
    "whatever the server fails with, there is a number, and the request is voided",
    arguments: [PortError.Code.malformed, .serverFault, .unauthorized, .conflict, .rateLimited])
  func serverFails(code: PortError.Code) async throws {
    let counter = try Counter()
    try await counter.lend()
    counter.parts.nextNumber.value = { _ in .failure(PortError(code, step: "test")) }
    #expect(number(await answer(counter)) == "A2-001")
    #expect(try await counter.due().map(\.kind) == [.ticketVoid, .ticket])
  }

  @Test("a number that the server gives twice is shown once; the other is one of the reserve")
  func givenTwice() async throws {
    let counter = try Counter()
    try await counter.lend()
    let now = counter.parts.clock.now.wall
    counter.parts.nextNumber.value = { _ in
      .success(
        .given(
          GivenNumber(
            number: TicketNumber(series: "A", number: 9), date: LocalTime(now, in: .wita).date,
            issuedAt: now, waiting: 0)))
    }
    #expect(number(await answer(counter, 1)) == "A-009")
    #expect(number(await answer(counter, 2)) == "A2-001")
    #expect(try await counter.due().map(\.kind) == [.ticketVoid, .ticket])
  }

  @Test("a number of another day is not shown: the server's day is wrong, and the request voided")
  func otherDay() async throws {
    let counter = try Counter()
    try await counter.lend()
    let tomorrow = counter.parts.clock.now.wall.adding(.seconds(86_400))
    counter.parts.nextNumber.value = { _ in
      .success(
        .given(
          GivenNumber(
            number: TicketNumber(series: "A", number: 1),
            date: LocalTime(tomorrow, in: .wita).date, issuedAt: tomorrow, waiting: 0)))
    }
    #expect(number(await answer(counter)) == "A2-001")
    #expect(try await counter.due().map(\.kind) == [.ticketVoid, .ticket])
  }

  @Test("when the reserve is used up it says so, and makes no number up")
  func usedUp() async throws {
    let counter = try Counter()
    try await counter.lend(1, 1)
    counter.parts.nextNumber.value = { _ in .failure(Self.away) }
    #expect(number(await answer(counter, 1)) == "A2-001")
    #expect(await answer(counter, 2) == .ticketRefused(.reserveUsedUp))
    // The next day's numbers are not lent yet.
    counter.parts.clock.advance(by: .seconds(86_400))
    #expect(await answer(counter, 3) == .ticketRefused(.reserveUsedUp))
    #expect(counter.parts.ticketsPrinted.all.isEmpty)
  }

  @Test("what a run asked for and never showed, the next one takes back")
  func recovery() async throws {
    let counter = try Counter()
    let draft = TicketDraft(
      id: "left", serviceID: "ktp-el", serviceName: "KTP-el", lane: .general,
      date: Counter.summary.readySince, issuedAt: counter.parts.clock.now.wall)
    try await counter.store.port().tickets.ask(NumberRequest(draft, run: "earlier"))
    await counter.runner.recover()
    #expect(try await counter.due().map(\.id) == ["vleft"])
  }

  @Test(
    "the server's rules are told as they are",
    arguments: [
      (TicketFinding.citizenQuota, TicketRefusal.citizenQuota), (.dayQuota, .quotaUsedUp),
      (.halfDayQuota, .halfDayUsedUp), (.bookingUnknown, .bookingUnknown),
      (.bookingTime(from: 480, until: 600), .bookingTime(from: 480, until: 600)),
      (.closed, .closed(next: nil, reason: nil)),
      (
        .holding(TicketNumber(series: "A", number: 3)),
        .alreadyHolding(nil)
      ),
    ])
  func serverRefuses(finding: TicketFinding, refusal: TicketRefusal) async throws {
    let counter = try Counter()
    try await counter.lend()
    counter.parts.nextNumber.value = { _ in .success(.refused(finding)) }
    #expect(await answer(counter) == .ticketRefused(refusal))
    #expect(try await counter.due().isEmpty)
    // It is over: nothing is left for a later run to void.
    let left = try await counter.store.port().tickets.voidLeft(
      "later", "kiosk", counter.parts.clock.now.wall)
    #expect(left == 0)
  }

  @Test("touching twice gives one number in a session, and priority counts on its own")
  func doubleIssue() async throws {
    let counter = try Counter()
    let order = TicketOrder(serviceID: "ktp-el", lane: .priority)
    _ = await counter.takeNumber(lane: .priority)
    counter.runner.run(.issueTicket(counter.session, order))
    _ = await counter.answer {
      $0 == .ticketRefused(.alreadyHolding(TicketNumber(series: "PA", number: 1)))
    }
    #expect(counter.parts.numbersAsked.all.count == 1)
  }

  @Test("who has a number for a service gets no other; a later session is not told which it is")
  func oneForEachHolder() async throws {
    let counter = try Counter(identity: .nik)
    let first = counter.type(Counter.nikDigits, 1)
    _ = await counter.takeNumber(identity: first)
    counter.runner.run(.endSession(counter.session))
    #expect(counter.vault.population == 0)
    let second = counter.type(Counter.nikDigits, 2)
    let refused = await answer(
      counter, 2, TicketOrder(serviceID: "ktp-el", lane: .general, identity: second))
    #expect(refused == .ticketRefused(.alreadyHolding(nil)))
    #expect(counter.parts.numbersAsked.all.count == 1)
    #expect(counter.parts.numbersAsked.all.first?.holder == (try counter.nikKey))
  }

  @Test("the office's quota of a day and of its halves holds without the server, too")
  func quota() async throws {
    let counter = try Counter(quota: ServiceQuota(day: 3, morning: 2, afternoon: 2))
    let day = LocalTime(counter.parts.clock.now.wall, in: .wita).date
    func set(_ hour: Int) throws {
      counter.parts.clock.setWall(
        Timestamp(day, try #require(ClockTime(hour: hour, minute: 0)), in: .wita))
    }
    try set(9)
    try await counter.lend()
    counter.parts.nextNumber.value = { _ in .failure(Self.away) }
    #expect(number(await answer(counter, 1)) == "A2-001")
    #expect(number(await answer(counter, 2)) == "A2-002")
    #expect(await answer(counter, 3) == .ticketRefused(.halfDayUsedUp))
    try set(13)
    #expect(number(await answer(counter, 4)) == "A2-003")
    #expect(await answer(counter, 5) == .ticketRefused(.quotaUsedUp))
  }

  @Test("hours, Friday's break, Ramadan, holidays, leave and special closures each give no number")
  func hours() async throws {
    func span(_ opens: Int, _ closes: Int) throws -> OfficeCalendar.Interval {
      try #require(OfficeCalendar.Interval(opens: opens * 60, closes: closes * 60))
    }
    func day(_ text: String) throws -> CivilDate { try #require(CivilDate(text)) }
    func closure(
      _ text: String, _ kind: OfficeCalendar.Closure.Kind, _ reason: String
    ) throws -> OfficeCalendar.Closure {
      OfficeCalendar.Closure(
        period: try #require(OfficeCalendar.Period(first: try day(text), last: try day(text))),
        kind: kind, reason: reason)
    }
    let days: [Weekday: [OfficeCalendar.Interval]] = [
      .thursday: [try span(8, 16)], .friday: [try span(8, 11), try span(13, 16)],
    ]
    let calendar = OfficeCalendar(
      regular: .init(days), ramadan: .init([.thursday: [try span(9, 14)]]),
      ramadanPeriods: [
        try #require(
          OfficeCalendar.Period(first: try day("2027-02-08"), last: try day("2027-03-09")))
      ],
      closures: [
        try closure("2027-04-01", .nationalHoliday, "Libur Rekaan"),
        try closure("2027-04-08", .collectiveLeave, "Cuti bersama Rekaan"),
        try closure("2027-04-15", .special, "Pemadaman Rekaan"),
      ])
    let counter = try Counter(calendar: calendar)
    var session: UInt64 = 0
    func at(_ text: String, _ hour: Int, _ minute: Int = 0) async throws -> Answer? {
      counter.parts.clock.setWall(
        Timestamp(
          try day(text), try #require(ClockTime(hour: hour, minute: minute)), in: .wita))
      session += 1
      return await answer(counter, session)
    }
    func closed(
      _ text: String, _ minute: Int, _ reason: String? = nil
    ) throws -> Answer {
      .ticketRefused(.closed(next: .init(date: try day(text), minute: minute), reason: reason))
    }
    #expect(try await at("2027-01-21", 7, 59) == closed("2027-01-21", 480))
    #expect(number(try await at("2027-01-21", 8)) == "A-001")
    #expect(number(try await at("2027-01-21", 15, 59)) == "A-002")
    #expect(try await at("2027-01-21", 16) == closed("2027-01-22", 480))
    #expect(try await at("2027-01-22", 11) == .ticketRefused(.onBreak(until: 13 * 60)))
    #expect(number(try await at("2027-01-22", 13)) == "A-003")
    // In Ramadan the Thursday is shorter, and there is no Friday.
    #expect(try await at("2027-02-11", 8, 30) == closed("2027-02-11", 540))
    #expect(number(try await at("2027-02-11", 13, 59)) == "A-004")
    #expect(try await at("2027-02-12", 10) == closed("2027-02-18", 540))
    for (date, next, reason) in [
      ("2027-04-01", "2027-04-02", "Libur Rekaan"),
      ("2027-04-08", "2027-04-09", "Cuti bersama Rekaan"),
      ("2027-04-15", "2027-04-16", "Pemadaman Rekaan"),
    ] {
      #expect(try await at(date, 10) == closed(next, 480, reason))
    }
    #expect(counter.parts.numbersAsked.all.count == 4)
  }

  @Test("what cannot be a NIK is pointed at, and no number is used")
  func doubtfulNIK() async throws {
    let counter = try Counter(identity: .nik)
    let typed = counter.type("6309019913900001", 1)
    let refused = await answer(
      counter, 1, TicketOrder(serviceID: "ktp-el", lane: .general, identity: typed))
    #expect(refused == .entryRefused(.form(group: 1)))
    #expect(counter.parts.numbersAsked.all.isEmpty)
  }

  @Test("a clock that is not trusted gives no number")
  func clock() async throws {
    let counter = try Counter(adjust: { $0.clock.trust = { .untrusted(reason: .tooEarly) } })
    try await counter.lend()
    #expect(await answer(counter) == .ticketRefused(.clockNotTrusted))
    #expect(counter.parts.numbersAsked.all.isEmpty)
  }

  @Test("on a full disk no number is shown that is not committed")
  func diskFull() async throws {
    let counter = try Counter(pagesLimit: 120)
    try await counter.lend()
    counter.parts.nextNumber.value = { _ in .failure(Self.away) }
    var refused: Answer?
    var session: UInt64 = 1
    while refused == nil, session < 2000 {
      let id = SessionID(session)
      let answer = await counter.takeNumber(id)
      if case .ticketRefused? = answer { refused = answer }
      counter.runner.run(.endSession(id))
      session += 1
    }
    #expect(refused == .ticketRefused(.storeUnavailable))
    #expect(counter.answers.all.contains(.facts(.store(writable: false))))
    let issued = counter.allAnswers.filter { if case .ticketIssued = $0 { true } else { false } }
    #expect(!issued.isEmpty)
    #expect(try await counter.due().filter { $0.kind == .ticket }.count == issued.count)
  }
}
