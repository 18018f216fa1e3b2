internal import CLinux
internal import Glibc

/// One child with a document on descriptor 0 and its answer on descriptor 1, started without a
/// fork of ours. Every wait has an end; a child that is too slow or says too much is killed.
struct ChildProcess {
  enum Ending: Equatable, Sendable {
    case exited(Int32)
    case signalled(Int32)
    case timedOut
    case tooMuchOutput
    /// The sink refused more.
    case stopped
    /// It never ran; errno.
    case notStarted(Int32)
  }

  let path: String
  let arguments: [String]
  let wallLimit: Duration
  let outputLimitBytes: Int

  /// Blocks until the child is gone: call it on a thread of your own.
  /// - Parameters:
  ///   - input: becomes descriptor 0; stays the caller's.
  ///   - sink: gets the output piece by piece; false ends the child. The pieces are wiped.
  func run(input: Int32, sink: (UnsafeRawBufferPointer) -> Bool) -> Ending {
    var ends: [Int32] = [-1, -1]
    guard unsafe clinux_pipe(&ends) == 0 else { return .notStarted(errno) }
    let output = ends[0]
    defer { close(output) }
    let (status, child) = spawn(input: input, output: ends[1])
    close(ends[1])
    guard status == 0 else { return .notStarted(status) }
    let early = unsafe drain(output, sink: sink)
    if early != nil { kill(child, SIGKILL) }
    // After end of output a child may still linger; its time runs on.
    let ending = reap(child, killed: early != nil)
    return early ?? ending
  }

  private func spawn(input: Int32, output: Int32) -> (Int32, pid_t) {
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
    // Nothing of our surroundings is passed on.
    let variables = ["PATH=/usr/bin:/bin", "LANG=C.UTF-8"]
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

  /// Nil at the end of the output.
  private func drain(_ output: Int32, sink: (UnsafeRawBufferPointer) -> Bool) -> Ending? {
    let clock = ContinuousClock()
    let deadline = clock.now + wallLimit
    let size = 64 << 10
    let buffer = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
    defer {
      unsafe clinux_wipe(buffer, size)
      unsafe buffer.deallocate()
    }
    var total = 0
    while true {
      let left = clock.now.duration(to: deadline).milliseconds
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
      total += count
      if total > outputLimitBytes { return .tooMuchOutput }
      if !(unsafe sink(UnsafeRawBufferPointer(start: buffer, count: count))) { return .stopped }
    }
  }

  private func reap(_ child: pid_t, killed: Bool) -> Ending {
    var killed = killed
    var timedOut = false
    if !killed, !waitForExit(child) {
      kill(child, SIGKILL)
      killed = true
      timedOut = true
    }
    var status: Int32 = 0
    while unsafe waitpid(child, &status, 0) < 0 {
      if errno != EINTR { return .notStarted(errno) }
    }
    if timedOut { return .timedOut }
    let signal = status & 0x7f
    return signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal)
  }

  /// Waits for the end without taking the child away; false when it did not come in time.
  private func waitForExit(_ child: pid_t) -> Bool {
    let descriptor = clinux_pidfd(child)
    // An old kernel: the child's own CPU limit bounds the wait that follows.
    guard descriptor >= 0 else { return true }
    defer { close(descriptor) }
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&entry, 1, Int32(clamping: wallLimit.milliseconds)) != 0
  }
}

extension Duration {
  var milliseconds: Int64 {
    let parts = components
    return parts.seconds * 1000 + parts.attoseconds / 1_000_000_000_000_000
  }
}
