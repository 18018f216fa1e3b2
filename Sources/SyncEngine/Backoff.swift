/// Delays between attempts: exponential with full jitter and a cap, so that kiosks which lost the
/// same server do not all come back in the same second.
public struct Backoff: Sendable, Hashable {
  public var first: Duration
  public var cap: Duration

  public init(first: Duration = .seconds(2), cap: Duration = .seconds(300)) {
    self.first = first
    self.cap = cap
  }

  /// The longest delay after `attempt` failures (1 is the first): first x 2^(attempt-1), capped.
  public func ceiling(attempt: Int) -> Duration {
    // 2^20 times any first delay is beyond every sensible cap; keeps the shift bounded.
    let shift = attempt <= 1 ? 0 : min(attempt - 1, 20)
    return min(cap, first * (1 << shift))
  }

  /// `random` is uniform in 0...1. `retryAfter` is the server's wish: it is obeyed, also beyond the
  /// cap, but never longer than an hour, so that a mistaken header does not silence a kiosk.
  public func delay(attempt: Int, random: Double, retryAfter: Duration? = nil) -> Duration {
    let share = min(max(random.isFinite ? random : 1, 0), 1)
    let jittered = ceiling(attempt: attempt) * share
    guard let retryAfter else { return jittered }
    return min(max(retryAfter, .zero), .seconds(3600)) + jittered * 0.1
  }
}
