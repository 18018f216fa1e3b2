@testable internal import SignedDocuments

/// OCSP answers: decoding, who signed them, and what they say about whom.
final class AnswerTarget: Target {
  static let reachedMeans = "answer decoded, its signature and its states asked for"

  private struct Statement: Hashable {
    let certificate: Int
    let date: Int64?
    let reason: Int?
    let thisUpdate: Int64
    let nextUpdate: Int64?
  }

  let seeds: [[UInt8]]
  private typealias Pair = (certificate: Certificate, issuer: Certificate)
  /// Whom to ask about, with his issuer; the last is the fuzzer's own.
  private var pairs: [Pair] = []
  private let mutator: DERMutator
  private var genuine: Set<Statement> = []

  init(_ corpus: Corpus) {
    for issuer in corpus.trust.issuers {
      for certificate in corpus.certificates where issuer.issued(certificate) {
        pairs.append((certificate, issuer))
      }
    }
    seeds =
      corpus.parts.answers
      + [true, false].map { Forge.answer(time: corpus.now - 86_400, revoked: $0) }
    mutator = DERMutator(seeds: seeds + corpus.parts.certificates.prefix(20))
    // Only what some genuine answer is about is worth a question for every input.
    let answers = corpus.parts.answers.compactMap { OCSPEvidence($0) }
    pairs = pairs.filter { pair in
      answers.contains { !Self.statuses($0, of: pair).isEmpty }
    }
    pairs = Array(pairs.prefix(8))
    for answer in answers { genuine.formUnion(statements(answer)) }
    if genuine.count < 2 { broken("the corpus has too few answers that verify") }
    pairs.append((Forge.person, Forge.authority))
  }

  /// What an answer says of a certificate, if its signer may.
  private static func statuses(_ answer: OCSPEvidence, of pair: Pair) -> [OCSPEvidence.Status] {
    let statuses = answer.statuses(of: pair.certificate, issuer: pair.issuer)
    return answer.responder(for: pair.issuer) == nil ? [] : statuses
  }

  private func statements(_ answer: OCSPEvidence) -> [Statement] {
    pairs.enumerated().flatMap { index, pair in
      Self.statuses(answer, of: pair).map { status in
        Statement(
          certificate: index, date: status.revocation?.date, reason: status.revocation?.reason,
          thisUpdate: status.thisUpdate, nextUpdate: status.nextUpdate)
      }
    }
  }

  func run(_ input: [UInt8], counters: inout Counters) {
    guard let answer = OCSPEvidence(input) else { return }
    counters.reached += 1
    let statements = statements(answer)
    if !statements.isEmpty { counters.accepted += 1 }
    for statement in statements where statement.certificate != pairs.count - 1 {
      if !genuine.contains(statement) {
        broken("a mutated answer verifies and says something else")
      }
    }
  }

  func mutate(_ input: [UInt8], random: inout Generator) -> [UInt8] {
    func basic(_ tree: DERNode) -> DERNode? { tree.at(1, 0, 1, 0) }
    return mutator.mutate(
      input, random: &random, focus: { basic($0)?.at(0) },
      resign: { if let signed = basic($0) { Forge.resign(signed: signed, algorithmAt: nil) } })
  }
}
