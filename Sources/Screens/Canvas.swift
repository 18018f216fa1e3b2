internal import Journey
internal import OfficeModel

enum Align { case leading, center, trailing }
enum Vertical { case top, middle, bottom }

/// Draws one screen. Everything is laid out in design pixels (1080 x 1920 or 1920 x 1080) and put
/// down in device pixels.
struct Canvas {
  let state: JourneyState
  let strings: Strings
  let theme: Theme
  let zones: Zones
  let scale: Double
  let fitter: TextFitter
  var frame: Frame
  /// The largest sizes (device pixels) that a group of siblings agreed on.
  private var caps: [TextRole: Int] = [:]
  private var trial: SmallestSizes?

  init(state: JourneyState, size: Size, strings: Strings, measure: TextMeasurer) {
    self.state = state
    self.strings = strings
    theme = Theme(state.preferences.contrast)
    let isLandscape = size.width > size.height
    let (designWidth, designHeight) = isLandscape ? (1920.0, 1080.0) : (1080.0, 1920.0)
    scale = max(
      0.25, min(Double(size.width) / designWidth, Double(size.height) / designHeight))
    zones = Zones(
      width: Int(Double(size.width) / scale), height: Int(Double(size.height) / scale),
      isLandscape: isLandscape, lowReach: state.preferences.lowReach,
      hasBand: state.office.isDemonstration)
    fitter = TextFitter(measure)
    frame = Frame(name: state.screen.name, size: size, background: theme.background)
  }

  // MARK: From design to device

  func px(_ design: Int) -> Int { Int((Double(design) * scale).rounded()) }
  func device(_ rect: Rect) -> Rect {
    let x = px(rect.x)
    let y = px(rect.y)
    return Rect(x: x, y: y, width: px(rect.maxX) - x, height: px(rect.maxY) - y)
  }
  func point(_ x: Int, _ y: Int) -> Point { Point(x: px(x), y: px(y)) }

  // MARK: Shapes

  func fillCommand(_ rect: Rect, _ color: Color) -> DrawCommand { .fill(device(rect), color) }
  func boxCommand(
    _ rect: Rect, radius: Int = 20, fill: Color?, stroke: Color? = nil, width: Int? = nil,
    dashed: Bool = false
  ) -> DrawCommand {
    .box(
      device(rect), radius: px(radius), fill: fill, stroke: stroke,
      strokeWidth: stroke == nil ? 0 : max(2, px(width ?? theme.strokeWidth)), dashed: dashed)
  }
  func iconCommand(_ icon: Icon, center x: Int, _ y: Int, size: Int, _ color: Color) -> DrawCommand
  {
    .icon(icon, device(Rect(x: x - size / 2, y: y - size / 2, width: size, height: size)), color)
  }

  mutating func draw(_ commands: DrawCommand...) { frame.backdrop.append(contentsOf: commands) }

  // MARK: Text

  /// Text sizes below this are for nobody.
  static let smallestText = 22

  func fitted(
    _ text: String, in box: Rect, _ role: TextRole, _ face: FontFace, atMost: Int? = nil
  ) -> (FittedText, Rect) {
    let area = device(box)
    let airy = role == .body || role == .note || role == .caption || role == .subtitle
    let wanted = min(
      px(role.pixels(state.preferences.textSize)), caps[role] ?? .max, atMost ?? .max)
    let fit = fitter.fit(
      text, face, from: wanted, to: max(12, px(Self.smallestText)), width: area.width,
      height: area.height, airy: airy)
    trial?.note(fit.pixels, for: role)
    return (fit, area)
  }

  /// Draws siblings (tiles of one screen, the bar) with letters of one size: the largest at which
  /// every one of them fits.
  mutating func uniformly(_ body: (inout Canvas) -> Void) {
    let sizes = SmallestSizes()
    var rehearsal = self
    rehearsal.trial = sizes
    body(&rehearsal)
    caps = sizes.pixels
    body(&self)
    caps = [:]
  }

