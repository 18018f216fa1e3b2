internal import Glibc
internal import Synchronization

/// A thread of its own for one device, as an actor's executor: calls into a C library that may
/// block for seconds happen here and never in Swift's thread pool. Jobs run one after the other,
/// all on the same thread, so state that a library keeps per thread stays together.
///
/// The thread ends when the executor is let go.
public final class SerialThread: SerialExecutor {
  private let queue = JobQueue()

  /// - Parameter name: as `ps -L` shows it; cut at 15 bytes.
  public init(name: String) {
    let queue = self.queue
    Threads.start(name: name) {
      while let entry = queue.next() {
        unsafe entry.job.runSynchronously(on: entry.executor.asUnownedSerialExecutor())
      }
    }
  }

  deinit { queue.close() }

  public func enqueue(_ job: consuming ExecutorJob) {
    // The entry keeps the executor alive until its job has run.
    queue.add(JobQueue.Entry(job: UnownedJob(job), executor: self))
  }

  public func asUnownedSerialExecutor() -> UnownedSerialExecutor {
    unsafe UnownedSerialExecutor(ordinary: self)
  }
}

/// Jobs in order; `next` waits for one without using the processor.
///
/// Unchecked because the compiler cannot see it: `entries` and `isClosed` are touched only between
/// lock and unlock of `mutex`.
@safe private final class JobQueue: @unchecked Sendable {
  struct Entry {
    let job: UnownedJob
    let executor: SerialThread
  }

  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var entries: [Entry] = []
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

  func add(_ entry: Entry) {
    unsafe pthread_mutex_lock(mutex)
    entries.append(entry)
    unsafe pthread_cond_signal(condition)
    unsafe pthread_mutex_unlock(mutex)
  }

  func close() {
    unsafe pthread_mutex_lock(mutex)
    isClosed = true
    unsafe pthread_cond_signal(condition)
    unsafe pthread_mutex_unlock(mutex)
  }

  func next() -> Entry? {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while entries.isEmpty {
      if isClosed { return nil }
      unsafe pthread_cond_wait(condition, mutex)
    }
    return entries.removeFirst()
  }
}
