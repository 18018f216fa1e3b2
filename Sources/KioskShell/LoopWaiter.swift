internal import CLinux
internal import CSDL
internal import Glibc

/// How the loop sleeps until something happens.
///
/// SDL really sleeps only on x11 and wayland; there another thread wakes it with an event of its
/// own. On the other drivers SDL would look a thousand times a second, so there the loop sleeps in
/// poll(2) on an eventfd and looks at the input devices every so often.
final class LoopWaiter: Sendable {
  enum Method: Sendable, Equatable { case sdlQueue, eventFile }

  let method: Method
  private let file: Int32

  init(driver: String) throws(ShellError) {
    method = driver == "x11" || driver == "wayland" ? .sdlQueue : .eventFile
    // EFD_CLOEXEC | EFD_NONBLOCK, which Swift sees as an enumeration of its own.
    file = eventfd(0, 0o2_000_000 | 0o4000)
    guard file >= 0 else {
      throw ShellError(call: "eventfd", message: "errno \(errno)")
    }
  }

  deinit { close(file) }

  /// Callable from any thread.
  func wake() {
    switch method {
    case .sdlQueue:
      var event = unsafe SDL_Event()
      unsafe event.type = SDL_USEREVENT.rawValue
      unsafe SDL_PushEvent(&event)
    case .eventFile:
      var one: UInt64 = 1
      _ = unsafe write(file, &one, 8)
    }
  }

  /// Sleeps until an event, a wake or the end of `milliseconds`.
  /// - Parameter pump: how long the input devices may go unread, in milliseconds; nil when the
  ///   driver has none.
  /// - Returns: the first event, if one came.
  @MainActor func wait(milliseconds: Int32, pump: Int32?) -> SDL_Event? {
    var event = unsafe SDL_Event()
    switch method {
    case .sdlQueue:
      return unsafe SDL_WaitEventTimeout(&event, milliseconds) == 1 ? event : nil
    case .eventFile:
      var left = milliseconds
      while true {
        if unsafe SDL_PollEvent(&event) == 1 { return unsafe event }
        guard left > 0 else { return nil }
        let step = min(left, pump ?? left)
        var entry = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
        if unsafe poll(&entry, 1, step) > 0 {
          var count: UInt64 = 0
          _ = unsafe read(file, &count, 8)
          return unsafe SDL_PollEvent(&event) == 1 ? event : nil
        }
        left -= step
      }
    }
  }
}
