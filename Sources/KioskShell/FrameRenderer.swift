public import Screens
public import SensitiveMemory

/// Draws frames in software into one bitmap of the screen. Needs no window, no display and no
/// SDL_Init; the same frame gives the same bytes on every machine.
///
/// It holds the masks of shapes, icons and texts, so that a screen is drawn from ready parts, and
/// it draws only what differs from what is there.
@MainActor public final class FrameRenderer {
  /// Shapes, icons and digits; public, kept for good.
  private static let shapesLimitBytes = 24 << 20
  /// Lines of text; zeroed when a session ends.
  private static let textsLimitBytes = 24 << 20
  static let iconLimitBytes = 64 << 10

  public let fonts: FontBook
  let assets: AssetFolder
  let vault: SecretVault
  var shapes = MaskCache<ShapeKey>(limitBytes: shapesLimitBytes)
  var digits = MaskCache<DigitKey>(limitBytes: shapesLimitBytes)
  private var texts = MaskCache<TextKey>(limitBytes: textsLimitBytes)
  private(set) var canvas: Bitmap?
  private var shown: DisplayList?

  /// What could not be drawn since the start: names of icons, failing calls. No personal data.
  public private(set) var problems: Set<String> = []
  private static let problemsLimit = 100

  /// - Throws: `ShellError` when a font cannot be read.
  public init(assets: AssetFolder, vault: SecretVault) throws(ShellError) {
    self.assets = assets
    self.vault = vault
    fonts = try FontBook(assets: assets)
  }

  /// Draws one frame on its own, for tests and for whoever designs screens.
  public func image(of frame: Frame, pressed: Int? = nil, focus: Int? = nil) throws(ShellError)
    -> RGBImage
  {
    try draw(DisplayList(frame: frame, pressed: pressed, focus: focus), secretsChanged: true)
    return canvas?.rgbImage ?? RGBImage(width: 0, height: 0, bytes: [])
  }

  /// Brings the bitmap up to date and answers which areas changed.
  @discardableResult
  func draw(_ list: DisplayList, secretsChanged: Bool) throws(ShellError) -> [Rect] {
    let canvas: Bitmap
    if let known = self.canvas, known.width == list.size.width, known.height == list.size.height {
      canvas = known
    } else {
      canvas = try Bitmap(width: list.size.width, height: list.size.height, isMask: false)
      self.canvas = canvas
      shown = nil
    }
    let screen = Rect(x: 0, y: 0, width: canvas.width, height: canvas.height)
    let areas: [Rect]
    switch list.damage(since: shown, secretsChanged: secretsChanged, bounds: { bounds(of: $0) }) {
    case .all: areas = [screen]
    case .areas(let changed): areas = changed
    }
    // Until all is drawn the bitmap is neither the old list nor the new one.
    shown = nil
    for area in areas { draw(list, in: area, on: canvas) }
    canvas.clip(to: nil)
    shown = list
    return areas
  }

  /// The end of a session: nothing that could carry a name or a number stays in a cache. The
  /// bitmap itself is zeroed when `alsoScreen`, and then drawn anew by the next `draw`.
  func forgetPersonal(alsoScreen: Bool = false) {
    texts.removeAll()
    fonts.forgetTexts()
    if alsoScreen {
      canvas?.wipe()
      shown = nil
    }
  }

  /// Lines of text in memory now.
  var textCount: Int { texts.count }

  private func draw(_ list: DisplayList, in area: Rect, on canvas: Bitmap) {
    canvas.clip(to: area)
    canvas.fill(area, list.background)
    for layer in list.layers {
      for command in layer where bounds(of: command).intersects(area) {
        do throws(ShellError) {
          try draw(command, in: area, on: canvas)
        } catch {
          report(error.description)
        }
      }
    }
  }

  private func draw(_ command: DrawCommand, in area: Rect, on canvas: Bitmap) throws(ShellError) {
    switch command {
    case .fill(let rect, let color):
      canvas.fill(rect, color)
    case .box(let rect, let radius, let fill, let stroke, let strokeWidth, let dashed):
      try box(
        rect, radius: radius, fill: fill, stroke: stroke, strokeWidth: strokeWidth,
        dashed: dashed, on: canvas)
    case .disc(let rect, let color):
      guard !rect.isEmpty, let mask = try ellipse(rect.width, rect.height) else { return }
      canvas.blend(mask, x: rect.x, y: rect.y, color)
    case .polygon(let points, let color):
      try polygon(points, color, on: canvas)
    case .text(let text, let x, let y, let style):
      let key = TextKey(text: text, face: style.face, pixels: style.pixels)
      let mask = try texts.mask(key) { () throws(ShellError) in
        fonts.mask(text, style.face, style.pixels)
      }
      if let mask { canvas.blend(mask, x: x, y: y, style.color) }
    case .icon(let icon, let rect, let color):
      try draw(icon, rect, color, on: canvas)
    case .secretDigits(let handle, let cells, let style):
      try secretDigits(handle, cells, style, on: canvas)
    case .bitmap(let handle, let width, let height, let rect, let blurred):
      guard (1...Bitmap.sideLimit).contains(width), (1...Bitmap.sideLimit).contains(height) else {
        return
      }
      let fitted = PixelScaling.fit(width: width, height: height, into: rect)
      _ = unsafe vault.withBytes(of: handle) { bytes in
        unsafe PixelScaling.draw(
          bytes, width: width, height: height, to: fitted, clip: area, blurred: blurred, on: canvas)
      }
    case .photo(let handle, let rect):
      try photo(handle, rect, on: canvas)
    }
  }

  /// The area that a command can touch.
  private func bounds(of command: DrawCommand) -> Rect {
    switch command {
    case .fill(let rect, _), .box(let rect, _, _, _, _, _), .disc(let rect, _),
      .icon(_, let rect, _), .bitmap(_, _, _, let rect, _), .photo(_, let rect):
      rect
    case .polygon(let points, _): Self.bounds(of: points)
    case .text(let text, let x, let y, let style):
      // Accents and the ends of letters may lie outside the line box.
      Rect(
        x: x, y: y, width: fonts.width(text, style.face, style.pixels),
        height: fonts.lineHeight(style.face, style.pixels)
      ).inset(by: -(style.pixels / 4 + 2))
    case .secretDigits(_, let cells, let style):
      cells.reduce(Rect(x: 0, y: 0, width: 0, height: 0)) { $0.union($1.rect) }
        .inset(by: -(style.pixels / 4))
    }
  }

  static func bounds(of points: [Point]) -> Rect {
    guard let first = points.first else { return Rect(x: 0, y: 0, width: 0, height: 0) }
    return points.reduce(Rect(x: first.x, y: first.y, width: 1, height: 1)) {
      $0.union(Rect(x: $1.x, y: $1.y, width: 1, height: 1))
    }
  }

  private func report(_ problem: String) {
    guard problems.count < Self.problemsLimit else { return }
    problems.insert(problem)
  }
}
