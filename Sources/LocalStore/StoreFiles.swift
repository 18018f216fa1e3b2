internal import CLinux
internal import Glibc
internal import Ports

/// The store's folder as the file system has it: rights, lock and free space.
enum StoreFiles {
  static let databaseName = "anjungan.sqlite"
  static let lockName = "anjungan.lock"

  /// Makes the folder where there is none and keeps it to this user.
  static func prepare(directory: String) throws(PortError) {
    if unsafe mkdir(directory, 0o700) != 0 {
      guard errno == EEXIST else { throw failure("mkdir", errno) }
    }
    if unsafe chmod(directory, 0o700) != 0 { throw failure("chmod", errno) }
  }

  /// An empty database file that only this user may read; its journal files inherit that.
  static func createPrivate(_ path: String) throws(PortError) {
    let descriptor = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if descriptor >= 0 {
      close(descriptor)
    } else if errno != EEXIST {
      throw failure("open", errno)
    }
    if unsafe chmod(path, 0o600) != 0 { throw failure("chmod", errno) }
  }

  static func failure(_ call: String, _ code: Int32) -> PortError {
    let kind: PortError.Code =
      switch code {
      case ENOSPC, EDQUOT: .storageFull
      case EROFS, EACCES, EPERM: .storageReadOnly
      default: .storageFailed
      }
    return PortError(kind, step: "store: " + call, detail: "errno \(code)")
  }
}

/// The kiosk's claim to its store, held until it is let go. The kernel lets go of it when the
/// process ends, however it ends.
final class StoreLock: Sendable {
  private let descriptor: Int32

  init(path: String) throws(PortError) {
    let descriptor = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw StoreFiles.failure("lock", errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      close(descriptor)
      throw code == EWOULDBLOCK
        ? PortError(.refused, step: "lock", detail: "another kiosk runs on this store")
        : StoreFiles.failure("flock", code)
    }
    self.descriptor = descriptor
  }

  deinit {
    release()
    close(descriptor)
  }

  /// Lets go now. Closing alone would not: a child that is just being started shares the lock until
  /// it has become its own program.
  func release() { flock(descriptor, LOCK_UN) }
}

/// Room on the disk below a folder, measured when asked.
public struct StorageSpace: Sendable, Equatable {
  public var freeBytes: Int64
  public var totalBytes: Int64
  public var isReadOnly: Bool

  /// Nil when the file system does not say.
  public static func measure(directory: String) -> StorageSpace? {
    var answer = statvfs()
    guard unsafe statvfs(directory, &answer) == 0 else { return nil }
    let block = Int64(clamping: answer.f_frsize)
    return StorageSpace(
      freeBytes: block.multipliedReportingOverflow(by: Int64(clamping: answer.f_bavail))
        .partialValue,
      totalBytes: block.multipliedReportingOverflow(by: Int64(clamping: answer.f_blocks))
        .partialValue,
      isReadOnly: answer.f_flag & UInt(ST_RDONLY) != 0)
  }
}
