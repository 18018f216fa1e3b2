import Foundation
import OfficeModel
import Ports
import SensitiveMemory
import TestSupport
import Testing

@testable import ScannerReading

/// What a recorded stream of the kernel's records comes to; the scanner is the laboratory's.
@Suite("Scanners that type", .serialized, .timeLimit(.minutes(2))) struct ScannerReaderTests {
  private let code = "CONTOH-ADM-5Qx7M2kd/9?w=~\"{}|"

  @Test("a code comes out as it was scanned, ended by Enter or Tab, with caps lock or without")
  func scan() async throws {
    try await withScanner { lab, rig in
      for (index, way) in ["scan", "tab", "caps", "repeat"].enumerated() {
        try await lab.tell("\(way) \(code)")
        try await eventually("a scan by \(way)") { rig.scans.count == index + 1 }
        #expect(rig.scans.last == code)
        // Sooner than this would be too often.
        try await Task.sleep(for: .milliseconds(550))
      }
      #expect(rig.losses == [])
      #expect(rig.vault.population == 0)
    }
  }

  @Test("a scanner without a suffix is set so; half a code goes where one is expected")
  func suffix() async throws {
    try await withScanner(endsWithSilence: true) { lab, rig in
      try await lab.tell("bare \(code)")
      try await eventually("a scan") { rig.scans == [code] }
    }
    try await withScanner { lab, rig in
      try await lab.tell("half \(code)")
      try await eventually("half a scan goes") { rig.losses == ["cut-off"] }
      #expect(rig.scans == [] && rig.vault.population == 0)
    }
  }

  @Test(
    "nothing comes of a hand, lost events, a chord or too much of it; the next scan is good",
    arguments: [
      ("type 12345678", "by-hand"), ("drop CONTOH-ADM-5QX7M2KD9WTR", "events-lost"),
      ("chord CONTOH-ADM-5QX7M2KD9WTR", "foreign-key"), ("long 600", "too-long"),
    ])
  func thrownAway(command: String, reason: String) async throws {
    try await withScanner { lab, rig in
      try await lab.tell(command)
      try await eventually("it is thrown away") { !rig.losses.isEmpty }
      try await Task.sleep(for: .milliseconds(700))
      #expect(rig.losses == [reason])
      #expect(rig.scans == [] && rig.vault.population == 0)
      try await lab.tell("scan \(code)")
      try await eventually("the next scan") { rig.scans == [code] }
    }
  }

  @Test("of ten scans at once one is taken; that the others are not is told once")
  func tooOften() async throws {
    try await withScanner { lab, rig in
      try await lab.tell("burst 10 12345678")
      try await eventually("the others are thrown away") { !rig.losses.isEmpty }
      // Sooner than this would be too often.
      try await Task.sleep(for: .milliseconds(550))
      try await lab.tell("scan \(code)")
      // Whatever came of the burst came before.
      try await eventually("a scan after them") { rig.scans.last == code }
      #expect(rig.scans == ["12345678", code])
      #expect(rig.losses == ["too-often"])
      #expect(rig.vault.population == 0)
    }
  }

  @Test("garbage makes no scan, and the scanner goes on")
  func garbage() async throws {
    try await withScanner { lab, rig in
      for _ in 0..<5 { try await lab.tell("garbage") }
      try await Task.sleep(for: .milliseconds(700))
      #expect(rig.scans == [])
      // The five bytes of each round stand between the records, so the pipe begins anew.
      try await lab.tell("unplug")
      try await eventually("it is gone") { rig.state == .absent }
      try await lab.tell("plug")
      try await eventually("it is back") { rig.state == .ready }
      try await lab.tell("scan \(code)")
      try await eventually("a scan") { rig.scans == [code] }
    }
  }

  @Test("pulled out in the middle of a code and plugged in again: at once, and nothing half")
  func unplugged() async throws {
    try await withScanner { lab, rig in
      try await lab.tell("bare CONTOH-ADM")
      try await lab.tell("unplug")
      try await eventually("it is gone") { rig.state == .absent }
      #expect(rig.vault.population == 0)
      let plugged = ContinuousClock.now
      try await lab.tell("plug")
      try await eventually("it is back") { rig.state == .ready }
      // By inotify, not by the search that comes every five seconds.
      #expect(ContinuousClock.now - plugged < .seconds(3))
      try await lab.tell("scan \(code)")
      try await eventually("a scan") { rig.scans == [code] }
    }
  }

  @Test("held by another program: told, and taken when that lets go")
  func busy() async throws {
    try await withLab("virtual-scanner") { lab in
      try await lab.tell("hold")
      let rig = ScannerRig(.path(try #require(lab.values["DEVICE"])))
      rig.start()
      defer { rig.stop() }
      try await eventually("it is busy") { rig.state == .busy }
      let report = try #require(ScannerReader.reports([rig.scanner], acceptsPipes: true).first)
      #expect(report.state == "busy" && report.advice != nil)
      try await lab.tell("scan \(code)")
      #expect(rig.scans == [])
      try await lab.tell("let-go")
      try await eventually("it is ours", within: .seconds(30)) { rig.state == .ready }
    }
  }

  @Test("doctor takes a scanner for a moment and reads nothing of it; a kiosk's it finds busy")
  func report() async throws {
    try await withScanner { lab, rig in
      let report = try #require(ScannerReader.reports([rig.scanner], acceptsPipes: true).first)
      #expect(report.state == "busy" && report.found)
      rig.stop()
      try await eventually("the reader lets go") {
        ScannerReader.reports([rig.scanner], acceptsPipes: true).first?.state == "ready"
      }
      try await lab.tell("unplug")
      let gone = try #require(ScannerReader.reports([rig.scanner], acceptsPipes: true).first)
      #expect(gone.state == "absent" && !gone.found && gone.advice != nil)
    }
  }

  @Test("a scan that nobody takes over is wiped, and no event holds anything of one")
  func refused() async throws {
    try await withScanner { lab, rig in
      rig.refuse()
      try await lab.tell("scan \(code)")
      try await lab.tell("type 987654")
      try await eventually("both are over") { rig.losses == ["by-hand"] }
      #expect(rig.vault.population == 0)
      #expect(!rig.words.contains("CONTOH") && !rig.words.contains("987654"))
    }
  }

  @Test("no pipe, file or folder passes for a device outside of a demonstration")
  func noDevice() async throws {
    try await withLab("virtual-scanner") { lab in
      for path in [lab.values["DEVICE"] ?? "", "/etc/hostname", "/tmp", "/dev/null"] {
        let scanner = TypingScanner(label: "uji", sign: .path(path))
        let report = try #require(ScannerReader.reports([scanner]).first)
        #expect(report.state == "unusable", "\(path)")
        #expect(report.advice != nil)
      }
    }
  }

  @Test("the kernel's refusals in words for staff")
  func refusals() {
    #expect(EventDevice.Refusal(errno: EACCES).state == .notPermitted)
    #expect(EventDevice.Refusal(errno: EBUSY).state == .busy)
    #expect(EventDevice.Refusal(errno: ENODEV).state == .absent)
    #expect(EventDevice.Refusal(errno: EIO).state == .unusable)
    for state in ScannerState.allCases { #expect((state.advice == nil) == (state == .ready)) }
  }

  @Test("while its scanner is there the thread never wakes")
  func asleep() async throws {
    let others = Set(try Self.threads())
    try await withScanner { _, rig in
      let mine = try #require(try Self.threads().first { !others.contains($0) })
      func sleeps() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/task/\(mine)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("voluntary_ctxt") }
        return try #require(Int(line?.split(separator: "\t").last ?? ""))
      }
      let before = try sleeps()
      try await Task.sleep(for: .seconds(6))
      #expect(try sleeps() == before)
      #expect(rig.state == .ready)
    }
  }

  private static func threads() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").filter {
      (try? String(contentsOfFile: "/proc/self/task/\($0)/comm", encoding: .utf8)) == "scanners\n"
    }
  }
}

