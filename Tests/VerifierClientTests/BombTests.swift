import Foundation
import OfficeModel
import SensitiveMemory
import Testing
import VerifierClient

@Suite("Bombs")
struct BombTests {
  private let verifier = DocumentVerifier(helper: Bench.helper, settings: Bench.settings)
  private static let folder = Bench.corpus.deletingLastPathComponent().appending(path: "bombs")

  @Test(
    "a table or an object stream that swells is stopped as soon as it is too large",
    arguments: ["object-stream", "object-stream-twice", "table", "table-twice"])
  func swelling(_ name: String) async {
    let report = await verifier.verify(path: Self.folder.appending(path: name + ".pdf").path)
    // Not for a lack of memory in the end: that would be a malformed document.
    #expect(report == VerificationReport(verdict: .refuse, reason: "limits"))
  }

  @Test("so is one that swells without deflate")
  func runLength() async throws {
    var bytes = Array("%PDF-1.7\n".utf8)
    var places: [Int: Int] = [:]
    func add(_ number: Int, _ text: String, _ data: [UInt8]? = nil) {
      places[number] = bytes.count
      bytes += "\(number) 0 obj\n\(text)\n".utf8
      if let data { bytes += Array("stream\n".utf8) + data + Array("\nendstream\n".utf8) }
      bytes += "endobj\n".utf8
    }
    add(1, "<</Type/Catalog/Pages 2 0 R>>")
    add(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>")
    // 128 zeros for two bytes.
    let runs = Array(repeatElement([UInt8(0x81), 0], count: 600_000).joined()) + [0x80]
    add(4, "<</Type/ObjStm/N 1/First 4/Filter/RunLengthDecode/Length \(runs.count)>>", runs)
    func row(_ kind: UInt8, _ place: Int, _ index: UInt8) -> [UInt8] {
      [kind] + (0..<4).reversed().map { UInt8(place >> (8 * $0) & 255) } + [index]
    }
    let start = bytes.count
    let rows =
      row(0, 0, 255) + row(1, places[1] ?? 0, 0) + row(2, 4, 0) + row(1, places[3] ?? 0, 0)
      + row(1, places[4] ?? 0, 0) + row(1, start, 0)
    add(5, "<</Type/XRef/Size 6/W[1 4 1]/Root 1 0 R/Length \(rows.count)>>", rows)
    bytes += "startxref\n\(start)\n%%EOF\n".utf8
    let vault = SecretVault()
    let report = await verifier.verify(try Bench.store(bytes, in: vault), of: vault)
    #expect(report == VerificationReport(verdict: .refuse, reason: "limits"))
  }
}