  /// The commands for a text in its box, and where it ends (design pixels).
  func textCommands(
    _ text: String, in box: Rect, _ role: TextRole, face: FontFace = .regular, color: Color,
    align: Align = .leading, vertical: Vertical = .top
  ) -> (commands: [DrawCommand], bottom: Int, area: Rect) {
    let (fit, area) = fitted(text, in: box, role, face)
    let top =
      switch vertical {
      case .top: area.y
      case .middle: area.y + (area.height - fit.height) / 2
      case .bottom: area.maxY - fit.height
      }
    let style = TextStyle(face: face, pixels: fit.pixels, color: color)
    var commands: [DrawCommand] = []
    commands.reserveCapacity(fit.lines.count)
    for (index, line) in fit.lines.enumerated() where !line.isEmpty {
      let width = fitter.width(line, face, fit.pixels)
      let x =
        switch align {
        case .leading: area.x
        case .center: area.x + (area.width - width) / 2
        case .trailing: area.maxX - width
        }
      commands.append(.text(line, x: x, y: top + index * fit.lineStep, style))
    }
    let bottom = Int((Double(top + fit.height) / scale).rounded(.up))
    return (
      commands, bottom, Rect(x: area.x, y: top, width: area.width, height: fit.height)
    )
  }

  /// Writes on the glass itself; answers where the text ends.
  @discardableResult
  mutating func text(
    _ text: String, in box: Rect, _ role: TextRole, face: FontFace = .regular,
    color: Color? = nil, align: Align = .leading, vertical: Vertical = .top
  ) -> Int {
    guard !text.isEmpty, box.width > 0, box.height > 0 else { return box.y }
    let color = color ?? theme.ink
    let laid = textCommands(
      text, in: box, role, face: face, color: color, align: align, vertical: vertical)
    frame.backdrop.append(contentsOf: laid.commands)
    if case .text(_, _, _, let style)? = laid.commands.first {
      frame.texts.append(TextFrame(text: text, rect: laid.area, style: style))
    }
    return laid.bottom
  }

  /// Writes at the top of `box` and takes the used part away from it.
  mutating func flow(
    _ text: String, _ box: inout Rect, _ role: TextRole, face: FontFace = .regular,
    color: Color? = nil, align: Align = .leading, gap: Int = 16
  ) {
    guard !text.isEmpty else { return }
    let bottom = self.text(text, in: box, role, face: face, color: color, align: align)
    box.cutTop(bottom - box.y + gap)
  }

  /// Height that a text takes in a column of this width, in design pixels.
  func height(
    of text: String, width: Int, _ role: TextRole, face: FontFace = .regular
  ) -> Int {
    let box = Rect(x: 0, y: 0, width: width, height: 100_000)
    return Int((Double(fitted(text, in: box, role, face).0.height) / scale).rounded(.up))
  }
}

extension Rect {
  /// Takes `height` off the top and answers it.
  @discardableResult
  mutating func cutTop(_ height: Int) -> Rect {
    let taken = max(0, min(height, self.height))
    let part = Rect(x: x, y: y, width: width, height: taken)
    y += taken
    self.height -= taken
    return part
  }

  /// Takes `height` off the bottom, leaves `gap` above it, and answers it.
  @discardableResult
  mutating func cutBottom(_ height: Int, gap: Int = 16) -> Rect {
    let taken = max(0, min(height, self.height))
    let part = Rect(x: x, y: maxY - taken, width: width, height: taken)
    self.height = max(0, self.height - taken - gap)
    return part
  }

  func inset(_ dx: Int, _ dy: Int) -> Rect {
    Rect(
      x: x + dx, y: y + dy, width: max(0, width - 2 * dx), height: max(0, height - 2 * dy))
  }

  /// Columns of the same width with gaps between them.
  func columns(_ count: Int, gap: Int = 16) -> [Rect] {
    let wide = (width - gap * (count - 1)) / count
    return (0..<count).map {
      Rect(x: x + $0 * (wide + gap), y: y, width: wide, height: height)
    }
  }

  func rows(_ count: Int, gap: Int = 16) -> [Rect] {
    let high = (height - gap * (count - 1)) / count
    return (0..<count).map {
      Rect(x: x, y: y + $0 * (high + gap), width: width, height: high)
    }
  }
}

/// The smallest size that was needed for each role in a rehearsal.
final class SmallestSizes {
  private(set) var pixels: [TextRole: Int] = [:]
  func note(_ size: Int, for role: TextRole) {
    pixels[role] = min(size, pixels[role] ?? .max)
  }
}
