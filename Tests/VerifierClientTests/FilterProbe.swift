import CLinux
import Foundation
import Glibc
import Testing

/// Tries system calls behind one filter. Filters belong to threads, so a thread of its own puts
/// the filter on and ends with it.
enum FilterProbe {
  struct Wall: Sendable, CustomTestStringConvertible {
    let name: String
    let enter: @Sendable () -> Int32
    let opensFiles: Bool

    var testDescription: String { name }
  }

  struct Call: Sendable {
    let name: String
    let number: Int32
    let arguments: [Int]

    init(_ name: String, _ number: Int32, _ arguments: Int...) {
      self.name = name
      self.number = number
      self.arguments = arguments
    }
  }

  /// errno after each call, 0 for success, in a new thread that is behind `wall`.
  static func codes(of calls: [Call], behind wall: Wall?) -> [Int32] {
    let attempt = Attempt(calls: calls, wall: wall)
    var thread = pthread_t()
    let started = pthread_create(
      &thread, nil,
      { context in
        Unmanaged<Attempt>.fromOpaque(context!).takeUnretainedValue().run()
        return nil
      }, Unmanaged.passUnretained(attempt).toOpaque())
    precondition(started == 0)
    pthread_join(thread, nil)
    return withExtendedLifetime(attempt) { attempt.codes }
  }

  private final class Attempt {
    private let calls: [Call]
    private let wall: Wall?
    private(set) var codes: [Int32]

    init(calls: [Call], wall: Wall?) {
      self.calls = calls
      self.wall = wall
      codes = Array(repeating: -1, count: calls.count)
    }

    func run() {
      if let wall {
        precondition(clinux_no_new_privileges() == 0 && wall.enter() == 0)
      }
      for (index, call) in calls.enumerated() {
        let words = call.arguments + Array(repeating: 0, count: 6 - call.arguments.count)
        let result = FilterProbe.systemCall(
          Int(call.number), words[0], words[1], words[2], words[3], words[4], words[5])
        codes[index] = result == -1 ? errno : 0
      }
    }
  }

  /// syscall(2), whose variable arguments Swift cannot call: all are words in registers.
  private static let systemCall = unsafeBitCast(
    dlsym(nil, "syscall"), to: (@convention(c) (Int, Int, Int, Int, Int, Int, Int) -> Int).self)

  /// A path that does not exist; lives as long as the tests.
  private static let nowhere = Int(bitPattern: strdup("/nonexistent/file"))
  private static let root = Int(bitPattern: strdup("/"))

  /// Calls that harm nothing even where they are let through: signal 0, values that stay, numbers
  /// that name nothing. Without walls none of them is refused.
  static func harmful(to peer: Int) -> [Call] {
    let own = Int(getpid())
    let here = Int(AT_FDCWD)
    return [
      Call("prlimit64 of another", SYS_prlimit64, peer, openFiles),
      Call("kill of another", SYS_kill, peer, 0),
      Call("tgkill of another", SYS_tgkill, peer, peer, 0),
      Call("tkill of another", SYS_tkill, peer, 0),
      Call("rt_sigqueueinfo to another", SYS_rt_sigqueueinfo, peer, 0, 0),
      Call("pidfd_open", SYS_pidfd_open, -1),
      Call("pidfd_send_signal", SYS_pidfd_send_signal, -1, 0),
      Call("setpriority of another", SYS_setpriority, 0, peer, 19),
      Call("sched_setaffinity of another", SYS_sched_setaffinity, peer, 0, 0),
      Call("fcntl F_SETOWN", SYS_fcntl, -1, 8, peer),
      Call("fcntl F_SETFL", SYS_fcntl, -1, 4, 0),
      Call("ioctl FIOASYNC", SYS_ioctl, -1, 0x5452, 0),
      Call("shmget", SYS_shmget, 0, 0, 0),
      Call("msgget", SYS_msgget, 0x7eaf_0001, 0),
      Call("semget", SYS_semget, 0x7eaf_0001, 0, 0),
      Call("openat to write", SYS_openat, here, nowhere, Int(O_WRONLY)),
      Call("openat to create", SYS_openat, here, nowhere, Int(O_CREAT), 0o600),
      Call("openat to write and read", SYS_openat, here, nowhere, Int(O_RDWR)),
      Call("mkdirat", SYS_mkdirat, here, nowhere, 0o700),
      Call("unlinkat", SYS_unlinkat, here, nowhere, 0),
      Call("renameat2", SYS_renameat2, here, nowhere, here, nowhere, 0),
      Call("linkat", SYS_linkat, here, nowhere, here, nowhere, 0),
      Call("symlinkat", SYS_symlinkat, nowhere, here, nowhere),
      Call("truncate", SYS_truncate, nowhere, 0),
      Call("fchmodat", SYS_fchmodat, here, nowhere, 0o600),
      Call("fchownat", SYS_fchownat, here, nowhere, own, own, 0),
      Call("utimensat", SYS_utimensat, here, nowhere, 0, 0),
      Call("setxattr", SYS_setxattr, nowhere, nowhere, nowhere, 1, 0),
      Call("memfd_create", SYS_memfd_create, 0, 0),
      Call("socket", SYS_socket, -1, 0, 0),
      Call("sendto", SYS_sendto, -1, 0, 0, 0, 0, 0),
      // CLONE_THREAD without CLONE_SIGHAND starts nothing.
      Call("clone", SYS_clone, 0x10000),
      Call("clone3", SYS_clone3, 0, 0),
    ]
  }

  /// What both filters must let through, and opening a file to read where that is allowed.
  static func needed(opensFiles: Bool) -> [Call] {
    let own = Int(getpid())
    var calls = [
      Call("tgkill of itself", SYS_tgkill, own, own, 0), Call("getpid", SYS_getpid),
      Call("gettid", SYS_gettid),
    ]
    if opensFiles {
      calls.append(Call("prlimit64 of itself", SYS_prlimit64, 0, openFiles))
      calls.append(Call("access", SYS_faccessat, Int(AT_FDCWD), root, Int(R_OK)))
    }
    return calls
  }

  /// RLIMIT_NOFILE, whose type in C is an enumeration.
  private static let openFiles = 7
}
