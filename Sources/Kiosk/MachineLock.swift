internal import Glibc

/// One kiosk a machine: two would take turns with the printers and the card reader. The kernel lets
/// go of the lock when the process ends, however it ends.
final class MachineLock: Sendable {
  private let descriptor: Int32

  init(path: String = "/run/lock/anjungan.lock") throws(KioskProblem) {
    let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw KioskProblem(
        "The lock \(path) cannot be opened (errno \(errno))",
        advice: "Another user may run a kiosk on this machine: end it, and remove the file.")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw KioskProblem(
        "Another kiosk already runs on this machine",
        advice: "One kiosk per machine: end the other first.")
    }
    self.descriptor = descriptor
  }

  deinit {
    // Closing alone would leave it with a child that is just being started.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
