import OfficeModel
import Testing

@Suite("Office hours and due dates")
struct OfficeCalendarTests {
  typealias Interval = OfficeCalendar.Interval

  /// Monday to Thursday 09.00–12.00 and 13.00–15.00, Friday 08.30–10.30; Ramadan 09.00–14.00.
  private let calendar: OfficeCalendar

  init() throws {
    let morning = try #require(Interval(opens: 540, closes: 720))
    let afternoon = try #require(Interval(opens: 780, closes: 900))
    let friday = try #require(Interval(opens: 510, closes: 630))
    let fasting = try #require(Interval(opens: 540, closes: 840))
    let ordinary: [Weekday] = [.monday, .tuesday, .wednesday, .thursday]
    var week = Dictionary(uniqueKeysWithValues: ordinary.map { ($0, [afternoon, morning]) })
    week[.friday] = [friday]
    let ramadan = Dictionary(uniqueKeysWithValues: ordinary.map { ($0, [fasting]) })
    calendar = OfficeCalendar(
      regular: .init(week), ramadan: .init(ramadan),
      ramadanPeriods: [try Self.period("2026-02-18", "2026-03-19")],
      closures: [
        .init(
          period: try Self.period("2026-12-24", "2026-12-25"), kind: .nationalHoliday,
          reason: "Natal")
      ])
  }

  private static func period(_ first: String, _ last: String) throws -> OfficeCalendar.Period {
    let first = try #require(CivilDate(first))
    let last = try #require(CivilDate(last))
    return try #require(OfficeCalendar.Period(first: first, last: last))
  }

  private func date(_ text: String) throws -> CivilDate { try #require(CivilDate(text)) }

  private func at(_ text: String, _ hour: Int, _ minute: Int) throws -> LocalTime {
    let time = try #require(ClockTime(hour: hour, minute: minute))
    return LocalTime(Timestamp(try date(text), time, in: .wita), in: .wita)
  }

  @Test("the office opens and closes to the minute")
  func edges() throws {
    // 2026-11-23 is a Monday.
    let monday = "2026-11-23"
    #expect(
      calendar.state(at: try at(monday, 8, 59))
        == .closed(next: .init(date: try date(monday), minute: 540), reason: nil))
    #expect(calendar.state(at: try at(monday, 9, 0)) == .open(until: 720))
    #expect(calendar.state(at: try at(monday, 12, 0)) == .onBreak(until: 780))
    #expect(calendar.state(at: try at(monday, 14, 59)) == .open(until: 900))
    #expect(
      calendar.state(at: try at(monday, 15, 0))
        == .closed(next: .init(date: try date("2026-11-24"), minute: 540), reason: nil))
  }

  @Test("Friday is short and the weekend leads to Monday")
  func friday() throws {
    #expect(calendar.isOpen(at: try at("2026-11-27", 10, 29)))
    #expect(!calendar.isOpen(at: try at("2026-11-27", 10, 30)))
    #expect(
      calendar.nextOpening(after: try at("2026-11-27", 10, 30))
        == .init(date: try date("2026-11-30"), minute: 540))
  }

  @Test("a closure gives its reason and the next opening behind it")
  func closure() throws {
    #expect(
      calendar.state(at: try at("2026-12-24", 10, 0))
        == .closed(next: .init(date: try date("2026-12-28"), minute: 540), reason: "Natal"))
  }

  @Test("in Ramadan its own week counts, on its first and last day too")
  func ramadan() throws {
    #expect(calendar.intervals(on: try date("2026-02-17")).last?.closes == 900)
    #expect(calendar.intervals(on: try date("2026-02-18")).last?.closes == 840)
    #expect(calendar.intervals(on: try date("2026-03-19")).last?.closes == 840)
    #expect(calendar.intervals(on: try date("2026-03-20")).last?.closes == 630)
  }

  @Test("a calendar without an open day ends its search")
  func never() throws {
    let closed = OfficeCalendar(regular: .init([:]))
    #expect(closed.state(at: try at("2026-11-23", 9, 0)) == .closed(next: nil, reason: nil))
    #expect(
      TimeLimit(amount: 3, unit: .workingDays, text: "")
        .dueDate(received: try date("2026-11-23"), calendar: closed) == nil)
  }

  @Test("an office that is open all day and all night is never closed")
  func always() throws {
    let whole = try #require(Interval(opens: 0, closes: 1440))
    let calendar = OfficeCalendar(
      regular: .init(Dictionary(uniqueKeysWithValues: Weekday.allCases.map { ($0, [whole]) })))
    for hour in 0...23 { #expect(calendar.isOpen(at: try at("2026-11-22", hour, 59))) }
  }

  @Test("touching intervals are one opening")
  func touching() throws {
    let a = try #require(Interval(opens: 540, closes: 600))
    let b = try #require(Interval(opens: 600, closes: 660))
    let calendar = OfficeCalendar(regular: .init([.monday: [b, a]]))
    #expect(calendar.state(at: try at("2026-11-23", 9, 30)) == .open(until: 660))
  }

  @Test("working days leave out weekends and closures")
  func workingDays() throws {
    let limit = TimeLimit(amount: 7, unit: .workingDays, text: "")
    // Wed 16 Dec: 17, 18, 21, 22, 23 | 24, 25 closed, weekend | 28, 29.
    #expect(
      limit.dueDate(received: try date("2026-12-16"), calendar: calendar)
        == CivilDate("2026-12-29"))
    #expect(
      TimeLimit(amount: 1, unit: .workingDays, text: "")
        .dueDate(received: try date("2026-11-28"), calendar: calendar)
        == CivilDate("2026-12-01"))
  }

  @Test("calendar days that end on a closed day move on; no limit means no due date")
  func days() throws {
    let received = try date("2026-11-27")
    #expect(
      TimeLimit(amount: 1, unit: .days, text: "").dueDate(received: received, calendar: calendar)
        == CivilDate("2026-11-30"))
    #expect(
      TimeLimit(amount: 30, unit: .minutes, text: "")
        .dueDate(received: received, calendar: calendar) == received)
    #expect(
      TimeLimit(amount: 0, unit: .workingDays, text: "")
        .dueDate(received: received, calendar: calendar) == nil)
  }

  @Test("minutes run only while the office is open")
  func minutes() throws {
    let limit = TimeLimit(amount: 30, unit: .minutes, text: "30 menit.")
    #expect(
      limit.dueMoment(received: try at("2026-11-23", 9, 0), calendar: calendar)
        == .init(date: try date("2026-11-23"), minute: 570))
    #expect(
      limit.dueMoment(received: try at("2026-11-23", 11, 50), calendar: calendar)
        == .init(date: try date("2026-11-23"), minute: 800))
    #expect(
      limit.dueMoment(received: try at("2026-11-27", 10, 20), calendar: calendar)
        == .init(date: try date("2026-11-30"), minute: 560))
  }
}
