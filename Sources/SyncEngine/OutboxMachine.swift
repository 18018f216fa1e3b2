public import OfficeModel

/// What becomes of an outbox item after one attempt to send it, as a rule without time or chance of
/// its own.
public struct OutboxPolicy: Sendable, Hashable {
  /// After this many attempts an item is dead: at the capped delay about a day of trying.
  public var attemptsLimit: Int
  public var backoff: Backoff

  public init(attemptsLimit: Int = 600, backoff: Backoff = Backoff()) {
    self.attemptsLimit = max(1, attemptsLimit)
    self.backoff = backoff
  }

  public enum Reply: Sendable, Hashable {
    case accepted
    /// 409 or 422 and other answers that the same request will always get.
    case rejected(reason: String)
    /// No answer or one that may change: asked again under the same key.
    case lost(reason: String, retryAfter: Duration?)
  }

  public enum Decision: Sendable, Hashable {
    case delivered
    case retry(at: Timestamp)
    case dead(reason: String)
  }

  /// `attempts`: how many were made before this one.
  public func decide(
    _ reply: Reply, attempts: Int, now: Timestamp, random: Double
  ) -> Decision {
    switch reply {
    case .accepted: return .delivered
    case .rejected(let reason): return .dead(reason: reason)
    case .lost(let reason, let retryAfter):
      let made = attempts + 1
      guard made < attemptsLimit else {
        return .dead(reason: "no success in \(made) attempts, last: \(reason)")
      }
      return .retry(
        at: now.adding(backoff.delay(attempt: made, random: random, retryAfter: retryAfter)))
    }
  }
}

/// Which items of a batch are sent: in each stream strictly in order, streams independent of each
/// other. A stream whose item failed rests for the rest of the batch.
public struct OutboxBatch: Sendable, Hashable {
  public struct Entry: Sendable, Hashable {
    public var id: String
    public var stream: String
    public init(id: String, stream: String) {
      self.id = id
      self.stream = stream
    }
  }

  private var waiting: [Entry]
  private var resting: Set<String> = []

  /// `entries`: due now, oldest first.
  public init(_ entries: [Entry]) { waiting = entries }

  /// The next item to send; nil when the batch is done.
  public mutating func next() -> Entry? {
    while !waiting.isEmpty {
      let entry = waiting.removeFirst()
      if !resting.contains(entry.stream) { return entry }
    }
    return nil
  }

  public mutating func settled(_ entry: Entry, _ decision: OutboxPolicy.Decision) {
    // A dead item lets its stream go on: it will never be accepted, and those after it may be.
    if case .retry = decision { resting.insert(entry.stream) }
  }
}

/// How long the loop that empties the outbox rests when nothing is due.
public enum OutboxRest {
  /// Looks at least this often, for items whose wait has run out.
  public static let longest = Duration.seconds(30)
  /// And at most this often, whatever the jitter says.
  public static let shortest = Duration.milliseconds(500)
  /// A store that just failed is given time to be helped.
  public static let afterStoreFailure = Duration.seconds(5)
}
