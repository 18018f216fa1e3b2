internal import Journey
internal import OfficeModel

/// What stays the same on every screen: header, demonstration mark, permanent bar.
extension Canvas {
  mutating func chrome() {
    header()
    if zones.band.height > 0 {
      draw(fillCommand(zones.band, theme.warnGround))
      if theme.strokeWidth > 3 {
        draw(
          fillCommand(
            Rect(x: 0, y: zones.band.maxY - 3, width: zones.band.width, height: 3), theme.line))
      }
      text(
        strings[.demonstrationBand], in: zones.band.inset(Zones.margin, 4), .caption,
        face: .semibold, color: theme.warn, align: .center, vertical: .middle)
    }
    bar()
  }

  private mutating func header() {
    let area = zones.header
    // Staff see at every moment that this is not what citizens see.
    draw(fillCommand(area, isStaff ? theme.staffHeader : theme.header))
    if theme.strokeWidth > 3 {
      draw(fillCommand(Rect(x: 0, y: area.maxY - 3, width: area.width, height: 3), theme.onHeader))
    }
    let high = area.height - 40
    let crest = Rect(x: Zones.margin, y: 20, width: high, height: high)
    draw(
      boxCommand(
        crest, radius: high / 2, fill: isStaff ? theme.staffHeader : theme.header,
        stroke: theme.onHeader, width: 3))
    // The office's own crest comes with its configuration; until then a house of service.
    draw(
      iconCommand(
        .office, center: crest.x + high / 2, crest.y + high / 2, size: high * 9 / 16,
        theme.onHeader))
    let local = LocalTime(state.now.wall, in: state.office.zone)
    let clockWidth = 250
    let right = area.width - Zones.margin
    let top = Rect(x: right - clockWidth, y: 16, width: clockWidth, height: high * 58 / 100)
    let bottom = Rect(
      x: top.x, y: top.maxY, width: clockWidth, height: area.height - 14 - top.maxY)
    text(
      clockWords(local), in: top, .title, face: .bold, color: theme.onHeader,
      align: .trailing, vertical: .middle)
    text(
      dateWords(strings.shortDate(local.date) + " · ") + state.office.zone.rawValue, in: bottom,
      .caption,
      color: isStaff ? theme.onHeader : theme.headerMuted, align: .trailing, vertical: .middle)
    let x = crest.maxX + 32
    let width = top.x - 24 - x
    text(
      strings[isStaff ? .staffMode : .productName],
      in: Rect(x: x, y: top.y, width: width, height: top.height),
      .subtitle, face: .bold, color: theme.onHeader, vertical: .middle)
    text(
      "\(state.office.name) · \(state.office.kioskName)",
      in: Rect(x: x, y: bottom.y, width: width, height: bottom.height), .note,
      color: isStaff ? theme.onHeader : theme.headerMuted, vertical: .middle)
  }

  /// A time that nobody vouches for is not shown.
  func clockWords(_ local: LocalTime) -> String {
    state.facts.clockTrusted ? strings.clock(local.time) : "--.--"
  }

  func dateWords(_ date: String) -> String { state.facts.clockTrusted ? date : "" }

  private mutating func bar() {
    let area = zones.bar
    let controls = Journey.bar(for: state)
    draw(
      fillCommand(area, theme.surface),
      fillCommand(Rect(x: 0, y: area.y, width: area.width, height: 3), theme.line))
    // While the question lies over the screen, the bar waits behind it.
    guard !controls.isEmpty, state.stillHereUntil == nil else { return }
    let row = Rect(
      x: 32, y: area.y + 26, width: area.width - 64,
      height: area.height - (zones.isLandscape ? 44 : 56))
    uniformly { canvas in
      for (control, rect) in zip(controls, row.columns(controls.count)) {
        let (label, icon) = canvas.barLook(control)
        canvas.stacked(control, label, icon: icon, rect, size: .caption, iconSize: 64)
      }
    }
  }

  private func barLook(_ control: Control) -> (String, Icon) {
    switch control {
    case .back: (strings[.barBack], .back)
    case .finish: (strings[.barFinish], .close)
    case .language: (strings[.barLanguage], .globe)
    case .textSize: (strings[.barTextSize], .textsize)
    case .contrast: (strings[.barContrast], .contrast)
    case .sound:
      state.preferences.sound ? (strings[.barSoundOn], .sound) : (strings[.barSoundOff], .soundoff)
    case .lowReach: (strings[.barLowReach], .wheelchair)
    default: (strings[.barCallStaff], .staff)
    }
  }
}
