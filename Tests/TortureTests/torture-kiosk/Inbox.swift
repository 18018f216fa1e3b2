import Dispatch
import KioskShell
import Synchronization

/// Touches on their way to the glass, and the bell that wakes it.
final class Inbox: Sendable {
  struct Touch: Sendable {
    var kind: TouchTracker.Kind
    var x: Int
    var y: Int
  }

  private struct Contents {
    var touches: [Touch] = []
    var isClosed = false
  }
  private let contents = Mutex(Contents())
  private let bell = DispatchSemaphore(value: 0)

  func ring() { bell.signal() }

  func wait(atMost limit: Duration) {
    let microseconds = Int(limit / .microseconds(1))
    _ = bell.wait(timeout: .now() + .microseconds(max(0, microseconds)))
  }

  func takeTouches() -> [Touch] {
    contents.withLock { contents in
      defer { contents.touches = [] }
      return contents.touches
    }
  }

  var isClosed: Bool { contents.withLock { $0.isClosed } }

  func close() {
    contents.withLock { $0.isClosed = true }
    ring()
  }

  /// Reads touches, one a line, until the input ends; then the glass is closed.
  func readStandardInput() {
    while let line = readLine() {
      let words = line.split(separator: " ")
      guard words.count == 3, let x = Int(words[1]), let y = Int(words[2]) else { continue }
      let kinds: [TouchTracker.Kind] =
        switch words[0] {
        case "tap": [.down, .up]
        case "down": [.down]
        case "up": [.up]
        default: []
        }
      contents.withLock { contents in
        contents.touches += kinds.map { Touch(kind: $0, x: x, y: y) }
      }
      ring()
    }
    close()
  }
}
