internal import CSDL
internal import Screens

/// What an SDL event means to the shell.
enum ShellInput {
  case pointer(TouchTracker.Event)
  case key(FocusWalk.Key)
  case character(UInt8)
  case exposed
  case resized
  case focusLost
  case close

  /// - Parameters:
  ///   - size: of the window; fingers report parts of it.
  ///   - at: milliseconds of uptime.
  /// - Returns: nil for what the shell does not care about.
  init?(_ event: SDL_Event, size: Size, at: Int64) {
    switch SDL_EventType(rawValue: unsafe event.type) {
    case SDL_FINGERDOWN, SDL_FINGERMOTION, SDL_FINGERUP:
      guard let pointer = Self.finger(unsafe event.tfinger, size: size, at: at) else { return nil }
      self = .pointer(pointer)
    case SDL_MOUSEBUTTONDOWN, SDL_MOUSEBUTTONUP:
      let button = unsafe event.button
      // Presses that SDL made from fingers carry this identity; the finger itself came too.
      guard button.which != UInt32.max, button.button == UInt8(SDL_BUTTON_LEFT) else { return nil }
      let isDown = button.type == SDL_MOUSEBUTTONDOWN.rawValue
      self = .pointer(
        .init(
          source: .mouse, kind: isDown ? .down : .up, x: Int(button.x), y: Int(button.y), at: at))
    case SDL_MOUSEMOTION:
      let motion = unsafe event.motion
      guard motion.which != UInt32.max, motion.state & 1 != 0 else { return nil }
      self = .pointer(
        .init(source: .mouse, kind: .move, x: Int(motion.x), y: Int(motion.y), at: at))
    case SDL_TEXTINPUT:
      let text = unsafe event.text.text
      // Codes and digits are ASCII, one character to an event; anything else is no scanner's.
      guard text.1 == 0, text.0 > 0x1F, text.0 < 0x7F else { return nil }
      self = .character(UInt8(text.0))
    case SDL_KEYDOWN:
      let key = unsafe event.key
      guard key.repeat == 0, let meaning = Self.key(key.keysym) else { return nil }
      self = .key(meaning)
    case SDL_WINDOWEVENT:
      guard let window = Self.window(unsafe event.window.event) else { return nil }
      self = window
    case SDL_QUIT:
      self = .close
    default: return nil
    }
  }

  private static func finger(
    _ finger: SDL_TouchFingerEvent, size: Size, at: Int64
  ) -> TouchTracker.Event? {
    // A touch pad's fingers are not on the glass.
    let device = SDL_GetTouchDeviceType(finger.touchId)
    guard device != SDL_TOUCH_DEVICE_INDIRECT_ABSOLUTE,
      device != SDL_TOUCH_DEVICE_INDIRECT_RELATIVE,
      finger.x.isFinite, finger.y.isFinite
    else { return nil }
    let kind: TouchTracker.Kind =
      switch SDL_EventType(rawValue: finger.type) {
      case SDL_FINGERDOWN: .down
      case SDL_FINGERUP: .up
      default: .move
      }
    func place(_ part: Float, _ length: Int) -> Int {
      min(max(Int(min(max(part, 0), 1) * Float(length)), 0), length - 1)
    }
    return TouchTracker.Event(
      source: .finger(finger.fingerId), kind: kind, x: place(finger.x, size.width),
      y: place(finger.y, size.height), at: at)
  }

  private static func key(_ key: SDL_Keysym) -> FocusWalk.Key? {
    let withShift = UInt32(key.mod) & (KMOD_LSHIFT.rawValue | KMOD_RSHIFT.rawValue) != 0
    switch SDL_KeyCode(rawValue: UInt32(bitPattern: key.sym)) {
    case SDLK_TAB: return withShift ? .previous : .next
    case SDLK_RIGHT, SDLK_DOWN: return .next
    case SDLK_LEFT, SDLK_UP: return .previous
    case SDLK_RETURN, SDLK_KP_ENTER: return .enter
    case SDLK_ESCAPE: return .escape
    case SDLK_BACKSPACE: return .backspace
    default: return nil
    }
  }

  private static func window(_ event: UInt8) -> ShellInput? {
    switch SDL_WindowEventID(rawValue: UInt32(event)) {
    case SDL_WINDOWEVENT_EXPOSED, SDL_WINDOWEVENT_SHOWN, SDL_WINDOWEVENT_RESTORED: .exposed
    case SDL_WINDOWEVENT_SIZE_CHANGED: .resized
    case SDL_WINDOWEVENT_FOCUS_LOST: .focusLost
    case SDL_WINDOWEVENT_CLOSE: .close
    default: nil
    }
  }
}
