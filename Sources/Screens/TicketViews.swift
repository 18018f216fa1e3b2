internal import Journey
internal import OfficeModel

extension Canvas {
  /// Something is being done elsewhere: what, and a turning circle.
  mutating func working(_ title: String, _ detail: String? = nil) {
    var (head, body, _) = zones.page(titleHeight: 320, buttonRows: 0)
    head.height = min(head.height, 320)
    heading(title, detail ?? strings[.workingText], in: head)
    if let call = state.staffCall {
      notice(
        staffWords(call), call == .failed ? .warn : .info, icon: .staff, in: body.cutBottom(140),
        role: .body)
    }
    spinner(centerX: body.x + body.width / 2, body.y + body.height / 2, size: 200)
  }

  /// Twelve dots in a ring, the dark one going round twelve times in a second.
  mutating func spinner(centerX: Int, _ centerY: Int, size: Int) {
    let area = Rect(x: centerX - size / 2, y: centerY - size / 2, width: size, height: size)
    // Sine and cosine of the twelve hours, in thousandths.
    let sines = [0, 500, 866, 1000, 866, 500, 0, -500, -866, -1000, -866, -500]
    let radius = size * 2 / 5
    let images = (0..<12).map { lead in
      [fillCommand(area, theme.background)]
        + (0..<12).map { hour in
          let age = (lead - hour + 12) % 12
          let dot = age == 0 ? 32 : age < 4 ? 26 - age * 2 : 16
          let x = centerX + radius * sines[hour] / 1000
          let y = centerY - radius * sines[(hour + 3) % 12] / 1000
          return DrawCommand.disc(
            device(Rect(x: x - dot / 2, y: y - dot / 2, width: dot, height: dot)),
            age < 4 ? theme.primary : theme.line)
        }
    }
    frame.animation = Animation(
      rect: device(area), images: images, interval: .milliseconds(83))
  }

  mutating func ticket(_ shown: TicketShown) {
    var card = slip(strings[.ticketTitle], shown.paper, failed: .ticketPaperFailed)
    let service = card.cutTop(card.height / 6)
    text(
      shown.ticket.serviceName, in: service, .subtitle, face: .semibold, align: .center,
      vertical: .middle)
    let date = card.cutBottom(card.height / 8, gap: 0)
    let hint = card.cutBottom(card.height / 6, gap: 0)
    let lane = card.cutBottom(card.height / 5, gap: 0)
    text(
      shown.ticket.number.description, in: card, .ticket, face: .bold, color: theme.primary,
      align: .center, vertical: .middle)
    let laneName = strings[
      shown.ticket.lane == .priority ? .ticketLanePriority : .ticketLaneGeneral]
    text(laneName, in: lane, .body, face: .semibold, align: .center, vertical: .middle)
    text(
      shown.wait.map(waitWords) ?? strings[.ticketCallHint], in: hint, .body, align: .center,
      vertical: .middle)
    let local = LocalTime(shown.ticket.issuedAt, in: state.office.zone)
    text(
      "\(strings.longDate(local.date)) · \(strings.clock(local.time)) \(state.office.zone.rawValue)",
      in: date, .note, color: theme.muted, align: .center, vertical: .middle)
  }

  /// A number that is shown large while its slip is printed: title, what became of the slip, the ways
  /// on; what is left is the card for the number.
  /// - Parameter failed: says with `{reason}` that the number is good all the same.
  mutating func slip(_ title: String, _ paper: TicketShown.Paper, failed: StringKey) -> Rect {
    let (head, all, buttons) = zones.page(titleHeight: 90)
    var body = all
    heading(title, in: head)
    let (words, kind, icon): (String, NoticeKind, Icon) =
      switch paper {
      case .printing: (strings[.ticketPrinting], .info, .printer)
      case .printed: (strings[.ticketPrinted], .ok, .check)
      case .failed(let fault): (strings(failed, ["reason": faultWords(fault)]), .warn, .warning)
      }
    let high = noticeHeight(words, width: body.width, role: .body, atMost: body.height * 2 / 5)
    notice(words, kind, icon: icon, in: body.cutBottom(high), role: .body)
    draw(boxCommand(body, radius: 28, fill: theme.surface, stroke: theme.primary, width: 6))
    if case .failed = paper {
      let columns = buttons.columns(2)
      button(.retryTicketPaper, strings[.ticketRetry], icon: .retry, columns[0], kind: .primary)
      button(.goHome, strings[.goHome], icon: .home, columns[1])
    } else {
      button(.goHome, strings[.goHome], icon: .home, buttons)
    }
    return body.inset(36, 24)
  }

