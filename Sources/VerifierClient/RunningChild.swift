internal import CLinux
internal import Glibc

/// A child process that was started; gone for good, killed if need be, when this value is.
struct RunningChild: ~Copyable {
  struct NotStarted: Error { let code: Int32 }

  let process: pid_t
  private let output: Int32
  private var isReaped = false

  /// - Parameter input: becomes descriptor 0; stays the caller's.
  init(path: String, arguments: [String], input: Int32) throws(NotStarted) {
    var ends: [Int32] = [-1, -1]
    guard unsafe clinux_pipe(&ends) == 0 else { throw NotStarted(code: errno) }
    let (status, process) = Self.spawn(
      path: path, arguments: arguments, input: input, output: ends[1])
    close(ends[1])
    guard status == 0 else {
      close(ends[0])
      throw NotStarted(code: status)
    }
    self.process = process
    output = ends[0]
  }

  deinit {
    if !isReaped {
      kill(process, SIGKILL)
      _ = Self.reap(process)
    }
    close(output)
  }

  /// Blocks until the child is gone, at most `limit`: call it on a thread of your own.
  /// - Parameter sink: gets the output piece by piece; false ends the child. The pieces are wiped.
  mutating func collect(
    within limit: Duration, outputLimitBytes: Int, sink: (UnsafeRawBufferPointer) -> Bool
  ) -> ChildProcess.Ending {
    let deadline = ContinuousClock().now + limit
    var early = unsafe drain(until: deadline, limit: outputLimitBytes, sink: sink)
    // After the end of its output a child may still linger.
    if early == nil, !waitForExit(until: deadline) { early = .timedOut }
    if early != nil { kill(process, SIGKILL) }
    let status = Self.reap(process)
    isReaped = true
    if let early { return early }
    let signal = status & 0x7f
    return signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal)
  }

  private static func reap(_ process: pid_t) -> Int32 {
    var status: Int32 = 0
    // The child is ours and not waited for elsewhere, so nothing but a signal can disturb this.
    while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
    return status
  }

  private static func milliseconds(until deadline: ContinuousClock.Instant) -> Int64 {
    ContinuousClock().now.duration(to: deadline).milliseconds
  }

  /// Nil at the end of the output.
  private func drain(
    until deadline: ContinuousClock.Instant, limit: Int, sink: (UnsafeRawBufferPointer) -> Bool
  ) -> ChildProcess.Ending? {
    let size = 64 << 10
    let buffer = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
    var used = 0
    defer {
      unsafe clinux_wipe(buffer, used)
      unsafe buffer.deallocate()
    }
    var total = 0
    while true {
      let left = Self.milliseconds(until: deadline)
      guard left > 0 else { return .timedOut }
      var entry = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      let ready = unsafe poll(&entry, 1, Int32(clamping: left))
      if ready < 0 && errno != EINTR { return .stopped }
      if ready <= 0 { continue }
      let count = unsafe read(output, buffer, size)
      if count < 0 {
        if errno == EINTR { continue }
        return .stopped
      }
      if count == 0 { return nil }
      used = max(used, count)
      total += count
      if total > limit { return .tooMuchOutput }
      if !(unsafe sink(UnsafeRawBufferPointer(start: buffer, count: count))) { return .stopped }
    }
  }

  /// Waits for the end without taking the child away; false when it did not come in time.
  private func waitForExit(until deadline: ContinuousClock.Instant) -> Bool {
    let descriptor = clinux_pidfd(process)
    // An old kernel: the child's own CPU limit bounds the wait that follows.
    guard descriptor >= 0 else { return true }
    defer { close(descriptor) }
    while true {
      var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let left = max(Self.milliseconds(until: deadline), 0)
      let ready = unsafe poll(&entry, 1, Int32(clamping: left))
      if ready < 0 && errno == EINTR { continue }
      return ready != 0
    }
  }

  private static func spawn(
    path: String, arguments: [String], input: Int32, output: Int32
  ) -> (Int32, pid_t) {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, input, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
    unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    unsafe clinux_spawn_close_from(&actions, 3)

    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    unsafe sigemptyset(&none)
    var all = sigset_t()
    unsafe sigfillset(&all)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setsigdefault(&attributes, &all)
    unsafe posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    let spoken = [path] + arguments
    var words = unsafe spoken.map { unsafe strdup($0) }
    unsafe words.append(nil)
    // Nothing of our surroundings is passed on. qpdf brings GnuTLS along, which would set itself
    // up at every start without being asked for anything.
    let variables = ["PATH=/usr/bin:/bin", "LANG=C.UTF-8", "GNUTLS_NO_IMPLICIT_INIT=1"]
    var environment = unsafe variables.map { unsafe strdup($0) }
    unsafe environment.append(nil)
    defer {
      for index in unsafe words.indices { unsafe free(words[index]) }
      for index in unsafe environment.indices { unsafe free(environment[index]) }
    }
    var child = pid_t(0)
    let status = unsafe posix_spawn(&child, path, &actions, &attributes, words, environment)
    return (status, child)
  }
}

extension Duration {
  var milliseconds: Int64 {
    let parts = components
    return parts.seconds * 1000 + parts.attoseconds / 1_000_000_000_000_000
  }
}
