package import Journey
package import Screens

/// What fingers and mouse mean, as a value: down gives the pressed look, letting go inside the
/// control means it, sliding off means nothing. Only the first finger counts.
package struct TouchTracker {
  package enum Source: Hashable {
    case finger(Int64)
    case mouse
  }
  package enum Kind { case down, move, up }

  package struct Event {
    package var source: Source
    package var kind: Kind
    package var x: Int
    package var y: Int
    /// Milliseconds of any clock that never goes back.
    package var at: Int64

    package init(source: Source, kind: Kind, x: Int, y: Int, at: Int64) {
      self.source = source
      self.kind = kind
      self.x = x
      self.y = y
      self.at = at
    }
  }

  /// Two meanings of the same control within this time are one shaking finger.
  static let debounceMilliseconds: Int64 = 80
  /// X11 may send a real mouse press after a finger's.
  static let mouseAfterFingerMilliseconds: Int64 = 100
  /// When a panel never reports that a finger left, the next one is taken after this time.
  static let lostFingerMilliseconds: Int64 = 15_000

  private struct Active {
    var source: Source
    /// Nil when the touch began on nothing or has slid off.
    var control: Control?
    var isHold: Bool
    var lastEvent: Int64
  }
  private var active: Active?
  private var lastFinger: Int64?
  private var lastLift: (control: Control, at: Int64)?

  package init() {}

  /// The control that shows its pressed look.
  var pressed: Control? { active?.control }

  package mutating func handle(_ event: Event, on frame: Frame) -> [Action] {
    switch event.source {
    case .finger: lastFinger = event.at
    case .mouse:
      if let lastFinger, event.at - lastFinger < Self.mouseAfterFingerMilliseconds { return [] }
    }
    switch event.kind {
    case .down: return down(event, frame)
    case .move: return move(event, frame)
    case .up: return up(event, frame)
    }
  }

  /// A touch that began on one screen means nothing on the next, even if a control of the same
  /// meaning lies there. A control that is gone or greyed lets go.
  package mutating func frameChanged(from old: Frame, to new: Frame) -> [Action] {
    guard let control = active?.control else { return [] }
    let stays = new.controls.contains { $0.control == control && $0.isEnabled }
    return old.name == new.name && stays ? [] : slideOff()
  }

  /// The window lost its input: nothing is pressed any more.
  mutating func cancel() -> [Action] {
    let actions = slideOff()
    active = nil
    return actions
  }

  private mutating func down(_ event: Event, _ frame: Frame) -> [Action] {
    var actions: [Action] = []
    if let active {
      guard
        active.source == event.source
          || event.at - active.lastEvent >= Self.lostFingerMilliseconds
      else { return [] }
      actions = cancel()
    }
    let hit = Self.hit(frame, event.x, event.y)
    if let hit, let lastLift, lastLift.control == hit.control,
      event.at - lastLift.at < Self.debounceMilliseconds
    {
      active = Active(source: event.source, control: nil, isHold: false, lastEvent: event.at)
      return actions
    }
    active = Active(
      source: event.source, control: hit?.control, isHold: hit?.role == .hold, lastEvent: event.at)
    guard let hit else { return actions + [.touchedNothing] }
    if hit.role == .hold { actions.append(.hold(hit.control, isDown: true)) }
    return actions
  }

  private mutating func move(_ event: Event, _ frame: Frame) -> [Action] {
    guard active?.source == event.source else { return [] }
    active?.lastEvent = event.at
    guard let control = active?.control else { return [] }
    return Self.hit(frame, event.x, event.y)?.control == control
      ? [] : slideOff() + [.touchedNothing]
  }

  private mutating func up(_ event: Event, _ frame: Frame) -> [Action] {
    guard let was = active, was.source == event.source else { return [] }
    defer { active = nil }
    guard let control = was.control else { return [] }
    lastLift = (control, event.at)
    if was.isHold { return [.hold(control, isDown: false)] }
    return Self.hit(frame, event.x, event.y)?.control == control
      ? [.activate(control)] : [.touchedNothing]
  }

  private mutating func slideOff() -> [Action] {
    guard let was = active, let control = was.control else { return [] }
    active?.control = nil
    return was.isHold ? [.hold(control, isDown: false)] : []
  }

  /// The last one drawn lies on top.
  static func hit(_ frame: Frame, _ x: Int, _ y: Int) -> ControlFrame? {
    frame.controls.last { $0.isEnabled && $0.hitRect.contains(x: x, y: y) }
  }
}
