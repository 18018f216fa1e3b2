/// When the next page of changes is fetched and from which cursor, as a value.
public struct PullMachine: Sendable, Hashable {
  public enum Event: Sendable, Hashable {
    /// Time to ask has come, or somebody nudged.
    case due
    /// A page was checked and committed together with its cursor.
    case pageApplied(cursor: String, hasMore: Bool)
    case failed(Failure, random: Double)
  }

  public enum Failure: Sendable, Hashable {
    /// No answer, a 5xx, an answer that makes no sense.
    case transient(retryAfter: Duration?)
    /// The server no longer knows the cursor: start over without one.
    case cursorTooOld
    /// The store could not keep the page; the server is fine.
    case store
  }

  public enum Command: Sendable, Hashable {
    case fetch(cursor: String?)
    case wait(Duration)
    /// The server's answers changed from reachable to not, or back.
    case reportReachable(Bool)
    /// Everything the server had is here.
    case reportSynced
  }

  public enum State: Sendable, Hashable { case waiting, fetching }

  public private(set) var state: State = .waiting
  public private(set) var cursor: String?
  public private(set) var failures = 0
  public private(set) var isReachable: Bool?
  private var pagesInRow = 0
  /// How often the cache is compared with the server while all is well.
  public let interval: Duration
  public let backoff: Backoff
  /// Pages fetched without a pause; a server that always says "more" does not spin the kiosk.
  public static let pagesInRowLimit = 2000

  public init(cursor: String?, interval: Duration = .seconds(60), backoff: Backoff = Backoff()) {
    self.cursor = cursor
    self.interval = interval
    self.backoff = backoff
  }

  public mutating func handle(_ event: Event) -> [Command] {
    switch event {
    case .due:
      guard state == .waiting else { return [] }
      state = .fetching
      return [.fetch(cursor: cursor)]
    case .pageApplied(let next, let hasMore):
      guard state == .fetching else { return [] }
      // A page that says "more" without moving would be fetched for ever.
      let moved = next != cursor
      cursor = next
      failures = 0
      var commands = reachable(true)
      pagesInRow += 1
      if hasMore, moved, pagesInRow < Self.pagesInRowLimit {
        return commands + [.fetch(cursor: next)]
      }
      pagesInRow = 0
      state = .waiting
      if !hasMore { commands.append(.reportSynced) }
      return commands + [.wait(interval)]
    case .failed(let failure, let random):
      guard state == .fetching else { return [] }
      state = .waiting
      pagesInRow = 0
      failures = min(failures + 1, 1000)
      switch failure {
      case .transient(let retryAfter):
        return reachable(false)
          + [.wait(backoff.delay(attempt: failures, random: random, retryAfter: retryAfter))]
      case .cursorTooOld:
        // The first time at once; a server that refuses even the empty cursor is backed off from.
        let commands = reachable(true)
        let hadCursor = cursor != nil
        cursor = nil
        return commands
          + [.wait(hadCursor ? .zero : backoff.delay(attempt: failures, random: random))]
      case .store:
        return reachable(true) + [.wait(backoff.delay(attempt: failures, random: random))]
      }
    }
  }

  private mutating func reachable(_ now: Bool) -> [Command] {
    guard isReachable != now else { return [] }
    isReachable = now
    return [.reportReachable(now)]
  }
}
