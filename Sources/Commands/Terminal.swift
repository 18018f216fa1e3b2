internal import Glibc

/// The two streams of a command.
enum Terminal {
  /// What the environment asks for, as other programs read it.
  static var isIndonesian: Bool {
    for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
      if let value = getenv(name), value.pointee != 0 {
        return String(cString: value).hasPrefix("id")
      }
    }
    return false
  }

  /// Ends the program with 2 when it cannot be written: half an answer must not look like a whole.
  static func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
      if count < 0 {
        let code = errno
        if code == EINTR { continue }
        complain("The output cannot be written: errno \(code).")
        _exit(2)
      }
      sent += count
    }
  }

  /// Ends the program at once. Threads of the devices' libraries may be on their way out still, and an
  /// ordinary exit takes away what they stand on.
  static func leave(_ status: Int32) -> Never { _exit(status) }

  static func complain(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = write(2, bytes, bytes.count)
  }
}
