/// Where things lie on the glass, in design pixels.
struct Zones {
  static let margin = 48
  static let gap = 16
  /// The smallest height of a control: 20 mm on the smallest panel, and 72 px on a small window.
  static let control = 132
  static let mainButton = 160

  let isLandscape: Bool
  let lowReach: Bool
  let header: Rect
  /// The demonstration mark; empty in a real office.
  let band: Rect
  /// Titles and explanations; never controls.
  let info: Rect
  /// Controls, within everybody's reach.
  let content: Rect
  let bar: Rect

  init(width: Int, height: Int, isLandscape: Bool, lowReach: Bool, hasBand: Bool) {
    self.isLandscape = isLandscape
    self.lowReach = lowReach && !isLandscape
    header = Rect(x: 0, y: 0, width: width, height: isLandscape ? 128 : 160)
    band = Rect(x: 0, y: header.maxY, width: width, height: hasBand ? isLandscape ? 44 : 52 : 0)
    let barHeight = isLandscape ? 184 : 244
    bar = Rect(x: 0, y: height - barHeight, width: width, height: barHeight)
    let top = band.maxY + 24
    let bottom = bar.y - 16
    let inner = width - 2 * Self.margin
    if isLandscape {
      info = Rect(x: Self.margin, y: top, width: 440, height: bottom - top)
      let x = info.maxX + 48
      content = Rect(x: x, y: top, width: width - Self.margin - x, height: bottom - top)
    } else {
      let first = height - (lowReach ? 980 : 1360)
      info = Rect(x: Self.margin, y: top, width: inner, height: first - 16 - top)
      content = Rect(x: Self.margin, y: first, width: inner, height: bottom - first)
    }
  }

  /// A page that mostly tells something: its title, its body and `buttonRows` rows of buttons at the
  /// bottom.
  func page(titleHeight: Int = 200, buttonRows: Int = 1) -> (title: Rect, body: Rect, buttons: Rect)
  {
    let buttonsHeight =
      buttonRows == 0
      ? 0
      : buttonRows * (isLandscape ? Self.control : Self.mainButton) + (buttonRows - 1) * Self.gap
    if isLandscape {
      var body = content
      let buttons = body.cutBottom(buttonsHeight, gap: buttonRows == 0 ? 0 : Self.gap)
      return (info, body, buttons)
    }
    var whole = Rect(
      x: info.x, y: info.y, width: info.width, height: content.maxY - info.y)
    let title = whole.cutTop(titleHeight)
    whole.cutTop(Self.gap)
    let buttons = whole.cutBottom(buttonsHeight, gap: buttonRows == 0 ? 0 : Self.gap)
    return (title, whole, buttons)
  }
}
