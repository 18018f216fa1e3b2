internal import Journey
internal import OfficeModel

extension Canvas {
  /// A number on a 12-key pad: the group being typed is clear, all others are dots.
  mutating func entryPad(
    _ entry: Entry, step: String, triesLeft: Int? = nil, trouble: String? = nil
  ) {
    let (title, hint) = entryWords(entry.kind)
    var info = zones.info
    var area = zones.content
    let fieldHeight = zones.isLandscape ? 112 : 140
    let field: Rect
    let count: Rect
    if zones.lowReach {
      count = info.cutBottom(64, gap: 4)
      field = info.cutBottom(fieldHeight, gap: 32)
    } else {
      field = area.cutTop(fieldHeight)
      count = area.cutTop(zones.isLandscape ? 52 : 60)
    }
    heading(title, hint, step: step, in: info)
    digits(entry, in: field)

    if let problem = entry.problem, case .form(let group) = problem {
      text(
        strings(.entryProblem, ["group": String(group + 1)]), in: count, .note, face: .semibold,
        color: theme.danger, vertical: .middle)
    } else if let trouble {
      text(
        trouble, in: count, .note, face: .semibold, color: theme.danger, vertical: .middle)
    } else if let triesLeft, entry.count == 0 {
      text(
        strings(.entryTries, ["tries": String(triesLeft)]), in: count, .note, face: .semibold,
        color: theme.danger, vertical: .middle)
    } else if entry.kind != .sheets {
      // A number of sheets has as many digits as it has, and nothing of it is covered.
      text(
        strings(
          .entryCount, ["count": String(entry.count), "limit": String(entry.limit)]),
        in: count, .note, color: theme.muted, vertical: .middle)
    }
    area.cutTop(8)
    if !zones.lowReach, !zones.isLandscape {
      let words = strings[
        entry.kind == .nik && state.screen.name == "printNIK"
          ? .entryScanHint : .entryContinueHint]
      let high = noticeHeight(words, width: area.width, atMost: 200)
      notice(words, .warn, icon: .info, in: area.cutBottom(high))
    }
    keys(entry, in: area)
  }

  private func entryWords(_ kind: Entry.Kind) -> (String, String) {
    switch kind {
    case .nik: (strings[.entryNIK], strings[.entryNIKHint])
    case .pin: (strings[.entryPIN], strings[.entryPINHint])
    case .registration: (strings[.entryRegistration], strings[.entryRegistrationHint])
    case .booking: (strings[.entryBooking], strings[.entryBookingHint])
    case .staffPIN: (strings[.staffPIN], strings[.staffPINHint])
    case .clock: (strings[.staffClockEntry], strings[.staffClockEntryHint])
    case .sheets: (strings[.staffPaperEntry], strings[.staffPaperEntryHint])
    }
  }

  private mutating func digits(_ entry: Entry, in field: Rect) {
    draw(
      boxCommand(
        field, fill: theme.surface, stroke: entry.problem == nil ? theme.primary : theme.danger,
        width: 4))
    let groups = entry.limit / (entry.limit == 6 ? 6 : 4)
    let groupGap = 32
    let room = field.inset(32, 12)
    let cellWidth = min(84, (room.width - (groups - 1) * groupGap) / entry.limit)
    let total = cellWidth * entry.limit + (groups - 1) * groupGap
    let perGroup = entry.limit / groups
    let start = room.x + (room.width - total) / 2
    var cells: [SecretCell] = []
    for index in 0..<entry.limit {
      let group = index / perGroup
      let x = start + index * cellWidth + group * groupGap
      let doubtful = entry.problem == .form(group: group)
      draw(
        fillCommand(
          Rect(x: x + 4, y: room.maxY - 10, width: cellWidth - 8, height: doubtful ? 10 : 6),
          doubtful
            ? theme.danger : index == entry.count ? theme.attention : theme.line))
      guard index < entry.count else { continue }
      let isCurrent =
        switch entry.kind {
        case .pin, .staffPIN: false
        // No secret: a day and an hour, a count of paper.
        case .clock, .sheets: true
        case .nik, .registration, .booking: group == entry.count / perGroup
        }
      cells.append(
        SecretCell(
          index: index,
          rect: device(Rect(x: x, y: room.y, width: cellWidth, height: room.height - 12)),
          look: entry.revealed || isCurrent || doubtful ? .digit : .dot))
    }
    if !cells.isEmpty {
      let pixels = px(min(68, cellWidth * 5 / 4))
      draw(
        .secretDigits(
          entry.secret, cells: cells, TextStyle(face: .bold, pixels: pixels, color: theme.ink)))
    }
  }

  private mutating func keys(_ entry: Entry, in area: Rect) {
    let side = area.width * 27 / 100
    let pad = Rect(x: area.x, y: area.y, width: area.width - side - 16, height: area.height)
    let column = Rect(x: pad.maxX + 16, y: area.y, width: side, height: area.height)
    let rows = pad.rows(4)
    for digit in 1...9 {
      key(UInt8(digit), rows[(digit - 1) / 3].columns(3)[(digit - 1) % 3])
    }
    let last = rows[3].columns(3)
    stacked(.clearDigits, strings[.keyClear], icon: .close, last[0], role: .key, iconSize: 48)
    key(0, last[1])
    stacked(.deleteDigit, strings[.keyDelete], icon: .delete, last[2], role: .key, iconSize: 48)

    let high = rows[0].height
    if Journey.accepts(.aboutCard, in: state) {
      stacked(
        .revealDigits, strings[.keyReveal], icon: .eye,
        Rect(x: column.x, y: rows[0].y, width: side, height: high), role: .hold)
      stacked(
        .aboutCard, strings[.keyCard], icon: .idcard,
        Rect(x: column.x, y: rows[1].y, width: side, height: high))
    } else {
      stacked(
        .revealDigits, strings[.keyReveal], icon: .eye,
        Rect(x: column.x, y: rows[0].y, width: side, height: rows[1].maxY - rows[0].y),
        role: .hold)
    }
    stacked(
      .continue, strings[.keyContinue], icon: .check,
      Rect(x: column.x, y: rows[2].y, width: side, height: rows[3].maxY - rows[2].y),
      kind: .primary, size: .subtitle, iconSize: 88)
  }

  private mutating func key(_ digit: UInt8, _ rect: Rect) {
    add(
      .digit(digit), role: .key, label: strings(.keyDigit, ["digit": String(digit)]), rect
    ) { canvas, ink in
      canvas.textCommands(
        String(digit), in: rect.inset(8, 4), .key, face: .bold, color: ink.text, align: .center,
        vertical: .middle
      ).commands
    }
  }
}
