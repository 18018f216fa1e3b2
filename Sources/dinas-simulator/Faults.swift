import Synchronization

/// What `--control` can do to the answers: delay all of them, or spoil the next ones.
final class Faults: Sendable {
  enum Kind: String, Sendable, CaseIterable {
    /// Carried out, but the connection breaks before the answer: the reply is lost.
    case drop
    /// 500, carried out nothing.
    case error
    /// 429 with Retry-After: 7.
    case busy
    /// The login page of a captive portal, with status 200.
    case portal
    /// A body that does not match its Content-Digest.
    case corrupt
    /// JSON that is none.
    case garbage
    /// Begins, and breaks off.
    case cut
    /// A page that somebody on the way kept from another request.
    case replay
    /// A small body that unpacks to four times a page.
    case bomb
    /// Sent on to somewhere else.
    case moved
  }

  struct State: Sendable {
    var delay: Duration = .zero
    var spoil: (kind: Kind, left: Int)?
    var failingKey: String?
  }

  private let state = Mutex(State())

  var delay: Duration {
    get { state.withLock { $0.delay } }
    set { state.withLock { $0.delay = newValue } }
  }

  func spoilNext(_ count: Int, _ kind: Kind) {
    state.withLock { $0.spoil = count > 0 ? (kind, count) : nil }
  }

  /// Answers this idempotency key with 500 until `clear`.
  func spoil(_ key: String) { state.withLock { $0.failingKey = key } }

  /// What to do to this request; counts it.
  func take(key: String? = nil) -> Kind? {
    state.withLock { state in
      if let key, key == state.failingKey { return .error }
      guard let spoil = state.spoil else { return nil }
      state.spoil = spoil.left > 1 ? (spoil.kind, spoil.left - 1) : nil
      return spoil.kind
    }
  }

  func clear() { state.withLock { $0 = State() } }
}
