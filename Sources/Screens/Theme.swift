public import Journey

/// The colours of the glass by what they are for. Every pair that carries text reaches 7:1.
public struct Theme: Sendable, Equatable {
  public var background, surface, ink, muted: Color
  /// Main buttons, links, pictures.
  public var primary, onPrimary: Color
  /// A pressed button that is white at rest.
  public var pressed, onPressed: Color
  /// Discs behind icons.
  public var tint: Color
  /// The same on a main button.
  public var primaryTint: Color
  public var line: Color
  public var header, onHeader, headerMuted: Color
  public var ok, okGround, warn, warnGround, danger, dangerGround: Color
  /// Arrows, edges, the next digit; never text.
  public var attention: Color
  public var strokeWidth: Int

  public init(_ contrast: Preferences.Contrast) {
    switch contrast {
    case .light: self = .light
    case .highDark: self = .dark
    case .highLight: self = .blackOnWhite
    }
  }

  static let light = Theme(
    background: 0xF3F5F8, surface: 0xFFFFFF, ink: 0x14202E, muted: 0x3D4B5C, primary: 0x083B78,
    onPrimary: 0xFFFFFF, pressed: 0x062B57, onPressed: 0xFFFFFF, tint: 0xE3ECF7, line: 0x5F6E80,
    header: 0x0A2A4F, onHeader: 0xFFFFFF, headerMuted: 0xC9D6E6, ok: 0x084A29,
    okGround: 0xE7F5EC, warn: 0x4A3200, warnGround: 0xFFF1C9, danger: 0x7A1212,
    dangerGround: 0xFDECEC, attention: 0xB35900, strokeWidth: 3)
  static let dark = Theme(
    background: 0x000000, surface: 0x000000, ink: 0xFFFFFF, muted: 0xFFFFFF, primary: 0xFFE14D,
    onPrimary: 0x000000, pressed: 0xFFFFFF, onPressed: 0x000000, tint: 0x000000, line: 0xFFFFFF,
    header: 0x000000, onHeader: 0xFFFFFF, headerMuted: 0xFFFFFF, ok: 0x8CF0B4,
    okGround: 0x000000, warn: 0xFFE14D, warnGround: 0x000000, danger: 0xFF9E9E,
    dangerGround: 0x000000, attention: 0xFFE14D, strokeWidth: 5)
  static let blackOnWhite = Theme(
    background: 0xFFFFFF, surface: 0xFFFFFF, ink: 0x000000, muted: 0x000000, primary: 0x000000,
    onPrimary: 0xFFFFFF, pressed: 0x000000, onPressed: 0xFFFFFF, tint: 0xFFFFFF, line: 0x000000,
    header: 0x000000, onHeader: 0xFFFFFF, headerMuted: 0xFFFFFF, ok: 0x003D1F,
    okGround: 0xFFFFFF, warn: 0x000000, warnGround: 0xFFFFFF, danger: 0x7A0000,
    dangerGround: 0xFFFFFF, attention: 0x000000, strokeWidth: 5)

  private init(
    background: UInt32, surface: UInt32, ink: UInt32, muted: UInt32, primary: UInt32,
    onPrimary: UInt32, pressed: UInt32, onPressed: UInt32, tint: UInt32, line: UInt32,
    header: UInt32, onHeader: UInt32, headerMuted: UInt32, ok: UInt32, okGround: UInt32,
    warn: UInt32, warnGround: UInt32, danger: UInt32, dangerGround: UInt32, attention: UInt32,
    strokeWidth: Int
  ) {
    self.background = Color(background)
    self.surface = Color(surface)
    self.ink = Color(ink)
    self.muted = Color(muted)
    self.primary = Color(primary)
    self.onPrimary = Color(onPrimary)
    self.pressed = Color(pressed)
    self.onPressed = Color(onPressed)
    self.tint = Color(tint)
    primaryTint = Color(primary == 0x083B78 ? 0x2F5A8F : primary)
    self.line = Color(line)
    self.header = Color(header)
    self.onHeader = Color(onHeader)
    self.headerMuted = Color(headerMuted)
    self.ok = Color(ok)
    self.okGround = Color(okGround)
    self.warn = Color(warn)
    self.warnGround = Color(warnGround)
    self.danger = Color(danger)
    self.dangerGround = Color(dangerGround)
    self.attention = Color(attention)
    self.strokeWidth = strokeWidth
  }
}

extension Theme {
  /// Behind the name of staff mode; the high contrasts stay what they are.
  var staffHeader: Color { strokeWidth > 3 ? header : Color(0x5B2A86) }
}

/// What a text is for; its size follows from the citizen's choice.
enum TextRole: Hashable {
  case hero, title, subtitle, body, note, caption, key, ticket

  func pixels(_ size: Preferences.TextSize) -> Int {
    let sizes: (Int, Int, Int) =
      switch self {
      case .hero: (96, 130, 163)
      case .title: (60, 81, 102)
      case .subtitle: (46, 62, 78)
      case .body: (38, 51, 65)
      case .note: (32, 43, 54)
      case .caption: (28, 38, 48)
      case .key: (76, 96, 110)
      case .ticket: (250, 270, 290)
      }
    return switch size {
    case .normal: sizes.0
    case .large: sizes.1
    case .largest: sizes.2
    }
  }
}
