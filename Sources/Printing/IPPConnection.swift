internal import CCUPS
internal import CLinux
internal import Glibc

/// One connection to a printer or to the server of a queue. Everything of it happens on one thread:
/// libcups keeps its last error, server and password callback per thread.
@safe struct IPPConnection: ~Copyable {
  private let http: OpaquePointer
  private let uri: String
  private let resource: String
  private let clock: UnsafeMutablePointer<Deadline>

  /// How long the printer may keep one call waiting in all.
  private struct Deadline {
    var end: ContinuousClock.Instant
  }

  /// libcups asks after this long without a byte whether to go on.
  private static let quietLimitSeconds = 1.0

  /// Straight to a printer.
  /// - Parameter limit: for the connection and each later call.
  init(uri: String, limit: Duration) throws(IPPError) {
    Self.askNobody()
    guard let dest = unsafe cupsGetDestWithURI("kiosk", uri) else {
      throw IPPError(call: "cupsGetDestWithURI", status: "bad uri", code: 0, source: .unreachable)
    }
    defer { unsafe cupsFreeDests(1, dest) }
    var path = [CChar](repeating: 0, count: 1024)
    let http = unsafe cupsConnectDest(
      dest, UInt32(CUPS_DEST_FLAGS_DEVICE), Int32(limit.milliseconds), nil, &path, path.count,
      nil, nil)
    guard let http = unsafe http else {
      throw IPPError.last("cupsConnectDest", .unreachable)
    }
    unsafe self.init(http, uri: uri, resource: String(cBytes: path), limit: limit)
  }

  /// To the CUPS server that has a queue.
  /// - Parameter server: host and port or the path of a socket; nil: as libcups finds it.
  init(queue: String, server: String?, limit: Duration) throws(IPPError) {
    Self.askNobody()
    // Also with nil: a server that was away when this thread first asked would be looked for at
    // another address ever after.
    unsafe cupsSetServer(server)
    let http = unsafe httpConnect2(
      cupsServer(), ippPort(), nil, AF_UNSPEC, cupsEncryption(), 1, Int32(limit.milliseconds), nil)
    guard let http = unsafe http else {
      throw IPPError(call: IPPError.connectCall, status: "no CUPS", code: 0, source: .unreachable)
    }
    var uri = [CChar](repeating: 0, count: 1024)
    let resource = "/printers/" + queue
    unsafe httpAssembleURI(
      HTTP_URI_CODING_ALL, &uri, Int32(uri.count), "ipp", nil, "localhost", 0, resource)
    unsafe self.init(http, uri: String(cBytes: uri), resource: resource, limit: limit)
  }

  /// Without a callback libcups may ask for a password on the terminal.
  private static func askNobody() {
    unsafe cupsSetPasswordCB2({ _, _, _, _, _ in nil }, nil)
  }

  private init(_ http: OpaquePointer, uri: String, resource: String, limit: Duration) {
    unsafe self.http = http
    self.uri = uri
    self.resource = resource
    unsafe clock = .allocate(capacity: 1)
    unsafe clock.initialize(to: Deadline(end: .now + limit))
    unsafe httpSetTimeout(
      http, Self.quietLimitSeconds,
      { _, data in
        guard let data = unsafe data else { return 0 }
        return unsafe data.assumingMemoryBound(to: Deadline.self).pointee.end > .now ? 1 : 0
      }, clock)
  }

  deinit {
    unsafe httpClose(http)
    unsafe clock.deallocate()
  }

  /// Sends a request without a document.
  /// - Parameter place: where a server wants it that is not where the printer lies.
  func ask(
    _ operation: ipp_op_t, jobID: Int32? = nil, at place: String? = nil, limit: Duration,
    _ fill: (OpaquePointer) -> Void = { _ in }
  ) throws(IPPError) -> IPPAnswer {
    unsafe clock.pointee.end = .now + limit
    let request = unsafe newRequest(operation, jobID: jobID)
    unsafe fill(request)
    let answer = unsafe cupsDoRequest(http, request, place ?? resource)  // consumes the request
    return try unsafe judged(answer, operation)
  }

