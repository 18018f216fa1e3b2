internal import Journey
internal import Screens

/// The keyboard's way through a screen, as a value: Tab and arrows move a visible ring in the order
/// of the controls, Enter means the control that wears it.
struct FocusWalk {
  enum Key { case next, previous, enter, escape, backspace }

  /// The control that wears the ring; nil until the keyboard is used, and again after a touch.
  private(set) var focused: Control?

  mutating func handle(_ key: Key, on frame: Frame) -> [Action] {
    switch key {
    case .next: return move(by: 1, frame)
    case .previous: return move(by: -1, frame)
    case .enter: return activate(focused ?? .continue, frame)
    case .escape: return activate(.back, frame)
    case .backspace: return activate(.deleteDigit, frame)
    }
  }

  /// A digit presses the digit's key, or chooses the tile of that number.
  func digit(_ digit: UInt8, on frame: Frame) -> [Action] {
    let typed = activate(.digit(digit), frame)
    guard typed.isEmpty, digit > 0 else { return typed }
    let tiles = frame.controls.filter { $0.role == .tile }
    guard digit <= tiles.count else { return [] }
    return activate(tiles[Int(digit) - 1].control, frame)
  }

  mutating func touched() { focused = nil }

  mutating func frameChanged(from old: Frame, to new: Frame) {
    let stays = new.controls.contains { $0.control == focused && $0.isEnabled }
    if old.name != new.name || !stays { focused = nil }
  }

  private mutating func move(by step: Int, _ frame: Frame) -> [Action] {
    let open = frame.controls.filter(\.isEnabled)
    guard !open.isEmpty else { return [] }
    if let now = open.firstIndex(where: { $0.control == focused }) {
      focused = open[(now + step + open.count) % open.count].control
    } else {
      focused = step > 0 ? open[0].control : open[open.count - 1].control
    }
    // The citizen is there although nothing was chosen.
    return [.touchedNothing]
  }

  private func activate(_ control: Control, _ frame: Frame) -> [Action] {
    let found = frame.controls.first { $0.control == control && $0.isEnabled }
    guard let found else { return [] }
    return found.role == .hold
      ? [.hold(control, isDown: true), .hold(control, isDown: false)] : [.activate(control)]
  }
}
