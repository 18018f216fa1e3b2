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
}
