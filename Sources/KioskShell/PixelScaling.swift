internal import Screens

/// Draws RGB24 rows scaled into a rectangle. Every target pixel is the mean of the source pixels
/// under it, so small print stays legible; blurred, it is a smooth surface in which no letter can
/// be made out.
enum PixelScaling {
  /// Cells along the shorter side of a blurred page: on A4 each is about 10 mm, larger than any
  /// line of text.
  static let blurCells = 20

  /// The largest rectangle of the source's shape inside `target`, centred.
  static func fit(width: Int, height: Int, into target: Rect) -> Rect {
    guard width > 0, height > 0, !target.isEmpty else {
      return Rect(x: target.x, y: target.y, width: 0, height: 0)
    }
    var fitted = target
    if target.width * height <= target.height * width {
      fitted.height = max(1, target.width * height / width)
    } else {
      fitted.width = max(1, target.height * width / height)
    }
    fitted.x += (target.width - fitted.width) / 2
    fitted.y += (target.height - fitted.height) / 2
    return fitted
  }

  /// - Parameters:
  ///   - source: at least `width * height * 3` bytes.
  ///   - fitted: where it goes; only the part inside `clip` is drawn.
  static func draw(
    _ source: UnsafeRawBufferPointer, width: Int, height: Int, to fitted: Rect, clip: Rect,
    blurred: Bool, on canvas: Bitmap
  ) {
    let screen = Rect(x: 0, y: 0, width: canvas.width, height: canvas.height)
    let part = fitted.intersection(clip).intersection(screen)
    guard !part.isEmpty, let base = unsafe canvas.pixels,
      source.count >= width * height * 3
    else { return }
    if blurred {
      unsafe drawBlurred(
        source, width: width, height: height, to: fitted, part: part, base: base,
        pitch: canvas.pitch)
      return
    }
    for y in part.y..<part.maxY {
      let row = unsafe (base + y * canvas.pitch).assumingMemoryBound(to: UInt32.self)
      let top = (y - fitted.y) * height / fitted.height
      let bottom = max(top + 1, (y - fitted.y + 1) * height / fitted.height)
      for x in part.x..<part.maxX {
        let left = (x - fitted.x) * width / fitted.width
        let right = max(left + 1, (x - fitted.x + 1) * width / fitted.width)
        let mean = unsafe mean(
          source, width: width, rows: top..<min(bottom, height), columns: left..<min(right, width))
        unsafe row[x] = UInt32(mean.0) << 16 | UInt32(mean.1) << 8 | UInt32(mean.2)
      }
    }
  }

  private static func mean(
    _ source: UnsafeRawBufferPointer, width: Int, rows: Range<Int>, columns: Range<Int>
  ) -> (Int, Int, Int) {
    var (red, green, blue) = (0, 0, 0)
    for y in rows {
      var at = (y * width + columns.lowerBound) * 3
      for _ in columns {
        unsafe red += Int(source[at])
        unsafe green += Int(source[at + 1])
        unsafe blue += Int(source[at + 2])
        at += 3
      }
    }
    let count = max(1, rows.count * columns.count)
    return (red / count, green / count, blue / count)
  }

  /// Mixes every cell with its neighbours, so that evenly spaced lines leave no pattern of their
  /// own in the cells.
  private static func soften(_ cells: inout [(Int, Int, Int)], across: Int, down: Int) {
    func pass(_ at: (_ line: Int, _ place: Int) -> Int, lines: Int, places: Int) {
      for line in 0..<lines {
        var before = cells[at(line, 0)]
        for place in 0..<places {
          let here = cells[at(line, place)]
          let after = cells[at(line, min(place + 1, places - 1))]
          cells[at(line, place)] = (
            (before.0 + 2 * here.0 + after.0) / 4, (before.1 + 2 * here.1 + after.1) / 4,
            (before.2 + 2 * here.2 + after.2) / 4
          )
          before = here
        }
      }
    }
    pass({ $0 * across + $1 }, lines: down, places: across)
    pass({ $1 * across + $0 }, lines: across, places: down)
  }

  private static func drawBlurred(
    _ source: UnsafeRawBufferPointer, width: Int, height: Int, to fitted: Rect, part: Rect,
    base: UnsafeMutableRawPointer, pitch: Int
  ) {
    let shorter = min(width, height)
    let across = max(2, min(blurCells, shorter) * width / shorter)
    let down = max(2, min(blurCells, shorter) * height / shorter)
    var cells = [(Int, Int, Int)](repeating: (0, 0, 0), count: across * down)
    defer { for index in cells.indices { cells[index] = (0, 0, 0) } }
    for row in 0..<down {
      let rows = (row * height / down)..<max(row * height / down + 1, (row + 1) * height / down)
      for column in 0..<across {
        let left = column * width / across
        let columns = left..<max(left + 1, (column + 1) * width / across)
        cells[row * across + column] = unsafe mean(
          source, width: width, rows: rows.clamped(to: 0..<height),
          columns: columns.clamped(to: 0..<width))
      }
    }
    soften(&cells, across: across, down: down)
    // Between the cells' centres the colour runs evenly; 256 parts to a cell.
    func place(_ at: Int, of length: Int, cells: Int) -> (Int, Int) {
      let position = min(max(0, (2 * at + 1) * cells * 128 / length - 128), (cells - 1) * 256)
      return (min(position / 256, cells - 2), position - min(position / 256, cells - 2) * 256)
    }
    for y in part.y..<part.maxY {
      let line = unsafe (base + y * pitch).assumingMemoryBound(to: UInt32.self)
      let (row, fy) = place(y - fitted.y, of: fitted.height, cells: down)
      for x in part.x..<part.maxX {
        let (column, fx) = place(x - fitted.x, of: fitted.width, cells: across)
        let at = row * across + column
        let (a, b) = (cells[at], cells[at + 1])
        let (c, d) = (cells[at + across], cells[at + across + 1])
        func mix(_ a: Int, _ b: Int, _ c: Int, _ d: Int) -> UInt32 {
          let top = a * (256 - fx) + b * fx
          let bottom = c * (256 - fx) + d * fx
          return UInt32((top * (256 - fy) + bottom * fy) >> 16)
        }
        unsafe line[x] =
          mix(a.0, b.0, c.0, d.0) << 16 | mix(a.1, b.1, c.1, d.1) << 8 | mix(a.2, b.2, c.2, d.2)
      }
    }
  }
}
