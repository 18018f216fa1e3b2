public import OfficeModel
public import Ports
import Synchronization

/// A clock that stands until it is moved. Sleepers wake when it passes their moment, never by waiting.
public final class ManualClock: Sendable {
  private struct State {
    var wall: Timestamp
    var uptime = Uptime.zero
    var nextID = 0
    var sleepers: [Int: (until: Uptime, continuation: CheckedContinuation<Void, any Error>)] = [:]
  }
  private let state: Mutex<State>
  /// Every sleep that began, with its length.
  public let sleeps = Recorder<Duration>()

  public init(wall: Timestamp = Timestamp(seconds: 1_800_000_000)) {
    state = Mutex(State(wall: wall))
  }

  public var now: Moment { state.withLock { Moment(wall: $0.wall, uptime: $0.uptime) } }

  public func advance(by duration: Duration) {
    let woken = state.withLock { state in
      state.wall = state.wall.adding(duration)
      state.uptime = state.uptime.adding(duration)
      let due = state.sleepers.filter { $0.value.until <= state.uptime }
      for id in due.keys { state.sleepers[id] = nil }
      return due.values.map(\.continuation)
    }
    for continuation in woken { continuation.resume() }
  }

  /// Moves only the wall's clock, as somebody with a screwdriver or a dead battery does.
  public func setWall(_ wall: Timestamp) { state.withLock { $0.wall = wall } }

  public func sleep(_ duration: Duration) async throws {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let ready: Result<Void, any Error>? = state.withLock { state in
          if Task.isCancelled { return .failure(CancellationError()) }
          if duration <= .zero { return .success(()) }
          state.sleepers[id] = (state.uptime.adding(duration), continuation)
          return nil
        }
        if let ready { continuation.resume(with: ready) }
        sleeps.append(duration)
      }
    } onCancel: {
      state.withLock { $0.sleepers.removeValue(forKey: id) }?.continuation
        .resume(throwing: CancellationError())
    }
  }

  public func port() -> ClockPort {
    ClockPort(now: { self.now }, sleep: { try await self.sleep($0) })
  }
}
