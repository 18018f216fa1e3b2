internal import Glibc
internal import SignedDocuments

/// The trust bundle as files: `roots/`, `issuers/`, `crl/` and an optional `policy`.
///
/// A root, an issuer, a policy line or a whole folder that cannot be used makes the bundle unusable:
/// nobody knows what was meant. A revocation list that cannot be read is left out and told of; what it
/// would have said is then unknown, and the rules of revocation decide, as for any list that is not
/// there.
struct TrustBundle {
  /// What came out of one file.
  struct Loaded {
    let path: String
    /// Certificates or lists in it.
    let count: Int
  }

  static let certificateBytesLimit = 1 << 20
  static let listBytesLimit = 16 << 20
  static let policyBytesLimit = 1 << 20
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
      rootPaths += certificates(in: folder + "/roots")
      issuerPaths += certificates(in: folder + "/issuers")
    }
    // What the import is about to write counts only under its own name.
    let listPaths = (options.lists ?? options.trust.map { $0 + "/crl" }).map { folder in
      paths(in: folder).filter { !$0.hasSuffix(".crl.new") }
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
    if let folder = options.trust {
      if rootPaths.isEmpty { faults.append("no roots") }
      if issuerPaths.isEmpty { faults.append("no issuers") }
      loadPolicy(folder + "/policy")
    }
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
    if count == 0 { faults.append("no certificate in \(path), or a damaged one") }
    return Loaded(path: path, count: count)
  }

  private mutating func loadList(_ path: String) {
    guard let bytes = try? Files.read(path: path, limit: Self.listBytesLimit) else {
      return unreadableLists.append("\(path) cannot be read")
    }
    let count = store.addRevocationLists(bytes)
    if count == 0 {
      return unreadableLists.append("no revocation list in \(path), or a damaged one")
    }
    lists.append(Loaded(path: path, count: count))
  }

  /// Only what is certainly not there is left out: an unseen policy may have named the signers.
  private mutating func loadPolicy(_ path: String) {
    if Files.isAbsent(path) { return }
    guard let bytes = try? Files.read(path: path, limit: Self.policyBytesLimit),
      bytes.count <= Self.policyBytesLimit
    else { return faults.append("\(path) cannot be read, or is larger than 1 MiB") }
    takePolicy(bytes, from: path)
  }

  private mutating func takePolicy(_ bytes: [UInt8], from name: String) {
    do throws(PolicyProblem) {
      try policy.take(bytes)
    } catch { faults.append("\(name):\(error.line): \(error.text)") }
  }

  /// A folder that cannot be read is not empty: what it holds is unknown.
  private mutating func paths(in folder: String) -> [String] {
    do {
      return try Files.names(in: folder).map { folder + "/" + $0 }
    } catch {
      faults.append((error as? Files.Problem)?.text ?? "cannot read \(folder)")
      return []
    }
  }

  /// Besides certificates only words for people may lie there. Anything else is a fault, and is not
  /// read: a file that was renamed to be out of use must not come into use.
  private mutating func certificates(in folder: String) -> [String] {
    var found: [String] = []
    for path in paths(in: folder) {
      let name = path.lowercased()
      if [".pem", ".crt", ".cer", ".der"].contains(where: name.hasSuffix) {
        found.append(path)
      } else if ![".txt", ".md", "/readme"].contains(where: name.hasSuffix) {
        faults.append("\(path) has no ending of a certificate")
      }
    }
    return found
  }
}
