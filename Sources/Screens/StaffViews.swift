internal import Journey
internal import OfficeModel

/// What staff see. No citizen's data is on any of these screens.
extension Canvas {
  var isStaff: Bool {
    switch state.screen {
    case .staffPIN, .staffWorking, .staff: true
    default: false
    }
  }

  /// A hand that rests on the crest opens the door; nothing on the glass tells of it.
  mutating func staffDoor() {
    let high = zones.header.height - 8
    let shape = Rect(x: Zones.margin - 16, y: 4, width: high, height: high)
    frame.controls.append(
      ControlFrame(
        control: .staffDoor, role: .hold, label: strings[.staffDoor], rect: device(shape),
        hitRect: device(shape), isEnabled: true, normal: [], pressed: []))
  }

  mutating func staffPIN(_ entry: Entry, _ refusal: StaffRefusal?) {
    let trouble: String? =
      switch refusal {
      case .wrong(let left): strings(.staffWrong, ["tries": String(left)])
      case .locked(let until?): strings(.staffLocked, ["time": moment(until)])
      case .locked(nil): strings[.staffLockedOpen]
      case .nobodyKnown: strings[.staffNobody]
      case .storeUnavailable: strings[.staffNoStore]
      case nil: nil
      }
    entryPad(entry, step: strings[.staffMode], trouble: entry.count == 0 ? trouble : nil)
  }

  mutating func staff(_ page: StaffPage, _ overview: StaffOverview) {
    switch page {
    case .menu: staffMenu(overview)
    case .clock: staffClock(overview)
    case .clockEntry(let entry), .paperEntry(_, let entry):
      entryPad(entry, step: strings[.staffMode])
    case .prints(let page): staffPrints(overview, page: page)
    case .print(let print): staffPrint(print)
    case .letters(let page): staffLetters(overview, page: page)
    case .devices: staffDevices(overview)
    case .supplies: staffSupplies()
    }
  }

  private mutating func staffMenu(_ overview: StaffOverview) {
    var info = zones.info
    if let note = state.staffNote {
      let (line, kind) = noteWords(note)
      notice(line, kind, in: info.cutBottom(noticeHeight(line, width: info.width, atMost: 240)))
    }
    heading(strings[.staffMenuTitle], step: strings[.staffMode], in: info)
    func count(_ number: Int) -> String {
      number == 0 ? strings[.staffNone] : strings(.staffCount, ["count": String(number)])
    }
    let clock: StringKey =
      switch overview.clock {
      case .trusted: .staffClockGood
      case .untrusted(.tooEarly): .staffClockEarly
      case .untrusted(.tooFarAhead): .staffClockAhead
      }
    let tiles: [(Control, StringKey, String, Icon)] = [
      (.staffClock, .staffClock, strings[clock], .clock),
      (.staffPrints, .staffPrints, count(overview.prints.count), .printer),
      (.staffLetters, .staffLetters, count(overview.letters.count), .network),
      (.staffSupplies, .staffSupplies, suppliesInShort(), .document),
      (.staffDevices, .staffDevices, "", .checklist),
    ]
    let rows = zones.content.rows(tiles.count)
    uniformly { canvas in
      for (index, (control, key, detail, icon)) in tiles.enumerated() {
        canvas.tile(
          control, number: index + 1, canvas.strings[key], detail: detail.isEmpty ? nil : detail,
          icon: icon, rows[index])
      }
    }
  }

  private func noteWords(_ note: StaffNote) -> (String, NoticeKind) {
    switch note {
    case .clockConfirmed: (strings[.staffNoteClock], .ok)
    case .clockRefused: (strings[.staffNoteClockRefused], .danger)
    case .printSettled: (strings[.staffNotePrint], .ok)
    case .printerCleared: (strings[.staffNoteCleared], .ok)
    case .lettersSent(let count): (strings(.staffNoteLetters, ["count": String(count)]), .ok)
    case .paperNoted(let sheets):
      (strings(.staffNotePaper, ["sheets": String(sheets)]), .ok)
    case .paperRefused: (strings[.staffNotePaperRefused], .danger)
    case .notDone: (strings[.staffNoteNotDone], .danger)
    }
  }

  private mutating func staffClock(_ overview: StaffOverview) {
    let (title, body, buttons) = zones.page(titleHeight: 330, buttonRows: 2)
    heading(
      strings[.staffClockTitle],
      overview.machineTime == nil ? strings[.staffClockNoProposal] : strings[.staffClockText],
      step: strings[.staffMode], in: title)
    if let machine = overview.machineTime {
      let local = LocalTime(machine, in: state.office.zone)
      var area = body
      text(
        strings.longDate(local.date), in: area.cutTop(body.height / 2), .title, face: .bold,
        align: .center, vertical: .bottom)
      text(
        "\(strings.clock(local.time)) \(state.office.zone.rawValue)", in: area, .hero, face: .bold,
        color: theme.primary, align: .center, vertical: .middle)
    }
    let rows = buttons.rows(2)
    button(
      .staffClockRight, strings[.staffClockRight], icon: .check, rows[0],
      kind: overview.machineTime == nil ? .secondary : .primary)
    button(.staffClockType, strings[.staffClockType], icon: .clock, rows[1])
  }

