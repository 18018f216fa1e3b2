import Synchronization

/// Keeps what happened, in order, and lets a test wait for what it expects instead of for time.
public final class Recorder<Element: Sendable>: Sendable {
  private struct Waiter {
    var matches: @Sendable (Element) -> Bool
    var continuation: CheckedContinuation<Element?, Never>
  }
  private enum Found {
    case here(Element)
    case never, waiting
  }
  private struct State {
    var elements: [Element] = []
    var nextID = 0
    var waiters: [Int: Waiter] = [:]
  }
  private let state = Mutex(State())

  public init() {}

  public var all: [Element] { state.withLock { $0.elements } }

  public func append(_ element: Element) {
    let woken = state.withLock { state in
      state.elements.append(element)
      let due = state.waiters.filter { $0.value.matches(element) }
      for id in due.keys { state.waiters[id] = nil }
      return due.values.map(\.continuation)
    }
    for continuation in woken { continuation.resume(returning: element) }
  }

  /// The first element that matches, among those already here or those to come; nil when the waiting
  /// task is cancelled.
  public func first(_ matches: @escaping @Sendable (Element) -> Bool) async -> Element? {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let found: Found = state.withLock { state in
          if let element = state.elements.first(where: matches) { return .here(element) }
          if Task.isCancelled { return .never }
          state.waiters[id] = Waiter(matches: matches, continuation: continuation)
          return .waiting
        }
        switch found {
        case .here(let element): continuation.resume(returning: element)
        case .never: continuation.resume(returning: nil)
        case .waiting: break
        }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: id) }?.continuation.resume(returning: nil)
    }
  }
}
