internal import Journey
internal import OfficeModel

extension Canvas {
  mutating func survey() {
    heading(strings[.surveyTitle], strings[.surveyText], in: zones.info)
    let faces: [(Int, StringKey, Icon)] = [
      (4, .score4, .face4), (3, .score3, .face3), (2, .score2, .face2), (1, .score1, .face1),
    ]
    var area = zones.content
    let skip = area.cutBottom(Zones.control)
    let rows = zones.isLandscape ? area.columns(4) : area.rows(4)
    for (rect, (score, key, icon)) in zip(rows, faces) {
      if zones.isLandscape {
        stacked(
          .score(score), "\(score) · \(strings[key])", icon: icon, rect, role: .tile,
          size: .subtitle, iconSize: 160)
      } else {
        tile(
          .score(score), number: score, strings[key], icon: icon, rect, size: .title)
      }
    }
    button(.skip, strings[.surveySkip], icon: .next, skip, size: .body)
  }

  mutating func thanks() {
    message(
      strings[.thanksTitle], strings[.thanksText], .ok, icon: .check,
      buttons: [(.goHome, strings[.thanksAgain], .home)])
  }

  mutating func cardInfo() {
    let (title, body, buttons) = zones.page(titleHeight: 130)
    heading(strings[.cardTitle], in: title)
    let lines: [StringKey] = [.cardText1, .cardText2, .cardText3, .cardText4]
    let icons: [Icon] = [.idcard, .shield, .person, .check]
    var area = body
    area.height = min(area.height, 4 * 240)
    for (row, (key, icon)) in zip(area.rows(4), zip(lines, icons)) {
      notice(strings[key], .info, icon: icon, in: row, role: .body)
    }
    button(.goHome, strings[.goHome], icon: .home, buttons)
  }

  mutating func help(_ call: StaffCall) {
    switch call {
    case .asking: working(strings[.helpTitle], strings[.helpAsking])
    case .called:
      message(
        strings[.helpTitle], strings[.helpCalled], .ok, icon: .staff,
        buttons: [(.goHome, strings[.goHome], .home)])
    case .failed:
      message(
        strings[.helpTitle], strings[.helpFailed], .warn, icon: .staff,
        advice: state.office.openingHours.isEmpty
          ? nil : state.office.openingHours.joined(separator: "\n"),
        buttons: [(.goHome, strings[.goHome], .home)])
    }
  }

  mutating func outOfService(_ reason: String) {
    let hours = state.office.openingHours.joined(separator: "\n")
    message(
      strings[.outTitle], strings[.outText], .warn, icon: .warning,
      advice: hours.isEmpty ? nil : "\(strings[.outHours])\n\(hours)",
      buttons: [])
    let box = Rect(
      x: zones.bar.x + Zones.margin, y: zones.bar.y + 40,
      width: zones.bar.width - 2 * Zones.margin, height: zones.bar.height - 80)
    text(
      strings(.staffReason, ["reason": reason]), in: box, .caption, color: theme.muted,
      align: .center, vertical: .middle)
  }

  /// Covers what was there: nothing personal stays in sight of the next one in the queue.
  mutating func stillHere() {
    let total = max(1, Int(state.questionLength.secondsRoundedUp))
    let left = Int(state.countdown ?? 0)
    let (head, body, buttons) = zones.page(titleHeight: 330)
    heading(
      strings[.stillTitle], strings(.stillText, ["seconds": String(left)]), in: head)
    ring(left: left, of: total, in: body)
    if zones.isLandscape {
      let columns = buttons.columns(2)
      button(.stillHere, strings[.stillYes], icon: .check, columns[0], kind: .primary)
      button(.finish, strings[.stillNo], icon: .close, columns[1])
    } else {
      let rows = Rect(
        x: buttons.x, y: buttons.y - Zones.mainButton - 24, width: buttons.width,
        height: 2 * Zones.mainButton + 24
      ).rows(2, gap: 24)
      button(.stillHere, strings[.stillYes], icon: .check, rows[0], kind: .primary)
      button(.finish, strings[.stillNo], icon: .close, rows[1])
    }
  }

  /// A ring of dots, one for each second, emptying as time goes; the number in its middle.
  private mutating func ring(left: Int, of total: Int, in area: Rect) {
    let room = min(area.width, zones.isLandscape ? area.height : area.height - 200, 560)
    let centerX = area.x + area.width / 2
    let centerY = area.y + room / 2 + (zones.isLandscape ? (area.height - room) / 2 : 20)
    let dots = min(total, 60)
    let radius = Double(room) * 0.44
    let size = max(14, min(30, Int(radius * 4.2) / max(1, dots)))
    for index in 0..<dots {
      let (sine, cosine) = Turn.at(index, of: dots)
      let x = centerX + Int(radius * sine)
      let y = centerY - Int(radius * cosine)
      // The dots go out clockwise, from the top.
      let isLit = index >= dots - left * dots / total
      draw(
        .disc(
          device(Rect(x: x - size / 2, y: y - size / 2, width: size, height: size)),
          isLit ? theme.primary : theme.strokeWidth > 3 ? theme.background : theme.tint))
    }
    let box = Rect(
      x: centerX - room / 3, y: centerY - room / 4, width: room * 2 / 3, height: room / 2)
    text(
      String(left), in: box, .ticket, face: .bold, color: theme.primary, align: .center,
      vertical: .middle)
  }
}

/// Sine and cosine without a mathematics library: one step's rotation, repeated.
private enum Turn {
  static func at(_ index: Int, of count: Int) -> (sine: Double, cosine: Double) {
    let step = 2 * Double.pi / Double(max(1, count))
    // Taylor to the ninth power is exact to a millionth for steps up to 1.
    func sine(_ x: Double) -> Double {
      let q = x * x
      return x * (1 - q / 6 * (1 - q / 20 * (1 - q / 42 * (1 - q / 72))))
    }
    let half = sine(step / 2)
    let s = sine(step)
    let c = 1 - 2 * half * half
    var result = (0.0, 1.0)
    for _ in 0..<index {
      result = (result.0 * c + result.1 * s, result.1 * c - result.0 * s)
    }
    return result
  }
}
