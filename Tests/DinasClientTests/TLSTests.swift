import DinasClient
import Foundation
import NIOSSL
import Ports
import TestSupport
import Testing

@Suite("TLS with the Dinas' own roots")
struct TLSTests {
  /// Certificates made for one test by the openssl program, gone after it.
  struct Certificates {
    let folder = URL(filePath: "/tmp/tls-" + UUID().uuidString.prefix(8))
    func path(_ name: String) -> String { folder.path + "/" + name }

    init() async throws {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      for authority in ["ours", "other"] {
        try await openssl([
          "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
          "-keyout", path(authority + ".key"), "-out", path(authority + ".pem"), "-days", "30",
          "-subj", "/CN=\(authority)",
        ])
      }
      try await issue("server", by: "ours", name: "IP:127.0.0.1")
      try await issue("elsewhere", by: "ours", name: "DNS:dinas.example")
      try await issue("stranger", by: "other", name: "IP:127.0.0.1")
      try await issue("kiosk", by: "ours", name: "DNS:uji-1")
      try await issue("neighbour", by: "ours", name: "DNS:uji-2")
      try await issue("intruder", by: "other", name: "DNS:uji-1")
    }

    private func issue(_ who: String, by authority: String, name: String) async throws {
      try await openssl([
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
        "-keyout", path(who + ".key"), "-out", path(who + ".pem"), "-days", "30", "-subj",
        "/CN=\(who)", "-addext", "subjectAltName=\(name)", "-addext",
        "basicConstraints=critical,CA:FALSE", "-CA", path(authority + ".pem"), "-CAkey",
        path(authority + ".key"),
      ])
    }

    private func openssl(_ arguments: [String]) async throws {
      let status = try await LabProgram.offThePool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
      }
      try #require(status == 0)
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }
  }

  func ping(server who: String, kiosk: String) async throws -> PortError? {
    let files = try await Certificates()
    defer { files.remove() }
    var tls = TLSConfiguration.makeServerConfiguration(
      certificateChain: try NIOSSLCertificate.fromPEMFile(files.path(who + ".pem")).map {
        .certificate($0)
      },
      privateKey: .privateKey(
        try NIOSSLPrivateKey(file: files.path(who + ".key"), format: .pem)))
    tls.certificateVerification = .noHostnameVerification
    tls.trustRoots = .certificates(
      try NIOSSLCertificate.fromPEMFile(files.path("ours.pem")))
    let pong = HostileServerTests.answer(body: HostileServerTests.pong)
    return try await RawServer.with(.bytes(pong), tls: tls) { server in
      let client = try DinasClient(
        .init(
          address: DinasAddress("https://127.0.0.1:\(server.port)", isDemonstration: false),
          kiosk: "uji-1", token: RunningSimulator.token,
          tls: .init(
            roots: files.path("ours.pem"), certificate: files.path(kiosk + ".pem"),
            key: files.path(kiosk + ".key")), answerLimit: .seconds(5)))
      let error = await failure { try await client.ping() }
      await client.shutdown()
      return error
    }
  }

  @Test("a kiosk and a Dinas that know each other talk")
  func good() async throws {
    let error = try await ping(server: "server", kiosk: "kiosk")
    #expect(error == nil)
  }

  @Test(
    "a server of another root, or of another name, gets no token",
    arguments: ["stranger", "elsewhere"])
  func wrongServer(who: String) async throws {
    let error = try await ping(server: who, kiosk: "kiosk")
    #expect(error?.code == .unreachable)
    #expect(error?.detail.hasPrefix("TLS") == true)
  }

  @Test("a kiosk of another root is turned away")
  func wrongKiosk() async throws {
    let error = try await ping(server: "server", kiosk: "intruder")
    #expect(error?.code == .unreachable)
  }
}
