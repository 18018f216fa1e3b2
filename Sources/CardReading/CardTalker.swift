internal import DeviceThreads
internal import Synchronization

/// Talks to cards, one talk at a time, each on a thread of its own and with a context of its own.
///
/// A card that never answers keeps its transmit for ever (PC/SC has no limit, and SCardCancel does
/// not help). Then the thread is abandoned; it comes back when the card goes. At most two may hang:
/// with a third the process would pile up threads, and talking is refused until one comes back.
actor CardTalker {
  static let abandonedLimit = 2

  enum Failure: Error {
    case card(SmartCardError)
    case timedOut
    /// Too many talks hang.
    case exhausted
  }

  private let abandoned = Mutex(0)
  private var tail: Task<Void, Never>?

  /// How many transmits hang at this moment.
  nonisolated var hangingTalks: Int { abandoned.withLock { $0 } }

  /// - Parameter late: gets a value for which nobody waits any more, to undo what it stands for.
  func talk<Value: Sendable>(
    to reader: String, limit: Duration, late: @escaping @Sendable (Value) -> Void,
    body: @escaping @Sendable (borrowing SmartCard) throws(SmartCardError) -> Value
  ) async throws(Failure) -> Value {
    // Talks queue behind one another; a reset card asks for the whole talk again, once.
    let before = tail
    let task = Task { () -> Result<Value, Failure> in
      await before?.value
      let first = await self.once(to: reader, limit: limit, late: late, body: body)
      if case .failure(.card(let error)) = first, error.isReset {
        return await self.once(to: reader, limit: limit, late: late, body: body)
      }
      return first
    }
    tail = Task { _ = await task.value }
    return try await task.value.get()
  }

  private nonisolated func once<Value: Sendable>(
    to reader: String, limit: Duration, late: @escaping @Sendable (Value) -> Void,
    body: @escaping @Sendable (borrowing SmartCard) throws(SmartCardError) -> Value
  ) async -> Result<Value, Failure> {
    guard hangingTalks < Self.abandonedLimit else { return .failure(.exhausted) }
    return await withCheckedContinuation { continuation in
      let answer = Answer(continuation)
      let watchdog = Task {
        try? await Task.sleep(for: limit)
        guard !Task.isCancelled else { return }
        // Counted before the answer is given, so that whoever gets it sees the count.
        self.abandoned.withLock { $0 += 1 }
        if !answer.give(.failure(.timedOut)) { self.abandoned.withLock { $0 -= 1 } }
      }
      Threads.start(name: "card-talk") {
        let result: Result<Value, Failure>
        do throws(SmartCardError) {
          let context = try SmartCardContext()
          let card = try context.connect(reader)
          result = .success(try body(card))
        } catch {
          result = .failure(.card(error))
        }
        watchdog.cancel()
        if !answer.give(result) {
          self.abandoned.withLock { $0 -= 1 }
          if case .success(let value) = result { late(value) }
        }
      }
    }
  }
}

/// A continuation that two threads race for.
private final class Answer<Value: Sendable>: Sendable {
  private let continuation: Mutex<CheckedContinuation<Value, Never>?>

  init(_ continuation: CheckedContinuation<Value, Never>) {
    self.continuation = Mutex(continuation)
  }

  /// False when the other one was first.
  func give(_ value: Value) -> Bool {
    let waiting = continuation.withLock { waiting in
      defer { waiting = nil }
      return waiting
    }
    waiting?.resume(returning: value)
    return waiting != nil
  }
}
