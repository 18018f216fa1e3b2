public import Ports
import Synchronization

/// Wakes a loop before its time. One nudge while nobody waits is kept; more are the same.
public final class Nudge: Sendable {
  private struct State {
    var isPending = false
    var nextID: UInt64 = 0
    var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
  }
  private let state = Mutex(State())

  public init() {}

  public func nudge() {
    let waiters = state.withLock { state in
      let waiters = Array(state.waiters.values)
      state.waiters.removeAll()
      state.isPending = waiters.isEmpty
      return waiters
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Returns at the next nudge, after `limit`, or throws when the task is cancelled.
  public func wait(atMost limit: Duration, _ clock: ClockPort) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await clock.sleep(limit) }
      group.addTask { await self.next() }
      defer { group.cancelAll() }
      try await group.next()
    }
    try Task.checkCancellation()
  }

  private func next() async {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isReady = state.withLock { state in
          if state.isPending || Task.isCancelled {
            state.isPending = state.isPending && Task.isCancelled
            return true
          }
          state.waiters[id] = continuation
          return false
        }
        if isReady { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
    }
  }
}
