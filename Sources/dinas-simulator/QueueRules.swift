import DinasProtocol
import OfficeModel

/// The `queue` part of `citizens.yaml`: which lines there are, what they give, and who has booked.
struct QueueRules: Sendable {
  struct Booking: Sendable {
    var codeKey: String
    var serviceID: String
    var date: CivilDate
    var from: Int
    var until: Int
  }

  var zone: OfficeZone
  /// Numbers in the run that a kiosk is lent for a line and day; 0: none.
  var reserveNumbers = 0
  /// Today and the days after it that runs are lent for.
  var reserveDays = 1
  /// Numbers of one citizen on one day.
  var perCitizen: Int?
  var services: [OfficeFile.QueueService] = []
  var bookings: [Booking] = []

  init(_ queue: OfficeFile.Queue?, zone: OfficeZone, secret: LookupSecret, today: CivilDate) throws
  {
    self.zone = zone
    guard let queue else { return }
    reserveNumbers = queue.reserve?.numbers ?? 0
    reserveDays = queue.reserve?.days ?? 1
    perCitizen = queue.perCitizen
    services = queue.services
    guard (0...1000).contains(reserveNumbers), (1...5).contains(reserveDays) else {
      throw DataProblem("queue.reserve: numbers 0 to 1000, days 1 to 5")
    }
    for service in services {
      try Check.identifier(service.id, "queue.services.id")
      guard (1...86_400).contains(service.secondsPerCall ?? 1),
        service.series.utf8.allSatisfy({ (65...90).contains($0) }),
        (1...3).contains(service.series.utf8.count)
      else { throw DataProblem("queue.services: series of A-Z, secondsPerCall 1 to 86400") }
    }
    let lines = services.flatMap { service in Lane.allCases.map { series(service, $0) } }
    guard Set(lines).count == lines.count else {
      throw DataProblem("queue.services: two lines have one series")
    }
    bookings = try (queue.bookings ?? []).map { booking in
      guard let from = Self.minute(booking.from), let until = Self.minute(booking.until),
        from < until, (1...64).contains(booking.code.utf8.count)
      else { throw DataProblem("queue.bookings: from and until are times such as 08.30") }
      return Booking(
        codeKey: secret.booking(Array(booking.code.utf8)), serviceID: booking.service,
        date: today.adding(days: booking.inDays ?? 0), from: from, until: until)
    }
  }

  func service(_ id: String) -> OfficeFile.QueueService? { services.first { $0.id == id } }

  /// What stands before a number of the line.
  func series(_ service: OfficeFile.QueueService, _ lane: Lane) -> String {
    (lane == .priority ? TicketNumber.priorityMark : "") + service.series
  }

  private static func minute(_ text: String) -> Int? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let hour = parts[0], let minute = parts[1], (0...24).contains(hour),
      (0...59).contains(minute), hour * 60 + minute <= 1440
    else { return nil }
    return hour * 60 + minute
  }
}

extension OfficeFile {
  struct Queue: Codable, Sendable {
    var reserve: Reserve?
    var perCitizen: Int?
    var services: [QueueService]
    var bookings: [Booking]?
  }

  struct Reserve: Codable, Sendable {
    var numbers: Int
    var days: Int?
  }

  struct QueueService: Codable, Sendable {
    var id: String
    var name: String
    var series: String
    var secondsPerCall: Int?
    var day: Int?
    var morning: Int?
    var afternoon: Int?

    var quota: ServiceQuota { ServiceQuota(day: day, morning: morning, afternoon: afternoon) }
  }

  struct Booking: Codable, Sendable {
    var code: String
    var service: String
    var from: String
    var until: String
    var inDays: Int?
  }
}
