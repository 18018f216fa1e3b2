@testable internal import SignedDocuments

/// The comparison of a signed revision with an update of it. An input is the number of a base, the
/// options of `PDFUpdate`, and the update.
final class RevisionTarget: Target {
  static let reachedMeans = "both revisions parsed and compared, object by object"

  private(set) var seeds: [[UInt8]] = []
  private let corpus: Corpus
  private var bases: [UpdateBase] = []
  private let mutator: PDFMutator
  private let verification: DocumentVerification
  /// What each base itself is judged to be.
  private var reports: [DocumentReport] = []

  /// The first byte of an input chooses.
  private static let basesLimit = 250
  private static let baseBytesLimit = 40 << 10

  init(_ corpus: Corpus) {
    self.corpus = corpus
    verification = DocumentVerification(trust: corpus.trust, policy: Policy(), now: corpus.now)
    var numbers: [[UInt8]: Int] = [:]
    var objects: [[[UInt8]]] = []
    for document in corpus.documents {
      for (start, end) in Self.updates(document.bytes) {
        let bytes = Array(document.bytes[..<start])
        if numbers[bytes] == nil, bytes.count <= Self.baseBytesLimit,
          bases.count < Self.basesLimit, let base = UpdateBase(bytes)
        {
          numbers[bytes] = bases.count
          bases.append(base)
          reports.append(verification.verify(bytes))
          objects.append(base.revision.objects.keys.map { PDFText.object($0, of: base.revision) })
        }
        guard let number = numbers[bytes] else { continue }
        let tail = Array(document.bytes[start..<end])
        seeds.append([UInt8(number), PDFUpdate.Options.raw.rawValue] + tail)
        guard let parts = Self.objects(bases[number], tail: tail) else { continue }
        objects[number] += parts
        for options: PDFUpdate.Options in [[], .signed, [.signed, .certified]] {
          seeds.append([UInt8(number), options.rawValue] + parts.joined())
        }
      }
    }
    mutator = PDFMutator(
      bases: bases, seeds: seeds,
      objects: objects.map { $0.filter { $0.count <= 4096 && !$0.isEmpty } })
    if bases.count < 10 { broken("the corpus has too few updated documents") }
  }

  /// Where the updates behind the first signature start and end.
  private static func updates(_ bytes: [UInt8]) -> [(start: Int, end: Int)] {
    let memory = permanent(bytes)
    guard let whole = try? PDFRevision(memory, end: memory.count),
      let fields = try? SignatureFields(whole, limit: 16)
    else { return [] }
    let ends = fields.signatures.compactMap { try? SignedRange($0, in: memory).end }.sorted()
    guard let boundaries = try? RevisionBoundaries.find(memory, signedEnds: ends) else { return [] }
    return zip(boundaries, boundaries.dropFirst()).map { ($0, $1) }
  }

  /// What an update brings, object by object.
  private static func objects(_ base: UpdateBase, tail: [UInt8]) -> [[UInt8]]? {
    let memory = permanent(base.bytes + tail)
    guard let new = try? PDFRevision(memory, end: memory.count) else { return nil }
    let changed = new.objects.filter { base.revision.objects[$0.key] != $0.value }
    return changed.filter { $0.value.value.asDictionary?["Type"]?.asName != "XRef" }.keys
      .sorted { $0.number < $1.number }.map { PDFText.object($0, of: new) }
  }

  func run(_ input: [UInt8], counters: inout Counters) {
    guard input.count > 2, Int(input[0]) < bases.count else { return }
    let base = bases[Int(input[0])]
    let options = PDFUpdate.Options(rawValue: input[1])
    let file = PDFUpdate.file(base, body: Array(input[2...]), options: options)
    file.withUnsafeBytes { memory in
      let bytes = DocumentBytes(memory)
      guard let new = try? PDFRevision(bytes, end: bytes.count),
        let mark = RevisionEnd(bytes, end: bytes.count),
        let table = try? CrossReferences(bytes, at: mark.startxref, of: new)
      else { return }
      let fields = try? SignatureFields(new, limit: 16).signatures
      let signature = options.contains(.signed) ? fields?.last : nil
      counters.reached += 1
      guard
        (try? RevisionComparison.check(
          old: base.revision, new: new, table: table, signature: signature,
          isCertified: options.contains(.certified))) != nil
      else { return }
      counters.accepted += 1
      let drawn = DrawnContent(
        old: base.revision, new: new, signature: signature,
        isCertified: options.contains(.certified))
      if let difference = drawn.difference() { broken("an update passed although \(difference)") }
      if signature == nil { requireSamePrint(file, base: Int(input[0])) }
    }
  }

  /// The whole verification must not see more in the updated document than in the base.
  private func requireSamePrint(_ file: [UInt8], base: Int) {
    let report = verification.verify(file)
    guard report.verdict == .valid else { return }
    if reports[base].verdict == .valid, report.printSHA256 != reports[base].printSHA256 {
      broken("an update changed what is printed")
    }
    if report.printBytes > bases[base].bytes.count { broken("an unsigned update is printed") }
  }

  func mutate(_ input: [UInt8], random: inout Generator) -> [UInt8] {
    mutator.mutate(input, random: &random)
  }
}
