internal import DeviceThreads
internal import Glibc
public import OfficeModel
internal import Synchronization

/// Runs every case of a corpus through the helper and holds the verdicts against its manifest.
public struct ManifestRunner: Sendable {
  public struct Problem: Error, CustomStringConvertible {
    public let description: String
  }

  public struct Result: Sendable, Equatable {
    public var name: String
    public var report: VerificationReport
    public var milliseconds: Double
    public var isPassed: Bool

    /// `{"name","verdict","reason","print_bytes","ms"}`
    public var json: String {
      let tenths = Int64((milliseconds * 10).rounded())
      return "{\"name\":" + JSONText.string(name) + ",\"verdict\":"
        + JSONText.string(report.verdict.rawValue) + ",\"reason\":"
        + JSONText.string(report.reason) + ",\"print_bytes\":\(report.printBytes)"
        + ",\"ms\":\(tenths / 10).\(tenths % 10)}"
    }
  }

  struct Case: Sendable {
    let name: String
    let path: String
    let acceptable: Set<String>
    let printBytes: Int64?
    let settings: DocumentVerifier.Settings

    /// A `valid` where it is not acceptable, wrong print bytes, or a refused genuine document
    /// fails; every other verdict passes when the manifest lists it.
    func accepts(_ report: VerificationReport) -> Bool {
      guard acceptable.contains(report.verdict.rawValue) else { return false }
      guard report.verdict == .valid, let printBytes else { return true }
      return Int64(report.printBytes) == printBytes
    }
  }

  static let bytesLimit = 64 << 20
  static let casesLimit = 100_000
  let cases: [Case]
  /// What of the manifest is not understood and was left out.
  public let warnings: [String]
  private let helper: String

  /// Reads `manifest.json` and resolves every context.
  public init(manifest path: String, helper: String) throws(Problem) {
    self.helper = helper
    guard let bytes = Self.read(path) else { throw Problem(description: "cannot read \(path)") }
    guard let root = JSONValue(parsing: bytes, itemsLimit: Self.casesLimit)?.entries,
      let contexts = root["contexts"]?.entries, let list = root["cases"]?.items
    else { throw Problem(description: "\(path) is no manifest") }
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    var known: [String: DocumentVerifier.Settings] = [:]
    var cases: [Case] = []
    var warnings: [String] = []
    for (index, entry) in list.enumerated() {
      let name = entry.entries?["name"]?.text ?? "number \(index + 1)"
      guard let file = entry.entries?["file"]?.text,
        let acceptable = entry.entries?["acceptable"]?.items
          ?? entry.entries?["expected"].map({ [$0] })
      else { throw Problem(description: "\(path): case \(name) is incomplete") }
      let printBytes = entry.entries?["print_bytes"] ?? .null
      guard printBytes == .null || printBytes.integer != nil else {
        throw Problem(description: "\(path): case \(name): print_bytes is no whole number")
      }
      let context = entry.entries?["context"]?.text ?? "default"
      if known[context] == nil {
        let value = try Self.resolve(context, contexts, depth: 0)
        var settings = try Self.settings(value, folder: folder, context: context)
        settings.policy = try Self.policy(
          value["policy"]?.entries ?? [:], context: context, &warnings)
        try Self.check(settings, helper: helper, context: context)
        known[context] = settings
      }
      guard let settings = known[context] else { continue }
      cases.append(
        Case(
          name: name, path: folder + "/" + file,
          acceptable: Set(acceptable.compactMap(\.text)),
          printBytes: printBytes.integer, settings: settings))
    }
    self.cases = cases
    self.warnings = warnings
  }

  /// Blocks until all cases are done.
  /// - Parameters:
  ///   - jobs: how many helpers run side by side, 1...64.
  ///   - each: called once a case is done, in no particular order, one call at a time.
  /// - Returns: also the first case that nothing was judged in, and why.
  public func run(jobs: Int, each: @escaping @Sendable (Result) -> Void) -> (
    passed: Int, failed: Int, notJudged: String?
  ) {
    let state = Mutex((next: 0, passed: 0, failed: 0, notJudged: Int?.none))
    let reporting = Mutex(())
    @Sendable func work() {
      while true {
        let index = state.withLock { state in
          defer { state.next += 1 }
          return state.next
        }
        guard index < cases.count else { return }
        let result = judge(cases[index])
        state.withLock { state in
          if result.isPassed { state.passed += 1 } else { state.failed += 1 }
          if state.notJudged == nil, Self.notJudged.contains(result.report.reason) {
            state.notJudged = index
          }
        }
        reporting.withLock { _ in each(result) }
      }
    }
    var ends: [Latch] = []
    for _ in 1..<min(max(jobs, 1), 64) {
      let latch = Latch()
      ends.append(latch)
      Threads.start(name: "verify") {
        work()
        latch.open()
      }
    }
    work()
    for latch in ends { latch.wait() }
    let (_, passed, failed, index) = state.withLock { $0 }
    return (passed, failed, index.map { "\(cases[$0].name): \(whyNotJudged(cases[$0]))" })
  }

  /// What proves nothing about any rule, even where a refusal is acceptable.
  private static let notJudged: Set<String> = [
    "unreadable", "trust_unusable", "helper_unavailable",
  ]

