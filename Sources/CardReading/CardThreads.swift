internal import DeviceThreads
internal import Dispatch
internal import OfficeModel
internal import Synchronization

/// The threads of one card reader that are inside the platform. libpcsclite tears its lists down when
/// the process exits, under the feet of whoever is in one of its calls; so they end before.
final class CardThreads: Sendable {
  private struct State {
    var isClosed = false
    /// Made with the first talk and kept: a new one takes 0.1 ms of a photo's 2, on a busy machine far more.
    var talking: WorkThread?
  }

  private let running = DispatchGroup()
  private let state = Mutex(State())

  /// What runs on one of the threads; gets what says that it no longer counts, to be called once.
  typealias Body = @Sendable (_ done: () -> Void) -> Void

  /// Runs `body` on a thread of its own, unless all is to end.
  /// - Returns: whether it runs.
  func start(name: String, _ body: @escaping Body) -> Bool {
    let mayStart = state.withLock { state in
      if !state.isClosed { running.enter() }
      return !state.isClosed
    }
    if mayStart { Threads.start(name: name) { [running] in body { running.leave() } } }
    return mayStart
  }

  /// Runs `body` on the thread for talks, behind those before it, unless all is to end.
  /// - Returns: whether it runs.
  func talk(_ body: @escaping Body) -> Bool {
    state.withLock { state in
      guard !state.isClosed else { return false }
      running.enter()
      let thread = state.talking ?? WorkThread(name: "card-talk")
      state.talking = thread
      thread.run { [running] in body { running.leave() } }
      return true
    }
  }

  /// The talk hangs, maybe for ever: it is waited for no longer and calls its `done` no more. Its thread
  /// ends when it comes back; the next talk has a new one.
  func abandonTalk() {
    state.withLock { $0.talking = nil }
    running.leave()
  }

  /// Starts none any more and waits for those that run.
  /// - Returns: whether all have ended in time.
  func close(within limit: Duration) -> Bool {
    state.withLock { state in
      state.isClosed = true
      state.talking = nil
    }
    return running.wait(timeout: .now() + .milliseconds(Int(limit.wholeMilliseconds))) == .success
  }
}
