import Glibc

/// Reads the files of a configuration: regular files only, up to a limit, UTF-8 only. Opening never
/// blocks, also where somebody put a pipe or a device in a file's place.
enum BoundedFile {
  /// A whole office with thirty services is a tenth of this.
  static let bytesLimit = 256 * 1024
  static let entriesLimit = 200

  struct Failure: Error {
    var place: Place
    var message: String
  }

  static func text(at path: String) throws(Failure) -> String {
    let bytes = try bytes(at: path)
    try checkCharacters(bytes, path: path)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure(place: .start(of: path), message: "is not text in UTF-8")
    }
    return text
  }

  static func bytes(
    at path: String, limit: Int = bytesLimit
  ) throws(Failure) -> [UInt8] {
    func failure(_ message: String) -> Failure {
      Failure(place: .start(of: path), message: message)
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw failure("cannot be opened: \(reason(errno))") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw failure("cannot be examined: \(reason(errno))")
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw failure("is not a regular file") }
    guard status.st_size <= limit else {
      throw failure("is larger than \(limit / 1024) KiB")
    }
    // One byte more than allowed, so that a file that grew since fstat is noticed.
    var bytes = [UInt8](repeating: 0, count: limit + 1)
    var count = 0
    while count < bytes.count {
      let got = bytes.withUnsafeMutableBytes {
        read(descriptor, $0.baseAddress?.advanced(by: count), $0.count - count)
      }
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else { throw failure("cannot be read: \(reason(errno))") }
      if got == 0 { break }
      count += got
    }
    guard count <= limit else { throw failure("is larger than \(limit / 1024) KiB") }
    bytes.removeLast(bytes.count - count)
    return bytes
  }

  /// Control characters and broken UTF-8, with the line they stand in.
  private static func checkCharacters(_ bytes: [UInt8], path: String) throws(Failure) {
    var line = 1
    var lineStart = 0
    for (offset, byte) in bytes.enumerated() {
      if byte == 0x0A {
        line += 1
        lineStart = offset + 1
      } else if (byte < 0x20 && byte != 0x09 && byte != 0x0D) || byte == 0x7F {
        throw Failure(
          place: Place(file: path, line: line, column: offset - lineStart + 1),
          message: "a control character does not belong in a configuration")
      }
    }
    guard String(validating: bytes, as: UTF8.self) == nil else { return }
    // Rare, so found by trying: the first line that is not UTF-8 by itself.
    for (index, part) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
    where String(validating: part, as: UTF8.self) == nil {
      throw Failure(
        place: Place(file: path, line: index + 1, column: 1), message: "is not text in UTF-8")
    }
  }

  static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Names of the files in a folder that end so, sorted; hidden and editors' files are left out.
  /// Nil where there is no such folder.
  static func names(in directory: String, endings: [String]) -> [String]? {
    guard let handle = opendir(directory) else { return nil }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle), names.count <= entriesLimit {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if endings.contains(where: name.hasSuffix), !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  private static func reason(_ code: Int32) -> String {
    switch code {
    case ENOENT, ENOTDIR: "there is no such file"
    case EACCES, EPERM: "permission denied"
    case ELOOP: "too many symbolic links"
    default: "error \(code)"
    }
  }
}

/// Paths as text: enough for joining and for a name's parts.
enum PathText {
  static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  static func join(_ directory: String, _ path: String) -> String {
    if path.hasPrefix("/") { return path }
    var rest = path[...]
    while rest.hasPrefix("./") { rest = rest.dropFirst(2) }
    if directory == "." { return String(rest) }
    return directory.hasSuffix("/") ? directory + rest : directory + "/" + rest
  }
}
