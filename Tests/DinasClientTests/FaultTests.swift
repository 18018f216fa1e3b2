import DinasClient
import DinasProtocol
import OfficeModel
import Ports
import Testing

@testable import dinas_simulator

@Suite("What a network can do to an answer")
struct FaultTests {
  @Test(
    "a spoilt answer is an error and never data",
    arguments: [
      (Faults.Kind.drop, PortError.Code.unreachable), (.error, .serverFault),
      (.busy, .rateLimited), (.portal, .unreachable), (.corrupt, .malformed),
      (.garbage, .malformed), (.cut, .unreachable), (.replay, .malformed), (.bomb, .malformed),
      (.moved, .unreachable),
    ])
  func spoilt(kind: Faults.Kind, expected: PortError.Code) async throws {
    try await RunningSimulator.with { simulator, client in
      let port = client.port()
      simulator.faults.spoilNext(1, kind)
      let error = await failure { _ = try await port.fetchChanges(nil) }
      #expect(error?.code == expected)
      #expect(error?.retryAfter == (kind == .busy ? .seconds(7) : nil))
      #expect(error?.step == "GET /v1/changes")
      let page = try await port.fetchChanges(nil)
      #expect(page.applications.count == 9)
    }
  }

  @Test("a stopped server is noticed at once, and the same client finds it again")
  func offline() async throws {
    try await RunningSimulator.with { simulator, client in
      try await client.ping()
      await simulator.server.turnOff()
      #expect(await code { try await client.ping() } == .unreachable)
      try await simulator.server.turnOn()
      try await client.ping()
    }
  }

  @Test("a slow server is given up after the limit")
  func slow() async throws {
    try await RunningSimulator.with(answerLimit: .seconds(2)) { simulator, client in
      simulator.faults.delay = .seconds(30)
      let start = ContinuousClock.now
      #expect(await code { try await client.ping() } == .timedOut)
      #expect(ContinuousClock.now - start < .seconds(25))
      simulator.faults.delay = .zero
      try await client.ping()
    }
  }

  @Test("cancelling a request is not a fault of the server")
  func cancelled() async throws {
    try await RunningSimulator.with { simulator, client in
      simulator.faults.delay = .seconds(30)
      let request = Task { await code { try await client.ping() } }
      request.cancel()
      #expect(await request.value == .cancelled)
    }
  }

  @Test("a wrong token is told apart from everything else")
  func token() async throws {
    let other = Array("token-yang-salah-sekali".utf8)
    try await RunningSimulator.with(token: other) { _, client in
      #expect(await code { try await client.ping() } == .unauthorized)
    }
  }

  @Test("a cursor of other data says: start over")
  func cursor() async throws {
    try await RunningSimulator.with { _, client in
      let error = await failure { _ = try await client.port().fetchChanges("0123456789abcdef.3") }
      #expect(error?.code == .notFound)
      #expect(error?.detail == "410 cursor-expired")
      #expect(await code { _ = try await client.port().fetchChanges("a b&c") } == .refused)
    }
  }

  @Test(
    "plain HTTP is for loopback in a demonstration and for nothing else",
    arguments: [
      ("http://127.0.0.1:8080", true, true), ("http://127.0.0.1:8080", false, false),
      ("http://dinas.example", true, false), ("http://localhost:8080", true, false),
      ("http://127.0.0.1.example", true, false), ("https://dinas.example", false, true),
      ("https://user:secret@dinas.example", false, false),
      ("https://dinas.example/x", false, false),
      ("ftp://dinas.example", false, false), ("", false, false), ("dinas", true, false),
      ("http://[::1]:8080", true, true), ("https://dinas.example:0", false, false),
    ])
  func addresses(text: String, isDemonstration: Bool, isGood: Bool) {
    let address = try? DinasAddress(text, isDemonstration: isDemonstration)
    #expect((address != nil) == isGood)
  }

  @Test("settings that cannot work are named before the first request")
  func settings() throws {
    let address = try DinasAddress("http://127.0.0.1:1", isDemonstration: true)
    let token = RunningSimulator.token
    for (kiosk, token) in [("", token), ("a b", token), ("k", []), ("k", Array("pendek".utf8))] {
      #expect(throws: DinasClientError.self) {
        try DinasClient(.init(address: address, kiosk: kiosk, token: token))
      }
    }
    #expect(throws: DinasClientError.self) {
      try DinasClient(
        .init(
          address: address, kiosk: "k", token: token,
          tls: .init(roots: "/nowhere", certificate: "/nowhere", key: "/nowhere")))
    }
  }
}
