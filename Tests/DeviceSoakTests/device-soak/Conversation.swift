import CHeap
import Glibc

/// Commands in, what the driver said out; one line each.
enum Conversation {
  /// Written whole and without a buffer, so that lines of two tasks do not mix.
  static func say(_ words: String) {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    let bytes = Array("\(now.tv_sec * 1_000_000 + now.tv_nsec / 1000) \(words)\n".utf8)
    _ = write(STDOUT_FILENO, bytes, bytes.count)
  }

  /// Hands every line to `answer`, each in a task of its own, until the input ends.
  static func run(_ answer: @escaping @Sendable ([String]) async -> Void) {
    say("ready")
    while let line = readLine() {
      let words = line.split(separator: " ").map(String.init)
      if words == ["heap"] {
        say("heap \(cheap_bytes_in_use())")
      } else if !words.isEmpty {
        Task { await answer(words) }
      }
    }
  }
}
