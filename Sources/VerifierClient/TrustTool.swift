internal import DeviceThreads
internal import Glibc

/// Asks the confined helper about the trust folder itself, without a document.
public struct TrustTool: Sendable {
  private let helper: String
  let settings: DocumentVerifier.Settings
  private let wallLimit: Duration

  public init(
    helper: String, settings: DocumentVerifier.Settings, wallLimit: Duration = .seconds(8)
  ) {
    self.helper = helper
    self.settings = settings
    self.wallLimit = wallLimit
  }

  /// Nil when the helper gives no usable answer.
  public func report() async -> TrustReport? { await onThread { reportBlocking() } }

  /// The same for a program that has nothing else to do meanwhile.
  public func reportBlocking() -> TrustReport? {
    guard case .success(let answer) = ask("--show-trust", about: []) else { return nil }
    return TrustReport(answer: answer)
  }

  /// What the helper could not do, as a reason code.
  struct Failure: Error { let reason: String }

  /// - Parameter input: what the helper finds on its descriptor 0.
  func ask(_ task: String, about input: [UInt8]) -> Result<[UInt8], Failure> {
    guard let sealed = SealedDocument(input) else {
      return .failure(Failure(reason: "unreadable"))
    }
    let child = ChildProcess(
      path: helper, arguments: [task] + settings.arguments, wallLimit: wallLimit,
      outputLimitBytes: TrustReport.answerBytesLimit)
    var answer: [UInt8] = []
    let ending = unsafe child.run(input: sealed.descriptor) { piece in
      unsafe answer.append(contentsOf: piece)
      return true
    }
    switch ending {
    case .exited(0): return .success(answer)
    case .exited(127), .notStarted: return .failure(Failure(reason: "helper_unavailable"))
    case .timedOut: return .failure(Failure(reason: "helper_timeout"))
    case .tooMuchOutput: return .failure(Failure(reason: "helper_malformed"))
    case .exited, .signalled, .stopped: return .failure(Failure(reason: "helper_crashed"))
    }
  }
}
