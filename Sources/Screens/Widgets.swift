internal import Journey

/// How a control looks: its main use first, everything else beside it.
enum ButtonKind { case primary, secondary }

/// The colours of a control at one moment.
struct Ink {
  var fill: Color
  var stroke: Color?
  var dashed: Bool
  var text: Color
  var muted: Color
  var icon: Color
  var disc: Color
}

extension Canvas {
  func ink(_ kind: ButtonKind, pressed: Bool, enabled: Bool) -> Ink {
    if !enabled {
      return Ink(
        fill: theme.background, stroke: theme.line, dashed: true, text: theme.muted,
        muted: theme.muted, icon: theme.muted, disc: theme.background)
    }
    let main = kind == .primary
    if main != pressed {
      let ground = main ? theme.primary : theme.pressed
      let over = main ? theme.onPrimary : theme.onPressed
      return Ink(
        fill: ground, stroke: nil, dashed: false, text: over, muted: over, icon: over,
        disc: main ? theme.primaryTint : ground)
    }
    return Ink(
      fill: theme.surface, stroke: main ? theme.primary : theme.line, dashed: false,
      text: theme.ink, muted: theme.muted, icon: theme.primary, disc: theme.tint)
  }

  /// Puts a control on the glass; its look is drawn at rest and pressed.
  mutating func add(
    _ control: Control, role: ControlFrame.Role = .button, label: String, _ rect: Rect,
    kind: ButtonKind = .secondary, enabled: Bool? = nil, hit: Rect? = nil,
    _ look: (Canvas, Ink) -> [DrawCommand]
  ) {
    let isEnabled = Journey.accepts(control, in: state) && enabled ?? true
    func drawn(_ pressed: Bool) -> [DrawCommand] {
      let ink = ink(kind, pressed: pressed, enabled: isEnabled)
      let box = boxCommand(
        rect, fill: ink.fill, stroke: ink.stroke ?? (theme.strokeWidth > 3 ? ink.text : nil),
        dashed: ink.dashed)
      return [box] + look(self, ink)
    }
    let half = Zones.gap / 2
    let around = Rect(
      x: rect.x - half, y: rect.y - half, width: rect.width + 2 * half,
      height: rect.height + 2 * half)
    let normal = drawn(false)
    frame.controls.append(
      ControlFrame(
        control: control, role: role, label: label, rect: device(rect),
        hitRect: device(hit ?? around), isEnabled: isEnabled, normal: normal,
        pressed: isEnabled ? drawn(true) : normal))
  }

  /// A wide button: icon and words beside each other, in the middle.
  mutating func button(
    _ control: Control, _ label: String, icon: Icon? = nil, _ rect: Rect,
    kind: ButtonKind = .secondary, role: ControlFrame.Role = .button, enabled: Bool? = nil,
    size: TextRole = .subtitle
  ) {
    add(control, role: role, label: label, rect, kind: kind, enabled: enabled) { canvas, ink in
      let iconSize = icon == nil ? 0 : min(72, rect.height / 2)
      let space = icon == nil ? 0 : 24
      let room = Rect(
        x: rect.x + 28 + iconSize + space, y: rect.y + 12,
        width: rect.width - 56 - iconSize - space, height: rect.height - 24)
      let (fit, _) = canvas.fitted(label, in: room, size, .semibold)
      let widest = fit.lines.map { canvas.fitter.width($0, .semibold, fit.pixels) }.max() ?? 0
      let textWidth = min(room.width, Int(Double(widest) / canvas.scale) + 2)
      let start = rect.x + (rect.width - textWidth - iconSize - space) / 2
      let box = Rect(
        x: start + iconSize + space, y: room.y, width: min(textWidth, room.width),
        height: room.height)
      var commands = canvas.linesCommands(fit, in: box, face: .semibold, color: ink.text)
      if let icon {
        commands.append(
          canvas.iconCommand(
            icon, center: start + iconSize / 2, rect.y + rect.height / 2, size: iconSize,
            ink.icon))
      }
      return commands
    }
  }

