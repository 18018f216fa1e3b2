internal import Journey
internal import OfficeModel

extension Canvas {
  /// While paper moves nothing of the citizen is on the glass.
  mutating func printing(_ progress: PrintProgress) {
    let isHeld = if case .held = progress.stage { true } else { false }
    let (head, all, buttons) = zones.page(titleHeight: 200, buttonRows: isHeld ? 1 : 0)
    var body = all
    let title: String
    let sentence: String
    switch progress.stage {
    case .sending:
      title = strings[.printingSending]
      sentence = comingOut(progress)
    case .printing:
      title = strings[.printingTitle]
      sentence = comingOut(progress)
    case .held(let fault):
      title = strings[.printingHeldTitle]
      sentence = heldWords(fault)
    case .cancelling:
      title = strings[.printingCancelling]
      sentence = strings[.printingCancellingText]
    }
    heading(title, isHeld ? nil : sentence, in: head)
    if let call = state.staffCall {
      let words = staffWords(call)
      notice(
        words, call == .failed ? .warn : .info, icon: .staff,
        in: body.cutBottom(
          noticeHeight(words, width: body.width, role: .body, atMost: 200)), role: .body)
    }
    if isHeld {
      notice(
        strings[.printingKept], .ok, in: body.cutBottom(min(140, body.height / 4)), role: .body)
      body.height = min(body.height, 620)
      draw(
        boxCommand(
          body, radius: 28, fill: theme.warnGround, stroke: theme.warn, width: 4))
      var card = body.inset(44, 32)
      let picture = card.cutTop(min(170, card.height / 3))
      draw(
        iconCommand(
          .warning, center: picture.x + picture.width / 2, picture.y + picture.height / 2,
          size: picture.height, theme.warn))
      card.cutTop(20)
      text(sentence, in: card, .subtitle, color: theme.warn, align: .center, vertical: .middle)
      button(.cancelPrint, strings[.printingCancel], icon: .close, buttons)
      return
    }
    if progress.stage != .cancelling {
      let words = strings[.printingStay]
      notice(words, .warn, icon: .hand, in: body.cutBottom(min(150, body.height / 4)), role: .title)
    }
    paperPicture(in: body, moves: true)
  }

  /// A sheet above the slot it comes out of, and an arrow towards the hand.
  mutating func paperPicture(in area: Rect, moves: Bool) {
    let centerX = area.x + area.width / 2
    let high = min(area.height, 720)
    let top = area.y + (area.height - high) / 2
    let sheet = high / 2
    draw(
      iconCommand(.document, center: centerX, top + sheet / 2, size: sheet, theme.primary),
      boxCommand(
        Rect(
          x: centerX - min(400, area.width / 2 - 20), y: top + sheet + 12,
          width: min(800, area.width - 40), height: max(16, high / 18)), radius: 22,
        fill: theme.ink))
    let arrowTop = top + sheet + 12 + high / 18 + 20
    let room = top + high - arrowTop
    guard room >= 40 else { return }
    func arrow(_ down: Int) -> DrawCommand {
      let tall = room * 4 / 5
      let y = arrowTop + (room - tall) * down / 3
      let half = tall * 9 / 20
      let shaft = half / 3
      let neck = y + tall * 2 / 5
      return .polygon(
        [
          point(centerX - shaft, y), point(centerX + shaft, y), point(centerX + shaft, neck),
          point(centerX + half, neck), point(centerX, y + tall), point(centerX - half, neck),
          point(centerX - shaft, neck),
        ], theme.attention)
    }
    guard moves else { return draw(arrow(0)) }
    let ground = Rect(
      x: centerX - room / 2, y: arrowTop, width: room, height: room)
    frame.animation = Animation(
      rect: device(ground),
      images: [0, 0, 1, 2, 3, 2, 1].map { [fillCommand(ground, theme.background), arrow($0)] },
      interval: .milliseconds(125))
  }

  func staffWords(_ call: StaffCall) -> String {
    switch call {
    case .asking: strings[.staffAsking]
    case .called: strings[.staffCalled]
    case .failed: strings[.staffFailed]
    }
  }

