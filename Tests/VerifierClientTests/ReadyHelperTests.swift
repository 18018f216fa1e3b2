import CLinux
import Foundation
import Glibc
import OfficeModel
import SensitiveMemory
import Testing

@testable import VerifierClient

@Suite("The helper that waits")
struct ReadyHelperTests {
  private let verifier = DocumentVerifier(helper: Bench.helper, settings: Bench.settings)

  private func verify(
    _ name: String, by verifier: DocumentVerifier, vault: SecretVault = SecretVault()
  ) async throws -> VerificationReport {
    await verifier.verify(try Bench.store(try Bench.bytes(name), in: vault), of: vault)
  }

  /// Whether the kernel still knows the process, be it as a zombie.
  private func exists(_ process: pid_t) -> Bool { kill(process, 0) == 0 }

  @Test("a helper judges one document, is gone without a trace, and another one waits")
  func usedOnce() async throws {
    verifier.ready.replenish()
    let first = try #require(verifier.ready.waitingProcess)
    #expect(try await verify("v-blt-ocsp", by: verifier).verdict == .valid)
    #expect(!exists(first))
    verifier.ready.replenish()
    let second = try #require(verifier.ready.waitingProcess)
    #expect(second != first)
    #expect(try await verify("isa-content", by: verifier).verdict == .invalid)
    #expect(!exists(second))
  }

  @Test("a document goes to the helper that waits, not to a new one")
  func isUsed() async throws {
    verifier.ready.replenish()
    let waiting = try #require(verifier.ready.waitingProcess)
    verifier.ready.replenish()
    #expect(verifier.ready.waitingProcess == waiting)
    kill(waiting, SIGSTOP)
    // The one that waits holds the document, so its time runs out.
    let hasty = DocumentVerifier(ready: verifier.ready, wallLimit: .milliseconds(200))
    #expect(try await verify("v-pss", by: hasty).reason == "helper_timeout")
    #expect(!exists(waiting))
  }

