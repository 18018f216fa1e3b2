/// What the trust folder holds, as the confined helper reads it.
public struct TrustReport: Sendable, Equatable {
  public struct Authority: Sendable, Equatable {
    public let file: String
    public let name: String
    /// SHA-256 of the certificate and of its public key information, in hexadecimal.
    public let sha256: String
    public let key: String
    /// Seconds since 1970.
    public let notBefore: Int64
    public let notAfter: Int64
    public let isSelfIssued: Bool
  }

  public struct List: Sendable, Equatable {
    public let file: String
    public let issuer: String
    /// `Authority.key` of the root or issuer that signed it; nil when none of ours did.
    public let key: String?
    /// Decimal.
    public let number: String?
    /// Seconds since 1970.
    public let thisUpdate: Int64
    public let nextUpdate: Int64?
    public let sha256: String
    /// False: it is of a kind that never counts.
    public let isPlain: Bool
  }

  /// Why no document can be judged by it; empty when it can be used.
  public let faults: [String]
  /// Lists that were left out, and why.
  public let unreadableLists: [String]
  public let roots: [Authority]
  public let issuers: [Authority]
  public let lists: [List]
  /// Age in days up to which the policy believes a list that names no later end.
  public let listAgeDaysLimit: Int
  /// The walls that the helper got around itself, e.g. `rlimits no_new_privs seccomp`.
  public let confinement: String

  /// Roots and issuers, each key once.
  public var authorities: [Authority] {
    var seen: Set<String> = []
    return (roots + issuers).filter { seen.insert($0.key).inserted }
  }

  /// The list that counts for an authority: the newest that it signed.
  public func newestList(of authority: Authority) -> List? {
    lists.filter { $0.key == authority.key && $0.isPlain }.max { $0.thisUpdate < $1.thisUpdate }
  }
}

// MARK: From the helper's answer

extension TrustReport {
  static let answerBytesLimit = 512 << 10
  /// Files, each of which may hold several certificates.
  static let itemsLimit = 1000

  init?(answer: [UInt8]) {
    guard answer.count <= Self.answerBytesLimit,
      let object = JSONValue(parsing: answer, itemsLimit: Self.itemsLimit)?.entries,
      let faults = Self.all(object["faults"], \.text),
      let unreadable = Self.all(object["unreadable_lists"], \.text),
      let roots = Self.all(object["roots"], Authority.init),
      let issuers = Self.all(object["issuers"], Authority.init),
      let lists = Self.all(object["lists"], List.init),
      let days = object["crl_max_age_days"]?.integer, (0...3650).contains(days),
      let confinement = object["confinement"]?.text
    else { return nil }
    self.faults = faults
    unreadableLists = unreadable
    self.roots = roots
    self.issuers = issuers
    self.lists = lists
    listAgeDaysLimit = Int(days)
    self.confinement = confinement
  }

  /// What a certificate can name: the years 1 to 9999.
  fileprivate static func time(_ value: JSONValue?) -> Int64? {
    value?.integer.flatMap { (-62_135_596_800...253_402_300_799).contains($0) ? $0 : nil }
  }

  /// Every item of an array; nil when one is not as it must be.
  private static func all<Item>(
    _ value: JSONValue?, _ read: (JSONValue) -> Item?
  ) -> [Item]? {
    guard let items = value?.items else { return nil }
    let read = items.compactMap(read)
    return read.count == items.count ? read : nil
  }
}

extension TrustReport.Authority {
  fileprivate init?(_ value: JSONValue) {
    guard let object = value.entries, let file = object["file"]?.text,
      let name = object["name"]?.text, let sha256 = object["sha256"]?.text,
      let key = object["key"]?.text, let notBefore = TrustReport.time(object["not_before"]),
      let notAfter = TrustReport.time(object["not_after"]),
      case .boolean(let isSelfIssued)? = object["self_issued"]
    else { return nil }
    self.init(
      file: file, name: name, sha256: sha256, key: key, notBefore: notBefore, notAfter: notAfter,
      isSelfIssued: isSelfIssued)
  }
}

extension TrustReport.List {
  init?(_ value: JSONValue) {
    guard let object = value.entries, let file = object["file"]?.text,
      let issuer = object["issuer"]?.text, let thisUpdate = TrustReport.time(object["this_update"]),
      let sha256 = object["sha256"]?.text, case .boolean(let isPlain)? = object["plain"]
    else { return nil }
    self.init(
      file: file, issuer: issuer, key: object["key"]?.text, number: object["number"]?.text,
      thisUpdate: thisUpdate, nextUpdate: TrustReport.time(object["next_update"]), sha256: sha256,
      isPlain: isPlain)
  }
}
