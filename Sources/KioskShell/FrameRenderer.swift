internal import CSDL
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
  private static let iconLimitBytes = 64 << 10

  public let fonts: FontBook
  private let assets: AssetFolder
  private let vault: SecretVault
  private var shapes = MaskCache<ShapeKey>(limitBytes: shapesLimitBytes)
  private var digits = MaskCache<DigitKey>(limitBytes: shapesLimitBytes)
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

  private static func bounds(of points: [Point]) -> Rect {
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

// MARK: - Shapes

extension FrameRenderer {
  private func ellipse(_ width: Int, _ height: Int) throws(ShellError) -> Bitmap? {
    try shapes.mask(.ellipse(width: width, height: height)) { () throws(ShellError) in
      guard width <= 2_048, height <= 2_048 else { return nil }
      return try Bitmap(
        coverage: ShapeCoverage.ellipse(width: width, height: height), width: width, height: height)
    }
  }

  private func ring(_ diameter: Int, _ thickness: Int) throws(ShellError) -> Bitmap? {
    try shapes.mask(.ring(diameter: diameter, thickness: thickness)) { () throws(ShellError) in
      guard diameter <= 2_048 else { return nil }
      return try Bitmap(
        coverage: ShapeCoverage.ring(diameter: diameter, thickness: thickness), width: diameter,
        height: diameter)
    }
  }

  private func box(
    _ rect: Rect, radius: Int, fill: Color?, stroke: Color?, strokeWidth: Int, dashed: Bool,
    on canvas: Bitmap
  ) throws(ShellError) {
    guard !rect.isEmpty else { return }
    let radius = max(0, min(radius, min(rect.width, rect.height) / 2))
    let line = stroke == nil ? 0 : max(0, min(strokeWidth, min(rect.width, rect.height) / 2))
    if let fill, let stroke, line > 0, !dashed {
      // Stroke as the whole shape, then the fill on top of it: no seam of the ground between them.
      try filled(rect, radius, stroke, on: canvas)
      try filled(rect.inset(by: line), max(0, radius - line), fill, on: canvas)
      return
    }
    if let fill { try filled(rect, radius, fill, on: canvas) }
    if let stroke, line > 0 {
      try edges(rect, radius, line, stroke, dashed: dashed, on: canvas)
    }
  }

  private func filled(
    _ rect: Rect, _ radius: Int, _ color: Color, on canvas: Bitmap
  ) throws(ShellError) {
    guard radius > 0 else { return canvas.fill(rect, color) }
    let straight = rect.height - 2 * radius
    canvas.fill(Rect(x: rect.x, y: rect.y + radius, width: rect.width, height: straight), color)
    let across = Rect(x: rect.x + radius, y: 0, width: rect.width - 2 * radius, height: radius)
    for y in [rect.y, rect.maxY - radius] {
      canvas.fill(Rect(x: across.x, y: y, width: across.width, height: radius), color)
    }
    if let mask = try ellipse(2 * radius, 2 * radius) {
      corners(mask, of: rect, radius, color, on: canvas)
    }
  }

  private func edges(
    _ rect: Rect, _ radius: Int, _ line: Int, _ color: Color, dashed: Bool, on canvas: Bitmap
  ) throws(ShellError) {
    let dash = dashed ? (on: 4 * line, off: 3 * line) : (on: Int.max, off: 0)
    func run(_ length: Int, _ piece: (_ from: Int, _ length: Int) -> Void) {
      var at = 0
      while at < length {
        piece(at, min(dash.on, length - at))
        guard dash.off > 0 else { return }
        at += dash.on + dash.off
      }
    }
    run(rect.width - 2 * radius) { from, length in
      for y in [rect.y, rect.maxY - line] {
        canvas.fill(
          Rect(x: rect.x + radius + from, y: y, width: length, height: line), color)
      }
    }
    run(rect.height - 2 * radius) { from, length in
      for x in [rect.x, rect.maxX - line] {
        canvas.fill(
          Rect(x: x, y: rect.y + radius + from, width: line, height: length), color)
      }
    }
    if radius > 0, let mask = try ring(2 * radius, line) {
      corners(mask, of: rect, radius, color, on: canvas)
    }
  }

  private func corners(
    _ mask: Bitmap, of rect: Rect, _ radius: Int, _ color: Color, on canvas: Bitmap
  ) {
    for (column, x) in [(0, rect.x), (radius, rect.maxX - radius)] {
      for (row, y) in [(0, rect.y), (radius, rect.maxY - radius)] {
        canvas.blend(
          mask, part: Rect(x: column, y: row, width: radius, height: radius), x: x, y: y, color)
      }
    }
  }

  private func polygon(_ points: [Point], _ color: Color, on canvas: Bitmap) throws(ShellError) {
    let area = Self.bounds(of: points)
    guard points.count > 2, points.count <= 64, area.width <= 2_048, area.height <= 2_048 else {
      return
    }
    let own = points.map { Point(x: $0.x - area.x, y: $0.y - area.y) }
    let mask = try shapes.mask(.polygon(own)) { () throws(ShellError) in
      try Bitmap(
        coverage: ShapeCoverage.polygon(own, width: area.width, height: area.height),
        width: area.width, height: area.height)
    }
    if let mask { canvas.blend(mask, x: area.x, y: area.y, color) }
  }

  private func draw(
    _ icon: Icon, _ rect: Rect, _ color: Color, on canvas: Bitmap
  ) throws(ShellError) {
    guard !rect.isEmpty, rect.width <= 2_048, rect.height <= 2_048 else { return }
    let key = ShapeKey.icon(icon, width: rect.width, height: rect.height)
    let mask = try shapes.mask(key) { () throws(ShellError) in
      try iconMask(icon, width: rect.width, height: rect.height)
    }
    guard let mask else { return }
    canvas.blend(
      mask, x: rect.x + (rect.width - mask.width) / 2, y: rect.y + (rect.height - mask.height) / 2,
      color)
  }

  private func iconMask(
    _ icon: Icon, width: Int, height: Int
  ) throws(ShellError) -> Bitmap? {
    guard let path = assets.icon(icon) else {
      throw ShellError(call: "icon", message: "this is not the name of an icon")
    }
    var count = 0
    guard let bytes = unsafe SDL_LoadFile(path, &count) else {
      throw ShellError(call: "SDL_LoadFile", message: "there is no icon \(icon.name)")
    }
    defer { unsafe SDL_free(bytes) }
    guard count <= Self.iconLimitBytes, let stream = unsafe SDL_RWFromConstMem(bytes, Int32(count))
    else { throw ShellError(call: "icon", message: "\(icon.name) is too large") }
    defer { _ = unsafe SDL_RWclose(stream) }
    guard
      let drawn = unsafe Bitmap(
        adopting: IMG_LoadSizedSVG_RW(stream, Int32(width), Int32(height))),
      let converted = unsafe Bitmap(
        adopting: SDL_ConvertSurfaceFormat(drawn.surface, SDL_PIXELFORMAT_ARGB8888.rawValue, 0))
    else { throw .sdl("IMG_LoadSizedSVG_RW \(icon.name)") }
    // Only the shape counts; its colour is chosen when it is drawn.
    guard let base = unsafe converted.pixels else { return nil }
    for y in 0..<converted.height {
      let row = unsafe (base + y * converted.pitch).assumingMemoryBound(to: UInt32.self)
      for x in 0..<converted.width { unsafe row[x] |= 0x00FF_FFFF }
    }
    return converted
  }
}

// MARK: - What comes from the vault

extension FrameRenderer {
  /// Draws from glyphs of all ten digits made beforehand: no text of the secret ever exists, and
  /// which glyphs are in memory says nothing about it.
  private func secretDigits(
    _ handle: SecretHandle, _ cells: [SecretCell], _ style: TextStyle, on canvas: Bitmap
  ) throws(ShellError) {
    var glyphs: [Bitmap] = []
    for digit in 0...9 {
      let key = DigitKey(digit: digit, face: style.face, pixels: style.pixels)
      let glyph = try digits.mask(key) { () throws(ShellError) in
        fonts.mask(String(digit), style.face, style.pixels)
      }
      guard let glyph else { throw .sdl("TTF_RenderUTF8_Blended") }
      glyphs.append(glyph)
    }
    let side = max(4, style.pixels * 3 / 10)
    let dot = try ellipse(side, side)
    _ = unsafe vault.withBytes(of: handle) { bytes in
      for cell in cells {
        guard bytes.indices.contains(cell.index) else { continue }
        let byte = unsafe bytes[cell.index]
        let mask: Bitmap?
        switch cell.look {
        case .dot: mask = dot
        case .digit: mask = (0x30...0x39).contains(byte) ? glyphs[Int(byte - 0x30)] : dot
        }
        guard let mask else { continue }
        canvas.blend(
          mask, x: cell.rect.x + (cell.rect.width - mask.width) / 2,
          y: cell.rect.y + (cell.rect.height - mask.height) / 2, style.color)
      }
    }
  }

  private func photo(
    _ handle: SecretHandle, _ rect: Rect, on canvas: Bitmap
  ) throws(ShellError) {
    let decoded = unsafe vault.withBytes(of: handle) { bytes -> Bitmap? in
      guard unsafe JPEGHeader(of: bytes) != nil, let base = bytes.baseAddress,
        let stream = unsafe SDL_RWFromConstMem(base, Int32(bytes.count))
      else { return nil }
      defer { _ = unsafe SDL_RWclose(stream) }
      return unsafe Bitmap(adopting: IMG_LoadJPG_RW(stream))
    }
    guard let decoded, let picture = decoded else {
      throw ShellError(call: "photo", message: "this is not a JPEG that may be decoded")
    }
    guard
      let converted = unsafe Bitmap(
        adopting: SDL_ConvertSurfaceFormat(picture.surface, SDL_PIXELFORMAT_XRGB8888.rawValue, 0))
    else { throw .sdl("SDL_ConvertSurfaceFormat") }
    var area = PixelScaling.fit(width: picture.width, height: picture.height, into: rect).sdl
    unsafe SDL_SetSurfaceBlendMode(converted.surface, SDL_BLENDMODE_NONE)
    guard unsafe SDL_UpperBlitScaled(converted.surface, nil, canvas.surface, &area) == 0 else {
      throw .sdl("SDL_UpperBlitScaled")
    }
  }
}