  @Test("a revocation list that comes while a helper waits counts for the next document")
  func newList() async throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "ready-helper-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var settings = Bench.settings
    settings.revocationLists = folder.path
    settings.policy = ["unknown_revocation=warn"]
    let verifier = DocumentVerifier(helper: Bench.helper, settings: settings)
    #expect(try await verify("revoked-no-timestamp", by: verifier).verdict == .valid)
    verifier.ready.replenish()
    let waiting = try #require(verifier.ready.waitingProcess)
    try FileManager.default.copyItem(
      at: Bench.corpus.appending(path: "crl/fresh/bsre.crl"),
      to: folder.appending(path: "bsre.crl"))
    #expect(try await verify("revoked-no-timestamp", by: verifier).reason == "revoked")
    #expect(!exists(waiting))
  }

  @Test("a helper that was killed while it waited is replaced")
  func killedWhileWaiting() async throws {
    verifier.ready.replenish()
    let waiting = try #require(verifier.ready.waitingProcess)
    kill(waiting, SIGKILL)
    // Until it is dead, without taking it away from the verifier.
    var information = siginfo_t()
    #expect(waitid(P_PID, id_t(waiting), &information, WEXITED | WNOWAIT) == 0)
    #expect(try await verify("v-pss", by: verifier).verdict == .valid)
    #expect(!exists(waiting))
  }

  @Test("a helper ends by itself, and quietly, when the one it waits for is gone")
  func clientGone() throws {
    var ends: [Int32] = [-1, -1]
    #expect(
      socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0)
    var child = try RunningChild(
      path: Bench.helper, arguments: Bench.settings.arguments, input: ends[1])
    close(ends[1])
    // A second one must not hold the first one's line open.
    let other = try WaitingHelper(helper: Bench.helper, settings: Bench.settings)
    #expect(exists(other.process))
    close(ends[0])
    var output = 0
    let ending = child.collect(within: .seconds(8), outputLimitBytes: 1000) { piece in
      output += piece.count
      return true
    }
    #expect(ending == .exited(0))
    #expect(output == 0)
    #expect(exists(other.process))
  }

  @Test("a verifier that is let go of takes its helper along")
  func letGo() throws {
    var verifier: DocumentVerifier? = DocumentVerifier(
      helper: Bench.helper, settings: Bench.settings)
    verifier?.ready.replenish()
    let waiting = try #require(verifier?.ready.waitingProcess)
    verifier = nil
    #expect(!exists(waiting))
  }

  @Test("a document that somebody could still change is refused unread")
  func unsealed() throws {
    let bytes = try Bench.bytes("v-pss")
    let open = clinux_memfd("open")
    defer { close(open) }
    #expect(write(open, bytes, bytes.count) == bytes.count)
    guard let sealed = SealedDocument(bytes) else {
      Issue.record("no memory file")
      return
    }
    for (descriptor, reason) in [(open, "unreadable"), (sealed.descriptor, "ok")] {
      var helper = try WaitingHelper(helper: Bench.helper, settings: Bench.settings)
      let isTaken = helper.handOver(descriptor)
      #expect(isTaken)
      let (ending, answer) = helper.collect(within: .seconds(8))
      #expect(ending == .exited(0))
      #expect(
        HelperAnswer.report(from: answer, documentBytes: bytes.count)?.reason == reason)
    }
  }

  @Test(
    "a helper that goes wrong once it has the document is a refusal that names it",
    arguments: [
      ("crash-on-document", "helper_crashed"), ("hang", "helper_timeout"),
      ("hang-silently", "helper_timeout"), ("crash", "helper_crashed"),
      ("exit-78", "trust_unusable"), ("half-answer", "helper_malformed"),
      ("/nonexistent", "helper_unavailable"),
    ])
  func misbehaving(_ script: String, _ reason: String) async throws {
    let path = script.hasPrefix("/") ? script : Bench.script(script)
    let verifier = DocumentVerifier(
      helper: path, settings: Bench.settings,
      wallLimit: reason == "helper_timeout" ? .milliseconds(300) : .seconds(8))
    for _ in 0..<2 {
      // The first time nobody waits yet.
      let report = try await verify("v-pss", by: verifier)
      #expect(report == VerificationReport(verdict: .refuse, reason: reason))
      verifier.ready.replenish()
    }
  }

  @Test("documents that come at once are all judged")
  func atOnce() async throws {
    verifier.ready.replenish()
    let names = ["v-blt-ocsp", "isa-content", "v-pss", "v-blta", "v-bt-rsa2048", "v-two-lt"]
    let verdicts = try await withThrowingTaskGroup(of: (String, SignatureVerdict).self) { group in
      for name in names {
        group.addTask { (name, try await verify(name, by: verifier).verdict) }
      }
      return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    for name in names {
      #expect(verdicts[name] == (name == "isa-content" ? .invalid : .valid), "\(name)")
    }
  }

  @Test("a change of any trust file changes the marks, and nothing else does")
  func marks() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "trust-marks-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    for part in ["roots", "issuers", "crl"] {
      try FileManager.default.createDirectory(
        at: folder.appending(path: part), withIntermediateDirectories: true)
      try Data("a".utf8).write(to: folder.appending(path: part + "/one.pem"))
    }
    let settings = DocumentVerifier.Settings(trust: folder.path)
    func marks() -> TrustMarks { TrustMarks(helper: Bench.helper, settings: settings) }
    var before = marks()
    #expect(marks() == before)
    for name in ["roots/one.pem", "issuers/two.pem", "crl/one.pem", "policy"] {
      try Data("bb".utf8).write(to: folder.appending(path: name))
      #expect(marks() != before, "\(name)")
      before = marks()
    }
    try FileManager.default.removeItem(at: folder.appending(path: "crl/one.pem"))
    #expect(marks() != before)
  }
}
