import HTTPTypes
import Hummingbird
public import Logging
import NIOCore
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

  public func run() async throws {
    let router = Router()
    router.get("/livez") { [live] _, _ in Self.plain(await live()) }
    router.get("/readyz") { [ready] _, _ in Self.plain(await ready()) }
    router.get("/health") { [health] _, _ in
      let answer = await health()
      return Self.response(
        answer.isGood ? .ok : .serviceUnavailable, "application/json", answer.body)
    }
    router.get("/metrics") { [metrics] _, _ in
      Self.response(.ok, "text/plain; version=0.0.4; charset=utf-8", await metrics())
    }
    let application = Application(
      router: router,
      configuration: .init(address: .hostname(host, port: port), serverName: "anjungan"),
      onServerRunning: { [onListening] channel in
        onListening(channel.localAddress?.port ?? 0)
      },
      logger: logger)
    try await application.run()
  }

  private static func plain(_ answer: Answer) -> Response {
    response(
      answer.isGood ? .ok : .serviceUnavailable, "text/plain; charset=utf-8", answer.body + "\n")
  }

  private static func response(
    _ status: HTTPResponse.Status, _ type: String, _ body: String
  ) -> Response {
    Response(
      status: status, headers: [.contentType: type, .cacheControl: "no-store"],
      body: .init(byteBuffer: ByteBuffer(string: body)))
  }
}
