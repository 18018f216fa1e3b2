internal import CCUPS
internal import CLinux

/// A call of libcups or an answer of the printer that is not a success. No personal data: job
/// names carry none, and documents are not quoted.
struct IPPError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The IPP operation, or the call where there was none yet.
  var call: String
  /// As libcups names it, e.g. `server-error-busy`.
  var status: String
  var code: Int32
  var source: Source

  /// Who failed. An answer that cannot be read is no proof that the printer is broken or absent.
  enum Source: Sendable {
    /// The printer refused, by IPP.
    case printer
    /// Something answers, but not with IPP.
    case unreadable
    /// Nobody answers.
    case unreachable
  }

  var description: String { "\(call): \(status)" }

  var isNotFound: Bool { source == .printer && (code == 0x0406 || code == 0x0407) }
  var isNotAccepting: Bool { source == .printer && code == 0x0506 }
  var isBusy: Bool { source == .printer && code == 0x0507 }
}

/// One connection straight to a printer. Everything of it happens on one thread: libcups keeps its
/// last error, server and password callback per thread.
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

  /// - Parameter limit: for the connection and each later call.
  init(uri: String, limit: Duration) throws(IPPError) {
    // Without a callback libcups may ask for a password on the terminal.
    unsafe cupsSetPasswordCB2({ _, _, _, _, _ in nil }, nil)
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
    unsafe self.http = http
    self.uri = uri
    resource = String(
      decoding: path.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
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
  func ask(
    _ operation: ipp_op_t, jobID: Int32? = nil, limit: Duration,
    _ fill: (OpaquePointer) -> Void = { _ in }
  ) throws(IPPError) -> IPPAnswer {
    unsafe clock.pointee.end = .now + limit
    let request = unsafe newRequest(operation, jobID: jobID)
    unsafe fill(request)
    let answer = unsafe cupsDoRequest(http, request, resource)  // consumes the request
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

extension IPPError {
  /// Reads libcups' last error: at once, and on the thread of the call.
  static func last(_ call: String, _ source: Source) -> IPPError {
    let status = cupsLastError()
    let text = unsafe ippErrorString(status).map { unsafe String(cString: $0) } ?? "no answer"
    return IPPError(call: call, status: text, code: status.rawValue, source: source)
  }
}

extension ipp_op_t {
  var name: String { unsafe ippOpString(self).map { unsafe String(cString: $0) } ?? "IPP" }
}

/// A response, freed when let go.
@safe struct IPPAnswer: ~Copyable {
  private let response: OpaquePointer
  /// No list of an answer is of use beyond this many values.
  private static let valuesLimit = 64
  /// More jobs than a printer of an office can have waiting.
  private static let jobsLimit = 4096

  init(_ response: OpaquePointer) { unsafe self.response = unsafe response }
  deinit { unsafe ippDelete(response) }

  func integer(_ name: String) -> Int? {
    for tag in [IPP_TAG_INTEGER, IPP_TAG_ENUM] {
      if let attribute = unsafe ippFindAttribute(response, name, tag) {
        return Int(unsafe ippGetInteger(attribute, 0))
      }
    }
    return nil
  }

  func integers(_ name: String) -> [Int] {
    guard let attribute = unsafe ippFindAttribute(response, name, IPP_TAG_INTEGER) else {
      return []
    }
    let count = min(Int(unsafe ippGetCount(attribute)), Self.valuesLimit)
    return (0..<count).map { Int(unsafe ippGetInteger(attribute, Int32($0))) }
  }

  /// Octet strings that are text by their own standard.
  func octets(_ name: String) -> [String] {
    guard let attribute = unsafe ippFindAttribute(response, name, IPP_TAG_STRING) else { return [] }
    let count = min(Int(unsafe ippGetCount(attribute)), Self.valuesLimit)
    return (0..<count).compactMap { index in
      var length: Int32 = 0
      guard let bytes = unsafe ippGetOctetString(attribute, Int32(index), &length), length > 0
      else { return nil }
      return unsafe String(
        decoding: UnsafeRawBufferPointer(start: bytes, count: Int(length)), as: UTF8.self)
    }
  }

  func boolean(_ name: String) -> Bool? {
    guard let attribute = unsafe ippFindAttribute(response, name, IPP_TAG_BOOLEAN) else {
      return nil
    }
    return unsafe ippGetBoolean(attribute, 0) != 0
  }

  /// Every job of an answer to Get-Jobs: one group each, in any order of its attributes.
  func jobs() -> [(id: Int32, name: String)] {
    var found: [(id: Int32, name: String)] = []
    var id: Int32?
    var name: String?
    func endOfGroup() {
      if let id, let name, id > 0, found.count < Self.jobsLimit { found.append((id, name)) }
      (id, name) = (nil, nil)
    }
    var attribute = unsafe ippFirstAttribute(response)
    while let this = unsafe attribute {
      // Between two groups there is an attribute without a name.
      if let label = unsafe ippGetName(this) {
        switch unsafe String(cString: label) {
        case "job-id": id = unsafe ippGetInteger(this, 0)
        case "job-name": name = unsafe ippGetString(this, 0, nil).map { unsafe String(cString: $0) }
        default: break
        }
      } else {
        endOfGroup()
      }
      unsafe attribute = unsafe ippNextAttribute(response)
    }
    endOfGroup()
    return found
  }

  /// Across and down the feed, in dots per inch.
  func resolutions(_ name: String) -> [(Int, Int)] {
    guard let attribute = unsafe ippFindAttribute(response, name, IPP_TAG_RESOLUTION) else {
      return []
    }
    let count = min(Int(unsafe ippGetCount(attribute)), Self.valuesLimit)
    return (0..<count).compactMap { index in
      var down: Int32 = 0
      var units = ipp_res_t(rawValue: 0)
      let across = unsafe ippGetResolution(attribute, Int32(index), &down, &units)
      return units == IPP_RES_PER_INCH ? (Int(across), Int(down)) : nil
    }
  }

  func keywords(_ name: String) -> [String] {
    guard let attribute = unsafe ippFindAttribute(response, name, IPP_TAG_ZERO) else { return [] }
    let count = min(Int(unsafe ippGetCount(attribute)), Self.valuesLimit)
    return (0..<count).compactMap { index in
      unsafe ippGetString(attribute, Int32(index), nil).map { unsafe String(cString: $0) }
    }
  }
}

extension Duration {
  var milliseconds: Int {
    Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
  }
}
