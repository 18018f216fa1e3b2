internal import GRDB

/// A connection for the one question that a citizen waits for while the cache is being filled. It is
/// asked on the thread that asks: a few pages of a local file by an index, without a lock that a
/// writer could hold, take a tenth of the time that going to another thread and back takes.
final class QuickReader: Sendable {
  struct Found<Value: Sendable>: Sendable {
    var value: Value
  }

  private let queue: DatabaseQueue?

  init(path: String) {
    var configuration = Configuration()
    configuration.label = "anjungan quick reader"
    configuration.readonly = true
    // Whoever would have to wait takes the other way.
    configuration.busyMode = .immediateError
    queue = try? DatabaseQueue(path: path, configuration: configuration)
  }

  /// Nil when this connection cannot tell: the pool then says what there is, or why not.
  func read<Value: Sendable>(_ body: @Sendable (Database) throws -> Value) -> Found<Value>? {
    guard let queue else { return nil }
    return (try? queue.unsafeRead(body)).map(Found.init)
  }

  func close() { try? queue?.close() }
}
