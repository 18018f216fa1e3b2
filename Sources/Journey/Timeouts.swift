public import OfficeModel

/// How long a screen waits, by what it shows (experience rules, time-outs).
enum Pace: Equatable {
  /// Waits for nobody.
  case still
  /// Paper moves: never ends by itself.
  case moving
  /// Paper lies in the tray.
  case paper(Duration)
  /// Said what it had to say; ends by itself without a question.
  case closing(Duration)
  /// Asks "Masih di sini?" after `idle` without a touch, ends when `countdown` brings no answer.
  case asking(idle: Duration, countdown: Duration)
}

extension JourneyState {
  var pace: Pace {
    let timing = office.timing
    let slow = preferences.lowReach
    let personal = Pace.asking(
      idle: slow ? timing.personalIdle * JourneyLimits.slowFactor : timing.personalIdle,
      countdown: slow ? timing.personalCountdown * 3 / 2 : timing.personalCountdown)
    switch screen {
    case .attract, .outOfService: return .still
    case .staffPIN, .staffWorking, .staff:
      return .asking(idle: timing.staffIdle, countdown: JourneyLimits.staffCountdown)
    case .printing: return .moving
    case .takePaper: return .paper(timing.takePaper)
    case .survey: return .closing(timing.resultShown)
    case .thanks: return .closing(JourneyLimits.thanksShown)
    case .ticket(let shown) where shown.paper == .printed: return .closing(timing.resultShown)
    case .complaint(let shown) where shown.paper == .printed: return .closing(timing.resultShown)
    case .complaintKinds, .complaintRefused, .home, .languages, .serviceList, .requirements, .lane,
      .cardInfo, .complaints, .help,
      .ticketRefused:
      return .asking(
        idle: slow ? timing.plainIdle * JourneyLimits.slowFactor : timing.plainIdle,
        countdown: slow ? timing.plainCountdown * 3 / 2 : timing.plainCountdown)
    case .filingComplaint, .complaint, .ticketIdentity, .issuingTicket, .ticket,
      .statusRegistration, .statusNIK,
      .statusSearching, .statusResult, .printNIK, .printPIN, .checkingCredential,
      .credentialRefused, .documents, .verifying, .documentRefused, .preview, .printFailed:
      return personal
    }
  }

  /// When the reducer wants to hear `.deadline` at the latest: the session's own limit, a second of
  /// a countdown on the glass, or the next minute of the clock.
  public var nextDeadline: Uptime? {
    let uptime = now.uptime
    let intoMinute = ((now.wall.milliseconds % 60_000) + 60_000) % 60_000
    var next = uptime.adding(.milliseconds(60_000 - intoMinute))
    if let until = stillHereUntil { return min(next, secondBefore(until)) }
    if let since = staffHeldSince { next = min(next, since.adding(JourneyLimits.staffHold)) }
    switch pace {
    case .still, .moving: break
    case .paper(let limit):
      next = min(next, secondBefore(screenSince.adding(limit)))
    case .closing(let limit): next = min(next, closingTime(limit))
    case .asking(let idle, _): next = min(next, lastTouch.adding(idle))
    }
    return next
  }

  /// Seconds left of the countdown that the screen shows; nil where it shows none.
  public var countdown: Int64? {
    if let until = stillHereUntil { return max(0, until.since(now.uptime).secondsRoundedUp) }
    if case .paper(let limit) = pace {
      return max(0, screenSince.adding(limit).since(now.uptime).secondsRoundedUp)
    }
    return nil
  }

  /// How long "Masih di sini?" waits on this screen; zero where it is never asked.
  public var questionLength: Duration {
    if case .asking(_, let countdown) = pace { countdown } else { .zero }
  }

  func closingTime(_ limit: Duration) -> Uptime { max(screenSince, lastTouch).adding(limit) }

  /// The next moment at which a countdown to `until` shows another second.
  private func secondBefore(_ until: Uptime) -> Uptime {
    let left = until.since(now.uptime).wholeMilliseconds
    guard left > 0 else { return now.uptime }
    return now.uptime.adding(.milliseconds((left - 1) % 1000 + 1))
  }
}

extension Turn {
  mutating func deadlineCame() {
    if staffDoorOpens() { return }
    guard let session = state.session else { return }
    if let until = state.stillHereUntil {
      if now >= until { endSession() }
      return
    }
    switch state.pace {
    case .still, .moving: break
    case .paper(let limit):
      if now >= state.screenSince.adding(limit) {
        // Somebody's paper lies in the tray: staff look after it.
        effects.append(.callStaff(session, screen: state.screen.name))
        effects.append(.play(.attention))
        endSession()
      } else if now >= state.remindedAt.adding(JourneyLimits.paperReminder) {
        state.remindedAt = now
        play(.attention)
      }
    case .closing(let limit):
      if now >= state.closingTime(limit) { endSession() }
    case .asking(let idle, let countdown):
      guard now >= state.lastTouch.adding(idle) else { return }
      hideWhatIsHeld()
      state.stillHereUntil = now.adding(countdown)
      play(.attention)
    }
  }
}
