internal import CLinux
internal import Glibc
internal import Ports

/// The store's folder as the file system has it: rights, lock and free space.
enum StoreFiles {
  static let databaseName = "anjungan.sqlite"
  static let lockName = "anjungan.lock"

  /// Makes the folder where there is none and keeps it to this user.
  static func prepare(directory: String) throws(PortError) {
    if unsafe mkdir(directory, 0o700) == 0 {
      // Or a power cut takes the folder away with everything that was committed in it.
      try synchronise(folder(of: directory))
    } else if errno != EEXIST {
      throw failure("mkdir", errno)
    }
    if unsafe chmod(directory, 0o700) != 0 { throw failure("chmod", errno) }
  }

  /// An empty database file that only this user may read; its journal files inherit that.
  static func createPrivate(_ path: String) throws(PortError) {
    let descriptor = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if descriptor >= 0 {
      close(descriptor)
      // The file's name has to survive a power cut as well as what is committed in it.
      try synchronise(folder(of: path))
    } else if errno != EEXIST {
      throw failure("open", errno)
    }
    if unsafe chmod(path, 0o600) != 0 { throw failure("chmod", errno) }
  }

  /// Where a file or folder has its name.
  static func folder(of path: String) -> String {
    var path = path[...]
    while path.count > 1, path.last == "/" { path.removeLast() }
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// Missing is fine; one that stays makes the step after it fail.
  static func remove(_ path: String) { unsafe unlink(path) }

  static func rename(_ from: String, _ to: String) throws(PortError) {
    if unsafe Glibc.rename(from, to) != 0 { throw failure("rename", errno) }
  }

  /// A second name for the same file.
  static func link(_ from: String, _ to: String) throws(PortError) {
    if unsafe Glibc.link(from, to) != 0 { throw failure("link", errno) }
  }

  /// Makes durable what was written to a file, or which names a folder holds.
  static func synchronise(_ path: String) throws(PortError) {
    let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open", errno) }
    defer { close(descriptor) }
    if fsync(descriptor) != 0 { throw failure("fsync", errno) }
  }

  /// Bytes of a file; zero where there is none. What cannot be told is a failure, and no absence.
  static func size(_ path: String) throws(PortError) -> Int {
    if let status = status(path) { return Int(status.st_size) }
    guard errno == ENOENT else { throw failure("stat", errno) }
    return 0
  }

  /// A small file's bytes.
  static func bytes(_ path: String, atMost limit: Int) throws(PortError) -> [UInt8] {
    let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open", errno) }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: limit)
    let count = unsafe read(descriptor, &bytes, limit)
    guard count >= 0 else { throw failure("read", errno) }
    return Array(bytes[..<count])
  }

  /// Writes to the end of a file and makes it durable.
  static func append(_ bytes: [UInt8], to path: String) throws(PortError) {
    let descriptor = unsafe Glibc.open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open", errno) }
    defer { close(descriptor) }
    guard unsafe Glibc.write(descriptor, bytes, bytes.count) == bytes.count,
      fsync(descriptor) == 0
    else { throw failure("write", errno) }
  }

  /// When a file was last written, in nanoseconds: tells two states of it apart.
  static func modified(_ path: String) -> Int64 {
    guard let time = status(path)?.st_mtim else { return 0 }
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }

  /// Seconds since a file was last written, by the machine's clock; nil where there is none.
  static func age(_ path: String) -> Int64? {
    status(path).map { Int64(time(nil)) - Int64($0.st_mtim.tv_sec) }
  }

  /// From now on the file counts as written now.
  static func touch(_ path: String) { unsafe utimensat(AT_FDCWD, path, nil, 0) }

  static func names(_ directory: String) -> [String] {
    guard let handle = unsafe opendir(directory) else { return [] }
    defer { unsafe closedir(handle) }
    var names: [String] = []
    while let entry = unsafe readdir(handle) {
      names.append(
        unsafe withUnsafeBytes(of: entry.pointee.d_name) {
          unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        })
    }
    return names
  }

  private static func status(_ path: String) -> stat? {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? status : nil
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
/// process ends, however it ends. The lock's file also remembers that a database was made: one that
/// is gone later is a loss and no new beginning.
final class StoreLock: Sendable {
  private let descriptor: Int32

  var isStoreMade: Bool {
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 && status.st_size > 0
  }

  func noteStoreMade() throws(PortError) {
    guard !isStoreMade else { return }
    guard unsafe pwrite(descriptor, "store\n", 6, 0) == 6, fsync(descriptor) == 0 else {
      throw StoreFiles.failure("write lock", errno)
    }
  }

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