  private mutating func staffPrints(_ overview: StaffOverview, page: Int) {
    heading(
      strings[.staffPrintsTitle], strings[.staffPrintsText], step: strings[.staffMode],
      in: zones.info)
    var area = zones.content
    staffPager(page: page, count: overview.prints.count, &area)
    for (rect, print) in zip(
      area.rows(JourneyLimits.staffPerPage), Journey.staffPrints(overview, page: page))
    {
      tile(
        .staffPrint(print.jobKey), number: nil, print.documentID,
        detail: printPlace(print)
          + (print.isAtPrinter
            ? strings(.staffPrintAtPrinter, ["time": moment(print.at)]) : moment(print.at)),
        icon: print.isAtPrinter ? .printer : .document, rect)
    }
  }

  private mutating func staffPrint(_ print: StaffOverview.Print) {
    if print.isAtPrinter { return staffLeftPrint(print) }
    heading(
      strings[.staffPrintTitle],
      strings(.staffPrintText, ["document": print.documentID, "time": moment(print.at)]),
      step: strings[.staffMode], in: zones.info)
    let findings: [(PrintFinding, StringKey, Icon)] = [
      (.handedOver, .staffFindingHandedOver, .check),
      (.destroyed, .staffFindingDestroyed, .close),
      (.nothingCameOut, .staffFindingNothing, .printer),
    ]
    uniformly { canvas in
      for (rect, (finding, key, icon)) in zip(canvas.zones.content.rows(3), findings) {
        canvas.tile(.staffFinding(finding), number: nil, canvas.strings[key], icon: icon, rect)
      }
    }
  }

  private mutating func staffLeftPrint(_ print: StaffOverview.Print) {
    heading(
      strings[.staffLeftTitle],
      strings(
        .staffLeftText,
        ["document": print.documentID, "time": printPlace(print) + moment(print.at)]),
      step: strings[.staffMode], in: zones.info)
    var area = zones.content
    let words = strings[.staffLeftAdvice]
    notice(words, .warn, in: area.cutTop(noticeHeight(words, width: area.width, atMost: 320)))
    area.cutTop(24)
    let clearings: [(PrinterClearing, StringKey, Icon)] = [
      (.emptied, .staffLeftEmptied, .check), (.replaced, .staffLeftReplaced, .printer),
    ]
    uniformly { canvas in
      for (rect, (clearing, key, icon)) in zip(area.rows(2), clearings) {
        canvas.tile(
          .staffPrinterCleared(clearing), number: nil, canvas.strings[key], icon: icon, rect)
      }
    }
  }

  private mutating func staffLetters(_ overview: StaffOverview, page: Int) {
    heading(strings[.staffLettersTitle], step: strings[.staffMode], in: zones.info)
    var area = zones.content
    button(.tryAgain, strings[.staffLettersAgain], icon: .retry, area.cutBottom(Zones.control))
    staffPager(page: page, count: overview.letters.count, &area)
    for (rect, letter) in zip(
      area.rows(JourneyLimits.staffPerPage), Journey.staffLetters(overview, page: page))
    {
      // The beginning of the server's words names the code; a whole page of them helps nobody here.
      notice(
        strings(
          .staffLetter,
          [
            "kind": letter.kind, "time": moment(letter.at),
            "reason": String(letter.reason.prefix(80)),
          ]), .warn, in: rect)
    }
  }

  private mutating func staffPager(page: Int, count: Int, _ area: inout Rect) {
    let pages = (count + JourneyLimits.staffPerPage - 1) / JourneyLimits.staffPerPage
    if pages > 1 { pager(page: page, pages: pages, in: area.cutBottom(Zones.control)) }
  }

  private mutating func staffDevices(_ overview: StaffOverview) {
    let facts = state.facts
    let reader: StringKey =
      switch facts.cardReader {
      case .empty, .present: .staffReady
      case .noReader, .serviceGone: .staffNoReader
      }
    let server: StringKey =
      switch facts.serverReachable {
      case true?: .staffServerAnswers
      case false?: .staffServerSilent
      case nil: .staffUnknown
      }
    let lines: [(String, Icon)] =
      [
        (strings(.staffTicketPrinter, ["state": words(facts.ticketPrinter)]), .ticket)
      ] + documentPrinterLines() + [
        (strings(.staffCardReader, ["state": strings[reader]]), .idcard),
        (strings(.staffServer, ["state": strings[server]]), .network),
        (
          facts.cacheSyncedAt.map { strings(.staffSynced, ["time": moment($0)]) }
            ?? strings[.staffNeverSynced], .retry
        ),
        (
          overview.oldestWaiting.map {
            strings(.staffWaiting, ["count": String(overview.waiting), "time": moment($0)])
          } ?? strings[.staffNoWaiting], .document
        ),
      ]
    let (title, body, _) = zones.page(titleHeight: 200, buttonRows: 0)
    heading(strings[.staffDevicesTitle], step: strings[.staffMode], in: title)
    var area = body
    area.height = min(area.height, lines.count * 200)
    for (row, (line, icon)) in zip(area.rows(lines.count), lines) {
      notice(line, .info, icon: icon, in: row, role: .body)
    }
  }

  func words(_ fact: DeviceFact) -> String {
    switch fact {
    case .ready: strings[.staffReady]
    case .attention(let fault), .down(let fault): faultWords(fault)
    case .unknown: strings[.staffUnknown]
    case .absent: strings[.staffAbsent]
    }
  }
}
