internal import CLinux
internal import Glibc

/// The walls this process builds around itself.
enum Confinement {
  static let addressSpaceLimitBytes: UInt64 = 512 << 20
  static let processorLimitSeconds: UInt64 = 5

  /// What of it could be had, for the health report.
  private(set) nonisolated(unsafe) static var kind: [String] = []

  /// Before anything is read.
  static func limitResources() -> Bool {
    guard clinux_limit(addressSpaceLimitBytes, processorLimitSeconds) == 0 else { return false }
    unsafe kind.append("rlimits")
    if clinux_no_new_privileges() == 0 { unsafe kind.append("no_new_privs") }
    return true
  }

  /// After the trust bundle is loaded and before the document is read: nothing can be opened any
  /// more, neither files nor the network.
  static func closeDoors() {
    let rules = clinux_landlock_begin()
    if rules >= 0, clinux_landlock_enter(rules) == 0 { unsafe kind.append("landlock") }
    if clinux_confine_to_calculation() == 0 { unsafe kind.append("seccomp") }
  }

  /// What a renderer may read besides itself: programs and libraries, fonts and their
  /// configuration, itself in /proc.
  private static let readable = [
    "/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/fonts", "/var/cache/fontconfig",
    "/proc/self", "/dev/null",
  ]

  /// Runs a program within the limits; returns only when that failed. Where the kernel has no
  /// Landlock, every file that this user may read stays readable.
  static func execute(_ program: [String]) -> Int32 {
    guard limitResources(), confineFiles(to: readable + program.prefix(1)),
      clinux_confine_to_reading() == 0
    else { return 71 }
    var arguments = unsafe program.map { unsafe strdup($0) }
    unsafe arguments.append(nil)
    unsafe execv(program[0], arguments)
    return 127
  }

  /// False when the kernel has Landlock and it could not be used.
  private static func confineFiles(to paths: [String]) -> Bool {
    let rules = clinux_landlock_begin()
    if rules < 0 { return errno == ENOSYS || errno == EOPNOTSUPP }
    for path in paths where unsafe clinux_landlock_allow_reading(rules, path) != 0 {
      close(rules)
      return false
    }
    return clinux_landlock_enter(rules) == 0
  }
}
