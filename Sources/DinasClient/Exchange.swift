internal import AsyncHTTPClient
internal import ContentCoding
internal import DinasProtocol
internal import FoundationEssentials
internal import NIOCore
internal import NIOHTTP1
internal import OfficeModel
internal import Ports

/// One request and its answer, with every rule that does not depend on what it is about.
struct Exchange: Sendable {
  var step: String
  var method: HTTPMethod
  var path: String
  /// The media type of a good answer.
  var accepted: String = DinasAPI.MediaType.json
  /// Of the answer's content, as it was sent and as it is unpacked.
  var limitBytes: Int
  var timeLimit: Duration
  /// A page of changes: may come packed, and says itself which cursor it answers.
  var page: Page?
  var body: [UInt8]?
  var idempotencyKey: String?

  struct Page: Sendable { var since: String? }
}

extension DinasClient {
  func get<Answer: WireBody>(
    _ path: String, _ type: Answer.Type, step: String? = nil, limit: Int
  ) async throws(PortError) -> Answer {
    let step = step ?? "GET \(path)"
    let bytes = try await exchange(
      Exchange(
        step: step, method: .GET, path: path, limitBytes: limit,
        timeLimit: settings.answerLimit))
    return try decode(type, bytes, step)
  }

  func post<Answer: WireBody>(
    _ path: String, _ body: some WireBody, _ type: Answer.Type, step: String, key: String?
  ) async throws(PortError) -> Answer {
    let request: [UInt8]
    do {
      try body.check()
      request = try Wire.encode(body)
    } catch {
      throw PortError(
        .refused, step: step,
        detail: "not sent: \((error as? WireProblem)?.description ?? "cannot be written as JSON")")
    }
    let bytes = try await exchange(
      Exchange(
        step: step, method: .POST, path: path, limitBytes: DinasAPI.Limit.answerBytes,
        timeLimit: settings.answerLimit, body: request, idempotencyKey: key))
    return try decode(type, bytes, step)
  }

  private func decode<Answer: WireBody>(
    _ type: Answer.Type, _ bytes: [UInt8], _ step: String
  ) throws(PortError) -> Answer {
    do { return try Wire.decode(type, from: bytes) } catch {
      throw PortError(.malformed, step: step, detail: error.description)
    }
  }

  /// The body of a successful answer: right status, media type, size and hash.
  func exchange(_ exchange: Exchange) async throws(PortError) -> [UInt8] {
    do {
      return try await withThrowingTaskGroup(of: [UInt8].self) { group in
        group.addTask { try await perform(exchange) }
        // The HTTP library's limits do not cover a body that drips in.
        group.addTask {
          try await Task.sleep(for: exchange.timeLimit)
          throw PortError(.timedOut, step: exchange.step, detail: "no whole answer in time")
        }
        defer { group.cancelAll() }
        guard let bytes = try await group.next() else { throw CancellationError() }
        return bytes
      }
    } catch {
      throw Self.portError(error, step: exchange.step)
    }
  }

  private func perform(_ exchange: Exchange) async throws -> [UInt8] {
    var request = HTTPClientRequest(url: settings.address.description + exchange.path)
    request.method = exchange.method
    request.headers.add(name: "Authorization", value: authorization)
    request.headers.add(name: "Accept", value: exchange.accepted)
    request.headers.add(
      name: "Accept-Encoding", value: exchange.page == nil ? "identity" : DinasAPI.gzip)
    if let body = exchange.body {
      request.headers.add(name: "Content-Type", value: DinasAPI.MediaType.json)
      request.body = .bytes(ByteBuffer(bytes: body))
    }
    if let key = exchange.idempotencyKey {
      request.headers.add(name: DinasAPI.Header.idempotencyKey, value: key)
    }
    let response = try await http.execute(request, timeout: TimeAmount(exchange.timeLimit))
    guard (200...299).contains(response.status.code) else {
      throw await refusal(response, step: exchange.step)
    }
    let mediaType = Self.mediaType(response)
    guard mediaType == exchange.accepted else {
      throw PortError(
        .unreachable, step: exchange.step,
        detail: "answered by something that is not the Dinas API")
    }
    let buffer: ByteBuffer
    do {
      buffer = try await response.body.collect(upTo: exchange.limitBytes)
    } catch is NIOTooManyBytesError {
      throw PortError(
        .malformed, step: exchange.step, detail: "over \(exchange.limitBytes) bytes")
    }
    let bytes = Array(buffer.readableBytesView)
    guard
      response.headers.first(name: DinasAPI.Header.contentDigest)
        == WireHash.contentDigest(bytes)
    else {
      throw PortError(
        .malformed, step: exchange.step, detail: "the body does not match its Content-Digest")
    }
    return try Self.unpacked(bytes, response, exchange)
  }

