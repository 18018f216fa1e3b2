internal import CLinux
internal import DeviceThreads
internal import Glibc
internal import Synchronization

/// Tells who connects what the glass shows: one JSON line for every frame drawn, beginning with the
/// current one. For demonstrations and tests only; the composition root opens it nowhere else. A
/// reader that does not keep up is let go, so it can never hold up the glass.
final class SceneSocket: Sendable {
  /// Lines that may wait for a slow reader.
  static let waitingLimit = 512
  static let readersLimit = 8

  private struct State {
    var current: [UInt8] = []
    var waiting: [[UInt8]] = []
    var isClosed = false
  }
  private let state = Mutex(State())
  private let listener: Int32
  private let wake: Int32
  private let path: String

  init(path: String) throws(KioskProblem) {
    unsafe unlink(path)
    let socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | 0o2000000, 0)
    guard socket >= 0, Self.bind(socket, to: path), listen(socket, 4) == 0,
      unsafe chmod(path, 0o600) == 0
    else {
      throw KioskProblem(
        "The scene socket \(path) cannot be opened (errno \(errno))",
        advice: "Its path must be short (107 bytes) and its folder writable.")
    }
    listener = socket
    wake = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    self.path = path
    Threads.start(name: "scene-socket") { [self] in serve() }
  }

  /// Called on the main thread after every frame; only queues.
  func show(_ line: String) {
    let bytes = Array(line.utf8) + [UInt8(ascii: "\n")]
    state.withLock { state in
      state.current = bytes
      if state.waiting.count < Self.waitingLimit { state.waiting.append(bytes) }
    }
    signal()
  }

  func close() {
    state.withLock { $0.isClosed = true }
    signal()
  }

  private func signal() {
    var one: UInt64 = 1
    _ = unsafe write(wake, &one, 8)
  }

  private func serve() {
    var readers: [Int32] = []
    defer {
      for reader in readers { Glibc.close(reader) }
      Glibc.close(listener)
      unsafe unlink(path)
    }
    while true {
      var waits = [pollfd(fd: wake, events: Int16(POLLIN), revents: 0)]
      if readers.count < Self.readersLimit {
        waits.append(pollfd(fd: listener, events: Int16(POLLIN), revents: 0))
      }
      guard unsafe poll(&waits, nfds_t(waits.count), -1) > 0 || errno == EINTR else { return }
      var count: UInt64 = 0
      _ = unsafe read(wake, &count, 8)
      let (lines, isClosed) = state.withLock { state in
        defer { state.waiting.removeAll() }
        return (state.waiting, state.isClosed)
      }
      if isClosed { return }
      readers.removeAll { reader in
        let isLost = lines.contains { !send($0, to: reader) }
        if isLost { Glibc.close(reader) }
        return isLost
      }
      if waits.count > 1, waits[1].revents & Int16(POLLIN) != 0 {
        let reader = clinux_accept(listener)
        guard reader >= 0 else { continue }
        let current = state.withLock { $0.current }
        if current.isEmpty || send(current, to: reader) {
          readers.append(reader)
        } else {
          Glibc.close(reader)
        }
      }
    }
  }

  /// False when the reader is gone or its buffer is full.
  private func send(_ line: [UInt8], to reader: Int32) -> Bool {
    unsafe line.withUnsafeBytes { bytes in
      unsafe Glibc.send(reader, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
        == bytes.count
    }
  }

  private static func bind(_ socket: Int32, to path: String) -> Bool {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
    return unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe Glibc.bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
  }
}
