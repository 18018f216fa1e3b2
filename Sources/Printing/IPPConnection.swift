internal import CCUPS
internal import CLinux
internal import Glibc

/// One connection to a printer or to the server of a queue. Everything of it happens on one thread:
/// libcups keeps its last error, server and password callback per thread.
@safe struct IPPConnection: ~Copyable {
  private let http: OpaquePointer
  private let uri: String
  private let resource: String
  private let watch: TalkWatch

  /// For the last words of TLS.
  private static let closingLimit = Duration.milliseconds(500)

  /// Straight to a printer.
  /// - Parameter limit: for the connection and each later call.
  init(uri: String, limit: Duration) throws(IPPError) {
    Self.askNobody()
    guard let dest = unsafe cupsGetDestWithURI("kiosk", uri) else {
      throw IPPError(call: "cupsGetDestWithURI", status: "bad uri", code: 0, source: .unreachable)
    }
    defer { unsafe cupsFreeDests(1, dest) }
    var path = [CChar](repeating: 0, count: 1024)
    // Unconnected: the greeting of TLS, too, is to happen under the watch.
    let made = unsafe cupsConnectDest(
      dest, UInt32(CUPS_DEST_FLAGS_DEVICE | CUPS_DEST_FLAGS_UNCONNECTED),
      Int32(limit.milliseconds), nil, &path, path.count, nil, nil)
    let (http, watch) = try unsafe Self.connect(made, "cupsConnectDest", limit: limit)
    unsafe self.init(http, watch, uri: uri, resource: String(cBytes: path))
  }

  /// To the CUPS server that has a queue.
  /// - Parameter server: host and port or the path of a socket; nil: as libcups finds it.
  init(queue: String, server: String?, limit: Duration) throws(IPPError) {
    Self.askNobody()
    // Also with nil: a server that was away when this thread first asked would be looked for at
    // another address ever after.
    unsafe cupsSetServer(server)
    let made = unsafe httpConnect2(
      cupsServer(), ippPort(), nil, AF_UNSPEC, cupsEncryption(), 1, 0, nil)
    let (http, watch) = try unsafe Self.connect(made, IPPError.connectCall, limit: limit)
    var uri = [CChar](repeating: 0, count: 1024)
    let resource = "/printers/" + queue
    unsafe httpAssembleURI(
      HTTP_URI_CODING_ALL, &uri, Int32(uri.count), "ipp", nil, "localhost", 0, resource)
    unsafe self.init(http, watch, uri: String(cBytes: uri), resource: resource)
  }

  /// Without a callback libcups may ask for a password on the terminal.
  private static func askNobody() {
    unsafe cupsSetPasswordCB2({ _, _, _, _, _ in nil }, nil)
  }

  /// - Parameter http: nil when the name has no address. Freed when nobody is reached.
  private static func connect(
    _ http: OpaquePointer?, _ call: String, limit: Duration
  ) throws(IPPError) -> (http: OpaquePointer, TalkWatch) {
    guard let http = unsafe http else {
      throw IPPError(call: call, status: "no address", code: 0, source: .unreachable)
    }
    let watch = unsafe TalkWatch(http)
    watch.begin(until: .now + limit)
    let status = unsafe httpReconnect2(http, Int32(limit.milliseconds), nil)
    watch.rest()
    guard status == 0, !watch.hasCut else {
      watch.close()
      unsafe httpClose(http)
      throw IPPError(
        call: call, status: watch.hasCut ? "out of time" : "no connection", code: 0,
        source: .unreachable)
    }
    return unsafe (http, watch)
  }

  private init(_ http: OpaquePointer, _ watch: TalkWatch, uri: String, resource: String) {
    unsafe self.http = http
    self.watch = watch
    self.uri = uri
    self.resource = resource
  }

  deinit {
    watch.begin(until: .now + Self.closingLimit)
    unsafe httpShutdown(http)
    watch.close()
    unsafe httpClose(http)
  }

