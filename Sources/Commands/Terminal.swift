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

  static func say(_ line: String) { print(line) }

  static func complain(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = write(2, bytes, bytes.count)
  }
}