  /// The content behind its coding; of a page, only when it answers the cursor that was sent.
  private static func unpacked(
    _ bytes: [UInt8], _ response: HTTPClientResponse, _ exchange: Exchange
  ) throws(PortError) -> [UInt8] {
    func malformed(_ detail: String) -> PortError {
      PortError(.malformed, step: exchange.step, detail: detail)
    }
    let coding = response.headers.first(name: "Content-Encoding")?.lowercased() ?? "identity"
    guard let page = exchange.page else {
      guard coding == "identity" else { throw malformed("packed without being asked to") }
      return bytes
    }
    let content: [UInt8]
    switch coding {
    case "identity": content = bytes
    case DinasAPI.gzip:
      do throws(GzipProblem) {
        content = try Gzip.unpack(bytes, limit: exchange.limitBytes)
      } catch {
        throw malformed(
          error == .tooLarge ? "over \(exchange.limitBytes) bytes" : "gzip that is not whole")
      }
    default: throw malformed("a content coding that was not asked for")
    }
    guard
      response.headers.first(name: DinasAPI.Header.pageDigest)
        == WireHash.pageDigest(since: page.since, page: content)
    else { throw malformed("the page does not match its Page-Digest") }
    return content
  }

  /// What an answer without success means. Between kiosk and server stand portals, proxies and
  /// gateways, which answer with statuses of their own: what the server itself refused shows only by
  /// its problem document, and nothing else may count as final.
  private func refusal(_ response: HTTPClientResponse, step: String) async -> PortError {
    let status = Int(response.status.code)
    let problem = await problem(response)
    let detail = problem.map { "\(status) \($0.code.rawValue)" }
    return PortError(
      Self.code(status, problem?.code), step: step,
      detail: detail ?? "\(status), not by the Dinas API",
      retryAfter: Self.retryAfter(response.headers.first(name: "Retry-After"), status))
  }

  static func code(_ status: Int, _ problem: Problem.Code?) -> PortError.Code {
    switch problem {
    case .conflict, .invalid: .conflict
    case .badRequest, .tooLarge: .refused
    case .unauthorized: .unauthorized
    case .notFound, .cursorExpired: .notFound
    // Kiosk and server are of different versions; an update of the server may help.
    case .methodNotAllowed, .unsupportedMediaType: .malformed
    case .tooManyRequests: .rateLimited
    case .unavailable: .unreachable
    case nil:
      switch status {
      case 429: .rateLimited
      // A gateway that does not reach what is behind it.
      case 502, 503, 504: .unreachable
      case 500...599: .serverFault
      default: .unreachable
      }
    }
  }

  /// The problem document of the Dinas API, whole and agreeing with its status; nil for anything
  /// else. Only the code is used further: a text of the other side is not logged.
  private func problem(_ response: HTTPClientResponse) async -> Problem? {
    guard Self.mediaType(response) == DinasAPI.MediaType.problem,
      let body = try? await response.body.collect(upTo: DinasAPI.Limit.answerBytes),
      let problem = try? Wire.decode(Problem.self, from: Array(body.readableBytesView)),
      problem.status == Int(response.status.code)
    else { return nil }
    return problem
  }

  private static func mediaType(_ response: HTTPClientResponse) -> String? {
    response.headers.first(name: "Content-Type")?
      .split(separator: ";").first?.lowercased()
  }

  /// Seconds only, at most an hour; a date or nonsense in a 429 counts as a minute.
  static func retryAfter(_ value: String?, _ status: Int) -> Duration? {
    guard let value else { return status == 429 ? .seconds(60) : nil }
    guard let seconds = Int(value), seconds >= 0 else { return .seconds(60) }
    return .seconds(min(seconds, 3600))
  }
}
