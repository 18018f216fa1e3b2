internal import Glibc

/// Reading, whole and with a limit.
enum Files {
  struct Problem: Error { let text: String }

  static func read(path: String, limit: Int) throws -> [UInt8] {
    // Never waiting for somebody to write into a fifo.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Problem(text: "cannot open \(path): errno \(errno)") }
    defer { close(descriptor) }
    return try read(descriptor, limit: limit)
  }

  /// One byte more than `limit` is read when there is more, so that it shows.
  static func read(_ descriptor: Int32, limit: Int) throws -> [UInt8] {
    var expected = 64 << 10
    if let size = size(descriptor), size > 0 { expected = min(size + 1, limit + 1) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(expected)
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while bytes.count <= limit {
      let wanted = min(chunk.count, limit + 1 - bytes.count)
      let count = unsafe chunk.withUnsafeMutableBytes { buffer in
        unsafe Glibc.read(descriptor, buffer.baseAddress, wanted)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw Problem(text: "cannot read: errno \(errno)")
      }
      if count == 0 { break }
      bytes.append(contentsOf: chunk[..<count])
    }
    return bytes
  }

  static func isSocket(_ descriptor: Int32) -> Bool {
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
  }

  static func size(_ descriptor: Int32) -> Int? {
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 ? Int(status.st_size) : nil
  }

  /// Certainly not there. What is there and cannot be opened, also a link to nowhere, is not absent.
  static func isAbsent(_ path: String) -> Bool {
    var status = stat()
    return unsafe lstat(path, &status) != 0 && errno == ENOENT
  }

  /// Names in a folder, sorted, without those that begin with a dot; none when there is no such
  /// folder.
  static func names(in folder: String) throws -> [String] {
    guard let directory = unsafe opendir(folder) else {
      let code = errno
      if isAbsent(folder) { return [] }
      throw Problem(text: "cannot open \(folder): errno \(code)")
    }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = unsafe readdir(directory) else { break }
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { raw in
        unsafe String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    guard errno == 0 else { throw Problem(text: "cannot read \(folder): errno \(errno)") }
    return names.sorted()
  }
}
