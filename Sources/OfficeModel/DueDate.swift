extension TimeLimit {
  /// False where the office has published no limit (amount 0): nothing is then ever late.
  public var isStated: Bool { amount > 0 }

  /// The day by which a complete file received on `received` is due; nil when the standard states no
  /// limit or the calendar has no working day in reach.
  ///
  /// The day of receipt is not counted. A file that comes in on a closed day (online) counts as
  /// received on the next working day. A limit in calendar days that ends on a closed day moves to
  /// the next working day, because nobody could hand the product over before.
  public func dueDate(received: CivilDate, calendar: OfficeCalendar) -> CivilDate? {
    guard isStated, let start = calendar.workingDay(onOrAfter: received) else { return nil }
    switch unit {
    case .minutes:
      return start
    case .days:
      guard amount <= OfficeCalendar.searchLimitDays else { return nil }
      return calendar.workingDay(onOrAfter: start.adding(days: amount))
    case .workingDays:
      var date = start
      for _ in 0..<min(amount, OfficeCalendar.searchLimitDays) {
        guard let next = calendar.workingDay(onOrAfter: date.adding(days: 1)) else { return nil }
        date = next
      }
      return date
    }
  }

  /// The same to the minute, for limits in minutes: only time in which the office is open counts.
  /// Nil for limits in days, where nothing is stated, or where no opening is in reach.
  public func dueMoment(received: LocalTime, calendar: OfficeCalendar) -> OfficeCalendar.Opening? {
    guard isStated, unit == .minutes else { return nil }
    var left = amount
    var from = received.time.minutes
    for ahead in 0...OfficeCalendar.searchLimitDays {
      let date = received.date.adding(days: ahead)
      for interval in calendar.intervals(on: date) where interval.closes > from {
        let begin = max(from, interval.opens)
        let available = interval.closes - begin
        if left <= available { return .init(date: date, minute: begin + left) }
        left -= available
      }
      from = 0
    }
    return nil
  }
}
