public import OfficeModel

/// What the server must learn, in order within a stream, under a key committed before the
/// first send.
public struct OutboxStore: Sendable {
  public var enqueue: @Sendable (OutboxItem) async throws(PortError) -> Void
  /// Items due by now, oldest first of each stream, at most `limit`.
  public var due: @Sendable (_ now: Timestamp, _ limit: Int) async throws(PortError) -> [OutboxItem]
  public var settle:
    @Sendable (_ id: String, OutboxResult, Timestamp) async throws(PortError) -> Void
  public var state: @Sendable () async throws(PortError) -> OutboxState

  public init(
    enqueue: @escaping @Sendable (OutboxItem) async throws(PortError) -> Void,
    due:
      @escaping @Sendable (_ now: Timestamp, _ limit: Int) async throws(PortError) -> [OutboxItem],
    settle:
      @escaping @Sendable (_ id: String, OutboxResult, Timestamp) async throws(PortError) -> Void,
    state: @escaping @Sendable () async throws(PortError) -> OutboxState
  ) {
    self.enqueue = enqueue
    self.due = due
    self.settle = settle
    self.state = state
  }
}

public struct OutboxItem: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    case ticket, printReserved, printOutcome, survey, staffCall
  }
  public var id: String
  public var kind: Kind
  /// Items of one stream are sent in order; streams do not block each other.
  public var stream: String
  /// JSON; no personal data.
  public var body: [UInt8]
  public var createdAt: Timestamp
  /// How often it was sent, answered or not: the waits grow with it.
  public var attempts: Int
  /// How many of the attempts the server answered, and not with success.
  public var failures: Int
  public init(
    id: String, kind: Kind, stream: String, body: [UInt8], createdAt: Timestamp,
    attempts: Int = 0, failures: Int = 0
  ) {
    self.id = id
    self.kind = kind
    self.stream = stream
    self.body = body
    self.createdAt = createdAt
    self.attempts = attempts
    self.failures = failures
  }
}

public enum OutboxResult: Sendable, Equatable {
  case delivered
  /// `isFailure`: the server answered, and the answer counts against the item.
  case retry(at: Timestamp, isFailure: Bool = false)
  /// The server refused it for good: staff and health see it.
  case dead(reason: String)
}

public struct OutboxState: Sendable, Equatable {
  public var waiting: Int
  public var oldest: Timestamp?
  public var dead: Int
  public init(waiting: Int, oldest: Timestamp?, dead: Int) {
    self.waiting = waiting
    self.oldest = oldest
    self.dead = dead
  }
}
