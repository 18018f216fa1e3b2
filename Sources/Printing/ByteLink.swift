internal import CLinux
internal import Glibc

/// Where a ticket printer is reached.
public enum TicketPrinterAddress: Sendable, Equatable {
  /// Raw TCP, mostly port 9100.
  case network(host: String, port: UInt16)
  /// `/dev/usb/lp0`, a serial port, a pseudo terminal.
  case device(path: String)

  /// `HOST:PORT`, `tcp://HOST:PORT` or an absolute path.
  public init?(_ text: String) {
    if text.hasPrefix("/") {
      self = .device(path: text)
      return
    }
    let rest = text.hasPrefix("tcp://") ? text.dropFirst(6) : text[...]
    guard let colon = rest.lastIndex(of: ":"), colon != rest.startIndex,
      let port = UInt16(rest[rest.index(after: colon)...]), port > 0
    else { return nil }
    self = .network(host: String(rest[..<colon]), port: port)
  }
}

/// A system call that failed, or took too long.
struct LinkError: Error, Sendable, Equatable, CustomStringConvertible {
  var call: String
  /// 0: the time ran out, or the other end closed.
  var code: Int32
  var description: String { code == 0 ? "\(call): no answer" : "\(call): errno \(code)" }
}

/// Bytes to and from a printer, every wait bounded by poll(2).
struct ByteLink: ~Copyable {
  private let descriptor: Int32
  private let isSocket: Bool

  init(_ address: TicketPrinterAddress, limit: Duration) throws(LinkError) {
    switch address {
    case .network(let host, let port):
      descriptor = try Self.dial(host, port, limit: limit)
      isSocket = true
    case .device(let path):
      descriptor = try Self.openDevice(path)
      isSocket = false
    }
  }

  deinit { close(descriptor) }

  private static func dial(
    _ host: String, _ port: UInt16, limit: Duration
  ) throws(LinkError) -> Int32 {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    // Numbers need no name server; a name may take resolv.conf's own time limit.
    var list: UnsafeMutablePointer<addrinfo>?
    guard unsafe getaddrinfo(host, String(port), &hints, &list) == 0, let first = unsafe list
    else { throw LinkError(call: "getaddrinfo", code: 0) }
    defer { unsafe freeaddrinfo(first) }
    // `localhost` is two addresses, and a printer may listen on one of them only.
    var failure = LinkError(call: "connect", code: 0)
    var next = unsafe Optional(first)
    while let address = unsafe next {
      do throws(LinkError) { return try unsafe dial(address.pointee, limit: limit) } catch {
        failure = error
      }
      unsafe next = address.pointee.ai_next
    }
    throw failure
  }

  private static func dial(_ address: addrinfo, limit: Duration) throws(LinkError) -> Int32 {
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let descriptor = unsafe socket(
      address.ai_family, kind | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw LinkError(call: "socket", code: errno) }
    let status = unsafe connect(descriptor, address.ai_addr, address.ai_addrlen)
    if status == 0 { return descriptor }
    var code = errno
    if code == EINPROGRESS {
      code = ETIMEDOUT
      if wait(descriptor, POLLOUT, limit: limit) {
        var size = socklen_t(MemoryLayout<Int32>.size)
        unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
        if code == 0 { return descriptor }
      }
    }
    close(descriptor)
    throw LinkError(call: "connect", code: code)
  }

  private static func openDevice(_ path: String) throws(LinkError) -> Int32 {
    let descriptor = unsafe open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw LinkError(call: "open", code: errno) }
    // A regular file in the device's place would swallow every ticket.
    var info = stat()
    guard unsafe fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFCHR else {
      close(descriptor)
      throw LinkError(call: "open", code: ENODEV)
    }
    if isatty(descriptor) == 1 {
      var settings = termios()
      if unsafe tcgetattr(descriptor, &settings) == 0 {
        unsafe cfmakeraw(&settings)
        unsafe tcsetattr(descriptor, TCSANOW, &settings)
      }
      tcflush(descriptor, TCIFLUSH)  // answers to somebody who asked before us
    }
    return descriptor
  }

  private static func wait(_ descriptor: Int32, _ event: Int32, limit: Duration) -> Bool {
    let end = ContinuousClock.now + limit
    while true {
      let left = ContinuousClock.now.duration(to: end)
      guard left > .zero else { return false }
      var item = pollfd(fd: descriptor, events: Int16(event), revents: 0)
      let count = unsafe poll(&item, 1, Int32(left.milliseconds + 1))
      if count > 0 { return true }
      if count < 0, errno != EINTR { return false }
    }
  }

  /// Writes everything; `limit` holds for each stretch without progress.
  borrowing func write(_ bytes: [UInt8], limit: Duration) throws(LinkError) {
    var offset = 0
    while offset < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { raw in
        let rest = unsafe raw.baseAddress?.advanced(by: offset)
        return isSocket
          ? unsafe send(descriptor, rest, raw.count - offset, Int32(MSG_NOSIGNAL))
          : unsafe Glibc.write(descriptor, rest, raw.count - offset)
      }
      if count > 0 {
        offset += count
        continue
      }
      let code = errno
      guard code == EAGAIN || code == EINTR else { throw LinkError(call: "write", code: code) }
      guard Self.wait(descriptor, POLLOUT, limit: limit) else {
        throw LinkError(call: "write", code: 0)
      }
    }
  }

  /// The next byte that fits; others on the line (flow control, automatic status) are passed over.
  borrowing func readByte(
    limit: Duration, where fits: (UInt8) -> Bool
  ) throws(LinkError) -> UInt8 {
    let end = ContinuousClock.now + limit
    while true {
      let left = ContinuousClock.now.duration(to: end)
      guard left > .zero, Self.wait(descriptor, POLLIN, limit: left) else {
        throw LinkError(call: "read", code: 0)
      }
      var byte: UInt8 = 0
      let count = unsafe read(descriptor, &byte, 1)
      if count == 1 {
        if fits(byte) { return byte }
        continue
      }
      let code = errno
      if count < 0, code == EAGAIN || code == EINTR { continue }
      throw LinkError(call: "read", code: count == 0 ? ECONNRESET : code)
    }
  }
}
