internal import CCUPS
internal import Dispatch
internal import Glibc
internal import Synchronization

/// Ends a talk over a connection of libcups when its time has passed, whatever the other end does
/// meanwhile. libcups' own limit counts from the last byte: one byte every half second, an answer
/// without an end, and a greeting of TLS that never comes are beyond it.
///
/// Works from another thread than the talk's, which the shut socket wakes out of whatever it waits in.
@safe final class TalkWatch: Sendable {
  private struct State {
    /// Nil when nothing goes on.
    var end: ContinuousClock.Instant?
    var hasCut = false
    /// Cleared before the connection is freed.
    var isOpen = true
  }

  /// Touched here only under the lock, while `isOpen`; what is read of it are single words.
  private nonisolated(unsafe) let http: OpaquePointer
  private let state = Mutex(State())
  /// Dispatch's own objects may be used from every thread.
  private nonisolated(unsafe) let timer: any DispatchSourceTimer

  private static let queue = DispatchQueue(label: "printer-talks")
  /// libcups may have taken a new socket in the moment that the old one was shut, and go on there.
  private static let again = DispatchTimeInterval.milliseconds(20)

  init(_ http: OpaquePointer) {
    unsafe self.http = http
    unsafe timer = DispatchSource.makeTimerSource(queue: Self.queue)
    unsafe timer.setEventHandler { [weak self] in self?.look() }
    unsafe timer.schedule(deadline: .distantFuture)
    unsafe timer.activate()
  }

  deinit { unsafe timer.cancel() }

  /// What goes on from now is over at `end`.
  func begin(until end: ContinuousClock.Instant) {
    state.withLock { state in
      state.end = end
      state.hasCut = false
    }
    let left = max(.zero, ContinuousClock.now.duration(to: end))
    unsafe timer.schedule(
      deadline: .now() + .milliseconds(left.milliseconds + 1), repeating: Self.again)
  }

  func rest() {
    state.withLock { $0.end = nil }
    unsafe timer.schedule(deadline: .distantFuture)
  }

  /// Before the connection is freed.
  func close() {
    state.withLock { $0.isOpen = false }
    unsafe timer.cancel()
  }

  /// Whether the talk was ended since it began.
  var hasCut: Bool { state.withLock { $0.hasCut } }

  private func look() {
    state.withLock { state in
      guard state.isOpen, let end = state.end, end <= .now else { return }
      state.hasCut = true
      // A descriptor of our own: libcups may close its one at any moment, and another thread get
      // the number. Whose socket this is stays true once it is looked at.
      let socket = fcntl(unsafe httpGetFd(http), F_DUPFD_CLOEXEC, 0)
      guard socket >= 0 else { return }
      if isOurs(socket) { shutdown(socket, Int32(SHUT_RDWR)) }
      Glibc.close(socket)
    }
  }

  /// Whether the other end is the one that libcups is connected with.
  private func isOurs(_ socket: Int32) -> Bool {
    var peer = http_addr_t()
    var size = socklen_t(MemoryLayout<http_addr_t>.size)
    let status = unsafe withUnsafeMutablePointer(to: &peer) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getpeername(socket, $0, &size)
      }
    }
    guard status == 0, let known = unsafe httpGetAddress(http) else { return false }
    let family = unsafe httpAddrFamily(known)
    guard unsafe httpAddrFamily(&peer) == family else { return false }
    // The same socket of a server in this machine may go by several paths.
    if family == AF_UNIX { return true }
    return unsafe httpAddrEqual(&peer, known) != 0 && httpAddrPort(&peer) == httpAddrPort(known)
  }
}
