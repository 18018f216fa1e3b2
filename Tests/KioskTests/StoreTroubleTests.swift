import Foundation
import TestSupport
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// The real program on a store that does not open, on a glass that is laid out but not drawn.
@Suite("A kiosk whose store does not open", .serialized, .timeLimit(.minutes(3)))
struct StoreTroubleTests {
  private typealias Kiosk = ColdBootTests.Kiosk

  private struct Health: Decodable {
    struct Reason: Decodable {
      var code: String
      var advice: String
    }
    var verdict: String
    var reasons: [Reason]
  }

  private func folder() throws -> String {
    let folder = "/tmp/trouble-" + UUID().uuidString.prefix(8)
    try FileManager.default.createDirectory(
      atPath: folder + "/store", withIntermediateDirectories: true)
    return folder
  }

  private func health(_ kiosk: Kiosk) async throws -> Health {
    let url = try #require(URL(string: "http://127.0.0.1:\(kiosk.health)/health"))
    var report: Health?
    // The first frame does not wait for the health server.
    try await eventually("a health report", within: ColdBootTests.patience) {
      let said = try? await URLSession.shared.data(from: url).0
      report = said.flatMap { try? JSONDecoder().decode(Health.self, from: $0) }
      return report != nil
    }
    return try #require(report)
  }

  @Test("a damaged one: out of service on the glass, the reason in the health report")
  func damaged() async throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/store/anjungan.sqlite"
    let damaged = Data(repeating: 0xA5, count: 8192)
    try damaged.write(to: URL(filePath: path))
    let kiosk = try Kiosk(folder: folder, port: ColdBootTests.Hole(isListening: false).port)
    defer { kiosk.end() }
    try await eventually("out of service", within: ColdBootTests.patience) {
      try kiosk.scene().screen == "outOfService"
    }
    let health = try await health(kiosk)
    #expect(health.verdict == "failing")
    let reason = health.reasons.first { $0.code == "storage.damaged" }
    #expect(reason?.advice.contains("Nothing was deleted") == true)
    #expect(try Data(contentsOf: URL(filePath: path)) == damaged)
  }

  @Test("a damaged one: the document of the last citizen does not come out of the printer")
  func damagedAndLeft() async throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data(repeating: 0xA5, count: 8192)
      .write(to: URL(filePath: folder + "/store/anjungan.sqlite"))
    try await withLab("virtual-ipp-printer") { lab in
      struct Job: Decodable, Sendable {
        var name: String
        var state: String
      }
      try await lab.tell("reasons media-empty")
      let (port, uri) = (try #require(lab.values["PORT"]), try #require(lab.values["URI"]))
      // What a kiosk left there before its power went, and a job of somebody at a desk.
      for name in [String(repeating: "0a", count: 16), "daftar-hadir"] {
        let said = try await LabProgram.output(
          of: "/usr/bin/python3",
          [
            "-c",
            """
            import sys
            sys.path.insert(0, sys.argv[1])
            import ippcode as ipp
            print(ipp.call("127.0.0.1", int(sys.argv[2]), "/ipp/print", 2, {
                "requesting-user-name": ipp.name("uji"), "job-name": ipp.name(sys.argv[3]),
                "document-format": ipp.mime("application/pdf")}, b"%PDF-1.4 /Type /Page")[0])
            """, LabProgram.laboratory, port, name,
          ])
        #expect(said == "0\n")
      }
      let kiosk = try Kiosk(
        folder: folder, port: ColdBootTests.Hole(isListening: false).port, printer: uri)
      defer { kiosk.end() }
      try await eventually("the left job is cancelled", within: ColdBootTests.patience) {
        try await lab.ask("jobs", as: [Job].self).first?.state == "canceled"
      }
      let other = try #require(try await lab.ask("jobs", as: [Job].self).last)
      #expect(other.name == "daftar-hadir" && other.state != "canceled")
    }
  }

  @Test("one that cannot be written: what needs no store works, and the reason is told")
  func notWritable() async throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // A file system that takes no folder of anybody.
    let kiosk = try Kiosk(
      folder: folder, port: ColdBootTests.Hole(isListening: false).port,
      store: "/sys/anjungan-uji")
    defer { kiosk.end() }
    try await eventually("the first frame", within: ColdBootTests.patience) {
      try kiosk.scene().screen == "attract"
    }
    for (control, screen) in [("start", "home"), ("requirements", "serviceList")] {
      try await kiosk.touch(control)
      try await eventually("\(screen) after \(control)", within: ColdBootTests.patience) {
        try kiosk.scene().screen == screen
      }
    }
    let health = try await health(kiosk)
    #expect(health.reasons.first { $0.code == "storage.not-writable" }?.advice.isEmpty == false)
    #expect(!health.reasons.contains { $0.code == "kiosk.out-of-service" })
  }

  @Test("one whose disk comes later: the kiosk goes on with it by itself")
  func late() async throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let disk = folder + "/disk"
    try Data().write(to: URL(filePath: disk))
    let kiosk = try Kiosk(
      folder: folder, port: ColdBootTests.Hole(isListening: false).port, store: disk + "/store")
    defer { kiosk.end() }
    try await eventually("the first frame", within: ColdBootTests.patience) {
      try kiosk.scene().screen == "attract"
    }
    // The health report comes up beside the glass.
    try await eventually("the reason", within: ColdBootTests.patience) {
      (try? await health(kiosk))?.reasons.contains { $0.code == "storage.not-opened" } == true
    }
    try FileManager.default.removeItem(atPath: disk)
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: false)
    try await eventually("the store", within: ColdBootTests.patience) {
      try await !health(kiosk).reasons.contains { $0.code.hasPrefix("storage.") }
    }
    #expect(FileManager.default.fileExists(atPath: disk + "/store/anjungan.sqlite"))
  }
}
