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
    draw(fillCommand(area, theme.header))
    if theme.strokeWidth > 3 {
      draw(fillCommand(Rect(x: 0, y: area.maxY - 3, width: area.width, height: 3), theme.onHeader))
    }
    let crest = Rect(x: Zones.margin, y: 20, width: 120, height: 120)
    draw(
      boxCommand(crest, radius: 60, fill: theme.header, stroke: theme.onHeader, width: 3))
    text(
      strings[.crest], in: Rect(x: crest.x + 8, y: crest.y + 26, width: 104, height: 68),
      .caption, color: theme.onHeader, align: .center, vertical: .middle)
    let local = LocalTime(state.now.wall, in: state.office.zone)
    let clockWidth = 250
    let right = area.width - Zones.margin
    let clockBox = Rect(x: right - clockWidth, y: 18, width: clockWidth, height: 72)
    text(
      strings.clock(local.time), in: clockBox, .title, face: .bold, color: theme.onHeader,
      align: .trailing, vertical: .middle)
    text(
      "\(strings.shortDate(local.date)) · \(state.office.zone.rawValue)",
      in: Rect(x: clockBox.x, y: 92, width: clockWidth, height: 48), .caption,
      color: theme.headerMuted, align: .trailing, vertical: .middle)
    let x = crest.maxX + 32
    let width = clockBox.x - 24 - x
    text(
      strings[.productName], in: Rect(x: x, y: 18, width: width, height: 66), .subtitle,
      face: .bold, color: theme.onHeader, vertical: .middle)
    text(
      "\(state.office.name) · \(state.office.kioskName)",
      in: Rect(x: x, y: 86, width: width, height: 60), .note, color: theme.headerMuted,
      vertical: .middle)
  }

  private mutating func bar() {
    let area = zones.bar
    let controls = Journey.bar(for: state)
    draw(
      fillCommand(area, theme.surface),
      fillCommand(Rect(x: 0, y: area.y, width: area.width, height: 3), theme.line))
    // While the question lies over the screen, the bar waits behind it.
    guard !controls.isEmpty, state.stillHereUntil == nil else { return }
    let row = Rect(
      x: 32, y: area.y + 28, width: area.width - 64, height: area.height - 28 - 28)
    for (control, rect) in zip(controls, row.columns(controls.count)) {
      let (label, icon) = barLook(control)
      stacked(control, label, icon: icon, rect, size: .caption, iconSize: 64)
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