  /// Lines that were fitted before, in the middle of a box.
  func linesCommands(
    _ fit: FittedText, in box: Rect, face: FontFace, color: Color
  ) -> [DrawCommand] {
    let area = device(box)
    let top = area.y + (area.height - fit.height) / 2
    let style = TextStyle(face: face, pixels: fit.pixels, color: color)
    return fit.lines.enumerated().map { index, line in
      let width = fitter.width(line, face, fit.pixels)
      return .text(
        line, x: area.x + (area.width - width) / 2, y: top + index * fit.lineStep, style)
    }
  }

  /// A tall button: icon above words.
  mutating func stacked(
    _ control: Control, _ label: String, icon: Icon, _ rect: Rect,
    kind: ButtonKind = .secondary, role: ControlFrame.Role = .button, enabled: Bool? = nil,
    size: TextRole = .note, iconSize wanted: Int = 64
  ) {
    add(control, role: role, label: label, rect, kind: kind, enabled: enabled) { canvas, ink in
      let iconSize = min(wanted, rect.height * 2 / 5)
      let room = Rect(
        x: rect.x + 10, y: 0, width: rect.width - 20,
        height: rect.height - 28 - iconSize - 8)
      let (fit, _) = canvas.fitted(label, in: room, size, .semibold)
      let textHeight = Int(Double(fit.height) / canvas.scale) + 1
      let top = rect.y + (rect.height - iconSize - 8 - textHeight) / 2
      let box = Rect(
        x: room.x, y: top + iconSize + 8, width: room.width, height: textHeight)
      return [
        canvas.iconCommand(
          icon, center: rect.x + rect.width / 2, top + iconSize / 2, size: iconSize, ink.icon)
      ] + canvas.linesCommands(fit, in: box, face: .semibold, color: ink.text)
    }
  }

  /// A choice: digit in the corner, icon on a disc, words, and a reason or detail below them.
  mutating func tile(
    _ control: Control, number: Int?, _ label: String, detail: String? = nil, icon: Icon,
    _ rect: Rect, kind: ButtonKind = .secondary, size: TextRole = .subtitle
  ) {
    let spoken = detail.map { "\(label). \($0)" } ?? label
    add(control, role: .tile, label: spoken, rect, kind: kind) { canvas, ink in
      let isBig = canvas.state.preferences.textSize != .normal && rect.height >= 280
      if detail == nil, rect.width < 470 || (isBig && rect.width < 600) {
        return canvas.narrowTile(number, label, icon, rect, ink, size)
      }
      var commands: [DrawCommand] = []
      let disc = min(128, rect.height - 40, rect.width / 4)
      let x = rect.x + 28
      let middle = rect.y + rect.height / 2
      let place = Rect(x: x, y: middle - disc / 2, width: disc, height: disc)
      if ink.disc != ink.fill { commands.append(.disc(canvas.device(place), ink.disc)) }
      commands.append(
        canvas.iconCommand(icon, center: x + disc / 2, middle, size: disc * 9 / 16, ink.icon))
      let digit = number == nil ? 0 : 44
      var room = Rect(
        x: place.maxX + 24, y: rect.y + 8, width: rect.maxX - place.maxX - 24 - 16 - digit,
        height: rect.height - 16)
      if let number {
        let corner = Rect(x: rect.maxX - 72, y: rect.y + 14, width: 56, height: 60)
        commands +=
          canvas.textCommands(
            String(number), in: corner, .note, face: .bold, color: ink.muted, align: .trailing
          ).commands
      }
      if let detail {
        // The name first, then what is said about it, never larger than the name.
        let share = detail.contains("\n") ? 9 : 12
        let main = Rect(
          x: room.x, y: room.y, width: room.width, height: room.height * share / 20 - 8)
        let (words, _) = canvas.fitted(label, in: main, size, .semibold)
        let wordsHigh = Int(Double(words.height) / canvas.scale) + 1
        let below = Rect(
          x: room.x, y: room.y, width: room.width, height: room.height - wordsHigh - 8)
        let (fit, _) = canvas.fitted(
          detail, in: below, .note, .regular, atMost: words.pixels * 5 / 6)
        let high = Int(Double(fit.height) / canvas.scale) + 1
        room.y = rect.y + (rect.height - wordsHigh - 8 - high) / 2
        room.height = wordsHigh
        commands += canvas.leadingLines(words, in: room, face: .semibold, color: ink.text)
        let rest = Rect(x: room.x, y: room.maxY + 8, width: room.width, height: high)
        commands += canvas.leadingLines(fit, in: rest, face: .regular, color: ink.muted)
      } else {
        commands +=
          canvas.textCommands(
            label, in: room, size, face: .semibold, color: ink.text, vertical: .middle
          ).commands
      }
      return commands
    }
  }

