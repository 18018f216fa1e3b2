import CLinux
import Foundation
import Glibc
import SensitiveMemory
import Testing
import VerifierClient

/// The real helper beside the tests, the corpus, and stand-ins for a helper that misbehaves.
enum Bench {
  static let helper = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "anjungan-verify").path

  static let corpus = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/tte-corpus")

  /// 2026-11-20 12:00 UTC, the clock of the corpus's default context.
  static let now: Int64 = 1_795_176_000

  static var settings: DocumentVerifier.Settings {
    var settings = DocumentVerifier.Settings(trust: corpus.appending(path: "trust").path)
    settings.revocationLists = corpus.appending(path: "crl/fresh").path
    settings.time = now
    return settings
  }

  static let kernelHasLandlock = {
    let rules = clinux_landlock_begin()
    if rules >= 0 { close(rules) }
    return rules >= 0
  }()

  static func document(_ name: String) -> String {
    corpus.appending(path: "cases/\(name).pdf").path
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: document(name))))
  }

  static func store(_ bytes: [UInt8], in vault: SecretVault) throws -> SecretHandle {
    try bytes.withUnsafeBytes { try vault.store($0) }
  }

  /// A committed script that stands in for a child. (Scripts written by a test may not be
  /// executable for a moment: another test's child can still hold them open for writing.)
  static func script(_ name: String) -> String {
    corpus.deletingLastPathComponent().appending(path: "helpers/" + name).path
  }
}
