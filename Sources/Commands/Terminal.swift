internal import Glibc

/// The two streams of a command.
enum Terminal {
  static func say(_ line: String) { print(line) }

  static func complain(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = write(2, bytes, bytes.count)
  }
}
