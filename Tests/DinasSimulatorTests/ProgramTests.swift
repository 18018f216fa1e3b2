import AsyncHTTPClient
import DinasProtocol
import Foundation
import NIOCore
import NIOHTTP1
import OfficeModel
import TestSupport
import Testing

@testable import dinas_simulator

@Suite("The simulator as a program")
struct ProgramTests {
  static let token = "token-untuk-pengujian"

  struct Status: Decodable, Sendable {
    var online: Bool
    var slowMilliseconds: Int
    var tickets: [IssuedTicket]
    var events: [KioskReport]
  }

  /// Beside the test's own executable, where the build puts it.
  static var executable: String {
    URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appending(path: "dinas-simulator").path
  }

  func start(folder: URL? = nil) async throws -> LabProgram {
    try await LabProgram.start(
      "dinas-simulator", executable: Self.executable, folder: folder
    ) { folder, control in
      let key = folder + "/key"
      let token = folder + "/token"
      _ = FileManager.default.createFile(atPath: key, contents: Data((0..<32).map { UInt8($0) }))
      _ = FileManager.default.createFile(atPath: token, contents: Data((Self.token + "\n").utf8))
      return [
        "--data", DemonstrationTests.data, "--lookup-key", key, "--token", token,
        "--control", control, "--state", folder + "/state.json",
      ]
    }
  }

  func status(
    _ port: String?, path: String = "/v1/ping", body: String? = nil,
    limit: TimeAmount = .seconds(10)
  ) async throws -> Int {
    var request = HTTPClientRequest(url: "http://127.0.0.1:\(port ?? "0")" + path)
    request.headers.add(name: "Authorization", value: "Bearer " + Self.token)
    if let body {
      request.method = .POST
      request.headers.add(name: "Content-Type", value: "application/json")
      request.headers.add(name: "Idempotency-Key", value: "e1")
      request.body = .bytes(ByteBuffer(string: body))
    }
    let response = try await HTTPClient.shared.execute(request, timeout: limit)
    _ = try await response.body.collect(upTo: 1 << 20)
    return Int(response.status.code)
  }

  @Test("it announces its port, obeys its control socket and ends on request")
  func control() async throws {
    let program = try await start()
    let port = program.values["PORT"]
    #expect(try await status(port) == 200)
    try await program.tell("slow 1")
    #expect(try await program.ask("status", as: Status.self).slowMilliseconds == 1)
    try await program.tell("offline")
    // The shared client would go on trying to connect until its limit.
    await #expect(throws: (any Error).self) {
      try await status(port, limit: .milliseconds(300))
    }
    #expect(try await program.ask("status", as: Status.self).online == false)
    try await program.tell("online")
    #expect(try await status(port) == 200)
    try await program.tell("call A-099 Loket 2")
    try await program.tell("applications 600")
    for wrong in [
      "", "slow", "slow -1", "slow 99999999", "dance", "fault storm 1", "call A-1",
      "applications 0",
    ] {
      await #expect(throws: LabProgram.Failure.self) { try await program.tell(wrong) }
    }
    try await program.tell("quit")
    await program.stop()
  }

  @Test("what was received is still known after a start with the same state file")
  func state() async throws {
    let folder = URL(filePath: "/tmp/lab-state-" + UUID().uuidString.prefix(8))
    defer { try? FileManager.default.removeItem(at: folder) }
    let event = #"{"id":"e1","kind":"survey","at":1795215723641,"score":4}"#
    let first = try await start(folder: folder)
    #expect(
      try await status(first.values["PORT"], path: DinasAPI.Path.events, body: event) == 201)
    await first.stop()
    let second = try await start(folder: folder)
    let status = try await second.ask("status", as: Status.self)
    #expect(status.events.map(\.id) == ["e1"])
    #expect(
      try await self.status(second.values["PORT"], path: DinasAPI.Path.events, body: event)
        == 201)
    #expect(try await second.ask("status", as: Status.self).events.count == 1)
    try await second.tell("clear")
    #expect(try await second.ask("status", as: Status.self).events.isEmpty)
    await second.stop()
  }
}
