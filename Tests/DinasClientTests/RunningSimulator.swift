import DinasClient
import DinasProtocol
import Foundation
import NIOSSL
import OfficeModel
import Ports
import Synchronization

@testable import dinas_simulator

/// The simulator itself, over real HTTP on loopback, with its parts at hand.
struct RunningSimulator: Sendable {
  static let token = Array("token-untuk-pengujian".utf8)
  static let data = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../kiosk-config/demonstration").standardized.path

  let secret: LookupSecret
  let dinas: Dinas
  let faults: Faults
  let server: ServerSwitch
  let clock: TestClock

  static func with<Value>(
    answerLimit: Duration = .seconds(10), token: [UInt8] = RunningSimulator.token,
    server serverTLS: TLSConfiguration? = nil, kiosk clientTLS: DinasClient.TLSFiles? = nil,
    _ body: (RunningSimulator, DinasClient) async throws -> Value
  ) async throws -> Value {
    let secret = try LookupSecret(file: Array(0..<32))
    let clock = TestClock()
    let office = try LoadedOffice(directory: data, secret: secret, now: clock.now)
    let dinas = Dinas(office: office, clock: { clock.now })
    let faults = Faults()
    let server = ServerSwitch(
      responder: DinasResponder(dinas: dinas, faults: faults, token: Self.token), port: 0,
      tls: serverTLS)
    try await server.turnOn()
    let address = try DinasAddress(
      "\(serverTLS == nil ? "http" : "https")://127.0.0.1:\(await server.port)",
      isDemonstration: true)
    let client = try DinasClient(
      .init(
        address: address, kiosk: "uji-1", token: token, tls: clientTLS, answerLimit: answerLimit))
    let simulator = RunningSimulator(
      secret: secret, dinas: dinas, faults: faults, server: server, clock: clock)
    let result: Result<Value, any Error>
    do { result = .success(try await body(simulator, client)) } catch {
      result = .failure(error)
    }
    await client.shutdown()
    await server.turnOff()
    return try result.get()
  }

  func nik(_ digits: String) -> LookupKey { LookupKey(value: secret.nik(Array(digits.utf8))) }

  func proof(_ nik: String, _ pin: String) -> CredentialProof {
    .pin(
      nik: self.nik(nik),
      proof: LookupKey(value: secret.pin(nik: Array(nik.utf8), pin: Array(pin.utf8))))
  }
}

final class TestClock: Sendable {
  private let time = Mutex(Timestamp(seconds: 1_795_150_000))
  var now: Timestamp { time.withLock { $0 } }
  func advance(by duration: Duration) { time.withLock { $0 = $0.adding(duration) } }
}

/// How a call failed; nil when it did not.
func failure(_ body: () async throws -> Void) async -> PortError? {
  do {
    try await body()
    return nil
  } catch {
    return error as? PortError
  }
}

func code(_ body: () async throws -> Void) async -> PortError.Code? {
  await failure(body)?.code
}
