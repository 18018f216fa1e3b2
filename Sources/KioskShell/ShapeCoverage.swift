internal import Screens

/// How much of each pixel a shape covers, 0 to 255, row by row: pure arithmetic, the same on every
/// machine.
enum ShapeCoverage {
  /// A filled ellipse that fits `width` x `height`; a disc when they are equal.
  static func ellipse(width: Int, height: Int) -> [UInt8] {
    var coverage = [UInt8](repeating: 0, count: width * height)
    for y in 0..<height {
      for x in 0..<width {
        let inside = covered(x, y, width: width, height: height, inset: 0)
        coverage[y * width + x] = UInt8((inside * 255).rounded())
      }
    }
    return coverage
  }

  /// The band of `thickness` pixels along the inside of a disc's edge.
  static func ring(diameter: Int, thickness: Int) -> [UInt8] {
    var coverage = [UInt8](repeating: 0, count: diameter * diameter)
    for y in 0..<diameter {
      for x in 0..<diameter {
        let outer = covered(x, y, width: diameter, height: diameter, inset: 0)
        let inner = covered(x, y, width: diameter, height: diameter, inset: thickness)
        coverage[y * diameter + x] = UInt8((max(0, outer - inner) * 255).rounded())
      }
    }
    return coverage
  }

  /// The share of a pixel inside an ellipse, from the distance of its centre to the edge.
  private static func covered(
    _ x: Int, _ y: Int, width: Int, height: Int, inset: Int
  ) -> Double {
    let a = Double(width) / 2 - Double(inset)
    let b = Double(height) / 2 - Double(inset)
    guard a > 0, b > 0 else { return 0 }
    let dx = (Double(x) + 0.5 - Double(width) / 2) / a
    let dy = (Double(y) + 0.5 - Double(height) / 2) / b
    let reach = (dx * dx + dy * dy).squareRoot()
    let slope = (dx * dx / (a * a) + dy * dy / (b * b)).squareRoot()
    guard reach > 0, slope > 0 else { return 1 }
    let distance = (1 - reach) * reach / slope
    return min(max(distance + 0.5, 0), 1)
  }

  /// Lines looked at within one row of pixels.
  private static let linesPerRow = 8

  /// A polygon by the even-odd rule; points relative to the mask's top left.
  static func polygon(_ points: [Point], width: Int, height: Int) -> [UInt8] {
    var coverage = [UInt8](repeating: 0, count: width * height)
    guard points.count > 2 else { return coverage }
    var row = [Double](repeating: 0, count: width)
    for y in 0..<height {
      for x in 0..<width { row[x] = 0 }
      for line in 0..<linesPerRow {
        let at = Double(y) + (Double(line) + 0.5) / Double(linesPerRow)
        let edges = crossings(of: points, at: at)
        for pair in stride(from: 0, to: edges.count - 1, by: 2) {
          add(from: edges[pair], to: edges[pair + 1], to: &row)
        }
      }
      for x in 0..<width {
        coverage[y * width + x] = UInt8(min(255, (row[x] * 255 / Double(linesPerRow)).rounded()))
      }
    }
    return coverage
  }

  private static func crossings(of points: [Point], at y: Double) -> [Double] {
    var result: [Double] = []
    var previous = points[points.count - 1]
    for point in points {
      let (ay, by) = (Double(point.y), Double(previous.y))
      if (ay > y) != (by > y) {
        let (ax, bx) = (Double(point.x), Double(previous.x))
        result.append((bx - ax) * (y - ay) / (by - ay) + ax)
      }
      previous = point
    }
    return result.sorted()
  }

  private static func add(from left: Double, to right: Double, to row: inout [Double]) {
    let first = max(0, Int(left.rounded(.down)))
    let last = min(row.count - 1, Int(right.rounded(.down)))
    guard first <= last else { return }
    for x in first...last {
      row[x] += max(0, min(right, Double(x + 1)) - max(left, Double(x)))
    }
  }
}