/// With a keyboard of the kernel's own. A machine without uinput says that it was not tried.
@Suite(
  "Scanners of the kernel", .timeLimit(.minutes(2)),
  .enabled(
    if: access("/dev/uinput", R_OK | W_OK) == 0, "this machine has no /dev/uinput to be written"))
struct KernelScannerTests {
  @Test("a virtual keyboard is found by its name, grabbed, read, refused to others, and unplugged")
  func keyboard() async throws {
    let name = "Anjungan Uji \(UUID().uuidString.prefix(8))"
    let arguments: @Sendable (String, String) -> [String] = {
      ["--uinput", "--name", name, "--dir", $0, "--control", $1]
    }
    try await withLab("virtual-scanner", arguments: arguments) { lab in
      let rig = ScannerRig(.name(name))
      rig.start()
      defer { rig.stop() }
      try await eventually("it is taken") { rig.state == .ready }
      try await lab.tell("scan CONTOH-ADM-5Qx7M2kd")
      try await eventually("a scan") { rig.scans == ["CONTOH-ADM-5Qx7M2kd"] }
      #expect(ScannerReader.reports([rig.scanner]).first?.state == "busy")
      try await lab.tell("unplug")
      try await eventually("it is gone") { rig.state == .absent }
      try await lab.tell("plug")
      try await eventually("it is back") { rig.state == .ready }
    }
  }
}
