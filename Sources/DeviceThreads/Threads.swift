internal import CLinux
internal import Glibc

/// Threads outside Swift's pool.
public enum Threads {
  /// Runs `body` on a new detached thread. A thread that hangs in a C call costs only itself.
  public static func start(name: String, _ body: @escaping @Sendable () -> Void) {
    let box = unsafe Unmanaged.passRetained(Body(name: name, run: body)).toOpaque()
    var thread = pthread_t()
    let status = unsafe pthread_create(
      &thread, nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        let body = unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
        unsafe clinux_name_thread(body.name)
        body.run()
        return nil
      }, box)
    // EAGAIN: the machine has no threads left, and nothing here can go on without one.
    precondition(status == 0, "pthread_create failed with \(status)")
    pthread_detach(thread)
  }

  private final class Body: Sendable {
    let name: String
    let run: @Sendable () -> Void
    init(name: String, run: @escaping @Sendable () -> Void) {
      self.name = name
      self.run = run
    }
  }
}
