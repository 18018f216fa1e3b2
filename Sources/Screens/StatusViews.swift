internal import Journey
internal import OfficeModel

extension Canvas {
  mutating func statusResult(_ answer: StatusAnswer) {
    switch answer {
    case .found(let status, let syncedAt): statusFound(status, syncedAt)
    case .notFound(let syncedAt):
      message(
        strings[.statusNotFoundTitle], strings[.statusNotFound], .warn, icon: .search,
        footnote: syncedAt.map { strings(.statusAge, ["time": moment($0)]) },
        buttons: [
          (.tryAgain, strings[.statusAgain], .retry), (.goHome, strings[.goHome], .home),
        ])
    case .cacheEmpty:
      message(
        strings[.statusCacheEmptyTitle], strings[.statusCacheEmpty], .warn, icon: .network,
        buttons: [
          (.tryAgain, strings[.statusAgain], .retry), (.goHome, strings[.goHome], .home),
        ])
    }
  }

  private mutating func statusFound(_ status: ApplicationStatus, _ syncedAt: Timestamp?) {
    let page = zones.page(titleHeight: 190)
    let (head, buttons) = (page.title, page.buttons)
    var body = page.body
    var holder = strings(.statusHolder, ["holder": status.holderMasked])
    if let syncedAt { holder += " · " + strings(.statusAge, ["time": moment(syncedAt)]) }
    heading(status.product, holder, step: strings[.statusTitle], in: head)
    button(.goHome, strings[.goHome], icon: .home, buttons)

    let (advice, kind) = nextStep(status)
    let today = LocalTime(state.now.wall, in: state.office.zone).date
    let finished = status.step == .ready || status.step == .handedOver
    let due: (String, Bool)? = status.dueOn.flatMap { due in
      if finished || status.condition == .cancelled { return nil }
      let isLate = due < today
      return (
        strings(isLate ? .statusDueLate : .statusDue, ["date": strings.date(due)]), isLate
      )
    }
    if zones.isLandscape {
      let row = body.cutBottom(body.height * 2 / 5)
      let columns = row.columns(due == nil ? 1 : 2)
      if let (words, isLate) = due {
        notice(words, isLate ? .warn : .info, icon: .clock, in: columns[0], role: .body)
      }
      notice(advice, kind, in: columns[columns.count - 1], role: .body)
      stepsAcross(status, in: body)
      return
    }
    let adviceHeight = noticeHeight(
      advice, width: body.width, role: .body, atMost: body.height * 2 / 5)
    notice(advice, kind, in: body.cutBottom(adviceHeight), role: .body)
    if let (words, isLate) = due {
      let high = noticeHeight(words, width: body.width, atMost: body.height / 3)
      notice(words, isLate ? .warn : .info, icon: .clock, in: body.cutBottom(high))
    }
    steps(status, in: body)
  }

  /// Five dots with words; what is done, where it is now, what is to come.
  private mutating func steps(_ status: ApplicationStatus, in area: Rect) {
    draw(boxCommand(area, fill: theme.surface, stroke: strokeIfPlain))
    let current = ApplicationStep.allCases.firstIndex(of: status.step) ?? 0
    let rows = area.inset(36, 20).rows(5, gap: 0)
    let dot = min(56, rows[0].height * 2 / 3)
    let x = rows[0].x + 30
    for index in 0..<4 {
      draw(
        fillCommand(
          Rect(
            x: x - 4, y: rows[index].y + rows[index].height / 2, width: 8,
            height: rows[index + 1].y - rows[index].y),
          index < current ? theme.primary : theme.line))
    }
    for (index, row) in rows.enumerated() {
      let middle = row.y + row.height / 2
      let place = Rect(x: x - dot / 2, y: middle - dot / 2, width: dot, height: dot)
      stepDot(index, status, in: place)
      let words = Rect(
        x: x + 60, y: row.y, width: (row.maxX - x - 60) * 56 / 100, height: row.height)
      text(
        strings[Self.stepNames[index]], in: words, .body, face: index == current ? .bold : .regular,
        color: index > current ? theme.muted : theme.ink, vertical: .middle)
      let state = stepState(index, status)
      let side = Rect(
        x: words.maxX + 16, y: row.y, width: row.maxX - words.maxX - 16, height: row.height)
      text(
        state, in: side, .note, face: index == current ? .bold : .regular,
        color: index == current ? theme.primary : theme.muted, align: .trailing,
        vertical: .middle)
    }
  }

