internal import Glibc

/// How the files that a helper loads at its start look from outside: a helper that was started
/// with other files than there are now must not judge.
struct TrustMarks: Equatable, Sendable {
  private struct Mark: Equatable {
    let path: String
    let device: UInt
    let inode: UInt
    let size: Int
    /// Of content and of everything else, in nanoseconds since 1970.
    let modified: Int
    let changed: Int
  }

  private var marks: [Mark] = []

  /// Takes the marks. What is not there has none.
  init(helper: String, settings: DocumentVerifier.Settings) {
    add(helper)
    for path in settings.roots + settings.issuers { add(path) }
    if let trust = settings.trust {
      add(trust + "/policy")
      for part in ["/roots", "/issuers"] { add(folder: trust + part) }
    }
    if let folder = settings.revocationLists ?? settings.trust.map({ $0 + "/crl" }) {
      add(folder: folder)
    }
  }

  private mutating func add(folder: String) {
    add(folder)
    guard let directory = unsafe opendir(folder) else { return }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      names.append(
        unsafe withUnsafeBytes(of: &entry.pointee.d_name) { raw in
          unsafe String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
        })
    }
    for name in names.sorted() where !name.hasPrefix(".") { add(folder + "/" + name) }
  }

  private mutating func add(_ path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return }
    func nanoseconds(_ time: timespec) -> Int { time.tv_sec &* 1_000_000_000 &+ time.tv_nsec }
    marks.append(
      Mark(
        path: path, device: UInt(status.st_dev), inode: UInt(status.st_ino),
        size: Int(status.st_size), modified: nanoseconds(status.st_mtim),
        changed: nanoseconds(status.st_ctim)))
  }
}
