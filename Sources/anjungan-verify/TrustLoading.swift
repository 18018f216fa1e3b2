internal import SignedDocuments

/// The trust bundle as files: `roots/`, `issuers/`, `crl/` and an optional `policy`.
enum TrustLoading {
  struct Problem: Error { let text: String }
  static let certificateBytesLimit = 1 << 20
  static let listBytesLimit = 16 << 20
  static let filesLimit = 200

  static func load(_ options: Options) throws -> (TrustStore, Policy) {
    let trust = TrustStore()
    var policy = Policy()
    var settings: [(key: String, value: String)] = []
    var roots = options.roots
    var issuers = options.issuers
    var lists: [String] = []
    if let folder = options.trust {
      roots += certificates(in: folder + "/roots")
      issuers += certificates(in: folder + "/issuers")
      if Files.names(in: folder).contains("policy") {
        let bytes = try Files.read(path: folder + "/policy", limit: certificateBytesLimit)
        settings = try Options.policyLines(bytes)
      }
    }
    if let folder = options.lists ?? options.trust.map({ $0 + "/crl" }) {
      lists = Files.names(in: folder).filter { $0.hasSuffix(".crl") || $0.hasSuffix(".pem") }
        .map { folder + "/" + $0 }
    }
    guard roots.count + issuers.count + lists.count <= filesLimit else {
      throw Problem(text: "too many trust files")
    }
    for path in roots {
      let bytes = try Files.read(path: path, limit: certificateBytesLimit)
      guard trust.addRoots(bytes) > 0 else { throw Problem(text: "no certificate in \(path)") }
    }
    for path in issuers {
      let bytes = try Files.read(path: path, limit: certificateBytesLimit)
      guard trust.addPinnedIssuers(bytes) > 0 else {
        throw Problem(text: "no certificate in \(path)")
      }
    }
    for path in lists {
      let bytes = try Files.read(path: path, limit: listBytesLimit)
      guard trust.addRevocationList(bytes) else { throw Problem(text: "no CRL in \(path)") }
    }
    guard !roots.isEmpty, !issuers.isEmpty else {
      throw Problem(text: "trust needs roots and issuers")
    }
    for (key, value) in settings + options.policy where !policy.set(key, to: value) {
      throw Problem(text: "policy: \(key) cannot be \(value)")
    }
    return (trust, policy)
  }

  private static func certificates(in folder: String) -> [String] {
    let endings = [".pem", ".crt", ".cer", ".der"]
    return Files.names(in: folder).filter { name in endings.contains { name.hasSuffix($0) } }
      .map { folder + "/" + $0 }
  }
}
