import Foundation
import OfficeModel
import Ports
import SensitiveMemory
import Synchronization
import TestSupport

@testable import ScannerReading

/// A reader on a scanner of the laboratory, and everything that came out of it.
final class ScannerRig: Sendable {
  private struct Seen {
    var scans: [String] = []
    var states: [ScannerState] = []
    var events: [KioskEvent] = []
    var takes = true
  }

  let vault = SecretVault()
  let scanner: TypingScanner
  private let seen = Mutex(Seen())
  private let reader = Mutex<ScannerReader?>(nil)

  init(_ sign: TypingScanner.Sign, endsWithSilence: Bool = false) {
    scanner = TypingScanner(label: "uji", sign: sign, endsWithSilence: endsWithSilence)
  }

  func start() {
    let made = ScannerReader(
      [scanner], vault: vault, acceptsPipes: true,
      events: EventPort { event in self.seen.withLock { $0.events.append(event) } },
      outlets: .init(
        scanned: { payload in self.take(payload) },
        changed: { _, state in self.seen.withLock { $0.states.append(state) } }))
    reader.withLock { $0 = made }
  }

  func stop() { reader.withLock { $0?.stop() } }

  private func take(_ payload: SecretHandle) -> Bool {
    guard seen.withLock({ $0.takes }) else { return false }
    let text = unsafe vault.withBytes(of: payload) {
      unsafe String(decoding: $0, as: UTF8.self)
    }
    vault.wipe(payload)
    seen.withLock { $0.scans.append(text ?? "") }
    return true
  }

  /// From now on nobody takes a scan over.
  func refuse() { seen.withLock { $0.takes = false } }

  var scans: [String] { seen.withLock { $0.scans } }
  var state: ScannerState? { seen.withLock { $0.states.last } }
  var losses: [String] {
    seen.withLock { $0.events.filter { $0.name == "scanner.thrown-away" } }
      .compactMap { $0.fields["reason"] }
  }
  var words: String { seen.withLock { "\($0.events)" } }
}

/// Starts a scanner and a reader on it, and waits until it is taken.
func withScanner(
  endsWithSilence: Bool = false, _ body: (LabProgram, ScannerRig) async throws -> Void
) async throws {
  try await withLab("virtual-scanner") { lab in
    let rig = ScannerRig(.path(lab.values["DEVICE"] ?? ""), endsWithSilence: endsWithSilence)
    rig.start()
    defer { rig.stop() }
    try await eventually("the scanner is taken") { rig.state == .ready }
    try await body(lab, rig)
  }
}
