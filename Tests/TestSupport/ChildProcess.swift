import Foundation
import Glibc
import Synchronization

/// A child with a clean signal mask. Foundation's `Process` hands down the mask of the thread that
/// starts it, in which SIGTERM is blocked on the threads of the pool, and burns a core in
/// `waitUntilExit`.
final class ChildProcess: Sendable {
  let pid: Int32
  private let output: Int32
  private let isOver = Mutex(false)

  /// One start at a time: no other child may be born between a pipe and its FD_CLOEXEC, or it
  /// would keep the pipe open.
  private static let starting = Mutex(())

  convenience init(_ path: String, _ arguments: [String], errors: String) throws {
    let (pid, output) = try Self.starting.withLock { _ in
      try Self.spawn(path, arguments, errors: errors)
    }
    self.init(pid: pid, output: output)
  }

  private init(pid: Int32, output: Int32) {
    self.pid = pid
    self.output = output
  }

  private static func spawn(
    _ path: String, _ arguments: [String], errors: String
  ) throws -> (pid: Int32, output: Int32) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else {
      throw LabProgram.Failure(description: "pipe: errno \(errno)")
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var argv: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
    defer { for argument in argv { free(argument) } }
    var child: pid_t = 0
    let status = posix_spawn(&child, path, &actions, &attributes, &argv, environ)
    close(ends[1])
    guard status == 0 else {
      close(ends[0])
      throw LabProgram.Failure(description: "\(path) cannot be started: errno \(status)")
    }
    return (child, ends[0])
  }

  deinit { close(output) }

  /// `NAME=value` lines up to `ready`; nil when the output ends before. Blocks.
  func announcements() -> [String: String]? {
    var values: [String: String] = [:]
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while read(output, &byte, 1) == 1 {
      guard byte == 10 else {
        line.append(byte)
        continue
      }
      let text = String(decoding: line, as: UTF8.self)
      line = []
      if text == "ready" { return values }
      guard let sign = text.firstIndex(of: "=") else { continue }
      values[String(text[..<sign])] = String(text[text.index(after: sign)...])
    }
    return nil
  }

  /// Everything the child says until it ends. Blocks.
  func wholeOutput() -> String {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = read(output, &buffer, buffer.count)
      // Only the end of it says that the child has done what it was asked for.
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      all += buffer[..<count]
    }
    return String(decoding: all, as: UTF8.self)
  }

  /// SIGTERM, and waits until the child is gone. Blocks.
  func end() {
    isOver.withLock { isOver in
      guard !isOver else { return }
      kill(pid, SIGTERM)
      while waitpid(pid, nil, 0) < 0, errno == EINTR {}
      isOver = true
    }
  }
}
