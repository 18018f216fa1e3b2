import Journey
import Screens

/// Measures one frame against the rules of the glass.
struct FrameCheck {
  let frame: Frame
  let state: JourneyState
  let measurer: TextMeasurer
  var problems: [String] = []

  init(frame: Frame, state: JourneyState, measurer: TextMeasurer) {
    self.frame = frame
    self.state = state
    self.measurer = measurer
  }

  private var screen: Rect {
    Rect(x: 0, y: 0, width: frame.size.width, height: frame.size.height)
  }
  /// Fourteen pixels on a panel; a smaller window shows everything smaller.
  private var smallestGap: Int {
    let (wide, high) = (frame.size.width, frame.size.height)
    let scale =
      wide > high
      ? min(Double(wide) / 1920, Double(high) / 1080)
      : min(Double(wide) / 1080, Double(high) / 1920)
    return scale >= 1 ? 14 : Int(16 * scale) - 1
  }

  mutating func all() {
    controls()
    texts()
    contrasts()
  }

  private mutating func controls() {
    let gap = smallestGap
    var names: Set<String> = []
    for (index, control) in frame.controls.enumerated() {
      let rect = control.rect
      let name = control.control.name
      if !names.insert(name).inserted { problems.append("\(name) is there twice") }
      if control.label.isEmpty { problems.append("\(name) has no label") }
      if rect.width < 72 || rect.height < 72 { problems.append("\(name) is small: \(rect)") }
      if !Self.contains(screen, rect) { problems.append("\(name) leaves the glass: \(rect)") }
      // The staff's door is for nobody who sits in front of it.
      if control.control != .staffDoor, frame.size.height > frame.size.width,
        frame.size.width == 1080, rect.y < (state.preferences.lowReach ? 940 : 560)
      {
        problems.append("\(name) is out of reach: \(rect)")
      }
      if control.isEnabled, !Journey.accepts(control.control, in: state) {
        problems.append("\(name) is offered and would be ignored")
      }
      for other in frame.controls[(index + 1)...] {
        let dx = max(other.rect.x - rect.maxX, rect.x - other.rect.maxX)
        let dy = max(other.rect.y - rect.maxY, rect.y - other.rect.maxY)
        if max(dx, dy) < gap {
          problems.append("\(name) and \(other.control.name) are \(max(dx, dy)) apart")
        }
      }
    }
    if frame.name != "outOfService", frame.controls.allSatisfy({ !$0.isEnabled }) {
      problems.append("nothing can be touched")
    }
  }

  private func bounds(_ command: DrawCommand) -> Rect? {
    guard case .text(let text, let x, let y, let style) = command else { return nil }
    return Rect(
      x: x, y: y, width: measurer.width(text, style.face, style.pixels),
      height: measurer.lineHeight(style.face, style.pixels))
  }

  private mutating func texts() {
    var placed: [(String, Rect)] = []
    for command in frame.backdrop {
      guard case .text(let text, _, _, _) = command, let box = bounds(command) else { continue }
      if !Self.contains(screen, box) { problems.append("“\(text)” leaves the glass") }
      if text.hasSuffix("…"), !text.hasSuffix("petugas…"), !text.hasSuffix("staff…") {
        problems.append("“\(text)” is cut")
      }
      let inFrame = frame.texts.contains { Self.contains($0.rect, box) }
      if !inFrame, frame.animation.map({ !Self.contains($0.rect, box) }) ?? true {
        problems.append("“\(text)” leaves its box")
      }
      for control in frame.controls where Self.overlap(control.rect, box) {
        problems.append("“\(text)” lies under \(control.control.name)")
      }
      // Line boxes of one paragraph touch; others must not.
      for (other, rect) in placed where Self.overlap(rect.inset(by: 2), box.inset(by: 2)) {
        problems.append("“\(text)” lies over “\(other)”")
      }
      placed.append((text, box))
    }
    for control in frame.controls {
      for command in control.normal + control.pressed {
        guard case .text(let text, _, _, _) = command, let box = bounds(command) else {
          continue
        }
        if !Self.contains(control.rect, box) {
          problems.append("“\(text)” leaves \(control.control.name)")
        }
        if text.hasSuffix("…") { problems.append("“\(text)” is cut") }
      }
    }
    if let animation = frame.animation {
      for image in animation.images {
        for command in image {
          if let box = bounds(command), !Self.contains(animation.rect, box) {
            problems.append("moving text leaves its box")
          }
        }
      }
      for control in frame.controls where Self.overlap(control.rect, animation.rect) {
        problems.append("\(control.control.name) lies under what moves")
      }
      for (text, rect) in placed where Self.overlap(rect, animation.rect) {
        problems.append("“\(text)” lies under what moves")
      }
    }
  }

  private mutating func contrasts() {
    check(frame.backdrop, over: [], ground: frame.background, "backdrop")
    for control in frame.controls {
      check(control.normal, over: [], ground: frame.background, control.control.name)
      check(control.pressed, over: [], ground: frame.background, control.control.name + " pressed")
    }
  }

  private mutating func check(
    _ commands: [DrawCommand], over: [DrawCommand], ground: Color, _ name: String
  ) {
    var fills: [(Rect, Color)] = []
    for command in commands {
      switch command {
      case .fill(let rect, let color), .disc(let rect, let color): fills.append((rect, color))
      case .box(let rect, _, let fill?, _, _, _): fills.append((rect, fill))
      case .text(let text, let x, let y, let style):
        let below = fills.last { $0.0.contains(x: x + 2, y: y + style.pixels / 2) }?.1 ?? ground
        let ratio = Self.contrast(style.color, below)
        if ratio < 7 { problems.append("“\(text)” in \(name) has contrast \(ratio)") }
      default: break
      }
    }
  }

  static func contains(_ outer: Rect, _ inner: Rect) -> Bool {
    inner.x >= outer.x && inner.y >= outer.y && inner.maxX <= outer.maxX
      && inner.maxY <= outer.maxY
  }

  static func overlap(_ a: Rect, _ b: Rect) -> Bool {
    a.x < b.maxX && b.x < a.maxX && a.y < b.maxY && b.y < a.maxY
  }

  /// Contrast ratio of WCAG 2.2, with the gamma of sRGB as x^2.4 by squaring and roots.
  static func contrast(_ a: Color, _ b: Color) -> Double {
    let (one, two) = (luminance(a), luminance(b))
    return (max(one, two) + 0.05) / (min(one, two) + 0.05)
  }

  private static func luminance(_ color: Color) -> Double {
    func linear(_ shift: UInt32) -> Double {
      let value = Double((color.rgb >> shift) & 0xFF) / 255
      if value <= 0.04045 { return value / 12.92 }
      let x = (value + 0.055) / 1.055
      // x^2.4 = x^2 * (x^2)^(1/5), the fifth root by Newton's method.
      let square = x * x
      var root = 1.0
      for _ in 0..<40 {
        root -= (root * root * root * root * root - square) / (5 * root * root * root * root)
      }
      return square * root
    }
    return 0.2126 * linear(16) + 0.7152 * linear(8) + 0.0722 * linear(0)
  }
}
