import Foundation
import SignedDocuments
import Testing

/// What a dozen other programs signed (README in the folder says which and how).
@Suite("Documents of other producers")
struct OtherProducersTests {
  private static let genuine = Corpus.producers.cases.filter { $0.expected == "valid" }

  @Test("is judged as its producer deserves", arguments: Corpus.producers.cases)
  func verdict(_ entry: Corpus.Case) throws {
    let report = try Corpus.producers.report(entry)
    #expect(report.verdict.rawValue == entry.expected, "\(report.reason)")
    #expect(report.reason == entry.reason)
    #expect(report.printBytes == entry.printBytes)
    guard report.verdict == .valid else { return }
    #expect(report.signers.map(\.commonName) == entry.signatures?.compactMap(\.cn))
    #expect(report.signers.map(\.serial) == entry.signatures?.compactMap(\.serial))
  }

  @Test("a table with room to spare is no damage, one that hides objects is")
  func size() throws {
    let entry = try Corpus.producers.named("openssl-adbe")
    let text = try #require(
      String(bytes: try Corpus.producers.bytes(entry.file), encoding: .isoLatin1))
    func reason(_ size: String) throws -> String {
      let changed = text.replacing("/Size 8/", with: "/Size \(size)/")
      try #require(changed != text)
      return try Corpus.producers.verification(entry.context)
        .verify(Array(try #require(changed.data(using: .isoLatin1)))).reason
    }
    // Nothing is wrong with the structure, so the changed byte is found by the digest.
    #expect(try reason("9") == "digest_mismatch")
    #expect(try reason("7") == "malformed_pdf")
  }

  @Test("the folder holds enough documents of enough producers")
  func population() {
    let others = Self.genuine.filter { !$0.class.contains("pyHanko") }
    #expect(others.count >= 40)
    #expect(Set(others.map(\.class)).count >= 9)
  }

  @Test("an update that adds what nobody refers to is noticed", arguments: genuine)
  func unusedObject(_ entry: Corpus.Case) throws {
    let update = try Update(of: try Corpus.producers.bytes(entry.file))
    let verification = try Corpus.producers.verification(entry.context)
    // The same update without the object is no change, so the object is what is noticed.
    let without = verification.verify(update.bytes(adding: nil))
    #expect(without.verdict == .valid, "\(without.reason)")
    #expect(without.printBytes == entry.printBytes)
    let with = verification.verify(update.bytes(adding: "<< /Type /Annot >>"))
    #expect(with.verdict == .invalid)
    #expect(with.reason == "modified_after_signing")
  }
}

/// An update in the classic form behind any document: its last trailer's entries are taken over.
private struct Update {
  private let document: [UInt8]
  private let previous: Int
  private let size: Int
  private let entries: String

  init(of document: [UInt8]) throws {
    self.document = document
    // Bytes as characters, one for one.
    let text = try #require(String(bytes: document, encoding: .isoLatin1))
    func last(_ pattern: String) throws -> Substring? {
      try text.matches(of: Regex("/" + pattern, as: Substring.self)).last?.output
    }
    previous = try #require(
      text.suffix(40).split(whereSeparator: \.isNewline).compactMap { Int($0) }.last)
    size = try #require(try last("Size [0-9]+").flatMap { Int($0.dropFirst(6)) })
    entries = try ["Root [0-9]+ 0 R", "Info [0-9]+ 0 R"]
      .compactMap { try last($0) }.joined(separator: " ")
  }

  func bytes(adding object: String?) -> [UInt8] {
    var bytes = document
    func append(_ text: String) { bytes += Array((text.data(using: .isoLatin1) ?? Data())) }
    var table = "xref\n0 1\n0000000000 65535 f \n"
    if let object {
      let offset = String(bytes.count)
      append("\(size) 0 obj\n\(object)\nendobj\n")
      table +=
        "\(size) 1\n" + String(repeating: "0", count: 10 - offset.count) + offset + " 00000 n \n"
    }
    let start = bytes.count
    append(table)
    append(
      "trailer\n<< /Size \(size + (object == nil ? 0 : 1)) /Prev \(previous) \(entries) >>\n"
        + "startxref\n\(start)\n%%EOF\n")
    return bytes
  }
}