  /// Sends a request without a document.
  /// - Parameter place: where a server wants it that is not where the printer lies.
  func ask(
    _ operation: ipp_op_t, jobID: Int32? = nil, at place: String? = nil, limit: Duration,
    _ fill: (OpaquePointer) -> Void = { _ in }
  ) throws(IPPError) -> IPPAnswer {
    watch.begin(until: .now + limit)
    defer { watch.rest() }
    let request = unsafe newRequest(operation, jobID: jobID)
    defer { unsafe ippDelete(request) }
    unsafe fill(request)
    let place = place ?? resource
    var isKnown = false
    while true {
      try reconnectIfClosed(operation, limit: limit)
      let status = unsafe cupsSendRequest(http, request, place, ippLength(request))
      guard status == HTTP_STATUS_CONTINUE || status == HTTP_STATUS_OK else {
        throw failure(operation)
      }
      // A server of queues may want to know who asks, and is told once.
      if awaitStatus() == HTTP_STATUS_UNAUTHORIZED, !isKnown {
        isKnown = true
        unsafe httpFlush(http)
        if unsafe cupsDoAuthentication(http, "POST", place) == 0,
          unsafe httpReconnect2(http, Int32(limit.milliseconds), nil) == 0
        {
          continue
        }
      }
      return try answer(operation)
    }
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
    watch.begin(until: min(.now + limit, end))
    defer { watch.rest() }
    let request = unsafe newRequest(operation, jobID: jobID)
    defer { unsafe ippDelete(request) }
    unsafe fill(request)
    let length = unsafe ippLength(request) + byteCount
    try reconnectIfClosed(operation, limit: limit)
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
      watch.begin(until: min(.now + limit, end))
      let status = unsafe cupsWriteRequestData(
        http, room.baseAddress?.assumingMemoryBound(to: CChar.self), count)
      guard status == HTTP_STATUS_CONTINUE else {
        throw failure(operation)
      }
      offset += count
    }
    watch.begin(until: min(.now + limit, end))
    _ = awaitStatus()
    return try answer(operation)
  }

  /// libcups would do it itself, and wait half a minute for it.
  private func reconnectIfClosed(_ operation: ipp_op_t, limit: Duration) throws(IPPError) {
    guard let said = unsafe httpGetField(http, HTTP_FIELD_CONNECTION),
      unsafe String(cString: said).lowercased() == "close"
    else { return }
    unsafe httpClearFields(http)
    guard unsafe httpReconnect2(http, Int32(limit.milliseconds), nil) == 0 else {
      throw failure(operation)
    }
  }

  /// Reads the head of the answer.
  private func awaitStatus() -> http_status_t {
    while true {
      let status = unsafe httpUpdate(http)
      if status != HTTP_STATUS_CONTINUE { return status }
    }
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
    if watch.hasCut {
      return IPPError(
        call: operation.name, status: "out of time", code: 0, source: .unreachable)
    }
    let status = unsafe httpGetStatus(http)
    guard status.rawValue >= 400, let text = unsafe httpStatus(status) else {
      return IPPError(
        call: operation.name, status: "no answer", code: 0, source: .unreachable)
    }
    return IPPError(
      call: operation.name, status: unsafe String(cString: text), code: status.rawValue,
      source: .unreadable)
  }

  /// Reads the answer behind its head.
  private func answer(_ operation: ipp_op_t) throws(IPPError) -> IPPAnswer {
    guard unsafe httpGetStatus(http) == HTTP_STATUS_OK, let response = unsafe ippNew() else {
      throw failure(operation)
    }
    let answer = unsafe IPPAnswer(response)
    var source = unsafe AnswerSource(http)
    guard unsafe AnswerSource.read(response, from: &source) else {
      guard unsafe source.isTooMuch else { throw failure(operation) }
      throw IPPError(
        call: operation.name, status: "answer too large", code: 0, source: .unreadable)
    }
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
