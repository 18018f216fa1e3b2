import SignedDocuments
import Testing

@Suite("The verification corpus")
struct CorpusTests {
  @Test("every case of the corpus comes out acceptable", arguments: Corpus.shared.cases)
  func verdict(_ entry: Corpus.Case) throws {
    let report = try Corpus.shared.report(entry)
    #expect(
      entry.acceptable.contains(report.verdict.rawValue),
      "\(entry.name): \(report.verdict.rawValue) \(report.reason)")
    guard report.verdict == .valid else { return }
    #expect(report.printBytes == entry.printBytes)
    let persons = (entry.signatures ?? []).filter { $0.kind == "signature" }
    #expect(report.signers.map(\.serial) == persons.compactMap(\.serial))
    #expect(report.signers.map(\.commonName) == persons.compactMap(\.cn))
    #expect(report.pageCount > 0)
    #expect(report.printSHA256.count == 64)
  }
  // Here the reason is ours to say, so it is held to the letter.
  @Test("every rule of ours says what it found", arguments: Corpus.structure.cases)
  func structure(_ entry: Corpus.Case) throws { try exact(entry, of: .structure) }

  @Test("every rule about trust says what it found", arguments: Corpus.trust.cases)
  func trust(_ entry: Corpus.Case) throws { try exact(entry, of: .trust) }

  private func exact(_ entry: Corpus.Case, of corpus: Corpus) throws {
    let report = try corpus.report(entry)
    #expect(report.verdict.rawValue == entry.expected, "\(entry.name)")
    #expect(report.reason == entry.reason, "\(entry.name)")
    #expect(report.printBytes == (entry.expected == "valid" ? entry.printBytes : 0))
  }
}
