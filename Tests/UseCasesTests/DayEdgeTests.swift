import Journey
import LocalStore
import OfficeModel
import Ports
import TestSupport
import Testing
import UseCases

/// Midnight of the office, through the ticket desk and the store.
@Suite("The edge of the office's day", .timeLimit(.minutes(1)))
struct DayEdgeTests {
  private static let day = CivilDate(year: 2026, month: 11, day: 20)

  /// A kiosk in `zone` one millisecond before midnight, lent three numbers for this day and the next.
  private func counter(_ zone: OfficeZone) async throws -> (Counter, CivilDate) {
    let day = try #require(Self.day)
    let midnight = Timestamp(
      day.adding(days: 1), try #require(ClockTime(hour: 0, minute: 0)), in: zone)
    let counter = try Counter(
      identity: .nik, useLimits: UseLimits(ticketsPerCitizen: 1), quota: ServiceQuota(day: 1),
      zone: zone, clock: ManualClock(wall: midnight.adding(.milliseconds(-1))))
    let now = counter.parts.clock.now.wall
    try await counter.store.port().cache.apply(
      ChangesPage(
        cursor: "lent", hasMore: false, serverTime: now, applications: [], documents: [],
        nowServing: [],
        queue: QueueNews(
          asOf: now,
          reserves: [day, day.adding(days: 1)].map {
            NumberReserve(
              series: "A2", serviceID: "ktp-el", lane: .general, date: $0, first: 1, last: 3)
          })), now)
    return (counter, day)
  }

  private func take(_ counter: Counter, _ id: UInt64, _ nik: String) async -> Answer? {
    let session = SessionID(id)
    let typed = counter.type(nik, id * 10)
    counter.runner.run(
      .issueTicket(
        session, TicketOrder(serviceID: "ktp-el", lane: .general, identity: typed)))
    return await counter.answer(session) { _ in true }
  }

  private func ticket(_ answer: Answer?) throws -> IssuedTicket {
    guard case .ticketIssued(let ticket, _)? = answer else {
      Issue.record("\(String(describing: answer))")
      throw PortError(.notFound, step: "a number")
    }
    return ticket
  }

  @Test(
    "numbers, quota and who holds one begin anew at midnight of the zone, not before",
    arguments: OfficeZone.allCases)
  func offline(zone: OfficeZone) async throws {
    let (counter, day) = try await counter(zone)
    counter.parts.nextNumber.value = { _ in .failure(PortError(.unreachable, step: "test")) }
    let last = try ticket(await take(counter, 1, Counter.nikDigits))
    #expect(last.date == day)
    #expect(last.number == TicketNumber(series: "A2", number: 1))
    #expect(last.issuedAt == counter.parts.clock.now.wall)
    #expect(
      await take(counter, 2, Counter.nikDigits) == .ticketRefused(.alreadyHolding(nil)))
    #expect(await take(counter, 3, "6309015505850002") == .ticketRefused(.quotaUsedUp))
    counter.parts.clock.advance(by: .milliseconds(1))
    let first = try ticket(await take(counter, 4, Counter.nikDigits))
    #expect(first.date == day.adding(days: 1))
    #expect(first.number == TicketNumber(series: "A2", number: 1))
    #expect(first.issuedAt.since(last.issuedAt) == .milliseconds(1))
  }

  @Test(
    "a number that the server dates beyond midnight is not given to one who came before it",
    arguments: OfficeZone.allCases)
  func online(zone: OfficeZone) async throws {
    let (counter, day) = try await counter(zone)
    let late = counter.parts.clock.now.wall.adding(.milliseconds(1))
    counter.parts.nextNumber.value = { _ in
      .success(
        .given(
          GivenNumber(
            number: TicketNumber(series: "A", number: 1), date: LocalTime(late, in: zone).date,
            issuedAt: late, waiting: 0, secondsPerCall: nil)))
    }
    let given = try ticket(await take(counter, 1, Counter.nikDigits))
    #expect(given.date == day)
    #expect(given.number.series == "A2")
    let request = try #require(counter.parts.numbersAsked.all.first)
    #expect(try await counter.due().map(\.id) == ["v" + request.id, given.id])
    counter.parts.clock.advance(by: .milliseconds(1))
    let next = try ticket(await take(counter, 2, "6309015505850002"))
    #expect(next.date == day.adding(days: 1))
    #expect(next.number == TicketNumber(series: "A", number: 1))
  }
}