  private static let stepNames: [StringKey] = [
    .stepReceived, .stepVerified, .stepSigned, .stepReady, .stepHandedOver,
  ]

  private func stepState(_ index: Int, _ status: ApplicationStatus) -> String {
    let current = ApplicationStep.allCases.firstIndex(of: status.step) ?? 0
    if index == 0, current > 0 {
      return strings(.stepReceivedOn, ["date": strings.date(status.receivedOn)])
    }
    return strings[index < current ? .stepDone : index == current ? .stepNow : .stepAhead]
  }

  private mutating func stepDot(_ index: Int, _ status: ApplicationStatus, in place: Rect) {
    let current = ApplicationStep.allCases.firstIndex(of: status.step) ?? 0
    guard index <= current else {
      return draw(
        boxCommand(
          place, radius: place.width / 2, fill: theme.surface, stroke: theme.line, width: 4))
    }
    draw(
      .disc(device(place), theme.primary),
      iconCommand(
        index < current || status.step == .handedOver ? .check : .clock,
        center: place.x + place.width / 2, place.y + place.height / 2,
        size: place.width * 5 / 8, theme.onPrimary))
  }

  /// The same beside each other, where the glass is wide.
  private mutating func stepsAcross(_ status: ApplicationStatus, in area: Rect) {
    draw(boxCommand(area, fill: theme.surface, stroke: strokeIfPlain))
    let current = ApplicationStep.allCases.firstIndex(of: status.step) ?? 0
    let columns = area.inset(20, 24).columns(5)
    let dot = min(72, area.height / 4)
    let middle = columns[0].y + dot / 2 + 8
    for index in 0..<4 {
      draw(
        fillCommand(
          Rect(
            x: columns[index].x + columns[index].width / 2, y: middle - 4,
            width: columns[index + 1].x - columns[index].x, height: 8),
          index < current ? theme.primary : theme.line))
    }
    for (index, column) in columns.enumerated() {
      stepDot(
        index, status,
        in: Rect(
          x: column.x + (column.width - dot) / 2, y: middle - dot / 2, width: dot, height: dot))
      var room = column
      room.cutTop(dot + 28)
      let name = room.cutTop(room.height / 2)
      text(
        strings[Self.stepNames[index]], in: name, .body,
        face: index == current ? .bold : .regular,
        color: index > current ? theme.muted : theme.ink, align: .center, vertical: .middle)
      text(
        stepState(index, status), in: room, .note, face: index == current ? .bold : .regular,
        color: index == current ? theme.primary : theme.muted, align: .center,
        vertical: .middle)
    }
  }

  private func nextStep(_ status: ApplicationStatus) -> (String, NoticeKind) {
    switch status.condition {
    case .returned:
      return (
        status.note.map { strings(.statusReturned, ["note": $0]) }
          ?? strings[.statusReturnedPlain], .warn
      )
    case .delayed:
      return (
        status.note.map { strings(.statusDelayed, ["note": $0]) }
          ?? strings[.statusDelayedPlain], .warn
      )
    case .cancelled: return (strings[.statusCancelled], .danger)
    case .moving: break
    }
    switch status.step {
    case .received, .verified, .signed: return (strings[.statusNextMoving], .info)
    case .handedOver: return (strings[.statusNextHandedOver], .ok)
    case .ready:
      let key: StringKey =
        switch status.pickUp {
        case .kiosk: .statusNextReadyKiosk
        case .counter: .statusNextReadyCounter
        case .online: .statusNextReadyOnline
        case .box: .statusNextReadyBox
        }
      return (strings[key], .ok)
    }
  }
}
