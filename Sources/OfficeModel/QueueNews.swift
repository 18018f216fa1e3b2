/// What the server tells of the queue, for one kiosk. Each list is whole: what it does not name is gone.
public struct QueueNews: Codable, Hashable, Sendable {
  /// The server's time when the lines were like this.
  public var asOf: Timestamp
  /// Numbers that only this kiosk gives: those of today and of some days ahead, so that a kiosk that
  /// boots without a network has some.
  public var reserves: [NumberReserve]
  public var lines: [QueueLine]
  /// Bookings that may be checked in while the server cannot be asked.
  public var bookings: [BookingLease]
  /// Tickets of this kiosk, given for a NIK or a booking, that are no longer open: called and served, or
  /// gone. Their holders may take another number.
  public var closedTickets: [String]

  public init(
    asOf: Timestamp, reserves: [NumberReserve] = [], lines: [QueueLine] = [],
    bookings: [BookingLease] = [], closedTickets: [String] = []
  ) {
    self.asOf = asOf
    self.reserves = reserves
    self.lines = lines
    self.bookings = bookings
    self.closedTickets = closedTickets
  }
}

/// A run of numbers, leased to one kiosk for one day. Its series is that kiosk's own (`A2`), so no
/// number of it can be given elsewhere.
public struct NumberReserve: Codable, Hashable, Sendable {
  public var series: String
  public var serviceID: String
  public var lane: Lane
  public var date: CivilDate
  /// First and last number, both included.
  public var first: Int
  public var last: Int

  public init(
    series: String, serviceID: String, lane: Lane, date: CivilDate, first: Int, last: Int
  ) {
    self.series = series
    self.serviceID = serviceID
    self.lane = lane
    self.date = date
    self.first = first
    self.last = last
  }
}

/// One line before the counters: who waits in it, and how many numbers the whole office has given.
public struct QueueLine: Codable, Hashable, Sendable {
  public var serviceID: String
  public var lane: Lane
  public var waiting: Int
  /// Between two calls, at the pace of now; nil where nobody was called yet.
  public var secondsPerCall: Int?
  /// Numbers given today, and in this half of the day, by all kiosks and on line.
  public var givenToday: Int
  public var givenThisHalf: Int

  public init(
    serviceID: String, lane: Lane, waiting: Int, secondsPerCall: Int? = nil, givenToday: Int = 0,
    givenThisHalf: Int = 0
  ) {
    self.serviceID = serviceID
    self.lane = lane
    self.waiting = waiting
    self.secondsPerCall = secondsPerCall
    self.givenToday = givenToday
    self.givenThisHalf = givenThisHalf
  }
}

/// A booking as a kiosk may know it: under the keyed hash of its code.
public struct BookingLease: Codable, Hashable, Sendable {
  public var codeKey: String
  public var serviceID: String
  public var date: CivilDate
  /// The check-in window, in minutes after midnight on the office's clock; `until` is the first
  /// minute that no longer belongs to it.
  public var from: Int
  public var until: Int

  public init(codeKey: String, serviceID: String, date: CivilDate, from: Int, until: Int) {
    self.codeKey = codeKey
    self.serviceID = serviceID
    self.date = date
    self.from = from
    self.until = until
  }
}

/// How long a number waits, as the server's last word on its line has it.
public struct WaitEstimate: Codable, Hashable, Sendable {
  /// In the line before this number.
  public var waiting: Int
  /// Rounded up; nil where the pace is not known.
  public var minutes: Int?
  /// When the line was like this: the estimate is shown with it.
  public var asOf: Timestamp

  public init(waiting: Int, secondsPerCall: Int?, asOf: Timestamp) {
    self.waiting = waiting
    minutes = secondsPerCall.map { (waiting * $0 + 59) / 60 }
    self.asOf = asOf
  }
}
