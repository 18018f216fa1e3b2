internal import Dispatch
internal import Synchronization

/// Bridges a synchronous command to asynchronous work: the main thread waits, the work runs in
/// Swift's pool. Only for commands without a window.
enum Waiting {
  static func forResult<Value: Sendable>(
    _ work: @escaping @Sendable () async -> Value
  ) -> Value {
    let box = Box<Value>()
    let done = DispatchSemaphore(value: 0)
    Task.detached {
      let value = await work()
      box.value.withLock { $0 = value }
      done.signal()
    }
    while true {
      done.wait()
      if let value = box.value.withLock({ $0 }) { return value }
    }
  }

  private final class Box<Value: Sendable>: Sendable {
    let value = Mutex<Value?>(nil)
  }
}
