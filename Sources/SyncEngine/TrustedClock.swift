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
  /// The server tells a time that cannot be believed, and staff have not yet said who is right.
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
    _ told: Timestamp, asked: Uptime, received: Reading
  ) -> Bool {
    let half = Duration.milliseconds(max(0, received.boot.milliseconds - asked.milliseconds) / 2)
    let time = told.adding(half)
    guard time >= limits.built else { return false }
    if let objection = objection(to: time, at: received) {
      if memory.staff != .overruled { dispute = objection }
      return false
    }
    // An answer that allows the time as it is does not move it.
    if memory.anchor?.source == .server, isNear(time, self.time(at: received.boot), half) {
      dispute = nil
    } else {
      anchor(time, at: received.boot, .server)
    }
    memory.server = time
    memory.staff = nil
    return true
  }

  /// What speaks against a time of the server's: the time that is carried on by a clock that does not
  /// jump; where there is none, what was last known, unless the machine's own clock bears it out.
  private func objection(to time: Timestamp, at now: Reading) -> ClockTrust.Reason? {
    // Until somebody told a time it is the machine's alone, and the server knows better.
    guard memory.server != nil || memory.staff != nil else { return nil }
    if memory.anchor?.source ?? .machine == .machine, let last = memory.server,
      time.adding(Self.tolerance) < last
    {
      return .tooEarly
    }
    var own = self.time(at: now.boot)
    if memory.anchor == nil, isNear(now.machine, time, limits.jump) { own = max(own, now.machine) }
    guard !isNear(time, own, limits.jump) else { return nil }
    return time < own ? .tooEarly : .tooFarAhead
  }

  private func isNear(_ one: Timestamp, _ other: Timestamp, _ limit: Duration) -> Bool {
    max(one, other).since(min(one, other)) <= limit
  }

  /// Staff looked at a clock.
  /// - Returns: False for a time that cannot be: nothing changes.
  public mutating func staffConfirmed(_ time: Timestamp, at boot: Uptime) -> Bool {
    // Later than any machine will run, and far from the end of the numbers.
    guard time >= limits.built, time.since(limits.built) < .seconds(50 * 366 * 86_400) else {
      return false
    }
    memory.staff = dispute == nil && memory.staff != .overruled ? .told : .overruled
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
