public import OfficeModel

/// What the server must learn, in order within a stream, under a key committed before the
/// first send.
public struct OutboxStore: Sendable {
  public var enqueue: @Sendable (OutboxItem) async throws(PortError) -> Void
  /// Items due by now, oldest first, at most `limit` of each way.
  public var due: @Sendable (_ now: Timestamp, _ limit: Int) async throws(PortError) -> [OutboxItem]
  public var settle:
    @Sendable (_ id: String, OutboxResult, Timestamp) async throws(PortError) -> Void
  public var state: @Sendable () async throws(PortError) -> OutboxState
  /// Items that the server refused for good, oldest first, at most `limit`.
  public var dead: @Sendable (_ limit: Int) async throws(PortError) -> [DeadLetter]
  /// Lets a dead item, or with nil all of them, be sent again as if for the first time, under the
  /// key it had; on the record as done by `who`. Answers how many.
  public var retryDead:
    @Sendable (_ id: String?, _ who: String, Timestamp) async throws(PortError) -> Int

  public init(
    enqueue: @escaping @Sendable (OutboxItem) async throws(PortError) -> Void,
    due:
      @escaping @Sendable (_ now: Timestamp, _ limit: Int) async throws(PortError) -> [OutboxItem],
    settle:
      @escaping @Sendable (_ id: String, OutboxResult, Timestamp) async throws(PortError) -> Void,
    state: @escaping @Sendable () async throws(PortError) -> OutboxState,
    dead: @escaping @Sendable (_ limit: Int) async throws(PortError) -> [DeadLetter],
    retryDead:
      @escaping @Sendable (_ id: String?, _ who: String, Timestamp) async throws(PortError) -> Int
  ) {
    self.enqueue = enqueue
    self.due = due
    self.settle = settle
    self.state = state
    self.dead = dead
    self.retryDead = retryDead
  }
}

/// An item that is no longer sent, as staff see it.
public struct DeadLetter: Sendable, Equatable, Identifiable {
  public var id: String
  public var kind: OutboxItem.Kind
  public var createdAt: Timestamp
  /// How often it was sent.
  public var attempts: Int
  /// What the server said last; codes and fields, nothing of a person.
  public var reason: String

  public init(
    id: String, kind: OutboxItem.Kind, createdAt: Timestamp, attempts: Int, reason: String
  ) {
    self.id = id
    self.kind = kind
    self.createdAt = createdAt
    self.attempts = attempts
    self.reason = reason
  }
}

public struct OutboxItem: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    case ticket, ticketVoid, printReserved, printOutcome, leaseReturned, survey, complaint,
      staffCall
    case auditHead

    public var way: Way {
      switch self {
      case .ticket, .ticketVoid: .numbers
      default: .reports
      }
    }
  }
  /// Where the server takes an item. What hangs there holds up nothing that goes another way.
  public enum Way: String, Sendable, CaseIterable {
    case numbers, reports

    public var kinds: [Kind] { Kind.allCases.filter { $0.way == self } }
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
  /// Of those, the ends of prints.
  public var prints: Int
  public var oldest: Timestamp?
  public var dead: Int
  public init(waiting: Int, prints: Int = 0, oldest: Timestamp?, dead: Int) {
    self.waiting = waiting
    self.prints = prints
    self.oldest = oldest
    self.dead = dead
  }
}
