import Foundation
import SignedDocuments
import Testing

@Suite("Documents of other producers")
struct OtherProducersTests {
  private static let folder = Corpus.shared.folder.deletingLastPathComponent()
    .appending(path: "other-producers")
  /// When the files were made (README there).
  private static let now: Int64 = 1_795_216_847

  private static func files(_ folder: URL, _ ending: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(ending) }.sorted()
  }

  private static func verification() throws -> DocumentVerification {
    let trust = TrustStore()
    func each(_ part: String, _ ending: String, _ use: ([UInt8]) -> Bool) throws {
      for name in files(folder.appending(path: part), ending) {
        let path = folder.appending(path: part).appending(path: name)
        let isTaken = use([UInt8](try Data(contentsOf: path)))
        try #require(isTaken)
      }
    }
    try each("roots", ".pem") { trust.addRoots($0) > 0 }
    try each("issuers", ".pem") { trust.addPinnedIssuers($0) > 0 }
    try each("crl", ".crl") { trust.addRevocationList($0) }
    return DocumentVerification(trust: trust, policy: Policy(), now: now)
  }

  @Test("a genuine document is valid", arguments: files(folder, ".pdf"))
  func genuine(_ name: String) throws {
    let bytes = [UInt8](try Data(contentsOf: Self.folder.appending(path: name)))
    let report = try Self.verification().verify(bytes)
    #expect(report.verdict == .valid, "\(report.reason)")
    let isThree = name.hasPrefix("three")
    #expect(report.signers.count == (isThree ? 3 : report.signers.count))
  }

  @Test("the folder holds what it should")
  func population() {
    #expect(Self.files(Self.folder, ".pdf").count >= 17)
  }

  @Test("an update that adds what nobody refers to is noticed", arguments: files(folder, ".pdf"))
  func update(_ name: String) throws {
    var bytes = [UInt8](try Data(contentsOf: Self.folder.appending(path: name)))
    let text = String(decoding: bytes, as: UTF8.self)
    let previous = try #require(
      text.suffix(40).split(whereSeparator: \.isNewline).compactMap { Int($0) }.last)
    let root = try #require(
      text.split(separator: "/Root ").last?.split(separator: " ").first.flatMap { Int($0) })
    let info =
      text.contains("/Info ")
      ? " /Info " + (text.split(separator: "/Info ").last?.prefix { $0 != "R" } ?? "") + "R" : ""
    let start = bytes.count
    bytes += Array("900 0 obj\n<< /Type /Annot >>\nendobj\n".utf8)
    let table = bytes.count
    let tail =
      "xref\n900 1\n" + String(repeating: "0", count: 10 - String(start).count) + "\(start)"
      + " 00000 n \ntrailer\n<< /Size 901 /Root \(root) 0 R\(info) /Prev \(previous) >>\n"
      + "startxref\n\(table)\n%%EOF\n"
    bytes += Array(tail.utf8)
    let report = try Self.verification().verify(bytes)
    #expect(report.verdict == .invalid)
    #expect(report.reason == "modified_after_signing")
  }
}
