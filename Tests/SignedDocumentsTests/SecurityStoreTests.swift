import Testing

@testable import SignedDocuments

/// Two revisions written by hand: a signature is not needed to compare them.
@Suite("What an update may do to the security store")
struct SecurityStoreTests {
  /// Objects by number, written as a file with its table.
  private static func file(_ objects: [(Int, String)]) -> [UInt8] {
    var text = "%PDF-1.7\n"
    let table = write(objects, into: &text)
    text += "trailer << /Size 8 /Root 1 0 R >>\nstartxref\n\(table)\n%%EOF\n"
    return Array(text.utf8)
  }

  private static func update(_ base: [UInt8], _ objects: [(Int, String)]) -> [UInt8] {
    var text = String(decoding: base, as: UTF8.self)
    let previous = text.split(separator: "\n").dropLast().last ?? "0"
    let table = write(objects, into: &text)
    let size = objects.reduce(8) { max($0, $1.0 + 1) }
    text += "trailer << /Size \(size) /Root 1 0 R /Prev \(previous) >>\n"
    text += "startxref\n\(table)\n%%EOF\n"
    return Array(text.utf8)
  }

  private static func write(_ objects: [(Int, String)], into text: inout String) -> Int {
    var entries = ""
    for (number, body) in objects {
      let offset = String(text.utf8.count)
      let padded = String(repeating: "0", count: 10 - offset.count) + offset
      entries += "\(number) 1\n\(padded) 00000 n \n"
      text += "\(number) 0 obj\n\(body)\nendobj\n"
    }
    let table = text.utf8.count
    text += "xref\n0 1\n0000000000 65535 f \n" + entries
    return table
  }

  private static func stream(_ content: String) -> String {
    "<< /Length \(content.utf8.count) >>\nstream\n\(content)\nendstream"
  }

  /// The store's list of certificates is an object of its own, and `contents` draws the page.
  private static func base(contents: String) -> [UInt8] {
    file([
      (1, "<< /Type /Catalog /Pages 2 0 R /DSS 4 0 R >>"),
      (2, "<< /Type /Pages /Kids [ 3 0 R ] /Count 1 >>"),
      (
        3,
        "<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 100 100 ] /Contents \(contents) >>"
      ),
      (4, "<< /Certs 5 0 R >>"),
      (5, "[ 6 0 R ]"),
      (6, stream("0 0 9 9 re f")),
      (7, stream("0 0 8 8 re f")),
    ])
  }

  /// One more leaf in the list.
  private static let growth = [(5, "[ 6 0 R 8 0 R ]"), (8, stream("0 0 99 99 re f"))]

  private static func compare(_ old: [UInt8], _ new: [UInt8]) throws {
    try new.withUnsafeBytes { memory in
      let bytes = DocumentBytes(memory)
      let revision = try PDFRevision(bytes, end: new.count)
      let mark = try #require(RevisionEnd(bytes, end: new.count))
      try RevisionComparison.check(
        old: try PDFRevision(bytes, end: old.count), new: revision,
        table: try CrossReferences(bytes, at: mark.startxref, of: revision), signature: nil,
        isCertified: false)
    }
  }

  @Test("its lists may grow")
  func growing() throws {
    let old = Self.base(contents: "7 0 R")
    try Self.compare(old, Self.update(old, Self.growth))
  }

  @Test("a list that a page draws as its contents may not")
  func usedByPage() throws {
    let old = Self.base(contents: "5 0 R")
    let new = Self.update(old, Self.growth)
    #expect(throws: Finding.invalid("modified_after_signing")) { try Self.compare(old, new) }
  }

  @Test("a leaf is never written anew")
  func redefinedLeaf() throws {
    let old = Self.base(contents: "7 0 R")
    let new = Self.update(old, [(6, Self.stream("0 0 99 99 re f"))])
    #expect(throws: Finding.invalid("modified_after_signing")) { try Self.compare(old, new) }
  }
}
