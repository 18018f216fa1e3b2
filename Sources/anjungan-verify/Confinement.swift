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
    if clinux_confine_to_calculation() == 0 { unsafe kind.append("seccomp") }
  }

  /// Runs a program within the limits; returns only when that failed.
  static func execute(_ program: [String]) -> Int32 {
    guard limitResources(), clinux_confine_to_reading() == 0 else { return 71 }
    var arguments = unsafe program.map { unsafe strdup($0) }
    unsafe arguments.append(nil)
    unsafe execv(program[0], arguments)
    return 127
  }
}