  private func whyNotJudged(_ entry: Case) -> String {
    guard unsafe access(entry.path, R_OK) == 0 else { return "\(entry.path) cannot be read" }
    guard let trust = TrustTool(helper: helper, settings: entry.settings).reportBlocking() else {
      return "\(helper) gives no answer"
    }
    return trust.faults.first ?? "nothing was judged"
  }

  private func judge(_ entry: Case) -> Result {
    let clock = ContinuousClock()
    let start = clock.now
    let report =
      DocumentVerifier(helper: helper, settings: entry.settings).verifyBlocking(path: entry.path)
      ?? VerificationReport(verdict: .refuse, reason: "unreadable")
    let parts = start.duration(to: clock.now).components
    let milliseconds = Double(parts.seconds) * 1000 + Double(parts.attoseconds) / 1e15
    let isPassed = !Self.notJudged.contains(report.reason) && entry.accepts(report)
    return Result(
      name: entry.name, report: report, milliseconds: milliseconds, isPassed: isPassed)
  }

  // MARK: Contexts

  private static func resolve(
    _ name: String, _ contexts: [String: JSONValue], depth: Int
  ) throws(Problem) -> [String: JSONValue] {
    guard depth < 8, let own = contexts[name]?.entries else {
      throw Problem(description: "unknown context \(name)")
    }
    guard let parentName = own["inherit"]?.text else { return own }
    var result = try resolve(parentName, contexts, depth: depth + 1)
    for (key, value) in own where key != "inherit" {
      if key == "policy", let old = result["policy"]?.entries, let new = value.entries {
        result["policy"] = .object(old.merging(new) { _, new in new })
      } else {
        result[key] = value
      }
    }
    return result
  }

  private static func settings(
    _ context: [String: JSONValue], folder: String, context name: String
  ) throws(Problem) -> DocumentVerifier.Settings {
    var settings = DocumentVerifier.Settings()
    guard let time = context["validation_time"]?.text.flatMap({ PointInTime.seconds($0) }) else {
      throw Problem(description: "context \(name): validation_time")
    }
    settings.time = time
    settings.roots = (context["trust_roots"]?.items ?? []).compactMap(\.text)
      .map { folder + "/" + $0 }
    settings.issuers = (context["pinned_issuers"]?.items ?? []).compactMap(\.text)
      .map { folder + "/" + $0 }
    settings.revocationLists = context["crl_dir"]?.text.map { folder + "/" + $0 }
    return settings
  }

  /// The keys of a policy that the helper knows.
  static let policyKeys: Set<String> = [
    "allowed_organization", "allowed_unit", "allowed_serial", "unknown_revocation", "expired_tsa",
    "crl_max_age_days", "crl_grace_hours", "max_pages", "max_bytes", "max_signatures",
    "max_decoded_bytes", "max_page_points",
  ]

  /// One text, so that its lines stand beside each other. A corpus may be newer than this program:
  /// a key that is not known is left out and told.
  private static func policy(
    _ entries: [String: JSONValue], context: String, _ warnings: inout [String]
  ) throws(Problem) -> [String] {
    var lines: [String] = []
    for (key, value) in entries.sorted(by: { $0.key < $1.key }) {
      guard policyKeys.contains(key) else {
        warnings.append("context \(context): policy \(key) is not known and does not count")
        continue
      }
      switch value {
      case .string(let text) where !text.contains(where: { $0.isNewline || $0 == "#" }):
        lines.append("\(key)=\(text)")
      case .integer(let number): lines.append("\(key)=\(number)")
      case .number(let number):
        guard let whole = Int64(exactly: number) else { fallthrough }
        lines.append("\(key)=\(whole)")
      default: throw Problem(description: "context \(context): policy \(key) cannot be used")
      }
    }
    return lines.isEmpty ? [] : [lines.joined(separator: "\n")]
  }

  /// The helper knows which values can be; it tells the line that cannot.
  private static func check(
    _ settings: DocumentVerifier.Settings, helper: String, context: String
  ) throws(Problem) {
    let faults = TrustTool(helper: helper, settings: settings).reportBlocking()?.faults ?? []
    if let fault = faults.first(where: { $0.hasPrefix("--policy:") }) {
      throw Problem(description: "context \(context): \(fault)")
    }
  }

  private static func read(_ path: String) -> [UInt8]? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while bytes.count <= bytesLimit {
      let wanted = chunk.count
      let count = unsafe chunk.withUnsafeMutableBytes { buffer in
        unsafe Glibc.read(descriptor, buffer.baseAddress, wanted)
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { return nil }
      if count == 0 { return bytes }
      bytes.append(contentsOf: chunk[..<count])
    }
    return nil
  }
}

/// Opens once; waiting for it uses no processor time. Unchecked because the compiler cannot see
/// that a semaphore is made for being shared.
@safe private final class Latch: @unchecked Sendable {
  private let semaphore: UnsafeMutablePointer<sem_t>
  init() {
    unsafe semaphore = .allocate(capacity: 1)
    unsafe sem_init(semaphore, 0, 0)
  }
  deinit {
    unsafe sem_destroy(semaphore)
    unsafe semaphore.deallocate()
  }
  func open() { unsafe sem_post(semaphore) }
  func wait() {
    while unsafe sem_wait(semaphore) != 0 && errno == EINTR {}
  }
}
