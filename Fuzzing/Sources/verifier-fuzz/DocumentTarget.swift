@testable internal import SignedDocuments

/// The whole verification on a mutated file.
final class DocumentTarget: Target {
  static let reachedMeans = "file parsed without repair, its structure walked"
  static let buildsOnUnreached = true

  let seeds: [[UInt8]]
  private let verification: DocumentVerification
  /// What may be printed: the signed revisions of the corpus, without their signatures' gaps. Also of
  /// documents that are refused for their time stamp, or because somebody's certificate was revoked: the
  /// stamp, and what tells of a revocation, may stand in the gap, outside of every signature, where a
  /// mutation spoils it and the rest is as it was signed.
  private var genuine: Set<[UInt8]> = []

  /// Findings that are made when all that was signed is right.
  private static let besideTheSignature: Set<String> = [
    "revoked", "bad_timestamp", "tsa_revoked", "tsa_untrusted", "tsa_expired",
  ]

  /// Findings of the steps before the structure is walked.
  private static let early: Set<String> = [
    "not_pdf", "leading_data", "truncated", "unsigned_trailing_data", "encrypted", "hybrid_file",
    "malformed_pdf", "overlapping_streams",
  ]

  init(_ corpus: Corpus) {
    verification = DocumentVerification(trust: corpus.trust, policy: Policy(), now: corpus.now)
    seeds = corpus.documents.map(\.bytes)
    for seed in seeds {
      let memory = permanent(seed)
      // Also what an attacked file was before the attack.
      for end in 0...seed.count where RevisionEnd(memory, end: end) != nil {
        let bytes = Array(seed[..<end])
        let report = verification.verify(bytes)
        let isValid = report.verdict == .valid
        guard isValid || Self.besideTheSignature.contains(report.reason) else { continue }
        genuine.insert(Self.outsideGaps(isValid ? bytes[..<report.printBytes] : bytes[...]))
      }
    }
    if genuine.count < 20 { broken("the corpus has too few valid documents") }
  }

  /// The bytes without long hexadecimal strings: what stands in a signature's gap is not drawn.
  private static func outsideGaps(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    func isHex(_ byte: UInt8) -> Bool {
      (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }
    var kept: [UInt8] = []
    kept.reserveCapacity(bytes.count)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      kept.append(bytes[index])
      index += 1
      guard kept[kept.count - 1] == UInt8(ascii: "<") else { continue }
      let end = bytes[index...].firstIndex { !isHex($0) } ?? bytes.endIndex
      if end - index < 1000 { kept += bytes[index..<end] }
      index = end
    }
    return kept
  }

  func run(_ input: [UInt8], counters: inout Counters) {
    let report = verification.verify(input)
    if !Self.early.contains(report.reason) { counters.reached += 1 }
    guard report.verdict == .valid else {
      if report.printBytes != 0 || !report.signers.isEmpty || !report.printSHA256.isEmpty {
        broken("a document that is not valid has something to print")
      }
      return
    }
    counters.accepted += 1
    guard genuine.contains(Self.outsideGaps(input[..<report.printBytes])) else {
      broken("a mutated document is valid with other bytes than the signed ones")
    }
  }

  func mutate(_ input: [UInt8], random: inout Generator) -> [UInt8] {
    var bytes = input
    guard bytes.count > 200, let donor = random.pick(seeds) else {
      return random.pick(seeds) ?? input
    }
    switch random.below(8) {
    case 0..<3: bytes = LibFuzzer.mutate(bytes, growth: 64)
    case 3..<5:
      bytes[random.below(bytes.count)] ^= UInt8(1 << random.below(8))
    case 5:
      // The same length from elsewhere: offsets stay right.
      let count = min(1 + random.below(64), bytes.count, donor.count)
      let from = random.below(donor.count - count)
      let to = random.below(bytes.count - count)
      bytes.replaceSubrange(to..<(to + count), with: donor[from..<(from + count)])
    case 6: bytes += donor.suffix(random.below(min(donor.count, 20_000)))
    default: bytes = Array(bytes.prefix(random.below(bytes.count)))
    }
    return bytes
  }
}
