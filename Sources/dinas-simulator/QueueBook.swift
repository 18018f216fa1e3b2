import DinasProtocol
import OfficeModel

/// Every number of the office: which were given, to whom they are lent, which were taken back. A part of
/// the record, so it is written down before anybody is told.
struct QueueBook: Codable, Hashable, Sendable {
  /// A number in force, with what the office knows of it beside the ticket.
  struct Entry: Codable, Hashable, Sendable {
    var ticket: IssuedTicket
    /// Nil where the office cannot tell.
    var kiosk: String?
    var holderKey: String?
    /// Out of a lent run, not by the office itself.
    var isOfReserve: Bool
    var isOpen = true
  }

  struct Lease: Codable, Hashable, Sendable {
    var kiosk: String
    var reserve: NumberReserve
  }

  struct Void: Codable, Hashable, Sendable {
    var id: String
    /// What was taken back; nil where the request had not come.
    var number: TicketNumber?
    var date: CivilDate?
  }

  private(set) var entries: [Entry] = []
  private(set) var voids: [Void] = []
  /// Every run that was ever lent; the last of a kiosk, series and day is the one in force.
  private(set) var leases: [Lease] = []
  /// What a kiosk's series end with.
  private(set) var marks: [String: Int] = [:]
  /// The last number that the office itself gave, by series and day.
  private var last: [String: Int] = [:]

  var tickets: [IssuedTicket] { entries.map(\.ticket) }

  // MARK: Numbers by the office itself

  mutating func next(
    _ request: TicketRequest, _ rules: QueueRules, at now: Timestamp
  ) throws(DinasRefusal) -> TicketAnswer {
    guard !voids.contains(where: { $0.id == request.id }) else {
      throw DinasRefusal(.conflict, "this request was taken back")
    }
    guard let service = rules.service(request.serviceID) else {
      throw DinasRefusal(.invalid, "serviceID: no line of this office")
    }
    let local = LocalTime(now, in: rules.zone)
    let limits = TicketLimits(
      service.quota, perHolder: request.identity.numbersADay(perCitizen: rules.perCitizen),
      at: local, in: rules.zone)
    var answer = TicketAnswer(id: request.id, serverTime: now)
    if let finding = limits.finding(standing(request, limits, local.date)) {
      answer.refused = Self.refused(finding)
      return answer
    }
    if let refused = booking(request, rules, local) {
      answer.refused = refused
      return answer
    }
    let series = rules.series(service, request.lane)
    let place = "\(series) \(local.date)"
    let number = (last[place] ?? 0) + 1
    guard number <= DinasAPI.Limit.ticketNumber else {
      answer.refused = .init(reason: .dayQuota)
      return answer
    }
    last[place] = number
    let waiting = waiting(request.serviceID, request.lane, local.date)
    let ticket = IssuedTicket(
      id: request.id, number: TicketNumber(series: series, number: number),
      serviceID: request.serviceID, serviceName: service.name, lane: request.lane,
      date: local.date, issuedAt: now)
    entries.append(
      Entry(
        ticket: ticket, kiosk: request.kiosk, holderKey: request.holderKey, isOfReserve: false))
    answer.given = TicketAnswer.Given(
      GivenNumber(
        number: ticket.number, date: ticket.date, issuedAt: now, waiting: waiting,
        secondsPerCall: service.secondsPerCall))
    return answer
  }

  mutating func void(_ void: TicketVoid, at now: Timestamp) -> VoidReceipt {
    if let known = voids.first(where: { $0.id == void.id }) {
      return VoidReceipt(id: void.id, receivedAt: now, number: known.number)
    }
    let index = entries.firstIndex { $0.ticket.id == void.id }
    let ticket = index.map { entries.remove(at: $0).ticket }
    voids.append(Void(id: void.id, number: ticket?.number, date: ticket?.date))
    return VoidReceipt(id: void.id, receivedAt: now, number: ticket?.number)
  }

  // MARK: Numbers out of a lent run

  mutating func receive(
    _ report: TicketReport, at now: Timestamp
  ) throws(DinasRefusal) -> TicketReceipt {
    let ticket = report.ticket
    let isTaken =
      entries.contains { $0.ticket.date == ticket.date && $0.ticket.number == ticket.number }
      || voids.contains { $0.date == ticket.date && $0.number == ticket.number }
    guard !isTaken else {
      throw DinasRefusal(.conflict, "this number is already given on this day")
    }
    let waiting = waiting(ticket.serviceID, ticket.lane, ticket.date)
    let lender = leases.last {
      $0.reserve.series == ticket.number.series && $0.reserve.date == ticket.date
        && ($0.reserve.first...$0.reserve.last).contains(ticket.number.number)
    }
    entries.append(
      Entry(
        ticket: ticket, kiosk: lender?.kiosk, holderKey: report.holderKey, isOfReserve: true))
    return TicketReceipt(id: ticket.id, receivedAt: now, waitingBefore: waiting)
  }

  /// A counter calls a number of today: its holder may take another.
  mutating func call(_ number: String, on date: CivilDate) {
    for index in entries.indices
    where entries[index].ticket.date == date && "\(entries[index].ticket.number)" == number {
      entries[index].isOpen = false
    }
  }

  // MARK: What a kiosk is told

