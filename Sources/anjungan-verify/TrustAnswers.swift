internal import Glibc
internal import SignedDocuments

/// `--show-trust`: what the bundle holds, as one JSON object.
func describe(_ bundle: TrustBundle) -> String {
  let trust = bundle.store
  let roots = entries(bundle.roots, trust.rootFacts) { authority($0, in: $1) }
  let issuers = entries(bundle.issuers, trust.issuerFacts) { authority($0, in: $1) }
  let lists = entries(bundle.lists, trust.listFacts) { list($0, in: $1) }
  Confinement.closeDoors()
  return ReportJSON.object([
    ("faults", array(bundle.faults.map(ReportJSON.string))),
    ("unreadable_lists", array(bundle.unreadableLists.map(ReportJSON.string))),
    ("roots", array(roots)), ("issuers", array(issuers)), ("lists", array(lists)),
    ("crl_max_age_days", String(bundle.policy.revocationListAgeDaysLimit)),
    ("confinement", ReportJSON.string(unsafe Confinement.kind.joined(separator: " "))),
  ])
}

/// `--judge-list`: what becomes of the list on the input, as one JSON object. Its bytes are read when
/// the doors are closed, like a document's.
func judgeList(_ options: Options, _ bundle: TrustBundle, _ now: Int64) -> String {
  func text(_ outcome: String, _ reason: String, _ facts: RevocationListFacts?) -> String {
    ReportJSON.object([
      ("outcome", ReportJSON.string(outcome)), ("reason", ReportJSON.string(reason)),
      ("list", facts.map { list($0, in: "") } ?? "null"),
    ])
  }
  guard bundle.faults.isEmpty else { return text("refused", "trust_unusable", nil) }
  Confinement.closeDoors()
  guard let bytes = try? Files.read(options.descriptor, limit: TrustBundle.listBytesLimit) else {
    return text("refused", "unreadable", nil)
  }
  let judgement = bundle.store.judge(list: bytes, now: now)
  return text(judgement.outcome.rawValue, judgement.reason, judgement.facts)
}

/// What was read of all files, each with the file that it came from.
private func entries<Facts>(
  _ files: [TrustBundle.Loaded], _ facts: [Facts], _ text: (Facts, String) -> String
) -> [String] {
  let paths = files.flatMap { Array(repeating: $0.path, count: $0.count) }
  return zip(facts, paths).map { text($0, $1) }
}

private func authority(_ facts: AuthorityFacts, in file: String) -> String {
  ReportJSON.object([
    ("file", ReportJSON.string(file)), ("name", ReportJSON.string(facts.name)),
    ("sha256", ReportJSON.string(facts.sha256)), ("key", ReportJSON.string(facts.keySHA256)),
    ("not_before", String(facts.notBefore)), ("not_after", String(facts.notAfter)),
    ("self_issued", facts.isSelfIssued ? "true" : "false"),
  ])
}

private func list(_ facts: RevocationListFacts, in file: String) -> String {
  ReportJSON.object([
    ("file", ReportJSON.string(file)), ("issuer", ReportJSON.string(facts.issuerName)),
    ("key", ReportJSON.optional(facts.issuerKeySHA256)),
    ("number", ReportJSON.optional(facts.number)), ("this_update", String(facts.thisUpdate)),
    ("next_update", facts.nextUpdate.map { String($0) } ?? "null"),
    ("sha256", ReportJSON.string(facts.sha256)), ("plain", facts.isPlain ? "true" : "false"),
  ])
}

private func array(_ items: [String]) -> String { "[" + items.joined(separator: ",") + "]" }
