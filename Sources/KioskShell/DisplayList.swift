internal import Screens

/// All that is on the glass at one moment, in drawing order. Two lists can be compared, and what
/// differs between them is all that has to be drawn again.
struct DisplayList: Equatable {
  var name: String
  var size: Size
  var background: Color
  /// Backdrop, one layer for each control, the moving image, the focus ring.
  var layers: [[DrawCommand]]

  /// - Parameters:
  ///   - pressed: the control that shows its pressed look.
  ///   - focus: the control that wears the focus ring.
  ///   - image: which image of the animation shows.
  init(frame: Frame, pressed: Int? = nil, focus: Int? = nil, image: Int = 0) {
    name = frame.name
    size = frame.size
    background = frame.background
    layers = [frame.backdrop]
    for (index, control) in frame.controls.enumerated() {
      layers.append(index == pressed ? control.pressed : control.normal)
    }
    if let animation = frame.animation, !animation.images.isEmpty {
      layers.append(animation.images[image % animation.images.count])
    } else {
      layers.append([])
    }
    if let focus, frame.controls.indices.contains(focus) {
      layers.append(Self.ring(around: frame.controls[focus].rect))
    } else {
      layers.append([])
    }
  }

  /// Two bands, so that it stands out from light and from dark grounds.
  private static func ring(around rect: Rect) -> [DrawCommand] {
    [
      .box(
        rect.inset(by: -9), radius: 24, fill: nil, stroke: Color(0xFFFFFF), strokeWidth: 9,
        dashed: false),
      .box(
        rect.inset(by: -8), radius: 23, fill: nil, stroke: Color(0xB35900), strokeWidth: 7,
        dashed: false),
    ]
  }

  enum Damage: Equatable {
    case all
    case areas([Rect])
  }

  /// More areas than this become one.
  static let areasLimit = 24

  /// What must be drawn again when this list follows `old`.
  /// - Parameters:
  ///   - secretsChanged: what comes from the vault may differ although the commands do not.
  ///   - bounds: the area that a command can touch.
  func damage(
    since old: DisplayList?, secretsChanged: Bool, bounds: (DrawCommand) -> Rect
  ) -> Damage {
    guard let old, old.name == name, old.size == size, old.background == background else {
      return .all
    }
    var areas: [Rect] = []
    let changed = Self.changed(old.layers, layers)
    if changed.old.count == changed.new.count {
      for (before, after) in zip(changed.old, changed.new) {
        let commands = Self.changed(before, after)
        areas += (commands.old + commands.new).map(bounds)
      }
    } else {
      areas += (Array(changed.old.joined()) + Array(changed.new.joined())).map(bounds)
    }
    if secretsChanged {
      for command in layers.joined() {
        switch command {
        case .secretDigits, .bitmap, .photo: areas.append(bounds(command))
        default: break
        }
      }
    }
    let screen = Rect(x: 0, y: 0, width: size.width, height: size.height)
    return .areas(Self.merged(areas.map { $0.intersection(screen) }.filter { !$0.isEmpty }))
  }

  /// The part in which two lists differ, between what they begin and end with alike.
  private static func changed<Element: Equatable>(
    _ old: [Element], _ new: [Element]
  ) -> (old: ArraySlice<Element>, new: ArraySlice<Element>) {
    var start = 0
    while start < min(old.count, new.count), old[start] == new[start] { start += 1 }
    var end = 0
    while end < min(old.count, new.count) - start,
      old[old.count - 1 - end] == new[new.count - 1 - end]
    { end += 1 }
    return (old[start..<(old.count - end)], new[start..<(new.count - end)])
  }

  /// Overlapping areas become their common rectangle.
  static func merged(_ areas: [Rect]) -> [Rect] {
    var result: [Rect] = []
    for area in areas {
      var area = area
      while let other = result.firstIndex(where: { $0.intersects(area) }) {
        area = area.union(result.remove(at: other))
      }
      result.append(area)
    }
    guard result.count > areasLimit, let first = result.first else { return result }
    return [result.dropFirst().reduce(first) { $0.union($1) }]
  }
}
