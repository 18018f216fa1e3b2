import Foundation
import OfficeModel
import Synchronization
import TestSupport
import Testing

@testable import VerifierClient

@Suite("The verify command")
struct VerifyCommandTests {
  private func outcomes(_ names: [String]) -> [VerifyCommandRunner.Outcome] {
    VerifyCommandRunner(helper: Bench.helper, settings: Bench.settings)
      .run(paths: names.map { Bench.document($0) }) { _ in }
  }

  @Test("the exit code is 0 when all are valid, 1 when one is not, 2 when one is unreadable")
  func exitCodes() {
    #expect(VerifyCommandRunner.exitCode(outcomes(["v-pss", "v-blt-crl"])) == 0)
    #expect(VerifyCommandRunner.exitCode(outcomes(["v-pss", "isa-content"])) == 1)
    #expect(VerifyCommandRunner.exitCode(outcomes(["v-pss", "no-such-file"])) == 2)
    #expect(VerifyCommandRunner.exitCode([]) == 2)
    let runner = VerifyCommandRunner(
      helper: Bench.helper, settings: .init(trust: "/nonexistent"))
    let unusable = runner.run(paths: [Bench.document("v-pss")]) { _ in }
    #expect(VerifyCommandRunner.exitCode(unusable) == 2)
  }

