import OfficeModel
import Testing

@Suite("What stands against another number")
struct TicketRulesTests {
  let day = CivilDate(daysSinceEpoch: 20_777)

  private func at(_ hour: Int, _ minute: Int = 0, zone: OfficeZone = .wita) throws -> LocalTime {
    LocalTime(
      Timestamp(day, try #require(ClockTime(hour: hour, minute: minute)), in: zone), in: zone)
  }

  @Test("each rule speaks at its figure and not before, the citizen's own number first")
  func findings() {
    let limits = TicketLimits(perHolder: 2, perDay: 10, perHalfDay: 6)
    #expect(limits.finding(TicketStanding()) == nil)
    #expect(
      limits.finding(TicketStanding(takenByHolder: 1, givenToday: 9, givenThisHalf: 5)) == nil)
    #expect(limits.finding(TicketStanding(takenByHolder: 2)) == .citizenQuota)
    #expect(limits.finding(TicketStanding(givenToday: 10)) == .dayQuota)
    #expect(limits.finding(TicketStanding(givenThisHalf: 6)) == .halfDayQuota)
    let number = TicketNumber(series: "A", number: 7)
    #expect(
      limits.finding(TicketStanding(held: number, takenByHolder: 5, givenToday: 99))
        == .holding(number))
    #expect(TicketLimits().finding(TicketStanding(takenByHolder: 99, givenToday: 9999)) == nil)
  }

  @Test(
    "the halves of a day meet at the office's own noon, on its own clock",
    arguments: OfficeZone.allCases)
  func halves(zone: OfficeZone) throws {
    let quota = ServiceQuota(day: 9, morning: 5, afternoon: 4, afternoonFrom: 11 * 60 + 30)
    let noon = Timestamp(day, try #require(ClockTime(hour: 11, minute: 30)), in: zone)
    let before = TicketLimits(quota, perHolder: nil, at: try at(11, 29, zone: zone), in: zone)
    let after = TicketLimits(quota, perHolder: nil, at: try at(11, 30, zone: zone), in: zone)
    #expect(before.perHalfDay == 5 && after.perHalfDay == 4)
    #expect(before.halfEnds == noon && after.halfBegins == noon)
    #expect(before.dayBegins == before.halfBegins && after.dayEnds == after.halfEnds)
    #expect(after.dayEnds.since(after.dayBegins) == .seconds(86_400))
    // The last and the first minute of a day belong to it.
    let last = TicketLimits(quota, perHolder: nil, at: try at(23, 59, zone: zone), in: zone)
    let first = TicketLimits(quota, perHolder: nil, at: try at(0, zone: zone), in: zone)
    #expect(last == after && first == before)
  }

  @Test("a wait is people times pace, rounded up, and unknown without a pace")
  func waits() {
    let asOf = Timestamp(seconds: 1_795_150_000)
    #expect(WaitEstimate(waiting: 3, secondsPerCall: 61, asOf: asOf).minutes == 4)
    #expect(WaitEstimate(waiting: 0, secondsPerCall: 600, asOf: asOf).minutes == 0)
    #expect(WaitEstimate(waiting: 3, secondsPerCall: nil, asOf: asOf).minutes == nil)
  }

  @Test("series clash with the priority lane's, not with those that only begin alike")
  func clashes() {
    #expect(TicketNumber.seriesClash("A", "A"))
    #expect(TicketNumber.seriesClash("A", "PA") && TicketNumber.seriesClash("PA", "A"))
    #expect(!TicketNumber.seriesClash("A", "AB") && !TicketNumber.seriesClash("A", "B"))
    #expect(TicketNumber(series: "A2", number: 1000).description == "A2-1000")
  }
}
