internal import OfficeModel

extension QueueNews {
  /// Throws the first field of `queue` that breaks a rule of the API.
  func check() throws(WireProblem) {
    try Check.time(asOf, "queue.asOf")
    try Check.count(reserves.count, "queue.reserves", limit: DinasAPI.Limit.reserves)
    try Check.count(lines.count, "queue.lines", limit: DinasAPI.Limit.queueLines)
    try Check.count(bookings.count, "queue.bookings", limit: DinasAPI.Limit.bookings)
    try Check.count(closedTickets.count, "queue.closedTickets", limit: DinasAPI.Limit.closedTickets)
    var seen: Set<String> = []
    for reserve in reserves {
      try Check.series(reserve.series, "queue.reserves.series")
      try Check.identifier(reserve.serviceID, "queue.reserves.serviceID")
      guard 1 <= reserve.first, reserve.first <= reserve.last,
        reserve.last <= DinasAPI.Limit.ticketNumber
      else { throw WireProblem("queue.reserves.first", "1 to last, last at most 9999") }
      // Two runs under one name would give one number twice.
      guard seen.insert("\(reserve.series) \(reserve.date)").inserted else {
        throw WireProblem("queue.reserves.series", "one run for a series and day")
      }
    }
    for line in lines {
      try Check.identifier(line.serviceID, "queue.lines.serviceID")
      try Check.people(line.waiting, "queue.lines.waiting")
      try Check.people(line.givenToday, "queue.lines.givenToday")
      try Check.people(line.givenThisHalf, "queue.lines.givenThisHalf")
      try Check.pace(line.secondsPerCall, "queue.lines.secondsPerCall")
    }
    for booking in bookings {
      try Check.key(booking.codeKey, "queue.bookings.codeKey")
      try Check.identifier(booking.serviceID, "queue.bookings.serviceID")
      guard 0 <= booking.from, booking.from < booking.until, booking.until <= 1440 else {
        throw WireProblem("queue.bookings.from", "minutes of a day, before until")
      }
    }
    for id in closedTickets { try Check.identifier(id, "queue.closedTickets") }
  }
}

extension Check {
  /// The letters and digits before the number.
  static func series(_ text: String, _ field: String) throws(WireProblem) {
    guard (1...DinasAPI.Limit.seriesCharacters).contains(text.utf8.count),
      text.utf8.allSatisfy({ (65...90).contains($0) || (48...57).contains($0) })
    else { throw WireProblem(field, "1 to 6 of the characters A-Z 0-9") }
  }

  static func number(_ number: TicketNumber, _ field: String) throws(WireProblem) {
    try series(number.series, field + ".series")
    guard (1...DinasAPI.Limit.ticketNumber).contains(number.number) else {
      throw WireProblem(field + ".number", "1 to 9999")
    }
  }

  static func people(_ count: Int, _ field: String) throws(WireProblem) {
    guard (0...100_000).contains(count) else { throw WireProblem(field, "0 to 100000") }
  }

  /// At most a day between two calls.
  static func pace(_ seconds: Int?, _ field: String) throws(WireProblem) {
    guard let seconds else { return }
    guard (1...86_400).contains(seconds) else { throw WireProblem(field, "1 to 86400 seconds") }
  }
}
