internal import CSDL
public import Screens

/// How the kiosk appears.
public enum WindowMode: Sendable, Equatable {
  case fullScreen
  case window(Size)
}

/// The one window and its surface in memory.
@MainActor @safe final class KioskWindow {
  private let window: OpaquePointer
  private(set) var size: Size
  let driver: String

  /// Starts SDL's video part and opens the window.
  init(title: String, mode: WindowMode) throws(ShellError) {
    Self.setHints(isFullScreen: mode == .fullScreen)
    guard SDL_InitSubSystem(UInt32(SDL_INIT_VIDEO)) == 0 else { throw .sdl("SDL_Init") }
    driver = unsafe SDL_GetCurrentVideoDriver().map { unsafe String(cString: $0) } ?? ""
    // Where there is no display SDL falls back to drawing into nothing, which nobody would notice.
    if ["dummy", "offscreen", "evdev"].contains(driver),
      unsafe SDL_GetHint("SDL_VIDEODRIVER") == nil
    {
      SDL_QuitSubSystem(UInt32(SDL_INIT_VIDEO))
      throw ShellError(
        call: "SDL_Init", message: "there is no display to open the kiosk on (DISPLAY is not set)")
    }
    let isFullScreen = mode == .fullScreen
    let wanted: Size
    switch mode {
    case .window(let size): wanted = size
    case .fullScreen:
      // Without a window manager nobody makes a full-screen window as large as the display.
      var bounds = SDL_Rect()
      let known = unsafe SDL_GetDisplayBounds(0, &bounds) == 0 && bounds.w > 0 && bounds.h > 0
      wanted =
        known
        ? Size(width: Int(bounds.w), height: Int(bounds.h)) : Size(width: 1080, height: 1920)
    }
    let flags =
      isFullScreen
      ? SDL_WINDOW_FULLSCREEN_DESKTOP.rawValue | SDL_WINDOW_BORDERLESS.rawValue
      : SDL_WINDOW_SHOWN.rawValue
    let centred: Int32 = 0x2FFF_0000  // SDL_WINDOWPOS_CENTERED on the first display
    guard
      let window = unsafe SDL_CreateWindow(
        title, centred, centred, Int32(clamping: wanted.width), Int32(clamping: wanted.height),
        flags)
    else {
      let error = ShellError.sdl("SDL_CreateWindow")
      SDL_QuitSubSystem(UInt32(SDL_INIT_VIDEO))
      throw error
    }
    unsafe self.window = window
    size = wanted
    SDL_DisableScreenSaver()
    if isFullScreen { SDL_ShowCursor(SDL_DISABLE) }
    SDL_StartTextInput()
    refreshSize()
  }

  func close() {
    unsafe SDL_DestroyWindow(window)
    // What was still typed or touched must not reach a window that is opened later.
    SDL_FlushEvents(SDL_FIRSTEVENT.rawValue, SDL_LASTEVENT.rawValue)
    SDL_QuitSubSystem(UInt32(SDL_INIT_VIDEO))
  }

  /// Reads the size again after the window was changed.
  func refreshSize() {
    var (width, height): (Int32, Int32) = (0, 0)
    unsafe SDL_GetWindowSize(window, &width, &height)
    if width > 0, height > 0 { size = Size(width: Int(width), height: Int(height)) }
  }

  /// Copies the changed areas to the window and shows them.
  func put(_ canvas: Bitmap, _ areas: [Rect]) throws(ShellError) {
    guard !areas.isEmpty else { return }
    guard let surface = unsafe SDL_GetWindowSurface(window) else {
      throw .sdl("SDL_GetWindowSurface")
    }
    unsafe SDL_SetClipRect(surface, nil)
    for area in areas { unsafe canvas.copy(area, to: surface) }
    var rects = areas.map(\.sdl)
    guard unsafe SDL_UpdateWindowSurfaceRects(window, &rects, Int32(rects.count)) == 0 else {
      throw .sdl("SDL_UpdateWindowSurfaceRects")
    }
  }

  private static func setHints(isFullScreen: Bool) {
    let hints = [
      // SIGTERM belongs to the service group.
      (SDL_HINT_NO_SIGNAL_HANDLERS, "1"),
      // One tap is one action.
      (SDL_HINT_TOUCH_MOUSE_EVENTS, "0"),
      (SDL_HINT_MOUSE_TOUCH_EVENTS, "0"),
      // With capture a finger's lifting can be lost on X11.
      (SDL_HINT_MOUSE_AUTO_CAPTURE, "0"),
      // Otherwise SDL puts the surface on the glass through OpenGL: three times the start, three
      // times the memory.
      (SDL_HINT_FRAMEBUFFER_ACCELERATION, "0"),
      // A window on somebody's desktop leaves their compositor alone.
      (SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, isFullScreen ? "1" : "0"),
      (SDL_HINT_VIDEO_MINIMIZE_ON_FOCUS_LOSS, "0"),
    ]
    for (name, value) in hints { unsafe SDL_SetHint(name, value) }
  }
}
