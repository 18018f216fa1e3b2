import AsyncHTTPClient
import DinasProtocol
import Foundation
import NIOCore
import NIOHTTP1
import OfficeModel
import Testing
import Yams

@testable import dinas_simulator

@Suite("Bad requests get a clear refusal")
struct HTTPRulesTests {
  struct Hostile: Sendable, CustomTestStringConvertible {
    var name: String
    var method: HTTPMethod = .POST
    var path: String
    /// As the description writes the path.
    var described: String
    var headers: [(String, String)] = [("Content-Type", "application/json")]
    var body = ""
    var status: Int
    var testDescription: String { name }
  }

  static let json = [("Content-Type", "application/json")]
  static let ticket =
    #"{"id":"t1","number":{"series":"A","number":1},"serviceID":"ktp-el","#
    + #""serviceName":"KTP-el","lane":"general","date":"2026-11-20","issuedAt":1795215723641}"#

  static let hostile: [Hostile] = [
    Hostile(
      name: "no kiosk", method: .GET, path: "/v1/changes", described: "/v1/changes", status: 400),
    Hostile(
      name: "a kiosk that is none", method: .GET, path: "/v1/changes?kiosk=a%20b",
      described: "/v1/changes", status: 400),
    Hostile(
      name: "an old cursor", method: .GET, path: "/v1/changes?kiosk=k&since=x.1",
      described: "/v1/changes", status: 410),
    Hostile(
      name: "a path upwards", method: .GET, path: "/v1/documents/..%2F..%2Fetc",
      described: "/v1/documents/{id}", status: 400),
    Hostile(
      name: "no such document", method: .GET, path: "/v1/documents/none",
      described: "/v1/documents/{id}", status: 404),
    Hostile(
      name: "a form instead of JSON", path: "/v1/credentials/check",
      described: "/v1/credentials/check",
      headers: [("Content-Type", "application/x-www-form-urlencoded")], body: "a=b", status: 415),
    Hostile(
      name: "JSON cut short", path: "/v1/credentials/check", described: "/v1/credentials/check",
      body: "{", status: 422),
    Hostile(
      name: "a NIK instead of its key", path: "/v1/credentials/check",
      described: "/v1/credentials/check",
      body: #"{"nikKey":"9999991203900001","pinKey":"135790"}"#, status: 422),
    Hostile(
      name: "a body too large", path: "/v1/events", described: "/v1/events",
      headers: json + [("Idempotency-Key", "e1")], body: String(repeating: " ", count: 20_000),
      status: 413),
    Hostile(
      name: "no idempotency key", path: "/v1/tickets", described: "/v1/tickets", body: ticket,
      status: 400),
    Hostile(
      name: "another idempotency key", path: "/v1/tickets", described: "/v1/tickets",
      headers: json + [("Idempotency-Key", "t2")], body: ticket, status: 400),
    Hostile(
      name: "an event of no kind", path: "/v1/events", described: "/v1/events",
      headers: json + [("Idempotency-Key", "e1")],
      body: #"{"id":"e1","at":1795215723641,"kind":"party"}"#, status: 422),
  ]

  @Test("each is refused with its own status, in a problem document", arguments: hostile)
  func refused(request: Hostile) async throws {
    try await withServer { port in
      let answer = try await send(request, port: port, token: "token-untuk-pengujian")
      #expect(answer.status == request.status)
      let problem = try Wire.decode(Problem.self, from: answer.body)
      #expect(problem.status == request.status)
      #expect(answer.mediaType == DinasAPI.MediaType.problem)
      #expect(!problem.detail.contains("9999991203900001"))
      let described = try Self.describedStatuses(request.method, request.described)
      #expect(described.contains("\(request.status)"))
    }
  }

  @Test("without the token nothing is told, on any path")
  func unauthorized() async throws {
    try await withServer { port in
      for route in DinasResponder.routes {
        let path = route.path.replacing("{id}", with: "kk-budi")
        for token in [nil, "", "token-untuk-pengujiam"] {
          let request = Hostile(
            name: path, method: .init(rawValue: route.method), path: path, described: route.path,
            status: 401)
          let answer = try await send(request, port: port, token: token)
          #expect(answer.status == 401)
        }
        let described = try Self.describedStatuses(.init(rawValue: route.method), route.path)
        #expect(described.contains("401"))
      }
    }
  }

  @Test("unknown paths and methods are told apart")
  func unknown() async throws {
    try await withServer { port in
      for (method, path, status) in [
        (HTTPMethod.GET, "/v2/ping", 404), (.GET, "/", 404), (.DELETE, "/v1/tickets", 405),
        (.POST, "/v1/ping", 405), (.POST, "/v1/documents/kk-budi", 405),
      ] {
        let request = Hostile(
          name: path, method: method, path: path, described: path, status: status)
        let answer = try await send(request, port: port, token: "token-untuk-pengujian")
        #expect(answer.status == status)
      }
    }
  }

  @Test("the description has exactly the paths and methods that are served")
  func described() throws {
    let paths = try #require(try Self.description()["paths"] as? [String: Any])
    let described = Set(
      paths.flatMap { path, item in
        ((item as? [String: Any]) ?? [:]).keys.map { "\($0.uppercased()) \(path)" }
      })
    #expect(described == Set(DinasResponder.routes.map { "\($0.method) \($0.path)" }))
    for route in DinasResponder.routes {
      let statuses = try Self.describedStatuses(.init(rawValue: route.method), route.path)
      #expect(!statuses.isDisjoint(with: ["200", "201"]))
    }
  }

  @Test("the same request again gets the very same answer; another one with its key does not")
  func once() async throws {
    try await withServer { port in
      var request = Hostile(
        name: "ticket", path: "/v1/tickets", described: "/v1/tickets",
        headers: Self.json + [("Idempotency-Key", "t1")], body: Self.ticket, status: 201)
      let first = try await send(request, port: port, token: "token-untuk-pengujian")
      #expect(first.status == 201)
      let again = try await send(request, port: port, token: "token-untuk-pengujian")
      #expect(again.status == 201 && again.body == first.body)
      request.body = Self.ticket.replacing("general", with: "priority")
      let other = try await send(request, port: port, token: "token-untuk-pengujian")
      #expect(other.status == 409)
    }
  }

  // MARK: - Around the server

  struct Answer {
    var status: Int
    var body: [UInt8]
    var mediaType: String?
  }

  func send(_ hostile: Hostile, port: Int, token: String?) async throws -> Answer {
    var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)" + hostile.path)
    request.method = hostile.method
    for (name, value) in hostile.headers { request.headers.add(name: name, value: value) }
    if let token { request.headers.add(name: "Authorization", value: "Bearer " + token) }
    if hostile.method == .POST { request.body = .bytes(ByteBuffer(string: hostile.body)) }
    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
    let body = try await response.body.collect(upTo: 1 << 20)
    return Answer(
      status: Int(response.status.code), body: Array(body.readableBytesView),
      mediaType: response.headers.first(name: "Content-Type"))
  }

  func withServer(_ body: (Int) async throws -> Void) async throws {
    let now = Timestamp(seconds: 1_795_150_000)
    let office = try LoadedOffice(
      directory: DemonstrationTests.data, secret: try LookupSecret(file: Array(0..<32)), now: now)
    let server = ServerSwitch(
      responder: DinasResponder(
        dinas: Dinas(office: office, clock: { now }), faults: Faults(),
        token: Array("token-untuk-pengujian".utf8)), port: 0)
    try await server.turnOn()
    let result: Result<Void, any Error>
    do { result = .success(try await body(await server.port)) } catch {
      result = .failure(error)
    }
    await server.turnOff()
    try result.get()
  }

  static func description() throws -> [String: Any] {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Documentation/dinas-api.yaml")
    return try #require(
      try Yams.load(yaml: String(contentsOf: file, encoding: .utf8)) as? [String: Any])
  }

  static func describedStatuses(_ method: HTTPMethod, _ path: String) throws -> Set<String> {
    let item = (try description()["paths"] as? [String: Any])?[path] as? [String: Any]
    let operation = item?[method.rawValue.lowercased()] as? [String: Any]
    return Set((operation?["responses"] as? [String: Any] ?? [:]).keys)
  }
}
