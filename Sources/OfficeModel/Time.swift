/// A point in civil time: milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
public struct Timestamp: Hashable, Comparable, Sendable, Codable {
  public var milliseconds: Int64

  public init(milliseconds: Int64) { self.milliseconds = milliseconds }
  public init(seconds: Int64) { milliseconds = seconds * 1000 }

  public static func < (a: Self, b: Self) -> Bool { a.milliseconds < b.milliseconds }

  public func adding(_ duration: Duration) -> Timestamp {
    Timestamp(milliseconds: milliseconds + duration.wholeMilliseconds)
  }

  /// The time from `earlier` to this moment; negative when `earlier` lies later.
  public func since(_ earlier: Timestamp) -> Duration {
    .milliseconds(milliseconds - earlier.milliseconds)
  }

  public init(from decoder: any Decoder) throws {
    milliseconds = try decoder.singleValueContainer().decode(Int64.self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(milliseconds)
  }
}

/// Time that never jumps, counted from the start of the process: for deadlines and ages.
public struct Uptime: Hashable, Comparable, Sendable {
  public var milliseconds: Int64

  public init(milliseconds: Int64) { self.milliseconds = milliseconds }
  public static let zero = Uptime(milliseconds: 0)

  public static func < (a: Self, b: Self) -> Bool { a.milliseconds < b.milliseconds }

  public func adding(_ duration: Duration) -> Uptime {
    Uptime(milliseconds: milliseconds + duration.wholeMilliseconds)
  }

  public func since(_ earlier: Uptime) -> Duration {
    .milliseconds(milliseconds - earlier.milliseconds)
  }
}

/// Both clocks read together, so that a decision never mixes two readings.
public struct Moment: Hashable, Sendable {
  public var wall: Timestamp
  public var uptime: Uptime

  public init(wall: Timestamp, uptime: Uptime) {
    self.wall = wall
    self.uptime = uptime
  }
}

extension Duration {
  public var wholeMilliseconds: Int64 {
    components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
  }

  /// Whole seconds, rounded up: what a countdown shows.
  public var secondsRoundedUp: Int64 { (wholeMilliseconds + 999) / 1000 }
}
