public import Journey
internal import OfficeModel

/// From the state of a session to what is on the glass. Pure: the same state gives the same frame.
public enum Screens {
  /// Lays out the screen of `state` for a panel of `size` device pixels (720 x 1080 or more).
  public static func frame(
    for state: JourneyState, size: Size, strings: Strings, measure: TextMeasurer
  ) -> Frame {
    var canvas = Canvas(state: state, size: size, strings: strings, measure: measure)
    canvas.chrome()
    if state.stillHereUntil != nil {
      canvas.stillHere()
      canvas.frame.name = "stillHere"
    } else {
      canvas.screen()
      // Last, so that it lies over what else takes touches there.
      if Journey.accepts(.staffDoor, in: state) { canvas.staffDoor() }
    }
    return canvas.frame
  }
}

extension Canvas {
  mutating func screen() {
    switch state.screen {
    case .attract: attract()
    case .home: home()
    case .languages: languages()
    case .serviceList(let purpose): serviceList(purpose)
    case .requirements(let id, let purpose, let page): requirements(id, purpose, page: page)
    case .lane(let id): lane(id)
    case .ticketIdentity(_, _, let entry): entryPad(entry, step: strings[.entryStepTicket])
    case .statusRegistration(let entry):
      entryPad(entry, step: strings(.entryStepStatus, ["step": "1"]))
    case .statusNIK(_, let entry):
      entryPad(entry, step: strings(.entryStepStatus, ["step": "2"]))
    case .printNIK(let entry):
      entryPad(entry, step: strings(.entryStepPrint, ["step": "1"]))
    case .printPIN(_, let entry, let tries):
      entryPad(entry, step: strings(.entryStepPrint, ["step": "2"]), triesLeft: tries)
    case .issuingTicket: working(strings[.issuingTitle])
    case .statusSearching: working(strings[.searchingTitle])
    case .checkingCredential: working(strings[.checkingTitle])
    case .verifying(let document):
      working(strings[.verifyingTitle], strings(.verifyingText, ["kind": document.kind]))
    case .ticket(let shown): ticket(shown)
    case .ticketRefused(let refusal): ticketRefused(refusal)
    case .statusResult(let answer): statusResult(answer)
    case .credentialRefused(let refusal): credentialRefused(refusal)
    case .documents(let list, let page): documents(list, page: page)
    case .documentRefused(let refusal): documentRefused(refusal)
    case .preview(let preview): self.preview(preview)
    case .printing(let progress): printing(progress)
    case .takePaper(let sheets, let place): takePaper(sheets, at: place)
    case .printFailed(let failure): printFailed(failure)
    case .survey: survey()
    case .thanks: thanks()
    case .cardInfo: cardInfo()
    case .complaints(let page): complaints(page: page)
    case .complaintKinds: complaintKinds()
    case .filingComplaint: working(strings[.complaintFiling])
    case .complaint(let shown): complaint(shown)
    case .complaintRefused: complaintRefused()
    case .help(let call): help(call)
    case .outOfService(let reason): outOfService(reason)
    case .staffPIN(let entry, let refusal): staffPIN(entry, refusal)
    case .staffWorking: working(strings[.staffWorking])
    case .staff(let page, let overview): staff(page, overview)
    }
  }

  /// Title and explanation in the space for them.
  mutating func heading(
    _ title: String, _ explanation: String? = nil, step: String? = nil, in area: Rect
  ) {
    var room = area
    if let step, !step.isEmpty {
      let part = room.cutTop(min(56, room.height / 4))
      text(step, in: part, .note, face: .semibold, color: theme.muted, vertical: .middle)
    }
    let share =
      explanation == nil ? room.height : max(72, room.height * (zones.isLandscape ? 45 : 52) / 100)
    let titleBox = Rect(x: room.x, y: room.y, width: room.width, height: share)
    let bottom = text(title, in: titleBox, .title, face: .bold)
    if let explanation {
      room.cutTop(bottom - room.y + 12)
      text(explanation, in: room, .body, color: theme.muted)
    }
  }

  /// Pages of a list at the bottom of the content: back, where, on.
  mutating func pager(page: Int, pages: Int, in row: Rect) {
    let side = row.width * 3 / 10
    stacked(
      .previousPage, strings[.pagePrevious], icon: .back,
      Rect(x: row.x, y: row.y, width: side, height: row.height), iconSize: 44)
    stacked(
      .nextPage, strings[.pageNext], icon: .next,
      Rect(x: row.maxX - side, y: row.y, width: side, height: row.height),
      enabled: page + 1 < pages, iconSize: 44)
    text(
      strings(.pageOf, ["page": String(page + 1), "pages": String(pages)]),
      in: Rect(
        x: row.x + side + 16, y: row.y, width: row.width - 2 * side - 32, height: row.height),
      .note, color: theme.muted, align: .center, vertical: .middle)
  }

  func faultWords(_ fault: DeviceFault) -> String {
    switch fault {
    case .mediaEmpty: strings[.faultMediaEmpty]
    case .mediaLow: strings[.faultMediaLow]
    case .mediaJam: strings[.faultMediaJam]
    case .coverOpen: strings[.faultCoverOpen]
    case .markerSupplyEmpty: strings[.faultMarkerSupplyEmpty]
    case .markerSupplyLow: strings[.faultMarkerSupplyLow]
    case .cutterError: strings[.faultCutterError]
    case .needsRestart: strings[.faultNeedsRestart]
    case .recovering: strings[.faultRecovering]
    case .offline: strings[.faultOffline]
    case .stopped: strings[.faultStopped]
    case .busy: strings[.faultBusy]
    case .notAccepting: strings[.faultNotAccepting]
    case .outputFull: strings[.faultOutputFull]
    case .jobLeft: strings[.faultJobLeft]
    case .other: strings[.faultOther]
    }
  }

  func moment(_ at: Timestamp) -> String {
    strings.moment(at, now: state.now.wall, zone: state.office.zone)
  }
}
