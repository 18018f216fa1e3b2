import Foundation
import Ports
import TestSupport
import Testing

@testable import ReadinessReport

@Suite("The readiness report on paper") struct ReportLayoutTests {
  private static let fonts = URL(filePath: LabProgram.laboratory)
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Assets/fonts").path

  private func readiness(_ findings: Int) -> Readiness {
    let marks = Readiness.Mark.allCases
    return Readiness(
      office: "Dinas Contoh Kabupaten Contoh", kiosk: "Anjungan 1", version: "0.0.0-uji",
      moment: Wording(indonesian: "Sabtu, 21 November 2026", english: "Saturday, 21 November 2026"),
      isDemonstration: true,
      findings: (0..<findings).map { index in
        Readiness.Finding(
          mark: marks[index % marks.count],
          name: Wording(indonesian: "Perangkat \(index)", english: "Device \(index)"),
          state: Wording(
            indonesian: "keadaan \(index) " + String(repeating: "panjang sekali ", count: 12),
            english: "state \(index)"),
          advice: index % marks.count == 0
            ? nil
            : Wording(indonesian: "Lakukan \(index).", english: "Do \(index)."))
      })
  }

  private func file(_ bytes: [UInt8], _ body: (String) async throws -> Void) async throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).pdf").path
    try Data(bytes).write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    try await body(path)
  }

  @Test("every finding, its advice and both languages can be read; all fonts are embedded")
  func contents() async throws {
    let drawn = try ReportLayout.pdf(readiness(23), fontFolder: Self.fonts)
    try await file(drawn.bytes) { path in
      let said = try await LabProgram.output(of: "/usr/bin/pdftotext", [path, "-"])
      let text = said.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      for index in 0..<23 {
        #expect(text.contains("Perangkat \(index): keadaan \(index) panjang"))
        #expect(text.contains("Device \(index): state \(index)"))
        if index % 4 != 0 { #expect(text.contains("Lakukan \(index).")) }
      }
      for words in [
        "Dinas Contoh Kabupaten Contoh", "Anjungan 1", "0.0.0-uji", "PERAGAAN",
        "Anjungan tidak dapat dibuka", "The kiosk cannot open",
      ] { #expect(text.contains(words), "\(words)") }
      let fonts = try await LabProgram.output(of: "/usr/bin/pdffonts", [path])
        .split(separator: "\n").dropFirst(2)
      #expect(fonts.count >= 3)
      for font in fonts {
        #expect(font.contains("Inter"))
        // Columns: emb sub uni.
        #expect(font.contains("yes yes yes"), "\(font)")
      }
      let facts = try await LabProgram.output(of: "/usr/bin/pdfinfo", [path])
      #expect(facts.contains("(A4)"))
      #expect(facts.contains("Pages:") && facts.contains(" \(drawn.pages)\n"))
      #expect(drawn.pages > 1)
    }
  }

  @Test("nothing is drawn past the page's edges, however long a word or a name is")
  func edges() async throws {
    var long = readiness(2)
    long.office = String(repeating: "Dinas", count: 60)
    long.findings[0].state = Wording(String(repeating: "/jalur/panjang", count: 40))
    let drawn = try ReportLayout.pdf(long, fontFolder: Self.fonts)
    try await file(drawn.bytes) { path in
      let boxes = try await LabProgram.output(of: "/usr/bin/pdftotext", ["-bbox", path, "-"])
      var words = 0
      for line in boxes.split(separator: "\n") where line.contains("<word") {
        let numbers = line.split(separator: "\"").compactMap { Double($0) }
        #expect(numbers.count == 4)
        #expect(numbers.min() ?? 0 > 20 && numbers[2] < 575 && numbers[3] < 830, "\(line)")
        words += 1
      }
      #expect(words > 20)
    }
  }

  @Test("the whole is as bad as its worst finding, and one without findings is good")
  func verdict() {
    #expect(readiness(0).mark == .good)
    #expect(readiness(2).mark == .attention)
    #expect(readiness(3).mark == .bad)
    #expect(readiness(4).mark == .fatal)
  }

  @Test("a font that is not there is told by its path")
  func noFont() {
    #expect(throws: ReportProblem.self) {
      try ReportLayout.pdf(readiness(1), fontFolder: "/nonexistent")
    }
  }
}
