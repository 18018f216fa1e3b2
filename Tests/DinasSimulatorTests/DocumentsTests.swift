import Foundation
import TestSupport
import Testing

@Suite("The demonstration's documents")
struct DocumentsTests {
  struct Report: Decodable, Sendable {
    struct Signer: Decodable, Sendable {
      var commonName: String
      var level: String
    }
    var verdict: String
    var reason: String
    var signers: [Signer]
    var pageCount: Int

    enum CodingKeys: String, CodingKey {
      case verdict, reason, signers
      case pageCount = "page_count"
    }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var file: String
    var verdict: String
    var pages: Int
    var testDescription: String { file }
  }

  static let cases = [
    Case(file: "kk-siap.pdf", verdict: "valid", pages: 1),
    Case(file: "akta-kelahiran.pdf", verdict: "valid", pages: 2),
    Case(file: "kk-diubah.pdf", verdict: "invalid", pages: 0),
    Case(file: "kk-penandatangan-kedaluwarsa.pdf", verdict: "untrusted", pages: 0),
  ]

  /// The real helper judges, as it does for the kiosk; `year` nil: by the machine's clock.
  func judge(_ file: String, year: Int?) async throws -> Report {
    let trust = DemonstrationTests.data + "/../trust/demonstration"
    var arguments = ["--trust", trust, "--crl", trust + "/crl"]
    if let year {
      // New Year's day, near enough.
      arguments += ["--at", String((year - 1970) * 31_556_952)]
    }
    let path = DemonstrationTests.data + "/documents/" + file
    let chosen = arguments
    let output = try await LabProgram.offThePool {
      let process = Process()
      process.executableURL = URL(filePath: CommandLine.arguments[0])
        .deletingLastPathComponent().appending(path: "anjungan-verify")
      process.arguments = chosen
      process.standardInput = try FileHandle(forReadingFrom: URL(filePath: path))
      let pipe = Pipe()
      process.standardOutput = pipe
      try process.run()
      let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
      process.waitUntilExit()
      return output
    }
    return try JSONDecoder().decode(Report.self, from: output)
  }

  @Test(
    "are judged as they should be, today, in five years and in twenty", arguments: cases,
    [nil, 2032, 2047])
  func verdicts(document: Case, year: Int?) async throws {
    let report = try await judge(document.file, year: year)
    #expect(report.verdict == document.verdict, "\(report.reason)")
    #expect(report.pageCount == document.pages)
    if document.verdict == "valid" {
      #expect(report.signers.map(\.level) == ["B-LT"])
      #expect(report.signers.allSatisfy { $0.commonName.contains("CONTOH") })
    }
  }

  @Test("no private key lies beside them")
  func noKeys() throws {
    let root = URL(filePath: DemonstrationTests.data).deletingLastPathComponent()
    let files = try #require(FileManager.default.enumerator(atPath: root.path))
    for case let name as String in files {
      guard let data = FileManager.default.contents(atPath: root.path + "/" + name) else {
        continue
      }
      #expect(data.range(of: Data("PRIVATE KEY-----".utf8)) == nil, "\(name)")
    }
  }
}
