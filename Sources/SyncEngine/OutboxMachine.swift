public import OfficeModel

/// What becomes of an outbox item after one attempt to send it, as a rule without time or chance of
/// its own.
public struct OutboxPolicy: Sendable, Hashable {
  /// After this many answers that were no success an item is dead: at the capped delay about a day
  /// of a working server that cannot work with it. An outage has no limit.
  public var failuresLimit: Int
  public var backoff: Backoff

  public init(failuresLimit: Int = 600, backoff: Backoff = Backoff()) {
    self.failuresLimit = max(1, failuresLimit)
    self.backoff = backoff
  }

  public enum Reply: Sendable, Hashable {
    case accepted
    /// The server said itself that the same request will always be refused.
    case rejected(reason: String)
    /// The server answered and failed: asked again under the same key, and counted, because an item
    /// at which it always fails must not hold its stream for ever.
    case failed(reason: String, retryAfter: Duration?)
    /// No answer of the server, or one that says nothing about the item: asked again under the same
    /// key, however long that takes.
    case lost(reason: String, retryAfter: Duration?)

    /// Whether the reply counts against the item.
    public var isFailure: Bool {
      if case .failed = self { true } else { false }
    }
  }

  public enum Decision: Sendable, Hashable {
    case delivered
    case retry(at: Timestamp)
    case dead(reason: String)
  }

  /// `attempts`: how many were made before this one; `failures`: how many of them were `failed`.
  public func decide(
    _ reply: Reply, attempts: Int, failures: Int, now: Timestamp, random: Double
  ) -> Decision {
    switch reply {
    case .accepted: return .delivered
    case .rejected(let reason): return .dead(reason: reason)
    case .failed(let reason, let retryAfter):
      guard failures + 1 < failuresLimit else {
        return .dead(reason: "no success in \(failures + 1) answers, last: \(reason)")
      }
      return retry(attempts, now, random, retryAfter)
    case .lost(_, let retryAfter):
      return retry(attempts, now, random, retryAfter)
    }
  }

  private func retry(
    _ attempts: Int, _ now: Timestamp, _ random: Double, _ retryAfter: Duration?
  ) -> Decision {
    .retry(
      at: now.adding(
        backoff.delay(attempt: attempts + 1, random: random, retryAfter: retryAfter)))
  }
}

/// Which items of a batch are sent: in each stream strictly in order, streams independent of each
/// other. A stream whose item failed rests for the rest of the batch, and so does a way on which the
/// server let one item wait until its time was out: it would let each of the others wait as long.
public struct OutboxBatch: Sendable, Hashable {
  public struct Entry: Sendable, Hashable {
    public var id: String
    public var stream: String
    /// Items that the server takes in the same place.
    public var way: String
    public init(id: String, stream: String, way: String) {
      self.id = id
      self.stream = stream
      self.way = way
    }
  }

  private var waiting: [Entry]
  private var restingStreams: Set<String> = []
  private var restingWays: Set<String> = []
  /// Whether anything was left out that is due all the same.
  public var isHeldUp: Bool { !restingWays.isEmpty }

  /// `entries`: due now, oldest first.
  public init(_ entries: [Entry]) { waiting = entries }

  /// The next item to send; nil when the batch is done.
  public mutating func next() -> Entry? {
    while !waiting.isEmpty {
      let entry = waiting.removeFirst()
      if !restingStreams.contains(entry.stream), !restingWays.contains(entry.way) { return entry }
    }
    return nil
  }

  /// - Parameter timedOut: No answer came for as long as one is waited for.
  public mutating func settled(
    _ entry: Entry, _ decision: OutboxPolicy.Decision, timedOut: Bool = false
  ) {
    // A dead item lets its stream go on, but not those that may not pass it, which the store knows.
    if decision != .delivered { restingStreams.insert(entry.stream) }
    if timedOut { restingWays.insert(entry.way) }
  }
}

/// How long the loop that empties the outbox rests when nothing is due.
public enum OutboxRest {
  /// Looks at least this often, for items whose wait has run out.
  public static let longest = Duration.seconds(30)
  /// And at most this often, whatever the jitter says.
  public static let shortest = Duration.milliseconds(500)
  /// A way that hangs is tried again with its next item, the others are seen to first.
  public static let afterTimeout = Duration.seconds(5)
  /// A store that just failed is given time to be helped.
  public static let afterStoreFailure = Duration.seconds(5)
}
