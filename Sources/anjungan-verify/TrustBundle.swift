internal import Glibc
internal import SignedDocuments

/// The trust bundle as files: `roots/`, `issuers/`, `crl/` and an optional `policy`.
///
/// A root, an issuer or a policy line that cannot be used makes the whole bundle unusable: nobody
/// knows what was meant. A revocation list that cannot be read is left out and told of; what it would
/// have said is then unknown, and the rules of revocation decide, as for any list that is not there.
struct TrustBundle {
  /// What came out of one file.
  struct Loaded {
    let path: String
    /// Certificates or lists in it.
    let count: Int
  }

  static let certificateBytesLimit = 1 << 20
  static let listBytesLimit = 16 << 20
  static let filesLimit = 200

  let store = TrustStore()
  private(set) var policy = Policy()
  private(set) var roots: [Loaded] = []
  private(set) var issuers: [Loaded] = []
  private(set) var lists: [Loaded] = []
  /// Why nothing can be judged by it; empty when it can be used.
  private(set) var faults: [String] = []
  /// Lists that were left out, and why.
  private(set) var unreadableLists: [String] = []

  init(_ options: Options) {
    var rootPaths = options.roots
    var issuerPaths = options.issuers
    if let folder = options.trust {
      rootPaths += Self.certificates(in: folder + "/roots")
      issuerPaths += Self.certificates(in: folder + "/issuers")
    }
    let listPaths = (options.lists ?? options.trust.map { $0 + "/crl" }).map { folder in
      Files.names(in: folder).filter { $0.hasSuffix(".crl") || $0.hasSuffix(".pem") }
        .map { folder + "/" + $0 }
    }
    guard rootPaths.count + issuerPaths.count + (listPaths ?? []).count <= Self.filesLimit else {
      faults.append("more than \(Self.filesLimit) trust files")
      return
    }
    for path in rootPaths {
      roots.append(loadCertificates(path) { [store] in store.addRoots($0) })
    }
    for path in issuerPaths {
      issuers.append(loadCertificates(path) { [store] in store.addPinnedIssuers($0) })
    }
    for path in listPaths ?? [] { loadList(path) }
    if rootPaths.isEmpty { faults.append("no roots") }
    if issuerPaths.isEmpty { faults.append("no issuers") }
    if let folder = options.trust { loadPolicy(folder + "/policy") }
    for text in options.policy { takePolicy(Array(text.utf8), from: "--policy") }
  }

  private mutating func loadCertificates(
    _ path: String, _ add: ([UInt8]) -> Int
  ) -> Loaded {
    guard let bytes = try? Files.read(path: path, limit: Self.certificateBytesLimit),
      bytes.count <= Self.certificateBytesLimit
    else {
      faults.append("\(path) cannot be read")
      return Loaded(path: path, count: 0)
    }
    let count = add(bytes)
    if count == 0 { faults.append("no certificate in \(path)") }
    return Loaded(path: path, count: count)
  }

  private mutating func loadList(_ path: String) {
    guard let bytes = try? Files.read(path: path, limit: Self.listBytesLimit) else {
      return unreadableLists.append("\(path) cannot be read")
    }
    guard store.addRevocationList(bytes) else {
      return unreadableLists.append("no revocation list in \(path)")
    }
    lists.append(Loaded(path: path, count: 1))
  }

  /// Only what is certainly not there is left out: an unseen policy may have named the signers.
  private mutating func loadPolicy(_ path: String) {
    if unsafe access(path, F_OK) != 0 && errno == ENOENT { return }
    guard let bytes = try? Files.read(path: path, limit: Self.certificateBytesLimit) else {
      return faults.append("\(path) cannot be read")
    }
    takePolicy(bytes, from: path)
  }

  private mutating func takePolicy(_ bytes: [UInt8], from name: String) {
    do throws(PolicyProblem) {
      try policy.take(bytes)
    } catch { faults.append("\(name):\(error.line): \(error.text)") }
  }

  private static func certificates(in folder: String) -> [String] {
    let endings = [".pem", ".crt", ".cer", ".der"]
    return Files.names(in: folder).filter { name in endings.contains { name.hasSuffix($0) } }
      .map { folder + "/" + $0 }
  }
}
