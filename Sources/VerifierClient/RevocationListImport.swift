internal import CLinux
internal import Glibc
public import Ports

/// Brings revocation lists into the trust folder, from wherever they came: the confined helper judges
/// each, and only a newer one of an issuer of ours replaces what is there. What is written is, byte
/// for byte, what was judged.
public struct RevocationListImport: Sendable {
  public enum Outcome: Sendable, Equatable {
    /// It lies in the trust folder now, under this path.
    case installed(TrustReport.List, path: String)
    /// The very same list was there.
    case held(TrustReport.List)
    /// A reason code, and what the list says of itself where it could be read.
    case refused(reason: String, TrustReport.List?)
    /// It is good and could not be written; the call that failed and its errno.
    case notWritten(call: String, code: Int32)
  }

  public static let bytesLimit = 16 << 20

  private let tool: TrustTool
  private let folder: String
  private let lockLimit: Duration

  /// Nil when the settings name no folder for lists.
  /// - Parameter lockLimit: how long another import may keep the folder before this one gives up.
  public init?(
    helper: String, settings: DocumentVerifier.Settings, lockLimit: Duration = .seconds(10)
  ) {
    guard let folder = settings.revocationLists ?? settings.trust.map({ $0 + "/crl" }) else {
      return nil
    }
    self.folder = folder
    self.lockLimit = lockLimit
    tool = TrustTool(helper: helper, settings: settings)
  }

  /// The import as the port the use cases know.
  public var port: RevocationPort {
    RevocationPort { bytes in
      switch await add(bytes) {
      case .installed, .held: .inPlace
      case .refused(let reason, _):
        // What the helper could not do says nothing about the list.
        reason.hasPrefix("helper_") ? .failed(reason: reason) : .refused(reason: reason)
      case .notWritten(let call, let code): .failed(reason: "\(call) errno \(code)")
      }
    }
  }

  public func add(_ bytes: [UInt8]) async -> Outcome { await onThread { addBlocking(bytes) } }

  /// The same for a program that has nothing else to do meanwhile.
  public func addBlocking(_ bytes: [UInt8]) -> Outcome {
    guard !bytes.isEmpty, bytes.count <= Self.bytesLimit else {
      return .refused(reason: "list_unreadable", nil)
    }
    let isNew = unsafe mkdir(folder, 0o755) == 0
    let directory = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { return .notWritten(call: "open", code: errno) }
    defer { close(directory) }
    // The kiosk runs as another user and has to read it, whatever the caller's umask.
    if isNew, fchmod(directory, 0o755) != 0 { return .notWritten(call: "fchmod", code: errno) }
    // Whoever judges against the lists that are held must be the only one who changes them.
    let clock = ContinuousClock()
    let end = clock.now + lockLimit
    while flock(directory, LOCK_EX | LOCK_NB) != 0 {
      let code = errno
      guard code == EINTR || code == EWOULDBLOCK, clock.now < end else {
        return .notWritten(call: "flock", code: code)
      }
      usleep(20_000)
    }
    let answer: [UInt8]
    switch tool.ask("--judge-list", about: bytes) {
    case .success(let text): answer = text
    case .failure(let failure): return .refused(reason: failure.reason, nil)
    }
    guard let object = JSONValue(parsing: answer)?.entries, let reason = object["reason"]?.text,
      HelperAnswer.isCode(reason)
    else { return .refused(reason: "helper_malformed", nil) }
    let list = object["list"].flatMap(TrustReport.List.init)
    switch (object["outcome"]?.text, list) {
    case ("accepted", let list?):
      guard let key = list.key, HelperAnswer.isSHA256(key) else {
        return .refused(reason: "helper_malformed", nil)
      }
      return install(bytes, list, name: key + ".crl", in: directory)
    case ("held", let list?): return .held(list)
    case ("refused", let list) where reason != "ok":
      return .refused(reason: reason, list)
    default: return .refused(reason: "helper_malformed", nil)
    }
  }

  /// Whole or not at all, also when the power fails: a new file beside, then renamed over the old.
  private func install(
    _ bytes: [UInt8], _ list: TrustReport.List, name: String, in directory: Int32
  ) -> Outcome {
    // No ending of a list, so that a helper that starts meanwhile does not read half of it.
    let new = name + ".new"
    _ = unsafe unlinkat(directory, new, 0)
    let file = unsafe openat(directory, new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard file >= 0 else { return .notWritten(call: "openat", code: errno) }
    var failed: String?
    if !(unsafe bytes.withUnsafeBytes({ unsafe SealedDocument.write($0, to: file) })) {
      failed = "write"
    } else if fchmod(file, 0o644) != 0 {
      failed = "fchmod"
    } else if fsync(file) != 0 {
      failed = "fsync"
    }
    let code = errno
    close(file)
    if let failed {
      _ = unsafe unlinkat(directory, new, 0)
      return .notWritten(call: failed, code: code)
    }
    guard unsafe renameat(directory, new, directory, name) == 0 else {
      let code = errno
      _ = unsafe unlinkat(directory, new, 0)
      return .notWritten(call: "renameat", code: code)
    }
    guard fsync(directory) == 0 else { return .notWritten(call: "fsync", code: errno) }
    return .installed(list, path: folder + "/" + name)
  }
}
