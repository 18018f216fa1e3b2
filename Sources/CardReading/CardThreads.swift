internal import DeviceThreads
internal import Dispatch
internal import OfficeModel
internal import Synchronization

/// The threads of one card reader that are inside the platform. libpcsclite tears its lists down when
/// the process exits, under the feet of whoever is in one of its calls; so they end before.
final class CardThreads: Sendable {
  private let running = DispatchGroup()
  private let isClosed = Mutex(false)

  /// Runs `body` on a thread of its own, unless all is to end.
  /// - Parameter body: gets what says that the thread no longer counts; to be called once.
  /// - Returns: whether it runs.
  func start(name: String, _ body: @escaping @Sendable (_ done: () -> Void) -> Void) -> Bool {
    let mayStart = isClosed.withLock { isClosed in
      if !isClosed { running.enter() }
      return !isClosed
    }
    if mayStart { Threads.start(name: name) { [running] in body { running.leave() } } }
    return mayStart
  }

  /// A thread that hangs for ever is waited for no longer; it calls its `done` no more.
  func abandon() { running.leave() }

  /// Starts none any more and waits for those that run.
  /// - Returns: whether all have ended in time.
  func close(within limit: Duration) -> Bool {
    isClosed.withLock { $0 = true }
    return running.wait(timeout: .now() + .milliseconds(Int(limit.wholeMilliseconds))) == .success
  }
}
