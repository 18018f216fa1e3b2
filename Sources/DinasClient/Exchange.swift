internal import AsyncHTTPClient
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
  var limitBytes: Int
  var timeLimit: Duration
  var body: [UInt8]?
  var idempotencyKey: String?
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
    request.headers.add(name: "Accept-Encoding", value: "identity")
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
    let mediaType = response.headers.first(name: "Content-Type")?
      .split(separator: ";").first?.lowercased()
    guard mediaType == exchange.accepted else {
      throw PortError(
        .malformed, step: exchange.step,
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
    return bytes
  }

  private func refusal(_ response: HTTPClientResponse, step: String) async -> PortError {
    let status = Int(response.status.code)
    // Only the code is taken from the problem document: a text of the other side is not logged.
    var problem: Problem?
    if let body = try? await response.body.collect(upTo: DinasAPI.Limit.answerBytes) {
      problem = try? Wire.decode(Problem.self, from: Array(body.readableBytesView))
    }
    let code: PortError.Code
    switch status {
    case 300...399: code = .malformed
    case 401, 403: code = .unauthorized
    case 404, 410: code = .notFound
    case 409, 422: code = .conflict
    case 429: code = .rateLimited
    case 400...499: code = .refused
    default: code = .unreachable
    }
    return PortError(
      code, step: step,
      detail: ["\(status)", problem?.code.rawValue].compactMap { $0 }
        .joined(separator: " "),
      retryAfter: Self.retryAfter(response.headers.first(name: "Retry-After"), status))
  }

  /// Seconds only, at most an hour; a date or nonsense in a 429 counts as a minute.
  static func retryAfter(_ value: String?, _ status: Int) -> Duration? {
    guard let value else { return status == 429 ? .seconds(60) : nil }
    guard let seconds = Int(value), seconds >= 0 else { return .seconds(60) }
    return .seconds(min(seconds, 3600))
  }
}
