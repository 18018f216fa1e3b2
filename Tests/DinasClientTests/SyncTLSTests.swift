import DinasClient
import Foundation
import Journey
import NIOSSL
import OfficeModel
import Ports
import TestSupport
import Testing
import VerifierClient

@testable import dinas_simulator

@Suite("Sync over TLS, and revoked certificates", .timeLimit(.minutes(2)))
struct SyncTLSTests {
  private func withTLS(
    server: String, kiosk: String, _ body: (SyncRig) async throws -> Void
  ) async throws {
    let files = try await TLSTests.Certificates()
    defer { files.remove() }
    try await RunningSimulator.with(
      server: ServerCertificate.configuration(
        certificate: files.path(server + ".pem"), key: files.path(server + ".key"),
        roots: files.path("ours.pem")),
      kiosk: .init(
        roots: files.path("ours.pem"), certificate: files.path(kiosk + ".pem"),
        key: files.path(kiosk + ".key"))
    ) { simulator, client in
      try await body(try SyncRig(simulator, client))
    }
  }

  @Test("a kiosk and a Dinas that know each other sync")
  func good() async throws {
    try await withTLS(server: "server", kiosk: "kiosk") { rig in
      try await rig.whileServing { try await rig.passTime { try await rig.agrees() } }
    }
  }

  @Test(
    "nothing is taken from a Dinas of another root or name, and none lets a strange kiosk in",
    arguments: [("stranger", "kiosk"), ("elsewhere", "kiosk"), ("server", "intruder")])
  func wrong(server: String, kiosk: String) async throws {
    try await withTLS(server: server, kiosk: kiosk) { rig in
      try await rig.whileServing {
        _ = await rig.told.first { $0 == .facts(.server(reachable: false)) }
      }
      #expect(try await rig.cursor == nil)
      #expect(rig.parts.events.all.contains { $0.name == "sync.failed" })
    }
  }

  @Test("a kiosk is not answered under a name that its certificate does not give it")
  func anotherName() async throws {
    let files = try await TLSTests.Certificates()
    defer { files.remove() }
    for (who, expected) in [("kiosk", nil), ("neighbour", PortError.Code.unauthorized)] {
      try await RunningSimulator.with(
        server: ServerCertificate.configuration(
          certificate: files.path("server.pem"), key: files.path("server.key"),
          roots: files.path("ours.pem")),
        kiosk: .init(
          roots: files.path("ours.pem"), certificate: files.path(who + ".pem"),
          key: files.path(who + ".key"))
      ) { simulator, client in
        let port = client.port()
        let now = simulator.clock.now
        #expect(await code { _ = try await port.fetchChanges(nil) } == expected)
        #expect(await code { _ = try await port.leasePrint("kk-budi", "l1") } == expected)
        let request = NumberRequest(
          TicketDraft(
            id: "r1", serviceID: "ktp-el", serviceName: "KTP-el", lane: .general,
            date: LocalTime(now, in: .wita).date, issuedAt: now), run: "uji")
        #expect(await code { _ = try await port.nextNumber(request) } == expected)
        #expect(await simulator.dinas.received.tickets.count == (expected == nil ? 1 : 0))
      }
    }
  }

  @Test("the dates of the kiosk's certificate and of the roots are told")
  func dates() async throws {
    let files = try await TLSTests.Certificates()
    defer { files.remove() }
    let dates = try DinasClient.TLSFiles(
      roots: files.path("ours.pem"), certificate: files.path("kiosk.pem"),
      key: files.path("kiosk.key")
    ).dates()
    #expect(dates.map(\.role) == [.kiosk, .dinasRoot])
    let inAMonth = Timestamp(seconds: Int64(Date.now.timeIntervalSince1970)).adding(
      .seconds(30 * 86_400))
    for date in dates {
      #expect(abs(date.validUntil.since(inAMonth).wholeMilliseconds) < 600_000)
    }
  }

  // MARK: Revocation lists

  private static let lists = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../Fixtures/list-cases").standardized.path
  private static let helper = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "anjungan-verify").path

  @Test("an offered list is judged by the verifier: a newer one is taken, an older one never")
  func revocation() async throws {
    let folder = try TemporaryFolder()
    for part in ["roots", "issuers"] {
      let place = folder.path + "/" + part
      try FileManager.default.createDirectory(
        atPath: place, withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        atPath: Self.lists + "/authority.pem", toPath: place + "/authority.pem")
    }
    var settings = DocumentVerifier.Settings(trust: folder.path)
    settings.time = 1_795_176_000
    let tool = TrustTool(helper: Self.helper, settings: settings)
    let lists = try #require(RevocationListImport(helper: Self.helper, settings: settings))
    func number() async throws -> [String?] {
      try #require(await tool.report()).lists.map(\.number)
    }
    try await RunningSimulator.with { simulator, client in
      let rig = try SyncRig(simulator, client, revocations: lists.port)
      func offer(_ name: String, until event: String, _ count: Int) async throws {
        let bytes = try readFile("\(Self.lists)/\(name).crl", limit: 1 << 20)
        await simulator.dinas.offer(bytes, as: "uji")
        try await rig.passTime { rig.parts.events.all.count { $0.name == event } == count }
      }
      try await rig.whileServing {
        try await offer("number-5", until: "revocation.in-place", 1)
        #expect(try await number() == ["5"])
        try await offer("number-6", until: "revocation.in-place", 2)
        #expect(try await number() == ["6"])
        try await offer("number-5", until: "revocation.refused", 1)
        try await offer("foreign", until: "revocation.refused", 2)
        #expect(try await number() == ["6"])
        try await rig.passTime { try await rig.port.cache.missingLists().isEmpty }
      }
      let reasons = rig.parts.events.all.filter { $0.name == "revocation.refused" }.map {
        $0.fields["reason"]
      }
      #expect(reasons.first == "list_older")
    }
  }
}
