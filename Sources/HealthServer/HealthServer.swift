import HTTPTypes
import HummingbirdCore
public import Logging
import NIOCore
import NIOPosix
public import ServiceLifecycle

/// Answers `GET /livez`, `/readyz`, `/health` and `/metrics`. Reads only; holds nothing.
public struct HealthServer: Service {
  /// One answer: its status and its body.
  public struct Answer: Sendable {
    public var isGood: Bool
    public var body: String
    public init(isGood: Bool, body: String) {
      self.isGood = isGood
      self.body = body
    }
  }

  let host: String
  let port: Int
  let logger: Logger
  let live: @Sendable () async -> Answer
  let ready: @Sendable () async -> Answer
  let health: @Sendable () async -> Answer
  let metrics: @Sendable () async -> String
  let onListening: @Sendable (Int) -> Void

  public init(
    host: String, port: Int, logger: Logger,
    live: @escaping @Sendable () async -> Answer,
    ready: @escaping @Sendable () async -> Answer,
    health: @escaping @Sendable () async -> Answer,
    metrics: @escaping @Sendable () async -> String,
    onListening: @escaping @Sendable (Int) -> Void = { _ in }
  ) {
    self.host = host
    self.port = port
    self.logger = logger
    self.live = live
    self.ready = ready
    self.health = health
    self.metrics = metrics
    self.onListening = onListening
  }

  /// Hummingbird's application would also keep a clock for a `Date` header, which wakes an idle kiosk
  /// several times a second; its server alone sleeps until somebody asks. No such header is sent: the
  /// machine's clock may be wrong, and the report says which time is trusted.
  public func run() async throws {
    let server = try HTTPServerBuilder.http1().buildServer(
      configuration: ServerConfiguration(address: .hostname(host, port: port)),
      eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger,
      responder: { request, writer, _ in
        let response = await answer(request)
        try await writer.write(response: response.head, body: response.body)
      },
      onServerRunning: { [onListening] channel in
        onListening(channel.localAddress?.port ?? 0)
      })
    try await server.run()
  }

  private func answer(_ request: Request) async -> Response {
    switch (request.method, request.uri.path) {
    case (.get, "/livez"): return Self.plain(await live())
    case (.get, "/readyz"): return Self.plain(await ready())
    case (.get, "/health"):
      let answer = await health()
      return Self.response(
        answer.isGood ? .ok : .serviceUnavailable, "application/json", answer.body)
    case (.get, "/metrics"):
      return Self.response(.ok, "text/plain; version=0.0.4; charset=utf-8", await metrics())
    default: return Self.response(.notFound, "text/plain; charset=utf-8", "not found\n")
    }
  }

  private static func plain(_ answer: Answer) -> Response {
    response(
      answer.isGood ? .ok : .serviceUnavailable, "text/plain; charset=utf-8", answer.body + "\n")
  }

  private static func response(
    _ status: HTTPResponse.Status, _ type: String, _ body: String
  ) -> Response {
    Response(
      status: status,
      headers: [.contentType: type, .cacheControl: "no-store", .server: "anjungan"],
      body: .init(byteBuffer: ByteBuffer(string: body)))
  }
}
