public import OfficeModel

/// What time it is, and whether that may be built on: a rule without a clock of its own.
///
/// Once a time is trusted it goes on by the monotonic clock alone, so the machine's clock may jump
/// without anything changing. The machine's clock is asked only after a start of the machine, and
/// whenever no time is trusted.
public struct TrustedClock: Sendable, Hashable {
  public struct Limits: Sendable, Hashable {
    /// No time before it can be right.
    public var built: Timestamp
    /// A machine may have been off for so long without the time being doubted.
    public var jump: Duration

    public init(built: Timestamp, jump: Duration) {
      self.built = built
      self.jump = jump
    }
  }

  /// Both clocks of the machine, read together. `boot` counts from the machine's start.
  public struct Reading: Sendable, Hashable {
    public var machine: Timestamp
    public var boot: Uptime

    public init(machine: Timestamp, boot: Uptime) {
      self.machine = machine
      self.boot = boot
    }
  }

  /// A machine's clock may lag so far behind the time that the server told: it loses seconds a day,
  /// and nobody sets it.
  public static let tolerance = Duration.seconds(600)

  private let limits: Limits
  private let startedAt: Uptime
  private let lastTicket: Timestamp?
  public private(set) var memory: ClockMemory
  /// The server tells a time that its own earlier word rules out.
  private var dispute: ClockTrust.Reason?
  private var doubt: ClockTrust.Reason?

  /// - Parameters:
  ///   - memory: What the last run left; nil where there was none.
  ///   - lastTicket: When the last number was given.
  public init(
    _ limits: Limits, bootID: String, memory: ClockMemory?, lastTicket: Timestamp?,
    _ reading: Reading
  ) {
    self.limits = limits
    self.lastTicket = lastTicket
    startedAt = reading.boot
    self.memory = memory ?? ClockMemory(bootID: bootID)
    // Without a name for this start nothing says that it is the same one.
    if bootID.isEmpty || self.memory.bootID != bootID {
      self.memory.bootID = bootID
      self.memory.anchor = nil
    }
    look(reading)
  }

  public var trust: ClockTrust {
    (dispute ?? doubt).map { .untrusted(reason: $0) } ?? .trusted
  }

  /// The best civil time there is. While none is trusted it is the earliest that is possible, so
  /// that nothing which waits for a moment is let go too early.
  public func time(at boot: Uptime) -> Timestamp {
    if let anchor = memory.anchor {
      return Timestamp(milliseconds: boot.milliseconds &+ anchor.offset)
    }
    return earliest.adding(boot.since(startedAt))
  }

  /// The memory as it should be kept now.
  public func memory(at boot: Uptime) -> ClockMemory {
    var memory = memory
    if trust == .trusted { memory.seen = time(at: boot) }
    return memory
  }

  /// Looks at the machine's clock, where no better time is known.
  public mutating func look(_ reading: Reading) {
    guard memory.anchor == nil else { return }
    doubt = doubt(about: reading)
    if doubt == nil {
      anchor(max(reading.machine, earliest), at: reading.boot, .machine)
    }
  }

  /// The server told its time in an answer. Half the round trip is how wrong that can be.
  /// - Returns: False when it is not believed.
  @discardableResult
  public mutating func serverTold(
    _ told: Timestamp, asked: Uptime, received: Uptime
  ) -> Bool {
    let half = Duration.milliseconds(max(0, received.milliseconds - asked.milliseconds) / 2)
    let time = told.adding(half)
    guard time >= limits.built else { return false }
    if let anchor = memory.anchor, anchor.source == .server {
      // Its own word, carried on by a clock that does not jump.
      let ahead = time.since(self.time(at: received))
      guard ahead <= limits.jump, ahead >= .zero - limits.jump else {
        dispute = ahead < .zero ? .tooEarly : .tooFarAhead
        return false
      }
      let isWithin = ahead <= half && ahead >= .zero - half
      dispute = nil
      if isWithin {
        memory.server = time
        return true
      }
    } else if memory.anchor?.source != .staff, let last = memory.server,
      time.adding(Self.tolerance) < last
    {
      dispute = .tooEarly
      return false
    }
    anchor(time, at: received, .server)
    memory.server = time
    return true
  }

  /// Staff looked at a clock.
  /// - Returns: False for a time that cannot be: nothing changes.
  public mutating func staffConfirmed(_ time: Timestamp, at boot: Uptime) -> Bool {
    // Later than any machine will run, and far from the end of the numbers.
    guard time >= limits.built, time.since(limits.built) < .seconds(50 * 366 * 86_400) else {
      return false
    }
    anchor(time, at: boot, .staff)
    memory.server = nil
    return true
  }

  private mutating func anchor(
    _ time: Timestamp, at boot: Uptime, _ source: ClockMemory.Source
  ) {
    // Whatever was given at a time that has not come yet was given by a clock that was ahead.
    let before = memory.anchor.map { _ in self.time(at: boot) } ?? lastKnown
    if let before, time < before {
      memory.pardoned = max(memory.pardoned ?? before, before)
    }
    memory.anchor = ClockMemory.Anchor(
      offset: time.milliseconds &- boot.milliseconds, source: source)
    memory.seen = time
    doubt = nil
    dispute = nil
  }

  private func doubt(about reading: Reading) -> ClockTrust.Reason? {
    guard reading.machine >= limits.built, reading.machine.adding(Self.tolerance) >= earliest
    else { return .tooEarly }
    if let lastKnown {
      let running = reading.boot.since(startedAt)
      if reading.machine.since(lastKnown) > limits.jump + running { return .tooFarAhead }
    }
    return nil
  }

  /// The latest moment that is known to have passed.
  private var lastKnown: Timestamp? {
    let ticket = lastTicket.flatMap { ticket in
      memory.pardoned.map { $0 >= ticket } == true ? nil : ticket
    }
    return [memory.seen, memory.server, ticket].compactMap(\.self).max()
  }

  private var earliest: Timestamp { max(limits.built, lastKnown ?? limits.built) }
}
