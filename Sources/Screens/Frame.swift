public import Journey
public import SensitiveMemory

/// Whole device pixels, origin top left.
public struct Rect: Hashable, Sendable, Codable {
  public var x: Int
  public var y: Int
  public var width: Int
  public var height: Int
  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }
  public var maxX: Int { x + width }
  public var maxY: Int { y + height }
  public func contains(x px: Int, y py: Int) -> Bool {
    px >= x && px < maxX && py >= y && py < maxY
  }
  public func inset(by d: Int) -> Rect {
    Rect(x: x + d, y: y + d, width: max(0, width - 2 * d), height: max(0, height - 2 * d))
  }
}

public struct Size: Hashable, Sendable {
  public var width: Int
  public var height: Int
  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }
}

/// 0xRRGGBB, opaque.
public struct Color: Hashable, Sendable {
  public var rgb: UInt32
  public init(_ rgb: UInt32) { self.rgb = rgb }
}

public enum FontFace: Int, Sendable, CaseIterable { case regular, semibold, bold, javanese }

public struct TextStyle: Hashable, Sendable {
  public var face: FontFace
  public var pixels: Int
  public var color: Color
  public init(face: FontFace, pixels: Int, color: Color) {
    self.face = face
    self.pixels = pixels
    self.color = color
  }
}

/// Icons are SVG files of the same name in `Assets/icons`, drawn in one colour.
public struct Icon: Hashable, Sendable {
  public let name: String
  public init(_ name: String) { self.name = name }
}

/// One thing to draw. Lists are drawn in order.
public enum DrawCommand: Hashable, Sendable {
  case fill(Rect, Color)
  /// A rounded box; `stroke` lies inside the rectangle.
  case box(Rect, radius: Int, fill: Color?, stroke: Color?, strokeWidth: Int, dashed: Bool)
  case disc(Rect, Color)
  /// A filled polygon, points in order.
  case polygon([Point], Color)
  /// One line of text; `x`,`y` is the top left of its line box.
  case text(String, x: Int, y: Int, TextStyle)
  case icon(Icon, Rect, Color)
  /// Digits of a secret, one to a cell; dots where hidden, nothing where not yet typed.
  case secretDigits(SecretHandle, cells: [SecretCell], TextStyle)
  /// RGB24 rows held in the vault, scaled to fit; blurred until the citizen asks to see.
  case bitmap(SecretHandle, width: Int, height: Int, Rect, blurred: Bool)
  /// A JPEG held in the vault, scaled to fit.
  case photo(SecretHandle, Rect)
}

public struct Point: Hashable, Sendable {
  public var x: Int
  public var y: Int
  public init(x: Int, y: Int) {
    self.x = x
    self.y = y
  }
}

public struct SecretCell: Hashable, Sendable {
  public enum Look: Hashable, Sendable { case digit, dot }
  /// Which byte of the secret.
  public var index: Int
  public var rect: Rect
  public var look: Look
  public init(index: Int, rect: Rect, look: Look) {
    self.index = index
    self.rect = rect
    self.look = look
  }
}

/// A control on the glass: what it means, where it is, what it looks like at rest and pressed.
public struct ControlFrame: Hashable, Sendable {
  public enum Role: String, Sendable { case button, tile, key, hold }
  public var control: Control
  public var role: Role
  /// What is spoken and what tests read; no personal data.
  public var label: String
  public var rect: Rect
  /// The shape plus half the gap to its neighbours.
  public var hitRect: Rect
  public var isEnabled: Bool
  public var normal: [DrawCommand]
  public var pressed: [DrawCommand]

  public init(
    control: Control, role: Role, label: String, rect: Rect, hitRect: Rect, isEnabled: Bool,
    normal: [DrawCommand], pressed: [DrawCommand]
  ) {
    self.control = control
    self.role = role
    self.label = label
    self.rect = rect
    self.hitRect = hitRect
    self.isEnabled = isEnabled
    self.normal = normal
    self.pressed = pressed
  }
}

/// A part of the frame that moves: shown one image after another at `interval`.
public struct Animation: Hashable, Sendable {
  public var rect: Rect
  public var images: [[DrawCommand]]
  public var interval: Duration
  public init(rect: Rect, images: [[DrawCommand]], interval: Duration) {
    self.rect = rect
    self.images = images
    self.interval = interval
  }
}

/// A text as laid out, for tests ("fits its box") and for speech.
public struct TextFrame: Hashable, Sendable {
  public var text: String
  public var rect: Rect
  public var style: TextStyle
  /// Draws the line that this text lies on; speech reads in this order.
  public init(text: String, rect: Rect, style: TextStyle) {
    self.text = text
    self.rect = rect
    self.style = style
  }
}

/// One screen, laid out and ready to draw. Focus order is the order of `controls`.
public struct Frame: Hashable, Sendable {
  /// A stable name of the screen, e.g. `home`, `printNIK`.
  public var name: String
  public var size: Size
  public var background: Color
  public var backdrop: [DrawCommand]
  public var controls: [ControlFrame]
  public var animation: Animation?
  public var texts: [TextFrame]

  public init(
    name: String, size: Size, background: Color, backdrop: [DrawCommand] = [],
    controls: [ControlFrame] = [], animation: Animation? = nil, texts: [TextFrame] = []
  ) {
    self.name = name
    self.size = size
    self.background = background
    self.backdrop = backdrop
    self.controls = controls
    self.animation = animation
    self.texts = texts
  }
}

/// Measures text with the fonts that will draw it; handed in by the shell (or by a test).
public struct TextMeasurer: Sendable {
  /// Width in pixels of one line.
  public var width: @Sendable (String, FontFace, _ pixels: Int) -> Int
  /// Height in pixels of one line box.
  public var lineHeight: @Sendable (FontFace, _ pixels: Int) -> Int

  public init(
    width: @escaping @Sendable (String, FontFace, Int) -> Int,
    lineHeight: @escaping @Sendable (FontFace, Int) -> Int
  ) {
    self.width = width
    self.lineHeight = lineHeight
  }
}
