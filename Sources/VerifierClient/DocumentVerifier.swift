internal import DeviceThreads
internal import Glibc
public import OfficeModel
public import Ports
public import SensitiveMemory

/// Has documents judged by the helper process. Whatever goes wrong there is `refuse`, with a
/// reason that names it: `helper_crashed`, `helper_timeout`, `helper_malformed`,
/// `helper_unavailable`.
public struct DocumentVerifier: Sendable {
  /// What the helper is told besides the document.
  public struct Settings: Sendable, Equatable {
    /// Folder with `roots/`, `issuers/`, `crl/` and `policy`; nil when the files are named.
    public var trust: String?
    /// Instead of the trust folder's `crl/`.
    public var revocationLists: String?
    public var roots: [String] = []
    public var issuers: [String] = []
    /// `key=value`, after those of the trust folder.
    public var policy: [String] = []
    /// Seconds since 1970; nil for the clock of the machine.
    public var time: Int64?
    public init(trust: String? = nil) { self.trust = trust }

    var arguments: [String] {
      var words = trust.map { ["--trust", $0] } ?? ["--named"]
      if let revocationLists { words += ["--crl", revocationLists] }
      for path in roots { words += ["--root", path] }
      for path in issuers { words += ["--issuer", path] }
      for line in policy { words += ["--policy", line] }
      if let time { words += ["--at", String(time)] }
      return words
    }
  }

  let ready: ReadyHelper
  private let wallLimit: Duration

  /// - Parameters:
  ///   - helper: path of `anjungan-verify`.
  ///   - wallLimit: after it the helper is killed. It limits its processor time itself.
  public init(helper: String, settings: Settings, wallLimit: Duration = .seconds(8)) {
    self.init(ready: ReadyHelper(helper: helper, settings: settings), wallLimit: wallLimit)
  }

  init(ready: ReadyHelper, wallLimit: Duration) {
    self.ready = ready
    self.wallLimit = wallLimit
  }

  /// Verifies the document under `handle`, by a helper that waits for it. The next helper is
  /// started once the answer is out.
  public func verify(_ handle: SecretHandle, of vault: SecretVault) async -> VerificationReport {
    await onThread {
      guard let document = SealedDocument(handle, of: vault) else {
        return VerificationReport(verdict: .refuse, reason: "unreadable")
      }
      return report(
        ready.judge(document.descriptor, within: wallLimit), size: vault.count(of: handle))
    } afterwards: {
      ready.replenish()
    }
  }

  /// Verifies a file; nil when it cannot be opened.
  public func verify(path: String) async -> VerificationReport? {
    await onThread { verifyBlocking(path: path) }
  }

  /// The same for a program that has nothing else to do meanwhile.
  public func verifyBlocking(path: String) -> VerificationReport? {
    // Never waiting for a fifo; what is no plain file is turned away below.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    // The only document of its program, perhaps: it is not worth a helper that waits.
    return report(ask(descriptor), size: Int(status.st_size))
  }

  /// The walls that the helper got around itself, e.g. `rlimits no_new_privs landlock seccomp`,
  /// for the health report; nil when it gives no answer. It is asked the way it is asked about a
  /// document, so this also starts the first helper that waits, and replaces one that is no good.
  public func confinement() async -> String? {
    await onThread {
      guard let nothing = SealedDocument([]) else { return nil }
      let (ending, answer) = ready.judge(nothing.descriptor, within: wallLimit)
      guard ending == .exited(0) else { return nil }
      return JSONValue(parsing: answer)?.entries?["confinement"]?.text
    } afterwards: {
      ready.replenish()
    }
  }

  public func port(vault: SecretVault) -> VerifierPort {
    VerifierPort { handle in await verify(handle, of: vault) }
  }

  private func ask(_ input: Int32) -> (ChildProcess.Ending, [UInt8]) {
    let child = ChildProcess(
      path: ready.helper, arguments: ready.settings.arguments, wallLimit: wallLimit,
      outputLimitBytes: HelperAnswer.bytesLimit)
    var answer: [UInt8] = []
    let ending = unsafe child.run(input: input) { piece in
      unsafe answer.append(contentsOf: piece)
      return true
    }
    return (ending, answer)
  }

  private func report(
    _ outcome: (ending: ChildProcess.Ending, answer: [UInt8]), size: Int
  ) -> VerificationReport {
    func refuse(_ reason: String) -> VerificationReport {
      VerificationReport(verdict: .refuse, reason: reason)
    }
    switch outcome.ending {
    case .exited(0):
      return HelperAnswer.report(from: outcome.answer, documentBytes: size)
        ?? refuse("helper_malformed")
    case .exited(78): return refuse("trust_unusable")
    case .exited(127), .notStarted: return refuse("helper_unavailable")
    case .exited, .signalled, .stopped: return refuse("helper_crashed")
    case .timedOut: return refuse("helper_timeout")
    case .tooMuchOutput: return refuse("helper_malformed")
    }
  }
}

/// Runs blocking work on a thread of its own and waits without holding one of Swift's.
/// - Parameter afterwards: runs on the same thread when nobody waits any more.
func onThread<R: Sendable>(
  _ work: @escaping @Sendable () -> R, afterwards: @escaping @Sendable () -> Void = {}
) async -> R {
  await withCheckedContinuation { continuation in
    Threads.start(name: "verifier") {
      continuation.resume(returning: work())
      afterwards()
    }
  }
}
