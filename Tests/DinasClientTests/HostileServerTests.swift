import DinasClient
import DinasProtocol
import Foundation
import OfficeModel
import Ports
import Testing

@Suite("A server that means no good")
struct HostileServerTests {
  func client(_ port: Int, limit: Duration = .seconds(5)) throws -> DinasClient {
    try DinasClient(
      .init(
        address: DinasAddress("http://127.0.0.1:\(port)", isDemonstration: true), kiosk: "uji-1",
        token: RunningSimulator.token, answerLimit: limit, documentLimit: limit))
  }

  /// A whole answer with a true digest and length, unless told otherwise.
  static func answer(
    _ status: String = "200 OK", type: String = "application/json", body: String,
    digest: Bool = true, extra: String = ""
  ) -> [UInt8] {
    let bytes = Array(body.utf8)
    let digestLine = digest ? "Content-Digest: \(WireHash.contentDigest(bytes))\r\n" : ""
    let head =
      "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(bytes.count)\r\n"
      + digestLine + extra + "\r\n"
    return Array(head.utf8) + bytes
  }

  static let pong = #"{"serverTime":1795215723641,"version":1}"#

  static let answers: [(String, [UInt8], PortError.Code)] = [
    (
      "a redirect", answer("302 Found", body: "", extra: "Location: http://127.0.0.1:1/\r\n"),
      .unreachable
    ),
    ("no digest", answer(body: pong, digest: false), .malformed),
    ("another media type", answer(type: "text/plain", body: pong), .unreachable),
    ("another version", answer(body: #"{"serverTime":1795215723641,"version":2}"#), .malformed),
    (
      "seconds for milliseconds", answer(body: #"{"serverTime":1795215723,"version":1}"#),
      .malformed
    ),
    ("more than anybody needs", answer(body: String(repeating: " ", count: 100_000)), .malformed),
    ("no HTTP at all", Array("SSH-2.0-OpenSSH_9.2\r\n\r\n".utf8), .unreachable),
    (
      "a retry for ever", answer("429 X", body: "{}", extra: "Retry-After: 99999999\r\n"),
      .rateLimited
    ),
    ("a teapot", answer("418 X", body: "{}"), .unreachable),
    ("a portal's 400", answer("400 X", type: "text/html", body: "<html>"), .unreachable),
    ("a filter's 403", answer("403 X", type: "text/html", body: "<html>"), .unreachable),
    ("a proxy's 407", answer("407 X", type: "text/html", body: ""), .unreachable),
    ("another's 409", answer("409 X", body: #"{"code":"conflict"}"#), .unreachable),
    ("another's 410", answer("410 X", type: "text/html", body: "gone"), .unreachable),
    ("another's 422 as a problem", problem("422 X", #"{"title":"No"}"#), .unreachable),
    ("a code under another status", problem("403 X", conflict), .unreachable),
    ("the right words in the wrong type", answer("409 X", body: conflict), .unreachable),
    ("a gateway's 502", answer("502 X", type: "text/html", body: ""), .unreachable),
    ("a broken server", answer("500 X", type: "text/html", body: ""), .serverFault),
    ("the server's own conflict", problem("409 Conflict", conflict), .conflict),
  ]

  static let conflict =
    #"{"type":"about:blank","title":"Conflict","status":409,"code":"conflict","detail":"x"}"#

  static func problem(_ status: String, _ body: String) -> [UInt8] {
    answer(status, type: "application/problem+json", body: body)
  }

  @Test("is an error, never data and never a crash", arguments: answers)
  func hostile(name: String, bytes: [UInt8], expected: PortError.Code) async throws {
    try await RawServer.with(.bytes(bytes)) { server in
      let client = try client(server.port)
      let error = await failure { try await client.ping() }
      await client.shutdown()
      #expect(error?.code == expected)
      if expected == .rateLimited { #expect(error?.retryAfter == .seconds(3600)) }
    }
  }

  @Test(
    "cannot hold a citizen up, neither by silence nor by dripping",
    arguments: [
      RawServer.Answer.silence,
      .drip(
        Array(
          "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n".utf8)),
    ])
  func slow(answer: RawServer.Answer) async throws {
    try await RawServer.with(answer) { server in
      let client = try client(server.port, limit: .milliseconds(300))
      let start = ContinuousClock.now
      #expect(await code { try await client.ping() } == .timedOut)
      #expect(ContinuousClock.now - start < .seconds(120))
      await client.shutdown()
    }
  }

  @Test("gets one connection for many requests")
  func reuse() async throws {
    try await RawServer.with(.bytes(Self.answer(body: Self.pong))) { server in
      let client = try client(server.port)
      for _ in 0..<20 { try await client.ping() }
      #expect(server.connections == 1)
      await client.shutdown()
    }
  }

  @Test("a receipt for another item is no receipt")
  func otherReceipt() async throws {
    let receipt = Self.answer("201 Created", body: #"{"id":"other","receivedAt":1795215723641}"#)
    try await RawServer.with(.bytes(receipt)) { server in
      let client = try client(server.port)
      let item = OutboxItem(
        id: "e1", kind: .survey, stream: "s", body: Array(#"{"score":4}"#.utf8),
        createdAt: Timestamp(seconds: 1_795_150_000))
      let error = await failure { try await client.port().send(item) }
      #expect(error?.code == .malformed)
      await client.shutdown()
    }
  }
}
