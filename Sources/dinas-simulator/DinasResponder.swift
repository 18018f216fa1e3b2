import ContentCoding
import DinasProtocol
import FoundationEssentials
import Hummingbird
import NIOCore
import OfficeModel

/// HTTP to the office and back. Every answer that is not a success is a problem document.
struct DinasResponder: HTTPResponder {
  typealias Context = KioskContext

  /// What is served; the description in `Documentation/dinas-api.yaml` is held against it.
  static let routes: [(method: String, path: String)] = [
    ("GET", DinasAPI.Path.ping), ("GET", DinasAPI.Path.changes),
    ("GET", DinasAPI.Path.documents + "/{id}"), ("POST", DinasAPI.Path.credentialCheck),
    ("POST", DinasAPI.Path.printLease),
    ("GET", DinasAPI.Path.revocationLists + "/{id}"),
    ("POST", DinasAPI.Path.tickets), ("POST", DinasAPI.Path.nextTicket),
    ("POST", DinasAPI.Path.ticketVoid), ("POST", DinasAPI.Path.events),
  ]

  let dinas: Dinas
  let faults: Faults
  let token: [UInt8]

  func respond(to request: Request, context: Context) async throws -> Response {
    let caller = try await context.caller()
    let fault = faults.take(key: request.headers[.idempotencyKey])
    if faults.delay > .zero { try await Task.sleep(for: faults.delay) }
    switch fault {
    case .error: return problem(DinasRefusal(.unavailable, "switched off by hand"), status: 500)
    case .busy:
      var refusal = DinasRefusal(.tooManyRequests, "switched to busy by hand")
      refusal.retryAfterSeconds = 7
      return problem(refusal)
    case .portal:
      return Response(
        status: .ok, headers: [.contentType: "text/html"],
        body: .init(byteBuffer: ByteBuffer(string: "<html><body>Masuk ke WiFi</body></html>")))
    case .garbage: return answer(200, Array(#"{"serverTime": 17"#.utf8))
    case .drop:
      let response = await handle(request, caller)
      return Response(
        status: response.status, headers: response.headers,
        body: .init(contentLength: response.body.contentLength) { _ in
          throw CancellationError()
        })
    case .cut:
      let response = await handle(request, caller)
      return Response(
        status: response.status, headers: response.headers,
        body: .init(contentLength: response.body.contentLength) { writer in
          try await writer.write(ByteBuffer(repeating: 0x1F, count: 8))
          throw CancellationError()
        })
    case .replay:
      var response = await handle(request, caller)
      response.headers[.pageDigest] = WireHash.pageDigest(since: "another", page: [])
      return response
    case .bomb:
      var response = answer(200, try Gzip.pack([UInt8](repeating: 32, count: 4 << 20)))
      response.headers[.contentEncoding] = DinasAPI.gzip
      return response
    case .moved:
      return Response(status: .found, headers: [.location: "http://portal.example/login"])
    case .corrupt:
      var response = await handle(request, caller)
      response.headers[.contentDigest] = WireHash.contentDigest(Array("other".utf8))
      return response
    case nil: return await handle(request, caller)
    }
  }

  private func handle(_ request: Request, _ caller: KioskCaller) async -> Response {
    do {
      return try await route(request, caller)
    } catch let refusal as DinasRefusal {
      return problem(refusal)
    } catch let problem as WireProblem {
      return self.problem(DinasRefusal(.invalid, problem.description))
    } catch {
      return problem(DinasRefusal(.unavailable, "the simulator could not carry it out"))
    }
  }

  private func route(_ request: Request, _ caller: KioskCaller) async throws -> Response {
    guard isAuthorized(request) else {
      throw DinasRefusal(.unauthorized, "a kiosk token is needed: Authorization: Bearer …")
    }
    let path = request.uri.path
    switch (request.method, path) {
    case (.get, DinasAPI.Path.ping): return answer(200, try Wire.encode(await dinas.ping()))
    case (.get, DinasAPI.Path.changes): return try await changes(request, caller)
    case (.post, DinasAPI.Path.credentialCheck):
      let check = try Wire.decode(CredentialCheck.self, from: try await body(of: request))
      return answer(200, try Wire.encode(try await dinas.check(check)))
    case (.post, DinasAPI.Path.printLease):
      let lease = try Wire.decode(LeaseRequest.self, from: try await body(of: request))
      try caller.mustBe(lease.kiosk)
      return answer(200, try Wire.encode(try await dinas.lease(lease)))
    case (.post, DinasAPI.Path.tickets):
      return try await once(
        request, TicketReport.self, id: { $0.ticket.id },
        work: { dinas, report in try Wire.encode(try dinas.receive(report)) })
    case (.post, DinasAPI.Path.nextTicket):
      return try await once(
        request, TicketRequest.self, id: { $0.id },
        work: { dinas, request in
          try caller.mustBe(request.kiosk)
          return try Wire.encode(try dinas.next(request))
        })
    case (.post, DinasAPI.Path.ticketVoid):
      return try await once(
        request, TicketVoid.self, id: { $0.key },
        work: { dinas, void in try Wire.encode(try dinas.void(void)) })
    case (.post, DinasAPI.Path.events):
      return try await once(
        request, KioskReport.self, id: { $0.id },
        work: { dinas, report in try Wire.encode(try dinas.receive(report)) })
    case (.get, _) where path.hasPrefix(DinasAPI.Path.documents + "/"):
      let id = String(path.dropFirst(DinasAPI.Path.documents.count + 1))
      do { try Check.identifier(id, "id") } catch {
        throw DinasRefusal(.badRequest, error.description)
      }
      return answer(200, try await dinas.document(id), type: DinasAPI.MediaType.sealedDocument)
    case (.get, _) where path.hasPrefix(DinasAPI.Path.revocationLists + "/"):
      let id = String(path.dropFirst(DinasAPI.Path.revocationLists.count + 1))
      do { try Check.identifier(id, "id") } catch {
        throw DinasRefusal(.badRequest, error.description)
      }
      return answer(
        200, try await dinas.revocationList(id), type: DinasAPI.MediaType.revocationList)
    default:
      let isKnown =
        Self.routes.contains { $0.path == path }
        || path.hasPrefix(DinasAPI.Path.documents + "/")
        || path.hasPrefix(DinasAPI.Path.revocationLists + "/")
      throw isKnown
        ? DinasRefusal(.methodNotAllowed, "this path has another method")
        : DinasRefusal(.notFound, "no such path in version \(DinasAPI.version)")
    }
  }

  private func changes(_ request: Request, _ caller: KioskCaller) async throws -> Response {
    let query = request.uri.queryParameters
    do {
      guard let kiosk = query["kiosk"] else { throw WireProblem("kiosk", "is missing") }
      try Check.identifier(String(kiosk), "kiosk")
      try caller.mustBe(String(kiosk))
      let cursor = query["since"].map(String.init)
      if let cursor { try Check.cursor(cursor, "since") }
      let page = try Wire.encode(try await dinas.changes(since: cursor, for: String(kiosk)))
      return try self.page(page, since: cursor, isPacked: Self.takesGzip(request))
    } catch let problem as WireProblem {
      throw DinasRefusal(.badRequest, problem.description)
    }
  }

  /// A page under its digest, packed where the kiosk asks for it.
  private func page(_ page: [UInt8], since cursor: String?, isPacked: Bool) throws -> Response {
    var response = answer(200, isPacked ? try Gzip.pack(page) : page)
    response.headers[.pageDigest] = WireHash.pageDigest(since: cursor, page: page)
    if isPacked { response.headers[.contentEncoding] = DinasAPI.gzip }
    return response
  }

  private static func takesGzip(_ request: Request) -> Bool {
    (request.headers[.acceptEncoding] ?? "").lowercased().split(separator: ",")
      .contains { $0.split(separator: ";").first?.filter { $0 != " " } == DinasAPI.gzip[...] }
  }

  private func once<Body: WireBody>(
    _ request: Request, _ type: Body.Type, id: @Sendable (Body) -> String,
    work: @escaping @Sendable (isolated Dinas, Body) throws -> [UInt8]
  ) async throws -> Response {
    guard let key = request.headers[.idempotencyKey] else {
      throw DinasRefusal(.badRequest, "Idempotency-Key is missing")
    }
    let bytes = try await body(of: request)
    let value = try Wire.decode(type, from: bytes)
    guard id(value) == key else {
      throw DinasRefusal(.badRequest, "Idempotency-Key is the id of the body")
    }
    let (status, body) = try await dinas.once(
      key: key, path: request.uri.path, body: bytes
    ) { dinas in try work(dinas, value) }
    return answer(status, body)
  }

  private func body(of request: Request) async throws -> [UInt8] {
    guard
      request.headers[.contentType]?.lowercased().hasPrefix(DinasAPI.MediaType.json) ?? false
    else {
      throw DinasRefusal(.unsupportedMediaType, "Content-Type: application/json")
    }
    let limit = DinasAPI.Limit.requestBytes
    if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit {
      throw DinasRefusal(.tooLarge, "at most \(limit) bytes")
    }
    var bytes: [UInt8] = []
    for try await part in request.body {
      guard bytes.count + part.readableBytes <= limit else {
        throw DinasRefusal(.tooLarge, "at most \(limit) bytes")
      }
      bytes += part.readableBytesView
    }
    return bytes
  }

  private func isAuthorized(_ request: Request) -> Bool {
    guard let value = request.headers[.authorization], value.hasPrefix("Bearer ") else {
      return false
    }
    return equalInConstantTime(
      String(value.dropFirst(7)), String(decoding: token, as: UTF8.self))
  }

  private func answer(
    _ status: Int, _ body: [UInt8], type: String = DinasAPI.MediaType.json
  ) -> Response {
    Response(
      status: .init(code: status),
      headers: [
        .contentType: type, .cacheControl: "no-store",
        .contentDigest: WireHash.contentDigest(body),
      ], body: .init(byteBuffer: ByteBuffer(bytes: body)))
  }

  private func problem(_ refusal: DinasRefusal, status: Int? = nil) -> Response {
    let body = (try? Wire.encode(refusal.problem)) ?? []
    var response = answer(
      status ?? refusal.problem.status, body, type: DinasAPI.MediaType.problem)
    if let seconds = refusal.retryAfterSeconds {
      response.headers[.retryAfter] = String(seconds)
    }
    if refusal.problem.code == .unauthorized {
      response.headers[.wwwAuthenticate] = "Bearer"
    }
    return response
  }
}
