internal import CPNG

/// Dots, black or white; eight to a byte with the leftmost on top, as printers take them.
public struct MonochromeImage: Hashable, Sendable {
  public let width: Int
  public let height: Int
  public private(set) var bytes: [UInt8]
  public var rowBytes: Int { (width + 7) / 8 }

  /// All white.
  public init(width: Int, height: Int) {
    self.width = max(0, width)
    self.height = max(0, height)
    bytes = [UInt8](repeating: 0, count: (self.width + 7) / 8 * self.height)
  }

  public subscript(x: Int, y: Int) -> Bool {
    guard (0..<width).contains(x), (0..<height).contains(y) else { return false }
    return bytes[y * rowBytes + x / 8] & 0x80 >> UInt8(x % 8) != 0
  }

  /// Blackens what of a rectangle lies on the image.
  public mutating func fill(x: Int, y: Int, width: Int, height: Int) {
    let rows = max(0, y)..<max(0, y, min(y + height, self.height))
    let columns = max(0, x)..<max(0, x, min(x + width, self.width))
    guard let first = columns.first, let last = columns.last else { return }
    for index in first / 8...last / 8 {
      // What of these eight dots lies inside.
      var dots: UInt8 = 0xFF
      if index == first / 8 { dots &= 0xFF >> UInt8(first % 8) }
      if index == last / 8 { dots &= 0xFF << UInt8(7 - last % 8) }
      for row in rows { bytes[row * rowBytes + index] |= dots }
    }
  }

  /// Blackens with another image's black dots, each `scale` dots wide and high.
  public mutating func draw(_ other: MonochromeImage, x: Int, y: Int, scale: Int = 1) {
    for row in 0..<other.height {
      for column in 0..<other.width where other[column, row] {
        fill(x: x + column * scale, y: y + row * scale, width: scale, height: scale)
      }
    }
  }

  // MARK: PNG

  public enum PNGProblem: Error, Hashable, Sendable {
    case unreadable
    case tooLarge(width: Int, height: Int)
  }

  /// Of a PNG in any colours: darker than half is black, what is transparent is paper.
  /// - Parameters: the greatest size, looked at before anything is unpacked.
  public init(png: [UInt8], maxWidth: Int, maxHeight: Int) throws(PNGProblem) {
    var header = unsafe png_image()
    unsafe header.version = UInt32(PNG_IMAGE_VERSION)
    defer { unsafe png_image_free(&header) }
    guard unsafe png_image_begin_read_from_memory(&header, png, png.count) != 0 else {
      throw .unreadable
    }
    let width = Int(unsafe header.width)
    let height = Int(unsafe header.height)
    guard width <= maxWidth, height <= maxHeight else {
      throw .tooLarge(width: width, height: height)
    }
    self.init(width: width, height: height)
    unsafe header.format = UInt32(PNG_FORMAT_GRAY)
    var paper = png_color(red: 255, green: 255, blue: 255)
    var grey = [UInt8](repeating: 255, count: width * height)
    guard unsafe png_image_finish_read(&header, &paper, &grey, Int32(width), nil) != 0 else {
      throw .unreadable
    }
    for (index, value) in grey.enumerated() where value < 128 {
      fill(x: index % width, y: index / width, width: 1, height: 1)
    }
  }

  /// As a grey PNG; nil when there is no memory or nothing to write.
  public func png() -> [UInt8]? {
    var header = unsafe png_image()
    unsafe header.version = UInt32(PNG_IMAGE_VERSION)
    unsafe header.width = UInt32(width)
    unsafe header.height = UInt32(height)
    unsafe header.format = UInt32(PNG_FORMAT_GRAY)
    let grey = (0..<width * height).map { self[$0 % width, $0 / width] ? UInt8(0) : 255 }
    var size = 0
    guard
      unsafe png_image_write_to_memory(&header, nil, &size, 0, grey, Int32(width), nil) != 0
    else { return nil }
    var file = [UInt8](repeating: 0, count: size)
    guard
      unsafe png_image_write_to_memory(&header, &file, &size, 0, grey, Int32(width), nil) != 0
    else { return nil }
    return Array(file.prefix(size))
  }
}
