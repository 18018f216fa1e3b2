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
      var words: [String] = []
      if let trust { words += ["--trust", trust] }
      if let revocationLists { words += ["--crl", revocationLists] }
      for path in roots { words += ["--root", path] }
      for path in issuers { words += ["--issuer", path] }
      for line in policy { words += ["--policy", line] }
      if let time { words += ["--at", String(time)] }
      return words
    }
  }

  private let helper: String
  private let settings: Settings
  private let wallLimit: Duration

  /// - Parameters:
  ///   - helper: path of `anjungan-verify`.
  ///   - wallLimit: after it the helper is killed. It limits its processor time itself.
  public init(helper: String, settings: Settings, wallLimit: Duration = .seconds(8)) {
    self.helper = helper
    self.settings = settings
    self.wallLimit = wallLimit
  }

  /// Verifies the document under `handle`.
  public func verify(_ handle: SecretHandle, of vault: SecretVault) async -> VerificationReport {
    await onThread {
      guard let document = SealedDocument(handle, of: vault) else {
        return VerificationReport(verdict: .refuse, reason: "unreadable")
      }
      return run(document.descriptor, size: vault.count(of: handle))
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
    return run(descriptor, size: Int(status.st_size))
  }

  /// The walls that the helper got around itself, e.g. `rlimits no_new_privs seccomp`, for the
  /// health report; nil when it gives no answer.
  public func confinement() async -> String? {
    await onThread {
      let descriptor = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { return nil }
      defer { close(descriptor) }
      let (ending, answer) = ask(descriptor)
      guard ending == .exited(0) else { return nil }
      return JSONValue(parsing: answer)?.entries?["confinement"]?.text
    }
  }

  public func port(vault: SecretVault) -> VerifierPort {
    VerifierPort { handle in await verify(handle, of: vault) }
  }

  private func ask(_ input: Int32) -> (ChildProcess.Ending, [UInt8]) {
    let child = ChildProcess(
      path: helper, arguments: settings.arguments, wallLimit: wallLimit,
      outputLimitBytes: HelperAnswer.bytesLimit)
    var answer: [UInt8] = []
    let ending = unsafe child.run(input: input) { piece in
      unsafe answer.append(contentsOf: piece)
      return true
    }
    return (ending, answer)
  }

  private func run(_ input: Int32, size: Int) -> VerificationReport {
    func refuse(_ reason: String) -> VerificationReport {
      VerificationReport(verdict: .refuse, reason: reason)
    }
    let (ending, answer) = ask(input)
    switch ending {
    case .exited(0):
      return HelperAnswer.report(from: answer, documentBytes: size) ?? refuse("helper_malformed")
    case .exited(78): return refuse("trust_unusable")
    case .exited(127), .notStarted: return refuse("helper_unavailable")
    case .exited, .signalled, .stopped: return refuse("helper_crashed")
    case .timedOut: return refuse("helper_timeout")
    case .tooMuchOutput: return refuse("helper_malformed")
    }
  }
}

/// Runs blocking work on a thread of its own and waits without holding one of Swift's.
func onThread<R: Sendable>(_ work: @escaping @Sendable () -> R) async -> R {
  await withCheckedContinuation { continuation in
    Threads.start(name: "verifier") { continuation.resume(returning: work()) }
  }
}
