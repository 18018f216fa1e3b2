internal import Screens

/// Masks by what they show, bounded in bytes. Two generations: when the young one is full it
/// becomes the old one and what nobody asked for meanwhile goes, zeroed.
struct MaskCache<Key: Hashable> {
  private var young: [Key: Bitmap] = [:]
  private var old: [Key: Bitmap] = [:]
  private var youngBytes = 0
  private let limitBytes: Int

  /// - Parameter limitBytes: the most that both generations hold together.
  init(limitBytes: Int) { self.limitBytes = limitBytes }

  mutating func mask(
    _ key: Key, make: () throws(ShellError) -> Bitmap?
  ) throws(ShellError) -> Bitmap? {
    if let known = young[key] { return known }
    let found = old.removeValue(forKey: key)
    let made = found == nil ? try make() : nil
    guard let mask = found ?? made else { return nil }
    if youngBytes + mask.byteCount > limitBytes / 2 {
      old = young
      young = [:]
      youngBytes = 0
    }
    young[key] = mask
    youngBytes += mask.byteCount
    return mask
  }

  mutating func removeAll() {
    young = [:]
    old = [:]
    youngBytes = 0
  }

  var count: Int { young.count + old.count }
}

/// What a shape's mask is made from; never anything personal.
enum ShapeKey: Hashable {
  case ellipse(width: Int, height: Int)
  case ring(diameter: Int, thickness: Int)
  case polygon([Point])
  case icon(Icon, width: Int, height: Int)
}

/// One line of text as pixels; the colour comes when it is drawn.
struct TextKey: Hashable {
  var text: String
  var face: FontFace
  var pixels: Int
}

struct DigitKey: Hashable {
  var digit: Int
  var face: FontFace
  var pixels: Int
}
