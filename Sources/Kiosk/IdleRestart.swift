internal import CardReading
internal import Journey
internal import Observability
internal import OfficeModel
internal import Ports
internal import ServiceLifecycle
internal import Synchronization
internal import UseCases

/// When the process should end, so that its supervisor starts it anew. Pure.
///
/// A transmit that never returns costs one thread and its reader. What brings it back is the card's
/// removal; where that has not helped, only a new process gets the reader again.
struct RestartRule: Sendable, Equatable {
  /// So long cards must have been refused: who takes a card off that hangs needs no restart.
  static let patience = Duration.seconds(60)
  /// A process that is younger than this would only do the same again: where the reader is broken for
  /// good, the kiosk starts anew once an hour and not all day.
  static let youngest = Duration.seconds(3600)

  var isWanted: Bool

  init(
    refusingFor: Duration?, uptime: Duration, patience: Duration = Self.patience,
    youngest: Duration = Self.youngest
  ) {
    isWanted = refusingFor.map { $0 >= patience } ?? false && uptime >= youngest
  }
}

/// Carries the wish to end to the thread of the glass, which alone knows that nobody is in a session:
/// there it is decided between two touches.
final class IdleGate: Sendable {
  private struct State {
    var isWanted = false
    var isTaken = false
  }
  private let state = Mutex(State())

  func want(_ isWanted: Bool) { state.withLock { $0.isWanted = isWanted } }

  /// After every turn of the journey: true, once, when the process should end now.
  func mayEnd(isIdle: Bool) -> Bool {
    state.withLock { state in
      guard state.isWanted else { return false }
      state.isWanted = false
      guard isIdle else { return false }
      state.isTaken = true
      return true
    }
  }

  /// Whether the run ended for this.
  var wasTaken: Bool { state.withLock { $0.isTaken } }
}

/// Looks now and then whether the process should start anew, says so in the health report, and asks
/// for it while nothing is being printed.
struct IdleRestart: Service {
  static let pause = Duration.seconds(5)

  let cards: CardReader
  let gate: IdleGate
  let board: HealthBoard
  let clock: ClockPort
  let events: EventPort
  var patience = RestartRule.patience
  var youngest = RestartRule.youngest
  let isPrinting: @Sendable () -> Bool
  /// Makes the journey take a turn.
  let nudge: @Sendable () -> Void

  func run() async throws {
    await cancelWhenGracefulShutdown {
      var wasHanging = false
      while (try? await clock.sleep(Self.pause)) != nil {
        let isHanging = cards.refusingFor != nil
        if isHanging != wasHanging {
          wasHanging = isHanging
          board.cardTalksHang(isHanging)
          events.record(
            KioskEvent(
              "card.refused", level: isHanging ? .error : .notice,
              ["hanging": "\(cards.hangingTalks)"]))
        }
        let uptime = Duration.milliseconds(clock.now().uptime.milliseconds)
        let rule = RestartRule(
          refusingFor: cards.refusingFor, uptime: uptime, patience: patience, youngest: youngest)
        guard rule.isWanted, !isPrinting() else { continue }
        gate.want(true)
        nudge()
      }
    }
  }
}

/// How a run of the kiosk ended.
public enum KioskEnd: Sendable {
  case stopped
  /// It ended by itself, in a moment when nobody used it, to be started anew.
  case restart

  /// EX_TEMPFAIL of sysexits.h: whoever supervises the kiosk starts it again.
  public var exitStatus: Int32 { self == .restart ? 75 : 0 }
}