  /// - Parameter isFresh: The kiosk has nothing: its store may be a new one, which knows nothing of what
  ///   the old one gave, so no run of the old one is used on.
  mutating func news(
    for kiosk: String, isFresh: Bool, _ rules: QueueRules, at now: Timestamp
  ) -> QueueNews {
    let local = LocalTime(now, in: rules.zone)
    var news = QueueNews(asOf: now)
    for service in rules.services {
      let limits = TicketLimits(service.quota, perHolder: nil, at: local, in: rules.zone)
      for lane in Lane.allCases {
        let mine = entries.filter {
          $0.ticket.serviceID == service.id && $0.ticket.lane == lane
            && $0.ticket.date == local.date
        }
        news.lines.append(
          QueueLine(
            serviceID: service.id, lane: lane, waiting: mine.count(where: \.isOpen),
            secondsPerCall: service.secondsPerCall, givenToday: mine.count,
            givenThisHalf: mine.count {
              $0.ticket.issuedAt >= limits.halfBegins && $0.ticket.issuedAt < limits.halfEnds
            }))
        for ahead in 0..<rules.reserveDays where rules.reserveNumbers > 0 {
          let series = rules.series(service, lane) + String(mark(of: kiosk))
          let date = local.date.adding(days: ahead)
          if let reserve = lend(series, service.id, lane, date, kiosk, isFresh, rules) {
            news.reserves.append(reserve)
          }
        }
      }
    }
    news.bookings = rules.bookings.filter { $0.date >= local.date }.map {
      BookingLease(
        codeKey: $0.codeKey, serviceID: $0.serviceID, date: $0.date, from: $0.from,
        until: $0.until)
    }
    news.closedTickets = entries.filter {
      $0.kiosk == kiosk && !$0.isOpen && $0.holderKey != nil && $0.ticket.date == local.date
    }.suffix(DinasAPI.Limit.closedTickets).map(\.ticket.id)
    return news
  }

  /// The run in force, from behind the highest number that was reported of it: a store that was put
  /// back from a copy does not know of it. Longer when half of it was given; another when the kiosk has
  /// nothing.
  private mutating func lend(
    _ series: String, _ serviceID: String, _ lane: Lane, _ date: CivilDate, _ kiosk: String,
    _ isFresh: Bool, _ rules: QueueRules
  ) -> NumberReserve? {
    let size = rules.reserveNumbers
    let limit = DinasAPI.Limit.ticketNumber
    let known = leases.lastIndex {
      $0.kiosk == kiosk && $0.reserve.series == series && $0.reserve.date == date
    }
    guard let known, !isFresh else {
      let first = known.map { leases[$0].reserve.last + 1 } ?? 1
      guard first <= limit else { return nil }
      let reserve = NumberReserve(
        series: series, serviceID: serviceID, lane: lane, date: date, first: first,
        last: min(limit, first + size - 1))
      leases.append(Lease(kiosk: kiosk, reserve: reserve))
      return reserve
    }
    let highest =
      entries.filter { $0.ticket.date == date && $0.ticket.number.series == series }
      .map(\.ticket.number.number).max() ?? 0
    if highest > leases[known].reserve.last - size / 2 {
      leases[known].reserve.last = min(limit, leases[known].reserve.last + size)
    }
    var left = leases[known].reserve
    left.first = max(left.first, highest + 1)
    return left.first <= left.last ? left : nil
  }

  /// The number at the end of the kiosk's name where it is free, otherwise the next free one.
  private mutating func mark(of kiosk: String) -> Int {
    if let mark = marks[kiosk] { return mark }
    let digits = kiosk.reversed().prefix { ("0"..."9").contains($0) }.prefix(2).reversed()
    let wanted = Int(String(digits)) ?? 0
    let taken = Set(marks.values)
    let mark =
      (1...99).contains(wanted) && !taken.contains(wanted)
      ? wanted : (1...9999).first { !taken.contains($0) } ?? 9999
    marks[kiosk] = mark
    return mark
  }

  // MARK: Rules

  private func waiting(_ serviceID: String, _ lane: Lane, _ date: CivilDate) -> Int {
    entries.count {
      $0.isOpen && $0.ticket.serviceID == serviceID && $0.ticket.lane == lane
        && $0.ticket.date == date
    }
  }

  private func standing(
    _ request: TicketRequest, _ limits: TicketLimits, _ date: CivilDate
  ) -> TicketStanding {
    let today = entries.filter { $0.ticket.date == date }
    let service = today.filter { $0.ticket.serviceID == request.serviceID }
    var standing = TicketStanding(
      givenToday: service.count,
      givenThisHalf: service.count {
        $0.ticket.issuedAt >= limits.halfBegins && $0.ticket.issuedAt < limits.halfEnds
      })
    if let holder = request.holderKey {
      standing.held = service.last { $0.holderKey == holder && $0.isOpen }?.ticket.number
      standing.takenByHolder = today.count { $0.holderKey == holder }
    }
    return standing
  }

  private func booking(
    _ request: TicketRequest, _ rules: QueueRules, _ local: LocalTime
  ) -> TicketAnswer.Refused? {
    guard request.identity == .booking else { return nil }
    let booking = rules.bookings.first {
      $0.codeKey == request.holderKey && $0.serviceID == request.serviceID
        && $0.date == local.date
    }
    guard let booking else { return .init(reason: .bookingUnknown) }
    guard (booking.from..<booking.until).contains(local.time.minutes) else {
      return .init(reason: .bookingTime, from: booking.from, until: booking.until)
    }
    return nil
  }

  private static func refused(_ finding: TicketFinding) -> TicketAnswer.Refused {
    switch finding {
    case .holding(let number): .init(reason: .holding, number: number)
    case .citizenQuota: .init(reason: .citizenQuota)
    case .halfDayQuota: .init(reason: .halfDayQuota)
    default: .init(reason: .dayQuota)
    }
  }
}
