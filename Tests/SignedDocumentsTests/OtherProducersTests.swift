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

  @Test("a size that does not fit the table is damage, but for PDFBox's own stream")
  func size() throws {
    // PDFBox counts its cross-reference stream and does not list it.
    #expect(Self.genuine.contains { $0.name == "pdfbox-packed-two" })
    let entry = try Corpus.producers.named("openssl-adbe")
    let text = try #require(
      String(bytes: try Corpus.producers.bytes(entry.file), encoding: .isoLatin1))
    for size in ["7", "9"] {
      let changed = text.replacing("/Size 8/", with: "/Size \(size)/")
      try #require(changed != text)
      let report = try Corpus.producers.verification(entry.context)
        .verify(Array(try #require(changed.data(using: .isoLatin1))))
      #expect(report.reason == "malformed_pdf")
    }
  }

  @Test("the folder holds enough documents of enough producers")
  func population() {
    let others = Self.genuine.filter { !$0.class.contains("pyHanko") }
    #expect(others.count >= 40)
    #expect(Set(others.map(\.class)).count >= 9)
  }

  @Test("an update that adds what nobody refers to is noticed", arguments: genuine)
  func unusedObject(_ entry: Corpus.Case) throws {
    let update = try Update(
      of: try Corpus.producers.bytes(entry.file),
      listsTable: entry.name.hasPrefix("pdfbox-packed"))
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
  /// PDFBox counts its cross-reference stream and does not list it: here it is listed.
  private let listsTable: Bool

  init(of document: [UInt8], listsTable: Bool) throws {
    self.document = document
    self.listsTable = listsTable
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
    func list(_ number: Int, at offset: Int) {
      let digits = String(offset)
      table +=
        "\(number) 1\n" + String(repeating: "0", count: 10 - digits.count) + digits + " 00000 n \n"
    }
    if listsTable { list(size - 1, at: previous) }
    if let object {
      list(size, at: bytes.count)
      append("\(size) 0 obj\n\(object)\nendobj\n")
    }
    let start = bytes.count
    append(table)
    append(
      "trailer\n<< /Size \(size + (object == nil ? 0 : 1)) /Prev \(previous) \(entries) >>\n"
        + "startxref\n\(start)\n%%EOF\n")
    return bytes
  }
}
