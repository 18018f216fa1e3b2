import Foundation
import OfficeModel
import SensitiveMemory
import Testing
import VerifierClient

@Suite("Bombs")
struct BombTests {
  /// Its work is bounded whatever the clock says; a busy machine is no reason.
  private let verifier = DocumentVerifier(
    helper: Bench.helper, settings: Bench.settings, wallLimit: .seconds(120))
  private static let folder = Bench.corpus.deletingLastPathComponent().appending(path: "bombs")

  @Test(
    "a table or an object stream that swells is stopped as soon as it is too large",
    arguments: ["object-stream", "object-stream-twice", "table", "table-twice"])
  func swelling(_ name: String) async {
    let report = await verifier.verify(path: Self.folder.appending(path: name + ".pdf").path)
    // Not for a lack of memory in the end: that would be a malformed document.
    #expect(report == VerificationReport(verdict: .refuse, reason: "limits"))
  }

  @Test("values that need more memory than there is are too many, not a damaged document")
  func values() async throws {
    let stream = Array(("2 0 [" + String(repeating: "<<>>", count: 2_500_000) + "]").utf8)
    try await expectLimits(
      try document(keys: "/Type/ObjStm/N 1/First 4", stream: stream, inside: 2))
  }

  @Test("so is one that swells without deflate")
  func runLength() async throws {
    // 128 zeros for two bytes.
    let runs = Array(repeatElement([UInt8(0x81), 0], count: 600_000).joined()) + [0x80]
    let keys = "/Type/ObjStm/N 1/First 4/Filter/RunLengthDecode"
    try await expectLimits(try document(keys: keys, stream: runs, inside: 2))
  }

  private func expectLimits(_ bytes: [UInt8]) async throws {
    let vault = SecretVault()
    let report = await verifier.verify(try Bench.store(bytes, in: vault), of: vault)
    #expect(report == VerificationReport(verdict: .refuse, reason: "limits"))
  }

  /// A document whose object 4 is an object stream; object `inside` is said to be in it.
  private func document(keys: String, stream: [UInt8], inside: Int) throws -> [UInt8] {
    var bytes = Array("%PDF-1.7\n".utf8)
    var places: [Int: Int] = [:]
    func add(_ number: Int, _ text: String, _ data: [UInt8]? = nil) {
      places[number] = bytes.count
      bytes += "\(number) 0 obj\n\(text)\n".utf8
      if let data { bytes += Array("stream\n".utf8) + data + Array("\nendstream\n".utf8) }
      bytes += "endobj\n".utf8
    }
    add(1, "<</Type/Catalog/Pages 2 0 R>>")
    if inside != 2 { add(2, "<</Type/Pages/Kids[3 0 R]/Count 1>>") }
    add(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>")
    add(4, "<<\(keys)/Length \(stream.count)>>", stream)
    let start = bytes.count
    places[5] = start
    let rows = (0...6).flatMap { number -> [UInt8] in
      let place = number == inside ? 4 : places[number] ?? 0
      let kind: UInt8 = number == inside ? 2 : places[number] == nil ? 0 : 1
      return [kind] + (0..<4).reversed().map { UInt8(place >> (8 * $0) & 255) } + [0]
    }
    add(5, "<</Type/XRef/Size 7/W[1 4 1]/Root 1 0 R/Length \(rows.count)>>", rows)
    return bytes + "startxref\n\(start)\n%%EOF\n".utf8
  }
}