  private func heldWords(_ fault: DeviceFault) -> String {
    switch fault {
    case .mediaEmpty: strings[.heldMediaEmpty]
    case .mediaJam: strings[.heldMediaJam]
    case .coverOpen: strings[.heldCoverOpen]
    case .markerSupplyEmpty: strings[.heldMarkerSupplyEmpty]
    case .offline: strings[.heldOffline]
    case .outputFull: strings[.heldOutputFull]
    case .stopped: strings[.heldStopped]
    case .notAccepting: strings[.heldNotAccepting]
    case .busy, .recovering: strings[.heldBusy]
    case .mediaLow, .markerSupplyLow, .cutterError, .needsRestart, .jobLeft, .other:
      strings[.heldOther]
    }
  }

  private func comingOut(_ progress: PrintProgress) -> String {
    strings(
      .printingText,
      ["count": String(progress.pageCount), "place": placeWords(progress.place)])
  }

  /// Where paper comes out.
  private func placeWords(_ place: String?) -> String {
    place.map { strings(.paperPlaceNamed, ["place": $0]) } ?? strings[.paperPlaceHere]
  }

  mutating func takePaper(_ sheets: Int, at place: String?) {
    var (head, body, buttons) = zones.page(titleHeight: 200)
    let countdown = body.cutBottom(60, gap: 12)
    let title = head.cutTop(head.height * 3 / 5)
    text(
      strings[.takePaperTitle], in: title, .hero, face: .bold, align: .center,
      vertical: .middle)
    text(
      sheets == 1
        ? strings(.takePaperOne, ["place": placeWords(place)])
        : strings(.takePaperText, ["count": String(sheets), "place": placeWords(place)]),
      in: head, .subtitle, face: place == nil ? .regular : .bold,
      color: place == nil ? theme.muted : theme.primary, align: .center)
    text(
      strings(.takePaperWiped, ["seconds": String(state.countdown ?? 0)]), in: countdown, .note,
      color: theme.muted, align: .center, vertical: .middle)
    if let call = state.staffCall {
      notice(
        staffWords(call), .info, icon: .staff, in: body.cutBottom(min(130, body.height / 4)),
        role: .body)
    } else if case .present = state.facts.cardReader {
      notice(
        strings[.takePaperCard], .warn, icon: .idcard,
        in: body.cutBottom(min(150, body.height / 4)), role: .subtitle)
    }
    paperPicture(in: body, moves: true)
    let wide = buttons.width * 63 / 100
    button(
      .paperTaken, strings[.takePaperTaken], icon: .check,
      Rect(x: buttons.x, y: buttons.y, width: wide, height: buttons.height), kind: .primary)
    button(
      .paperMissing, strings[.takePaperMissing],
      Rect(
        x: buttons.x + wide + 24, y: buttons.y, width: buttons.width - wide - 24,
        height: buttons.height), size: .body)
  }

  mutating func printFailed(_ failure: PrintFailure) {
    var buttons: [(Control, String, Icon)] = [(.goHome, strings[.goHome], .home)]
    switch failure {
    case .notPrinted(let fault):
      if Journey.accepts(.tryAgain, in: state) {
        buttons.insert((.tryAgain, strings[.tryAgain], .retry), at: 0)
      }
      let reason = fault.map {
        " " + strings(.printFailedReason, ["reason": faultWords($0)])
      }
      message(
        strings[.printFailedTitle], strings[.printFailedNot] + (reason ?? ""), .warn,
        icon: .printer, advice: strings[.wayToCounter], buttons: buttons)
    case .unknown:
      message(
        strings[.printFailedUnknownTitle], strings[.printFailedUnknown], .warn, icon: .printer,
        advice: strings[.wayToCounter], buttons: buttons)
    case .leftAtPrinter:
      message(
        strings[.printFailedLeftTitle], strings[.printFailedLeft], .warn, icon: .printer,
        advice: strings[.wayToCounter], buttons: buttons)
    case .reportedByCitizen:
      message(
        strings[.printFailedReportedTitle], strings[.printFailedReported], .info, icon: .staff,
        advice: strings[.wayToCounter], buttons: buttons)
    }
  }
}
