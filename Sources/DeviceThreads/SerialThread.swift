/// A thread of its own for one device, as an actor's executor. All jobs run on the same thread, so state
/// that a library keeps per thread stays together.
///
/// The thread ends when the executor is let go.
public final class SerialThread: SerialExecutor {
  private let thread: WorkThread

  /// - Parameter name: as `ps -L` shows it; cut at 15 bytes.
  public init(name: String) { thread = WorkThread(name: name) }

  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    // What is queued keeps the executor alive until its job has run.
    thread.run { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }

  public func asUnownedSerialExecutor() -> UnownedSerialExecutor {
    unsafe UnownedSerialExecutor(ordinary: self)
  }
}
