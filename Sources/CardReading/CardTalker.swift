internal import Synchronization

/// Talks to cards, one talk at a time, on a thread that is kept for it.
///
/// A card that never answers keeps its transmit for ever (PC/SC has no limit, and SCardCancel does
/// not help). Then the thread is abandoned, its context with it, and the next talk has another; both come
/// back when the card goes.
/// Nobody connects to that reader meanwhile, because a connect waits too, nor to another slot of it:
/// the drivers of USB readers serve one slot at a time. And no more than two threads may hang at all: beyond,
/// the process would pile them up, and talking is refused.
actor CardTalker {
  static let abandonedLimit = 2

  enum Failure: Error {
    case card(SmartCardError)
    case timedOut
    /// An earlier talk to this reader hangs, or too many talks do.
    case refused
  }

  private struct State {
    /// The readers of the talks that hang.
    var abandoned: [String] = []
    /// The first talk that was refused since a hanging one came back.
    var refused: ContinuousClock.Instant?
  }

  private let state = Mutex(State())
  /// Kept between talks: making one takes as long as three commands of a card.
  private let spare = Mutex<SmartCardContext?>(nil)
  private let platform: SmartCardPlatform
  private let threads: CardThreads
  /// Talks queue behind one another.
  private var isTalking = false
  private var queue: [CheckedContinuation<Void, Never>] = []

  init(_ platform: SmartCardPlatform, threads: CardThreads) {
    self.platform = platform
    self.threads = threads
  }

  /// Lets the context go that is kept between talks.
  nonisolated func close() { spare.withLock { $0 = nil } }

  /// How many transmits hang at this moment.
  nonisolated var hangingTalks: Int { state.withLock { $0.abandoned.count } }

  /// How long talking has been refused because of talks that hang; nil when it is not.
  nonisolated var refusedFor: Duration? {
    state.withLock { state in state.refused.map { ContinuousClock.now - $0 } }
  }

  /// The context is there for a second reader that the talk needs.
  typealias Body<Value> =
    @Sendable (borrowing SmartCardContext, borrowing SmartCard) throws(SmartCardError) -> Value

  /// - Parameter late: gets a value for which nobody waits any more, to undo what it stands for.
  func talk<Value: Sendable>(
    to reader: String, limit: Duration, late: @escaping @Sendable (Value) -> Void,
    body: @escaping Body<Value>
  ) async throws(Failure) -> Value {
    if isTalking { await withCheckedContinuation { queue.append($0) } }
    isTalking = true
    defer { if queue.isEmpty { isTalking = false } else { queue.removeFirst().resume() } }
    let first = await once(to: reader, limit: limit, late: late, body: body)
    // A reset card asks for the whole talk again, once.
    guard case .failure(.card(let error)) = first, error.isReset else { return try first.get() }
    return try await once(to: reader, limit: limit, late: late, body: body).get()
  }

  private nonisolated func once<Value: Sendable>(
    to reader: String, limit: Duration, late: @escaping @Sendable (Value) -> Void,
    body: @escaping Body<Value>
  ) async -> Result<Value, Failure> {
    guard mayTalk(to: reader) else { return .failure(.refused) }
    var watchdog: Task<Void, Never>?
    defer { watchdog?.cancel() }
    return await withCheckedContinuation { continuation in
      let answer = Answer(continuation)
      let isRunning = threads.talk { done in
        let result: Result<Value, Failure>
        do throws(SmartCardError) {
          result = .success(try self.converse(with: reader, body))
        } catch {
          result = .failure(.card(error))
        }
        if let waiting = answer.take() {
          waiting.resume(returning: result)
          done()
        } else {
          self.cameBack(reader)
          if case .success(let value) = result { late(value) }
        }
      }
      guard isRunning else {
        answer.take()?.resume(returning: .failure(.refused))
        return
      }
      // After the thread, which it would hold up.
      watchdog = Task {
        try? await Task.sleep(for: limit)
        guard !Task.isCancelled else { return }
        // Counted before it is abandoned, since it may come back then; and abandoned before the answer is
        // given, so that the next talk does not queue behind it.
        self.state.withLock { $0.abandoned.append(reader) }
        guard let waiting = answer.take() else { return self.cameBack(reader) }
        self.threads.abandonTalk()
        waiting.resume(returning: .failure(.timedOut))
      }
    }
  }

  private nonisolated func mayTalk(to reader: String) -> Bool {
    state.withLock { state in
      let device = Self.device(reader)
      if state.abandoned.count < Self.abandonedLimit,
        !state.abandoned.contains(where: { Self.device($0) == device })
      {
        return true
      }
      if state.refused == nil { state.refused = .now }
      return false
    }
  }

  /// pcscd's names end in the number of the slot: `NAME 00 01` is the second slot of `NAME 00`.
  private static func device(_ reader: String) -> Substring {
    reader.lastIndex(of: " ").map { reader[..<$0] } ?? reader[...]
  }

  private nonisolated func cameBack(_ reader: String) {
    state.withLock { state in
      if let index = state.abandoned.firstIndex(of: reader) { state.abandoned.remove(at: index) }
      state.refused = nil
    }
  }

  private nonisolated func converse<Value>(
    with reader: String, _ body: Body<Value>
  ) throws(SmartCardError) -> Value {
    if let context = spare.withLock({ $0.take() }) {
      do throws(SmartCardError) {
        let value = try converse(in: context, with: reader, body)
        keep(context)
        return value
      } catch {
        // What pcscd of before knew, the one of now does not: once more, from the beginning.
        guard error.isServiceLost else {
          keep(context)
          throw error
        }
      }
    }
    let context = try SmartCardContext(platform)
    do throws(SmartCardError) {
      let value = try converse(in: context, with: reader, body)
      keep(context)
      return value
    } catch {
      if !error.isServiceLost { keep(context) }
      throw error
    }
  }

  private nonisolated func converse<Value>(
    in context: borrowing SmartCardContext, with reader: String,
    _ body: Body<Value>
  ) throws(SmartCardError) -> Value {
    let card = try context.connect(reader)
    try card.begin()
    return try body(context, card)
  }

  private nonisolated func keep(_ context: consuming SmartCardContext) {
    var context: SmartCardContext? = consume context
    // A talk that was abandoned may come back when there is a spare one already.
    spare.withLock { spare in if spare == nil { spare = context.take() } }
  }
}

/// A continuation that two threads race for.
private final class Answer<Value: Sendable>: Sendable {
  private let continuation: Mutex<CheckedContinuation<Value, Never>?>

  init(_ continuation: CheckedContinuation<Value, Never>) {
    self.continuation = Mutex(continuation)
  }

  /// Nil when the other one was first.
  func take() -> CheckedContinuation<Value, Never>? {
    continuation.withLock { waiting in
      defer { waiting = nil }
      return waiting
    }
  }
}