  mutating func ticketRefused(_ refusal: TicketRefusal) {
    let sentence: String =
      switch refusal {
      case .closed(let next, let reason): closedWords(next, reason)
      case .onBreak(let until): strings(.refusedBreak, ["time": minuteWords(until)])
      case .alreadyHolding(let number):
        number.map { strings(.refusedHolding, ["number": $0.description]) }
          ?? strings[.refusedHoldingElsewhere]
      case .citizenQuota: strings[.refusedCitizenQuota]
      case .quotaUsedUp: strings[.refusedQuota]
      case .halfDayUsedUp: strings[.refusedHalfDay]
      case .sessionLimit: strings[.refusedSession]
      case .reserveUsedUp: strings[.refusedReserve]
      case .bookingUnknown: strings[.refusedBooking]
      case .bookingUsed: strings[.refusedBookingUsed]
      case .bookingTime(let from, let until):
        strings(
          .refusedBookingTime, ["from": minuteWords(from), "until": minuteWords(until)])
      case .bookingUnchecked: strings[.refusedBookingUnchecked]
      case .clockNotTrusted: strings[.refusedClock]
      case .storeUnavailable: strings[.refusedStore]
      }
    message(
      strings[.refusedTicketTitle], sentence, .warn, icon: .ticket,
      buttons: [
        (.tryAgain, strings[.chooseOther], .retry), (.goHome, strings[.goHome], .home),
      ])
  }

  /// How long it takes, with the time at which the server said so.
  func waitWords(_ wait: WaitEstimate) -> String {
    let time = moment(wait.asOf)
    guard wait.waiting > 0 else { return strings(.ticketWaitingNone, ["time": time]) }
    let count = String(wait.waiting)
    guard let minutes = wait.minutes else {
      return strings(.ticketWaiting, ["count": count, "time": time])
    }
    return strings(
      .ticketWaitingMinutes, ["count": count, "minutes": String(minutes), "time": time])
  }

  /// The reason in the office's words, and when it opens again.
  private func closedWords(_ next: OfficeCalendar.Opening?, _ reason: String?) -> String {
    let opening = next.map { next in
      let date = strings.longDate(next.date)
      return strings(
        .refusedClosedNext, ["opening": "\(date), \(minuteWords(next.minute))"])
    }
    let words = opening ?? strings[.refusedClosed]
    return reason.map { "\($0). \(words)" } ?? words
  }

  /// A minute after midnight, with the office's zone.
  private func minuteWords(_ minute: Int) -> String {
    let time = ClockTime(hour: minute / 60 % 24, minute: minute % 60).map(strings.clock)
    return "\(minute == 1440 ? "24.00" : time ?? "") \(state.office.zone.rawValue)"
  }

  /// One calm message: picture, what happened and what it means, what to do, small code for staff.
  mutating func message(
    _ title: String, _ sentence: String, _ kind: NoticeKind, icon: Icon, advice: String? = nil,
    code: String? = nil, footnote: String? = nil, buttons choices: [(Control, String, Icon)]
  ) {
    let (head, all, buttons) = zones.page(
      titleHeight: 180, buttonRows: choices.isEmpty ? 0 : 1)
    var body = all
    heading(title, in: head)
    if let foot = footnote ?? code.map({ strings(.staffCode, ["code": $0]) }) {
      text(
        foot, in: body.cutBottom(56, gap: 8), .caption,
        color: theme.muted, align: .center, vertical: .middle)
    }
    let color =
      switch kind {
      case .info: theme.primary
      case .ok: theme.ok
      case .warn: theme.warn
      case .danger: theme.danger
      }
    let ground =
      switch kind {
      case .info: theme.surface
      case .ok: theme.okGround
      case .warn: theme.warnGround
      case .danger: theme.dangerGround
      }
    body.height = min(body.height, 860)
    draw(
      boxCommand(
        body, radius: 28, fill: ground, stroke: kind == .info ? strokeIfPlain : color, width: 4))
    var card = body.inset(44, 32)
    let size = min(160, card.height / 4)
    let picture = card.cutTop(size)
    draw(
      iconCommand(
        icon, center: picture.x + picture.width / 2, picture.y + size / 2, size: size, color))
    card.cutTop(24)
    if let advice {
      let high = min(card.height / 3, height(of: advice, width: card.width, .body, face: .bold) + 8)
      text(
        advice, in: card.cutBottom(high, gap: 16), .body, face: .bold, color: color,
        align: .center, vertical: .middle)
    }
    text(sentence, in: card, .subtitle, color: color, align: .center, vertical: .middle)
    guard !choices.isEmpty else { return }
    for (index, (choice, rect)) in zip(choices, buttons.columns(choices.count)).enumerated() {
      button(choice.0, choice.1, icon: choice.2, rect, kind: index == 0 ? .primary : .secondary)
    }
  }
}
