internal import Journey
internal import OfficeModel
internal import Ports
import Synchronization

/// How long a stop waits for what is under way: 38 seconds in all. With two for the card reader and what
/// the server's connections take, whoever supervises the kiosk has to give it 45 (systemd's own 90 will
/// do).
public struct StopLimits: Sendable {
  /// A page takes seconds, a slip two.
  public var grace = Duration.seconds(20)
  /// For what is left then. A document is cancelled at the printer, so that it cannot come out with nobody
  /// there: as long as it takes to trust a sheet counter that stands still, and a little. A slip has this
  /// time, too: the whole is more than the ticket driver gives one that the printer takes at once.
  public var cancelling = Duration.seconds(18)

  public var whole: Duration { grace + cancelling }

  public init() {}
}

/// What has to come to its end before the process does. From the beginning of a stop nothing is begun but
/// the slip of a number or complaint that was taken before: who was given one gets its paper.
final class Underway: Sendable {
  enum Piece: Hashable {
    case document
    /// A number or a complaint is being taken.
    case taking(SessionID)
    /// Of the number or complaint with this identifier.
    case slip(String)
  }

  enum Begin { case begun, already, stopping }

  private struct State {
    var pieces: Set<Piece> = []
    /// Slips that the glass is about to ask for, and who for.
    var owed: [String: SessionID] = [:]
    var isStopping = false
  }

  private let state = Mutex(State())
  private let ended = Nudge()

  var isEmpty: Bool { state.withLock { $0.pieces.isEmpty && $0.owed.isEmpty } }

  func begin(_ piece: Piece) -> Begin {
    state.withLock { state in
      guard !state.pieces.contains(piece) else { return .already }
      var isOwed = false
      if case .slip(let id) = piece { isOwed = state.owed.removeValue(forKey: id) != nil }
      guard isOwed || !state.isStopping else { return .stopping }
      state.pieces.insert(piece)
      return .begun
    }
  }

  func end(_ piece: Piece) {
    state.withLock { _ = $0.pieces.remove(piece) }
    ended.nudge()
  }

  /// Somebody is about to be told of a number or complaint; what he is told makes the glass ask for its
  /// slip, unless his session ends before.
  func owe(_ id: String, _ session: SessionID, _ sessions: Sessions) {
    state.withLock { $0.owed[id] = session }
    if sessions.isOver(session) { sessionEnded(session) }
  }

  /// To be called once the session is over.
  func sessionEnded(_ session: SessionID) {
    state.withLock { state in state.owed = state.owed.filter { $0.value != session } }
    ended.nudge()
  }

  func stop() { state.withLock { $0.isStopping = true } }

  func awaitEnd(atMost limit: Duration, _ clock: ClockPort) async {
    let until = clock.now().uptime.adding(limit)
    while !isEmpty {
      let left = until.since(clock.now().uptime)
      guard left > .zero, (try? await ended.wait(atMost: left, clock)) != nil else { return }
    }
  }
}
