public import Journey
internal import Synchronization

/// The one way into the loop from other threads. Order is kept; a batch wakes the loop once.
public final class Mailbox: Sendable {
  /// More unread news than this means that the loop hangs: the newest is dropped and counted.
  public static let limit = 10_000

  private struct Contents {
    var actions: [Action] = []
    var dropped = 0
    var wake: (@Sendable () -> Void)?
  }
  private let contents = Mutex(Contents())

  public init() {}

  /// Callable from any thread; never blocks for longer than the others take to do the same.
  /// - Returns: false when the mailbox was full.
  @discardableResult public func send(_ action: Action) -> Bool {
    let (accepted, wake) = contents.withLock { contents -> (Bool, (@Sendable () -> Void)?) in
      guard contents.actions.count < Self.limit else {
        contents.dropped += 1
        return (false, nil)
      }
      contents.actions.append(action)
      return (true, contents.actions.count == 1 ? contents.wake : nil)
    }
    wake?()
    return accepted
  }

  /// How many actions were dropped since the start.
  public var dropped: Int { contents.withLock { $0.dropped } }

  /// Takes all that came, oldest first.
  package func drain() -> [Action] {
    contents.withLock { contents in
      let actions = contents.actions
      contents.actions = []
      return actions
    }
  }

  var isEmpty: Bool { contents.withLock { $0.actions.isEmpty } }

  /// Who is woken by the first of a batch; at once when something is waiting already.
  package func onArrival(_ wake: (@Sendable () -> Void)?) {
    let isWaiting = contents.withLock { contents in
      contents.wake = wake
      return !contents.actions.isEmpty
    }
    if isWaiting { wake?() }
  }
}
