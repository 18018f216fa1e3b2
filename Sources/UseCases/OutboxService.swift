internal import OfficeModel
internal import Ports
internal import SyncEngine

/// Empties the outbox, until its task is cancelled. An item keeps its idempotency key through every
/// attempt; a stream keeps its order; streams do not wait for each other.
struct OutboxService: Sendable {
  /// Of each way.
  static let batchLimit = 50

  let desk: Desk

  func run() async {
    while !Task.isCancelled {
      let rest: Duration
      switch await sendBatch() {
      case .more: continue
      case .rest(let wanted): rest = min(max(wanted, OutboxRest.shortest), OutboxRest.longest)
      case .storeFailed: rest = OutboxRest.afterStoreFailure
      }
      do {
        try await desk.outboxNudge.wait(atMost: rest, desk.ports.clock)
      } catch { return }
    }
  }

  private enum Progress {
    case more
    /// Nothing to do until the first retry is due.
    case rest(Duration)
    case storeFailed
  }

  private func sendBatch() async -> Progress {
    let policy = OutboxPolicy(failuresLimit: desk.settings.outboxFailuresLimit)
    let items: [OutboxItem]
    do throws(PortError) {
      items = try await desk.ports.store.outbox.due(desk.ports.clock.now().wall, Self.batchLimit)
    } catch {
      desk.record("outbox.not-read", error)
      return .storeFailed
    }
    var batch = OutboxBatch(
      items.map { .init(id: $0.id, stream: $0.stream, way: $0.kind.way.rawValue) })
    var rest = OutboxRest.longest
    var isMore = items.count >= Self.batchLimit
    while let entry = batch.next() {
      guard !Task.isCancelled, let item = items.first(where: { $0.id == entry.id }) else {
        return .rest(rest)
      }
      guard let (reply, timedOut) = await send(item) else { return .rest(rest) }
      let decision = policy.decide(
        reply, attempts: item.attempts, failures: item.failures,
        now: desk.ports.clock.now().wall, random: desk.ports.identifiers.random(0...1))
      batch.settled(entry, decision, timedOut: timedOut)
      switch decision {
      case .delivered: break
      case .retry(let at): rest = min(rest, at.since(desk.ports.clock.now().wall))
      case .dead: isMore = true
      }
      do throws(PortError) {
        try await desk.ports.store.outbox.settle(
          item.id, result(decision, reply, item), desk.ports.clock.now().wall)
      } catch {
        // It will be sent again under the same key, which the server knows by then.
        desk.record("outbox.not-settled", error)
        return .storeFailed
      }
    }
    if batch.isHeldUp { return .rest(OutboxRest.afterTimeout) }
    return isMore ? .more : .rest(rest)
  }

  /// Nil when the task was cancelled.
  private func send(_ item: OutboxItem) async -> (reply: OutboxPolicy.Reply, timedOut: Bool)? {
    do throws(PortError) {
      try await desk.ports.dinas.send(item)
      return (.accepted, false)
    } catch {
      if Task.isCancelled || error.code == .cancelled { return nil }
      desk.record("outbox.send-failed", error)
      return (Self.reply(error), error.code == .timedOut)
    }
  }

  private static func reply(_ error: PortError) -> OutboxPolicy.Reply {
    switch error.code {
    case .conflict, .refused:
      .rejected(reason: error.description)
    case .malformed, .serverFault:
      .failed(reason: error.description, retryAfter: error.retryAfter)
    default:
      // Also a token that is not accepted: that is about the kiosk, not about this item.
      .lost(reason: error.description, retryAfter: error.retryAfter)
    }
  }

  private func result(
    _ decision: OutboxPolicy.Decision, _ reply: OutboxPolicy.Reply, _ item: OutboxItem
  ) -> OutboxResult {
    switch decision {
    case .delivered: return .delivered
    case .retry(let at): return .retry(at: at, isFailure: reply.isFailure)
    case .dead(let reason):
      desk.record("outbox.dead", .error, ["kind": item.kind.rawValue, "reason": reason])
      return .dead(reason: reason)
    }
  }
}
