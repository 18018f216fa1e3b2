/// Whether the kiosk's civil time may be built on.
public enum ClockTrust: Sendable, Hashable {
  case trusted
  /// Nothing that carries a date is given until the server or staff say what time it is.
  case untrusted(reason: Reason)

  public enum Reason: String, Sendable, CaseIterable {
    /// Before the software was built, the last server time or the last number given.
    case tooEarly
    /// Further ahead of the last known time than the office allows.
    case tooFarAhead
  }
}

/// What the next run of the kiosk needs to know of the time.
public struct ClockMemory: Sendable, Hashable {
  /// Whose word the time goes by.
  public enum Source: String, Sendable, CaseIterable { case machine, server, staff }
  /// The civil time as distance to the monotonic one: it holds as long as the machine is not
  /// started anew.
  public struct Anchor: Sendable, Hashable {
    /// Civil time less the time since the machine's start, milliseconds.
    public var offset: Int64
    public var source: Source
    public init(offset: Int64, source: Source) {
      self.offset = offset
      self.source = source
    }
  }

  /// What staff said of the time since the server last told one that counts.
  public enum StaffWord: String, Sendable, CaseIterable {
    case told
    /// They were asked because the server told another time, and told theirs.
    case overruled
  }

  /// The kernel's name for this start of the machine.
  public var bootID: String
  /// Nil: no time is trusted.
  public var anchor: Anchor?
  /// The latest civil time that was known to have been reached.
  public var seen: Timestamp?
  /// The last time that the server told.
  public var server: Timestamp?
  /// Nil: they said nothing.
  public var staff: StaffWord?
  /// Numbers up to here were given by a clock that was found to be ahead: they prove nothing.
  public var pardoned: Timestamp?

  public init(
    bootID: String, anchor: Anchor? = nil, seen: Timestamp? = nil, server: Timestamp? = nil,
    staff: StaffWord? = nil, pardoned: Timestamp? = nil
  ) {
    self.bootID = bootID
    self.anchor = anchor
    self.seen = seen
    self.server = server
    self.staff = staff
    self.pardoned = pardoned
  }
}
