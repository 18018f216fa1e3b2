import DinasProtocol
import OfficeModel
import Testing

@testable import dinas_simulator

/// The book with the rules of its office; what it answers keeps the rules of the wire.
private final class Book {
  private var book = QueueBook()
  private let rules: QueueRules

  init(_ rules: QueueRules) { self.rules = rules }

  var tickets: [IssuedTicket] { book.tickets }
  var entries: [QueueBook.Entry] { book.entries }
  var voids: [QueueBook.Void] { book.voids }
  var marks: [String: Int] { book.marks }

  func next(_ request: TicketRequest, at now: Timestamp) throws -> TicketAnswer {
    try request.check()
    let answer = try book.next(request, rules, at: now)
    try answer.check()
    return answer
  }

  func void(_ void: TicketVoid, at now: Timestamp) -> VoidReceipt { book.void(void, at: now) }

  func receive(_ report: TicketReport, at now: Timestamp) throws -> TicketReceipt {
    try book.receive(report, at: now)
  }

  func call(_ number: String, on date: CivilDate) { book.call(number, on: date) }

  func news(for kiosk: String, isFresh: Bool, at now: Timestamp) throws -> QueueNews {
    let news = book.news(for: kiosk, isFresh: isFresh, rules, at: now)
    // Through the wire and its checks, as every kiosk gets it.
    let page = ChangesBody(
      serverTime: now, cursor: "c", hasMore: false, applications: [], documents: [], queue: news)
    return try #require(try Wire.decode(ChangesBody.self, from: try Wire.encode(page)).queue)
  }
}

@Suite("The office's numbers")
struct QueueBookTests {
  private let secret: LookupSecret
  private let book: Book
  private let now = Timestamp(seconds: 1_795_150_000)
  private var today: CivilDate { LocalTime(now, in: .wita).date }

  init() throws {
    secret = try LookupSecret(file: Array(0..<32))
    let rules = try QueueRules(
      OfficeFile.Queue(
        reserve: .init(numbers: 10, days: 3), perCitizen: 2,
        services: [
          .init(id: "ktp-el", name: "KTP-el", series: "A", secondsPerCall: 60),
          .init(id: "kk", name: "KK", series: "C", day: 4, morning: 2, afternoon: 3),
          .init(id: "akta", name: "Akta", series: "D"),
        ],
        bookings: [.init(code: "20261101", service: "akta", from: "08.00", until: "24.00")]),
      zone: .wita, secret: secret,
      today: LocalTime(Timestamp(seconds: 1_795_150_000), in: .wita).date)
    book = Book(rules)
  }

  private func request(
    _ id: String, _ service: String = "ktp-el", kiosk: String = "lobi-1", lane: Lane = .general,
    holder: String? = nil, identity: TicketIdentity = .nik
  ) -> TicketRequest {
    TicketRequest(
      id: id, kiosk: kiosk, serviceID: service, lane: lane,
      identity: holder == nil ? .none : identity,
      holderKey: holder.map { secret.nik(Array($0.utf8)) })
  }

  private func next(_ request: TicketRequest, at time: Timestamp? = nil) throws -> TicketAnswer {
    try book.next(request, at: time ?? now)
  }

  @Test("kiosks of one lobby get numbers in the order they ask, each lane its own, anew each day")
  func order() throws {
    var numbers: [String] = []
    for (index, kiosk) in ["lobi-1", "lobi-2", "lobi-1"].enumerated() {
      numbers.append("\(try #require(try next(request("r\(index)", kiosk: kiosk)).given).number)")
    }
    numbers.append("\(try #require(try next(request("p", lane: .priority)).given).number)")
    let tomorrow = now.adding(.seconds(86_400))
    numbers.append("\(try #require(try next(request("t"), at: tomorrow).given).number)")
    #expect(numbers == ["A-001", "A-002", "A-003", "PA-001", "A-001"])
    #expect(try next(request("w")).given?.waiting == 3)
    book.call("A-001", on: today)
    #expect(try next(request("v")).given?.waiting == 3)
  }