  /// A tile too narrow for words beside the icon has them below it.
  private func narrowTile(
    _ number: Int?, _ label: String, _ icon: Icon, _ rect: Rect, _ ink: Ink, _ size: TextRole
  ) -> [DrawCommand] {
    var commands: [DrawCommand] = []
    let disc = min(128, rect.height * 2 / 5)
    let room = Rect(
      x: rect.x + 20, y: 0, width: rect.width - 40, height: rect.height - disc - 52)
    let (fit, _) = fitted(label, in: room, size, .semibold)
    let high = Int(Double(fit.height) / scale) + 1
    let top = rect.y + (rect.height - disc - 16 - high) / 2
    let place = Rect(x: rect.x + (rect.width - disc) / 2, y: top, width: disc, height: disc)
    if ink.disc != ink.fill { commands.append(.disc(device(place), ink.disc)) }
    commands.append(
      iconCommand(
        icon, center: place.x + disc / 2, place.y + disc / 2, size: disc * 9 / 16, ink.icon))
    let words = Rect(x: room.x, y: place.maxY + 16, width: room.width, height: high)
    commands += linesCommands(fit, in: words, face: .semibold, color: ink.text)
    if let number {
      let corner = Rect(x: rect.maxX - 72, y: rect.y + 10, width: 52, height: 56)
      commands +=
        textCommands(
          String(number), in: corner, .note, face: .bold, color: ink.muted, align: .trailing
        ).commands
    }
    return commands
  }

  func leadingLines(
    _ fit: FittedText, in box: Rect, face: FontFace, color: Color
  ) -> [DrawCommand] {
    let area = device(box)
    let style = TextStyle(face: face, pixels: fit.pixels, color: color)
    return fit.lines.enumerated().map { index, line in
      .text(line, x: area.x, y: area.y + index * fit.lineStep, style)
    }
  }

  enum NoticeKind { case info, ok, warn, danger }

  /// A calm band with an icon and a sentence: never colour alone.
  mutating func notice(
    _ text: String, _ kind: NoticeKind, icon: Icon? = nil, in rect: Rect, role: TextRole = .note
  ) {
    let (ink, ground, sign): (Color, Color, Icon) =
      switch kind {
      case .info: (theme.ink, theme.surface, .info)
      case .ok: (theme.ok, theme.okGround, .shield)
      case .warn: (theme.warn, theme.warnGround, .warning)
      case .danger: (theme.danger, theme.dangerGround, .stop)
      }
    draw(
      boxCommand(
        rect, fill: ground,
        stroke: kind == .ok || kind == .danger || theme.strokeWidth > 3 ? ink : nil, width: 3),
      iconCommand(
        icon ?? sign, center: rect.x + 60, rect.y + rect.height / 2,
        size: min(64, rect.height - 24), ink))
    let room = Rect(
      x: rect.x + 116, y: rect.y + 12, width: rect.width - 140, height: rect.height - 24)
    self.text(text, in: room, role, color: ink, vertical: .middle)
  }

  /// Height a notice needs for its sentence, within bounds.
  func noticeHeight(_ text: String, width: Int, role: TextRole = .note, atMost limit: Int) -> Int {
    min(limit, max(96, height(of: text, width: width - 140, role) + 40))
  }
}