  @Test("the JSON line is JSON and says who signed what")
  func json() throws {
    let outcome = try #require(outcomes(["v-blt-crl"]).first)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(VerifyCommandRunner.json(outcome).utf8))
        as? [String: Any])
    #expect(object["verdict"] as? String == "valid")
    #expect(object["print_bytes"] as? Int == 21_047)
    #expect((object["signers"] as? [[String: Any]])?.count == 1)
  }

  @Test("a name with control characters cannot drive the terminal or break the JSON")
  func hostileNames() throws {
    let signer = VerificationReport.Signer(
      commonName: "A\u{1b}[2J\u{202e}\"\n", organization: nil, organizationalUnit: nil,
      title: nil, serial: "1", provenTime: nil, level: "B-B")
    let outcome = VerifyCommandRunner.Outcome(
      path: "a\nb.pdf",
      report: VerificationReport(
        verdict: .valid, reason: "ok", signers: [signer], printBytes: 1, printSHA256: "",
        pageCount: 1))
    let text = VerifyCommandRunner.text(outcome)
    #expect(!text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202e })
    let object = try JSONSerialization.jsonObject(
      with: Data(VerifyCommandRunner.json(outcome).utf8))
    let signers = (object as? [String: Any])?["signers"] as? [[String: Any]]
    #expect(signers?.first?["commonName"] as? String == signer.commonName)
  }

  @Test("the whole corpus passes through the helper, four side by side")
  func manifest() async throws {
    let runner = try ManifestRunner(
      manifest: Bench.corpus.appending(path: "manifest.json").path, helper: Bench.helper)
    let failures = await onThread {
      let failures = Mutex<[String]>([])
      let counts = runner.run(jobs: 4) { result in
        if !result.isPassed { failures.withLock { $0.append(result.json) } }
      }
      #expect(counts.passed == runner.cases.count)
      #expect(counts.failed == 0)
      return failures.withLock { $0 }
    }
    #expect(runner.cases.count == 246)
    #expect(failures == [])
  }

  @Test("a verdict that is not acceptable, wrong print bytes or a missing file fails a case")
  func strictness() {
    let entry = ManifestRunner.Case(
      name: "x", path: "/nonexistent", acceptable: ["valid"], printBytes: 10, settings: .init())
    func report(_ verdict: SignatureVerdict, _ bytes: Int) -> VerificationReport {
      VerificationReport(verdict: verdict, reason: "ok", printBytes: bytes)
    }
    #expect(entry.accepts(report(.valid, 10)))
    #expect(!entry.accepts(report(.valid, 11)))
    #expect(!entry.accepts(report(.untrusted, 0)))
  }

  /// Runs one case, a genuine document, by a manifest whose context is changed.
  private func one(_ changes: [String: Any], _ case: [String: Any]) async throws
    -> (runner: ManifestRunner, passed: Int, notJudged: String?)
  {
    let folder = try TemporaryFolder()
    var context: [String: Any] = [
      "validation_time": "2026-11-20T12:00:00.000Z", "crl_dir": "crl/fresh",
      "trust_roots": ["trust/roots/root-uji-g1.pem"],
      "pinned_issuers": ["trust/issuers/bsre-ca-uji-g1.pem"],
    ]
    context.merge(changes) { _, new in new }
    for part in ["trust", "crl", "cases"] {
      try FileManager.default.createSymbolicLink(
        atPath: folder.path + "/" + part, withDestinationPath: Bench.corpus.path + "/" + part)
    }
    let path = folder.path + "/manifest.json"
    var entry: [String: Any] = ["name": "one", "file": "cases/v-blt-crl.pdf"]
    entry.merge(`case`) { _, new in new }
    try JSONSerialization.data(
      withJSONObject: ["contexts": ["default": context], "cases": [entry]]
    ).write(to: URL(filePath: path))
    let runner = try ManifestRunner(manifest: path, helper: Bench.helper)
    let total = await onThread { runner.run(jobs: 1) { _ in } }
    return (runner, total.passed, total.notJudged)
  }

  @Test("a case where nothing could be judged never passes, and the reason is told")
  func notJudged() async throws {
    let outcome = try await one(
      ["trust_roots": ["trust/roots/none.pem"]], ["acceptable": ["refuse"]])
    #expect(outcome.passed == 0)
    #expect(outcome.notJudged?.contains("roots/none.pem") == true)
  }

  @Test("who trusts nobody judges too: nothing is trusted")
  func nobody() async throws {
    for key in ["trust_roots", "pinned_issuers"] {
      let outcome = try await one([key: [String]()], ["acceptable": ["untrusted"]])
      #expect(outcome.passed == 1, "\(key) \(outcome.notJudged ?? "")")
    }
  }

  @Test("an unknown key of a policy is told and does not count; a wrong value is an error")
  func contextPolicy() async throws {
    let outcome = try await one(
      ["policy": ["later_rule": 1, "crl_grace_hours": "24"]], ["expected": "valid"])
    #expect(outcome.passed == 1)
    #expect(
      outcome.runner.warnings == [
        "context default: policy later_rule is not known and does not count"
      ])
    for (key, value) in [("max_pages", true), ("max_pages", 1.5), ("expired_tsa", "maybe")]
      as [(String, Any)]
    {
      let problem = await #expect(throws: ManifestRunner.Problem.self) {
        try await one(["policy": [key: value]], ["expected": "valid"])
      }
      #expect(problem?.description.contains("context default: ") == true)
      #expect(problem?.description.contains(key) == true)
    }
    let both = try await one(
      ["policy": ["allowed_serial": "1", "allowed_organization": "Pemerintah Kabupaten Uji Coba"]],
      ["expected": "valid"])
    #expect(both.passed == 1)
  }

  @Test("a case that cannot be understood is named")
  func namedCase() async throws {
    for change in [["expected": "valid", "print_bytes": 1.5], ["acceptable": true]]
      as [[String: Any]]
    {
      let problem = await #expect(throws: ManifestRunner.Problem.self) {
        try await one([:], change)
      }
      #expect(problem?.description.contains("case one") == true)
    }
  }

  @Test("what is no manifest is a problem, not a pass")
  func noManifest() {
    #expect(throws: ManifestRunner.Problem.self) {
      try ManifestRunner(manifest: Bench.document("v-pss"), helper: Bench.helper)
    }
    #expect(throws: ManifestRunner.Problem.self) {
      try ManifestRunner(manifest: "/nonexistent/manifest.json", helper: Bench.helper)
    }
  }

  @Test(
    "a time is seconds, a date or a date with time and zone",
    arguments: [
      ("1795176000", 1_795_176_000), ("2026-11-20T12:00:00Z", 1_795_176_000),
      ("2026-11-20T19:00:00+07:00", 1_795_176_000), ("1970-01-02", 86_400),
      ("2026-11-20T12:00:00.000Z", 1_795_176_000), ("2026-11-20T19:00:00.9+07:00", 1_795_176_000),
      ("253402300799", 253_402_300_799), ("9999-12-31T23:59:59Z", 253_402_300_799),
    ] as [(String, Int64)])
  func times(_ text: String, _ seconds: Int64) {
    #expect(PointInTime.seconds(text) == seconds)
  }

  @Test(
    "anything else is no time",
    arguments: [
      "", "0", "-5", "tomorrow", "2026-13-01", "2026-11-20T12:00:00", "2026-11-20T25:00:00Z",
      "2026-11-20T12:00:00+7", "2026-11-20T12:00:00.Z", "2026-11-20T12:00:00.5",
      "2026-11-20 12:00:00Z",
      "9223372036854775807", "-9223372036854775808", "253402300800", "1970-01-01", "1969-12-31",
      "9999-12-31T23:59:59-00:01",
    ])
  func noTimes(_ text: String) {
    #expect(PointInTime.seconds(text) == nil)
  }
}
