internal import ArgumentParser
internal import Glibc
internal import Kiosk
internal import OfficeModel
internal import VerifierClient

/// `anjungan verify FILE… --trust DIR`, or a whole corpus by its manifest.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Judge the electronic signature of documents.",
    discussion: """
      A line for each document: valid and by whom, or the verdict (invalid, untrusted, refuse) \
      with its reason code and what that means. Exit 0 when all are valid, 1 when one is not, 2 \
      when a document, the trust folder or the verifier cannot be used or the call is wrong.

      With --manifest every case of a corpus is judged by its own clock, roots and policy: a JSON \
      object a line and "N passed, N failed" at the end. Exit 0 when all passed, 1 when one failed.
      """)

  @Argument(help: "Signed PDF documents.")
  var files: [String] = []

  @Option(help: "Folder with roots/, issuers/, crl/ and policy.")
  var trust: String?

  @Option(help: "Revocation lists, in place of those in the trust folder.")
  var crl: String?

  @Option(help: "Judge as of this time: 2026-11-20T12:00:00Z, or seconds since 1970.")
  var at: String?

  @Option(help: "A file of key = value lines that change the trust folder's policy.")
  var policy: String?

  @Flag(help: "One JSON object a line.")
  var json = false

  @Option(help: "Judge every case of a corpus, as its manifest.json expects.")
  var manifest: String?

  @Option(help: "How many cases of a corpus at a time, 1 to 64.")
  var jobs: Int?

  func run() throws {
    let helper = ProgramFolder.path(of: "anjungan-verify")
    let code = try manifest.map { try judgeCorpus($0, helper) } ?? judgeFiles(helper)
    guard code == 0 else { throw ExitCode(code) }
  }

  private func judgeFiles(_ helper: String) throws -> Int32 {
    guard jobs == nil else { throw badUsage("--jobs goes with --manifest.") }
    guard !files.isEmpty, let trust else { throw badUsage("verify takes FILE… and --trust DIR.") }
    guard access(trust, R_OK | X_OK) == 0 else {
      throw badUsage("--trust \(trust): no such folder.")
    }
    if let crl, access(crl, R_OK | X_OK) != 0 { throw badUsage("--crl \(crl): no such folder.") }
    var settings = DocumentVerifier.Settings(trust: trust)
    settings.revocationLists = crl
    if let at {
      guard let seconds = PointInTime.seconds(at) else {
        throw badUsage("--at takes a time such as 2026-11-20T12:00:00Z.")
      }
      settings.time = seconds
    }
    if let policy {
      guard let bytes = WholeFile.bytes(of: policy, limit: Self.policyBytesLimit),
        let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0)
      else { throw badUsage("--policy \(policy) is no text, or larger than 64 KiB.") }
      settings.policy = [text]
    }
    let inIndonesian = Terminal.isIndonesian
    let outcomes = VerifyCommandRunner(helper: helper, settings: settings).run(paths: files) {
      Terminal.say(
        json
          ? VerifyCommandRunner.json($0)
          : VerifyCommandRunner.text($0, inIndonesian: inIndonesian))
    }
    // Also when all are valid: with what is missing one of them might not be.
    if let trust = TrustTool(helper: helper, settings: settings).reportBlocking() {
      for problem in trust.faults + trust.unreadableLists { Terminal.complain(problem) }
    }
    return VerifyCommandRunner.exitCode(outcomes)
  }

  /// It goes to the helper as an argument, which Linux limits to 128 KiB.
  static let policyBytesLimit = 64 << 10

  private func judgeCorpus(_ path: String, _ helper: String) throws -> Int32 {
    guard files.isEmpty, trust == nil, crl == nil, at == nil, policy == nil else {
      throw badUsage("--manifest brings its own files, trust, time and policy.")
    }
    let jobs = jobs ?? 1
    guard (1...64).contains(jobs) else { throw badUsage("--jobs takes 1 to 64.") }
    do {
      let corpus = try ManifestRunner(manifest: path, helper: helper)
      for warning in corpus.warnings { Terminal.complain(warning) }
      let total = corpus.run(jobs: jobs) { Terminal.say($0.json) }
      if let reason = total.notJudged { Terminal.complain("Not judged: \(reason)") }
      Terminal.say("\(total.passed) passed, \(total.failed) failed")
      return total.failed == 0 && total.passed > 0 ? 0 : 1
    } catch {
      throw badUsage("\(error)")
    }
  }

  private func badUsage(_ message: String) -> ExitCode {
    Terminal.complain(message)
    return ExitCode(2)
  }
}
