internal import ArgumentParser
internal import Glibc
internal import Kiosk
internal import VerifierClient

/// `anjungan verify FILE… --trust DIR`, or a whole corpus by its manifest.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Judge the electronic signature of documents.",
    discussion: """
      Exit 0 when all are valid, 1 when one is not, 2 when one cannot be read or the call is wrong.
      """)

  @Argument(help: "Signed PDF documents.")
  var files: [String] = []

  @Option(help: "Folder with roots/, issuers/, crl/ and policy.")
  var trust: String?

  @Option(help: "Revocation lists, in place of those in the trust folder.")
  var crl: String?

  @Option(help: "Judge as of this time: 2026-11-20T12:00:00Z, or seconds since 1970.")
  var at: String?

  @Option(help: "A file of key=value lines that change the trust folder's policy.")
  var policy: String?

  @Flag(help: "One JSON object a line.")
  var json = false

  @Option(help: "Judge every case of a corpus, as its manifest.json expects.")
  var manifest: String?

  @Option(help: "How many cases of a corpus at a time.")
  var jobs = 1

  func run() throws {
    let helper = ProgramFolder.path(of: "anjungan-verify")
    let code = try manifest.map { try judgeCorpus($0, helper) } ?? judgeFiles(helper)
    guard code == 0 else { throw ExitCode(code) }
  }

  private func judgeFiles(_ helper: String) throws -> Int32 {
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
      guard let lines = PolicyFile.lines(of: policy) else {
        throw badUsage("--policy \(policy) cannot be read.")
      }
      settings.policy = lines
    }
    let outcomes = VerifyCommandRunner(helper: helper, settings: settings).run(paths: files) {
      Terminal.say(json ? VerifyCommandRunner.json($0) : VerifyCommandRunner.text($0))
    }
    return VerifyCommandRunner.exitCode(outcomes)
  }

  private func judgeCorpus(_ path: String, _ helper: String) throws -> Int32 {
    guard (1...64).contains(jobs) else { throw badUsage("--jobs takes 1 to 64.") }
    do {
      let total = try ManifestRunner(manifest: path, helper: helper).run(jobs: jobs) {
        Terminal.say($0.json)
      }
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

/// `key=value` lines; empty lines and `#` lines are left out.
enum PolicyFile {
  static let bytesLimit = 64 << 10

  static func lines(of path: String) -> [String]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: bytesLimit + 1)
    let count = read(file, &bytes, bytes.count)
    guard count >= 0, count <= bytesLimit else { return nil }
    return String(decoding: bytes[..<count], as: UTF8.self)
      .split(whereSeparator: \.isNewline).map(String.init)
      .filter { !$0.allSatisfy(\.isWhitespace) && !$0.hasPrefix("#") }
  }
}
