internal import Glibc

/// A thread of its own for calls into a C library that may block for seconds: they happen here and never
/// in Swift's thread pool, one after the other.
///
/// The thread ends when this is let go and all that was handed over is done.
public final class WorkThread: Sendable {
  private let queue = WorkQueue()

  /// - Parameter name: as `ps -L` shows it; cut at 15 bytes.
  public init(name: String) {
    Threads.start(name: name) { [queue] in
      while let work = queue.next() { work() }
    }
  }

  deinit { queue.close() }

  /// Returns at once.
  public func run(_ work: @escaping @Sendable () -> Void) { queue.add(work) }
}

/// Work in order; `next` waits for some without using the processor.
///
/// Unchecked because the compiler cannot see it: `entries` and `isClosed` are touched only between
/// lock and unlock of `mutex`.
@safe private final class WorkQueue: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var entries: [@Sendable () -> Void] = []
  private var isClosed = false

  init() {
    unsafe pthread_mutex_init(mutex, nil)
    unsafe pthread_cond_init(condition, nil)
  }

  deinit {
    unsafe pthread_cond_destroy(condition)
    unsafe pthread_mutex_destroy(mutex)
    unsafe condition.deallocate()
    unsafe mutex.deallocate()
  }

  func add(_ entry: @escaping @Sendable () -> Void) {
    unsafe pthread_mutex_lock(mutex)
    entries.append(entry)
    unsafe pthread_mutex_unlock(mutex)
    // After the lock, which whoever wakes wants.
    unsafe pthread_cond_signal(condition)
  }

  func close() {
    unsafe pthread_mutex_lock(mutex)
    isClosed = true
    unsafe pthread_cond_signal(condition)
    unsafe pthread_mutex_unlock(mutex)
  }

  func next() -> (@Sendable () -> Void)? {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while entries.isEmpty {
      if isClosed { return nil }
      unsafe pthread_cond_wait(condition, mutex)
    }
    return entries.removeFirst()
  }
}
