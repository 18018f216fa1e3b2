internal import CForge
internal import COpenSSL

@testable internal import SignedDocuments

/// Time-stamp tokens: the message, the TSTInfo inside, the authority and its path.
final class TimeStampTarget: Target {
  static let reachedMeans = "token verified, its TSTInfo decoded and asked for time and imprint"

  let seeds: [[UInt8]]
  private let own: [[UInt8]]
  private let corpus: Corpus
  private let chains: ChainRules
  private let revocation: RevocationCheck
  private let mutator: DERMutator
  /// The TSTInfo values that the genuine tokens' authorities signed. The fuzzer has none of their
  /// keys. Also of tokens that do not verify as they are: a revocation list that the message
  /// carries is not covered by its signature, and without it the same TSTInfo may be good.
  private var genuine: Set<[UInt8]> = []

  init(_ corpus: Corpus) {
    self.corpus = corpus
    chains = ChainRules(trust: corpus.trust, carried: [])
    var evidence = RevocationEvidence()
    evidence.lists =
      corpus.trust.lists
      + [Forge.list(time: corpus.now - 86_400, revoked: true)].compactMap(RevocationList.read)
    revocation = RevocationCheck(evidence: evidence, policy: Policy(), now: corpus.now)
    let tokens = corpus.parts.tokens
    // The fuzzer's own authority stamps what the genuine ones stamped: its tokens stay good under
    // mutation, so that it is the TSTInfo that is judged.
    own = Set(tokens.compactMap { Self.content($0) }).sorted { $0.lexicographicallyPrecedes($1) }
      .map { Forge.message(FORGE_STAMPER, content: $0) }
    seeds = tokens + own
    mutator = DERMutator(seeds: seeds + corpus.parts.certificates)
    for token in tokens {
      if let content = signedContent(token) { genuine.insert(content) }
    }
    if genuine.isEmpty || own.isEmpty { broken("the corpus has no token that verifies") }
  }

  private static func message(_ token: [UInt8]) -> CMSMessage? {
    try? CMSMessage(token, contentType: NID_id_smime_ct_TSTInfo, detached: false)
  }

  private static func content(_ token: [UInt8]) -> [UInt8]? { message(token)?.content }

  /// The TSTInfo, when the token's signature is right for it.
  private func signedContent(_ token: [UInt8]) -> [UInt8]? {
    guard let message = Self.message(token), let content = message.content,
      (try? message.digest.digest(content)) == message.attributes.messageDigest,
      (try? CMSRules.signer(of: message, known: chains.known, bindingRequired: true)) != nil
    else { return nil }
    return content
  }

  /// The imprint is asked for only when the token's mathematics were right and its TSTInfo decoded.
  private func verify(_ token: [UInt8]) -> (isReached: Bool, stamp: TimeStamp?)? {
    guard
      let info = DERNode.parse(token, certificates: false)?.value.at(1, 0, 2, 1, 0)?.octets
    else { return nil }
    let stamped = DERNode.parse(info)?.value.at(2, 1)?.octets ?? []
    var isReached = false
    let stamp = try? TimeStamp.verify(
      token: token,
      imprint: { _ in
        isReached = true
        return stamped
      }, chains: chains, revocation: revocation, now: corpus.now)
    return (isReached, stamp)
  }

  func run(_ input: [UInt8], counters: inout Counters) {
    guard let (isReached, stamp) = verify(input) else { return }
    if isReached { counters.reached += 1 }
    guard let stamp else { return }
    counters.accepted += 1
    if !isReached { broken("a token is good although nobody asked what it stamps") }
    guard let message = Self.message(input), let content = message.content else {
      broken("a good token has no content")
    }
    if genuine.contains(content) { return }
    let signer = try? CMSRules.signer(of: message, known: chains.known, bindingRequired: true)
    if signer?.keyFingerprint != Forge.stamper.keyFingerprint {
      broken("a mutated token verifies with another TSTInfo")
    }
    if stamp.time > corpus.now + Policy.clockSkewSeconds || stamp.time <= 0 {
      broken("a token proves a time that has not come")
    }
    if let text = DERNode.parse(content)?.value.at(4)?.content, text.count == 15,
      text.last == UInt8(ascii: "Z"), stamp.time != Self.seconds(text)
    {
      broken("a token proves another time than it says")
    }
  }

  /// `YYYYMMDDHHMMSSZ`, reckoned without any library: days by the civil calendar.
  private static func seconds(_ text: [UInt8]) -> Int64 {
    func number(_ range: Range<Int>) -> Int64 {
      text[range].reduce(0) { $0 * 10 + Int64($1) - 48 }
    }
    let month = number(4..<6)
    let year = number(0..<4) - (month <= 2 ? 1 : 0)
    let era = year / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + number(6..<8) - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    let days = era * 146_097 + dayOfEra - 719_468
    return days * 86_400 + number(8..<10) * 3600 + number(10..<12) * 60 + number(12..<14)
  }

  /// The TSTInfo, or what follows its imprint: serial number, time, accuracy, nonce, authority.
  private static func part(of token: DERNode, turn: Int) -> DERNode? {
    let info = token.at(1, 0, 2, 1, 0, 0)
    guard turn < 6, let info, info.children.count > 3 else { return info }
    return info.children[3 + turn % (info.children.count - 3)]
  }

  func mutate(_ input: [UInt8], random: inout Generator) -> [UInt8] {
    // A stranger's token fails at its signature once it is changed: most turns go to our own.
    let isOwn = PDFUpdate.find(Forge.stamperName, in: input, from: 0) != nil
    let start = isOwn || random.once(in: 8) ? input : random.pick(own) ?? input
    let turn = random.below(8)
    return mutator.mutate(
      start, random: &random, focus: { Self.part(of: $0, turn: turn) },
      resign: { Forge.resign(message: $0, as: FORGE_STAMPER) })
  }
}
