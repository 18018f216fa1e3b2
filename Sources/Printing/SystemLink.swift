internal import CLinux
internal import Glibc
internal import TicketPaper

/// A socket or a device file, every wait bounded by poll(2).
final class SystemLink: TicketLink {
  private enum Kind { case socket, terminal, device }

  /// -1 once it is closed.
  private var descriptor: Int32
  private let kind: Kind
  var isSerial: Bool { kind == .terminal }
  var now: Duration { PrintTime.real.now() }

  /// - Parameter profile: has the speed and the flow control of a serial line.
  init(
    _ address: TicketPrinterAddress, _ profile: TicketPrinterProfile, limit: Duration
  ) throws(LinkError) {
    switch address {
    case .network(let host, let port):
      descriptor = try Self.dial(host, port, limit: limit)
      // Questions are three bytes and wait for nothing.
      Self.set(descriptor, TCP_NODELAY)
      kind = .socket
    case .device(let path):
      descriptor = try Self.openDevice(path, limit: limit)
      kind = isatty(descriptor) == 1 ? .terminal : .device
      if kind == .terminal { SerialLine.prepare(descriptor, profile) }
    }
  }

  deinit { end() }

  private func end() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
  }

  /// At once: a printer that serves one connection is asked again on the next.
  func abandon() {
    switch kind {
    case .socket:
      // Without lingering, close resets the connection and drops what was not sent.
      var never = linger(l_onoff: 1, l_linger: 0)
      unsafe setsockopt(
        descriptor, SOL_SOCKET, SO_LINGER, &never, socklen_t(MemoryLayout<linger>.size))
    case .terminal:
      tcflush(descriptor, TCIOFLUSH)
      // A printer that stopped us (XOFF) and went away would keep the line stopped.
      tcflow(descriptor, TCOON)
    case .device: break
    }
    end()
  }

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
      if wait(descriptor, POLLOUT, limit: limit) != nil {
        var size = socklen_t(MemoryLayout<Int32>.size)
        unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
        if code == 0 { return descriptor }
      }
    }
    close(descriptor)
    throw LinkError(call: "connect", code: code)
  }

  /// For as long as it is open nobody else who asks has it: a question in the middle of a slip would be
  /// part of the slip, and its answer could be taken for the slip's. Whoever has it is soon done.
  private static func openDevice(_ path: String, limit: Duration) throws(LinkError) -> Int32 {
    let end = ContinuousClock.now + limit
    while true {
      do throws(LinkError) { return try openDevice(path) } catch {
        guard error == .busy, ContinuousClock.now < end else { throw error }
      }
      poll(nil, 0, 20)
    }
  }

  private static func openDevice(_ path: String) throws(LinkError) -> Int32 {
    let descriptor = unsafe open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      // The kernel's own driver of USB printers lets one in at a time.
      throw errno == EBUSY ? .busy : LinkError(call: "open", code: errno)
    }
    // A regular file in the device's place would swallow every ticket.
    var info = stat()
    guard unsafe fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFCHR else {
      close(descriptor)
      throw LinkError(call: "open", code: ENODEV)
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      close(descriptor)
      throw code == EWOULDBLOCK ? .busy : LinkError(call: "lock", code: code)
    }
    return descriptor
  }

  /// Nil when the time ran out.
  private static func wait(_ descriptor: Int32, _ events: Int32, limit: Duration) -> Int32? {
    let end = ContinuousClock.now + limit
    while true {
      let left = ContinuousClock.now.duration(to: end)
      guard left > .zero else { return nil }
      var item = pollfd(fd: descriptor, events: Int16(events), revents: 0)
      let count = unsafe poll(&item, 1, Int32(left.milliseconds + 1))
      if count > 0 { return Int32(item.revents) }
      if count < 0, errno != EINTR { return nil }
    }
  }

  /// Acknowledges at once what the printer says: its next few bytes may wait for it, 40 ms where this
  /// kernel delays it. The kernel forgets the wish, so it is told anew.
  private func acknowledgeAtOnce() { Self.set(descriptor, TCP_QUICKACK) }

  private static func set(_ descriptor: Int32, _ option: Int32) {
    var on: Int32 = 1
    unsafe setsockopt(
      descriptor, Int32(IPPROTO_TCP), option, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  func wait(toRead: Bool, toWrite: Bool, limit: Duration) -> LinkReadiness {
    if kind == .socket { acknowledgeAtOnce() }
    let events = (toRead ? POLLIN : 0) | (toWrite ? POLLOUT : 0)
    guard let found = Self.wait(descriptor, Int32(events), limit: limit) else {
      return LinkReadiness()
    }
    let isBroken = found & Int32(POLLERR | POLLHUP | POLLNVAL) != 0
    return LinkReadiness(
      canRead: toRead && (isBroken || found & Int32(POLLIN) != 0),
      canWrite: toWrite && (isBroken || found & Int32(POLLOUT) != 0))
  }

  func send(_ bytes: ArraySlice<UInt8>) throws(LinkError) -> Int {
    let count = unsafe bytes.withUnsafeBytes { raw in
      kind == .socket
        ? unsafe Glibc.send(descriptor, raw.baseAddress, raw.count, Int32(MSG_NOSIGNAL))
        : unsafe Glibc.write(descriptor, raw.baseAddress, raw.count)
    }
    if count >= 0 { return count }
    let code = errno
    guard code == EAGAIN || code == EINTR else { throw LinkError(call: "write", code: code) }
    return 0
  }

  func receive(atMost count: Int) throws(LinkError) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: count)
    let found = unsafe read(descriptor, &buffer, buffer.count)
    if found > 0 { return Array(buffer.prefix(found)) }
    let code = errno
    if found < 0 {
      guard code == EAGAIN || code == EINTR else { throw LinkError(call: "read", code: code) }
      return []
    }
    // The other end closed; only a USB printer's device may read as empty and go on.
    guard kind == .device else { throw LinkError(call: "read", code: ECONNRESET) }
    poll(nil, 0, 20)
    return []
  }
}