  /// Sends a request with a document behind it.
  /// - Parameters:
  ///   - limit: for each stretch of the document and for the answer.
  ///   - documentLimit: for all of it together.
  ///   - next: fills the buffer from an offset of the document and gives the count; nil when the
  ///     document is gone or not wanted any more, which ends the connection in mid-document.
  func send(
    _ operation: ipp_op_t, jobID: Int32, byteCount: Int, limit: Duration, documentLimit: Duration,
    _ fill: (OpaquePointer) -> Void,
    next: (_ offset: Int, UnsafeMutableRawBufferPointer) -> Int?
  ) throws(IPPError) -> IPPAnswer {
    let end = ContinuousClock.now + documentLimit
    unsafe clock.pointee.end = min(.now + limit, end)
    let request = unsafe newRequest(operation, jobID: jobID)
    defer { unsafe ippDelete(request) }
    unsafe fill(request)
    let length = unsafe ippLength(request) + byteCount
    guard unsafe cupsSendRequest(http, request, resource, length) == HTTP_STATUS_CONTINUE else {
      throw failure(operation)
    }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16384, alignment: 16)
    defer {
      unsafe clinux_wipe(buffer.baseAddress, buffer.count)
      unsafe buffer.deallocate()
    }
    var offset = 0
    while offset < byteCount {
      // The rest is halved rather than left small: what is shorter than libcups' own buffer would
      // be copied there, and stay in freed memory.
      let left = byteCount - offset
      let size = left <= buffer.count ? left : left < 2 * buffer.count ? left / 2 : buffer.count
      guard .now < end else {
        unsafe httpShutdown(http)
        throw IPPError(
          call: operation.name, status: "too slow for a document", code: 0, source: .unreachable)
      }
      let room = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[0..<size])
      guard let count = unsafe next(offset, room), count > 0 else {
        unsafe httpShutdown(http)
        throw IPPError(
          call: operation.name, status: "document gone", code: 0, source: .unreadable)
      }
      unsafe clock.pointee.end = min(.now + limit, end)
      let status = unsafe cupsWriteRequestData(
        http, room.baseAddress?.assumingMemoryBound(to: CChar.self), count)
      guard status == HTTP_STATUS_CONTINUE else {
        throw failure(operation)
      }
      offset += count
    }
    unsafe clock.pointee.end = min(.now + limit, end)
    return try unsafe judged(cupsGetResponse(http, resource), operation)
  }

  private func newRequest(_ operation: ipp_op_t, jobID: Int32?) -> OpaquePointer {
    // Fails only without memory, where nothing goes on.
    let request = unsafe ippNewRequest(operation)!
    unsafe ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", nil, uri)
    if let jobID {
      unsafe ippAddInteger(request, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", jobID)
    }
    unsafe ippAddString(
      request, IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", nil, "anjungan")
    return unsafe request
  }

  private func failure(_ operation: ipp_op_t) -> IPPError {
    let isAnswered = unsafe httpGetStatus(http).rawValue >= 400
    return .last(operation.name, isAnswered ? .unreadable : .unreachable)
  }

  private func judged(
    _ response: OpaquePointer?, _ operation: ipp_op_t
  ) throws(IPPError) -> IPPAnswer {
    guard let response = unsafe response else {
      throw failure(operation)
    }
    let answer = unsafe IPPAnswer(response)
    let status = unsafe ippGetStatusCode(response)
    // 0x0000...0x00FF are the successes, 0x0001 with attributes ignored among them.
    guard (0...0xFF).contains(status.rawValue) else {
      throw IPPError(
        call: operation.name, status: unsafe String(cString: ippErrorString(status)),
        code: status.rawValue, source: .printer)
    }
    return answer
  }
}

extension ipp_op_t {
  var name: String { unsafe ippOpString(self).map { unsafe String(cString: $0) } ?? "IPP" }
}

extension Duration {
  var milliseconds: Int {
    Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
  }
}

extension String {
  /// A text of C in a buffer of its own, up to its zero.
  fileprivate init(cBytes bytes: [CChar]) {
    self.init(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
