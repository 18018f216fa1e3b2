internal import CSDL
internal import Screens

/// Boxes, discs, polygons and icons, from masks that are made once.
extension FrameRenderer {
  func ellipse(_ width: Int, _ height: Int) throws(ShellError) -> Bitmap? {
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

  func box(
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

  func polygon(_ points: [Point], _ color: Color, on canvas: Bitmap) throws(ShellError) {
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

  func draw(
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
