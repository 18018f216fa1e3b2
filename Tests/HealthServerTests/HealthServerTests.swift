import AsyncHTTPClient
import HealthServer
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import Testing

@Suite struct HealthServerTests {
  @Test("each path answers with its status, type and body, and others with 404")
  func paths() async throws {
    let (ports, announce) = AsyncStream.makeStream(of: Int.self)
    let server = HealthServer(
      host: "127.0.0.1", port: 0, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
      live: { .init(isGood: true, body: "alive") },
      ready: { .init(isGood: false, body: "not ready: printer.media-empty") },
      health: { .init(isGood: true, body: "{\"verdict\":\"ok\"}") },
      metrics: { "anjungan_outbox_depth 0.0\n" },
      onListening: { announce.yield($0) })
    let running = Task { try await server.run() }
    var port = 0
    for await number in ports {
      port = number
      break
    }
    func get(_ path: String) async throws -> (status: UInt, type: String?, body: String) {
      let answer = try await HTTPClient.shared.execute(
        HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)"), timeout: .seconds(10))
      let body = try await answer.body.collect(upTo: 1 << 16)
      return (answer.status.code, answer.headers.first(name: "content-type"), String(buffer: body))
    }
    let live = try await get("/livez")
    #expect(live.status == 200)
    #expect(live.type == "text/plain; charset=utf-8")
    #expect(live.body == "alive\n")
    let ready = try await get("/readyz")
    #expect(ready.status == 503)
    #expect(ready.body == "not ready: printer.media-empty\n")
    let health = try await get("/health")
    #expect(health.type == "application/json")
    #expect(health.body == "{\"verdict\":\"ok\"}")
    let metrics = try await get("/metrics")
    #expect(metrics.body == "anjungan_outbox_depth 0.0\n")
    let other = try await get("/other")
    #expect(other.status == 404)
    running.cancel()
    _ = try? await running.value
  }
}