  @Test("a void takes the number back for good, and refuses a request that comes after it")
  func voids() throws {
    _ = try next(request("r1"))
    let receipt = book.void(TicketVoid(id: "r1", at: now), at: now)
    #expect(receipt.number?.description == "A-001")
    #expect(book.tickets.isEmpty)
    #expect(try next(request("r2")).given?.number.number == 2)
    #expect(book.void(TicketVoid(id: "late", at: now), at: now).number == nil)
    #expect(throws: DinasRefusal.self) {
      try book.next(request("late"), at: now)
    }
    // Told twice is the same.
    #expect(book.void(TicketVoid(id: "r1", at: now), at: now).number == receipt.number)
    #expect(book.voids.count == 2)
  }

  @Test("no two kiosks are lent one number, nor one number by two lines or days")
  func leases() throws {
    var seen: Set<String> = []
    var count = 0
    for kiosk in ["lobi-1", "lobi-2", "balung", "lain-2"] {
      let news = try book.news(for: kiosk, isFresh: false, at: now)
      #expect(news.reserves.count == 3 * 2 * 3)
      for reserve in news.reserves {
        for number in reserve.first...reserve.last {
          seen.insert("\(reserve.series)-\(number) \(reserve.date)")
          count += 1
        }
      }
    }
    #expect(seen.count == count && count == 4 * 18 * 10)
    #expect(book.marks["lobi-2"] == 2 && Set(book.marks.values).count == 4)
    // Asked again, the same are lent.
    let again = try book.news(for: "lobi-1", isFresh: false, at: now)
    #expect(again.reserves.contains { $0.series == "A1" && $0.first == 1 && $0.last == 10 })
  }

  @Test("a kiosk that comes with nothing is lent other numbers; one that used half, more of them")
  func runs() throws {
    let first = try #require(try book.news(for: "lobi-1", isFresh: true, at: now).reserves.first)
    #expect(first.first == 1 && first.last == 10)
    func report(_ number: Int) -> TicketReport {
      TicketReport(
        ticket: IssuedTicket(
          id: "l\(number)", number: TicketNumber(series: first.series, number: number),
          serviceID: first.serviceID, serviceName: "KTP-el", lane: first.lane, date: first.date,
          issuedAt: now), holderKey: nil)
    }
    for number in 1...6 { _ = try book.receive(report(number), at: now) }
    let longer = try #require(
      try book.news(for: "lobi-1", isFresh: false, at: now).reserves.first)
    #expect(longer.first == 7 && longer.last == 20, "what was reported is not lent again")
    let fresh = try #require(try book.news(for: "lobi-1", isFresh: true, at: now).reserves.first)
    #expect(fresh.first == 21 && fresh.last == 30)
    #expect(throws: DinasRefusal.self) { try book.receive(report(6), at: now) }
    #expect(book.entries.allSatisfy { $0.kiosk == "lobi-1" && $0.isOfReserve })
  }

  @Test("quotas of day and half, one open number and the citizen's quota count over all kiosks")
  func rulesOfTheOffice() throws {
    func refused(_ request: TicketRequest, at time: Timestamp? = nil) throws -> TicketAnswer.Refused
      .Reason?
    {
      try next(request, at: time).refused?.reason
    }
    #expect(try refused(request("1", holder: "nik-a")) == nil)
    #expect(try refused(request("2", kiosk: "lobi-2", holder: "nik-a")) == .holding)
    book.call("A-001", on: today)
    #expect(try refused(request("3", kiosk: "lobi-2", holder: "nik-a")) == nil)
    #expect(try refused(request("4", "akta", holder: "nik-a")) == .citizenQuota)
    // 2026-11-20 in the morning: two, then three in the afternoon, but four in all.
    let morning = Timestamp(today, try #require(ClockTime(hour: 9, minute: 0)), in: .wita)
    let noon = Timestamp(today, try #require(ClockTime(hour: 12, minute: 0)), in: .wita)
    #expect(try refused(request("k1", "kk"), at: morning) == nil)
    #expect(try refused(request("k2", "kk", kiosk: "lobi-2"), at: morning) == nil)
    #expect(try refused(request("k3", "kk"), at: morning) == .halfDayQuota)
    #expect(try refused(request("k4", "kk"), at: noon) == nil)
    #expect(try refused(request("k5", "kk"), at: noon) == nil)
    #expect(try refused(request("k6", "kk"), at: noon) == .dayQuota)
    let line = try book.news(for: "lobi-1", isFresh: false, at: noon).lines.first {
      $0.serviceID == "kk" && $0.lane == .general
    }
    #expect(line?.givenToday == 4 && line?.givenThisHalf == 2)
  }

  @Test("a booking is checked in by its code, in its window, once")
  func bookings() throws {
    func booked(_ id: String, _ code: String) -> TicketRequest {
      TicketRequest(
        id: id, kiosk: "lobi-1", serviceID: "akta", lane: .general, identity: .booking,
        holderKey: secret.booking(Array(code.utf8)))
    }
    let early = Timestamp(today, try #require(ClockTime(hour: 7, minute: 59)), in: .wita)
    let window = try next(booked("b0", "20261101"), at: early).refused
    #expect(window?.reason == .bookingTime && window?.from == 480 && window?.until == 1440)
    let open = early.adding(.seconds(60))
    #expect(try next(booked("b1", "20261199"), at: open).refused?.reason == .bookingUnknown)
    let number = try #require(try next(booked("b2", "20261101"), at: open).given).number
    #expect(try next(booked("b3", "20261101"), at: open).refused?.number == number)
    book.call("\(number)", on: today)
    #expect(
      try next(booked("b5", "20261101"), at: open).refused?.reason == .citizenQuota,
      "also when its holder was called")
    #expect(
      try next(booked("b4", "20261101"), at: open.adding(.seconds(86_400))).refused?.reason
        == .bookingUnknown)
    let lent = try book.news(for: "lobi-2", isFresh: false, at: open).bookings
    #expect(lent.map(\.codeKey) == [secret.booking(Array("20261101".utf8))])
  }

  @Test("a kiosk hears which of its own citizens' numbers are no longer open")
  func closed() throws {
    _ = try next(request("mine", holder: "nik-a"))
    _ = try next(request("theirs", kiosk: "lobi-2", holder: "nik-b"))
    _ = try next(request("nobody"))
    for number in 1...3 { book.call("A-00\(number)", on: today) }
    #expect(try book.news(for: "lobi-1", isFresh: false, at: now).closedTickets == ["mine"])
    #expect(
      try book.news(for: "lobi-1", isFresh: false, at: now.adding(.seconds(86_400)))
        .closedTickets.isEmpty)
  }
}
