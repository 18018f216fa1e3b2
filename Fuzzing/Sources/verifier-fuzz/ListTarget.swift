@testable internal import SignedDocuments

/// Revocation lists: decoding, who signed them, and what they say about whom.
final class ListTarget: Target {
  static let reachedMeans = "list decoded, its signature and its entries asked for"

  /// Everything that a list says to the verifier.
  private struct Statement: Hashable {
    let thisUpdate: Int64
    let nextUpdate: Int64?
    let isPlain: Bool
    let revoked: [Int: [Int64]]
  }

  let seeds: [[UInt8]]
  private let now: Int64
  private let issuers: [Certificate]
  private let certificates: [Certificate]
  private let mutator: DERMutator
  private var genuine: [Int: Set<Statement>] = [:]

  init(_ corpus: Corpus) {
    now = corpus.now
    issuers = corpus.trust.issuers + corpus.trust.roots
    certificates = corpus.certificates + [Forge.person]
    seeds =
      corpus.parts.lists + [true, false].map { Forge.list(time: corpus.now - 86_400, revoked: $0) }
    mutator = DERMutator(seeds: seeds)
    for list in seeds.compactMap(RevocationList.read) {
      for (index, issuer) in issuers.enumerated() where list.isSigned(by: issuer) {
        genuine[index, default: []].insert(statement(list))
      }
    }
    if genuine.count < 2 { broken("the corpus has too few lists that verify") }
  }

  private func statement(_ list: RevocationList) -> Statement {
    var revoked: [Int: [Int64]] = [:]
    for (index, certificate) in certificates.enumerated() {
      switch list.status(of: certificate) {
      case .revoked(let entry): revoked[index] = [entry.date, Int64(entry.reason ?? -1)]
      case .unclear: revoked[index] = []
      case .notListed: break
      }
    }
    return Statement(
      thisUpdate: list.thisUpdate, nextUpdate: list.nextUpdate, isPlain: list.isPlain,
      revoked: revoked)
  }

  func run(_ input: [UInt8], counters: inout Counters) {
    guard let list = RevocationList.read(input) else { return }
    counters.reached += 1
    let statement = statement(list)
    for (index, issuer) in issuers.enumerated() where list.isSigned(by: issuer) {
      counters.accepted += 1
      if issuer.keyFingerprint == Forge.authority.keyFingerprint {
        requireHeeded(list)
      } else if genuine[index]?.contains(statement) != true {
        broken("a mutated list verifies and says something else")
      }
      return
    }
  }

  /// Whoever is on a list that counts must not come through.
  private func requireHeeded(_ list: RevocationList) {
    var evidence = RevocationEvidence()
    evidence.lists = [list]
    let check = RevocationCheck(evidence: evidence, policy: Policy(), now: now)
    let isGood =
      (try? check.requireGood(Forge.person, issuer: Forge.authority, provenTime: nil)) != nil
    if isGood, case .revoked = list.status(of: Forge.person) {
      broken("a certificate on a list that counts is taken for good")
    }
    if isGood, !list.isPlain { broken("a list that is not understood clears a certificate") }
  }

  func mutate(_ input: [UInt8], random: inout Generator) -> [UInt8] {
    mutator.mutate(
      input, random: &random, focus: { $0.at(0) },
      resign: { Forge.resign(signed: $0, algorithmAt: 1) })
  }
}
