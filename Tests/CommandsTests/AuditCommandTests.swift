import Foundation
import TestSupport
import Testing

/// The built program, on exports that were written by hand: the chain's formula is part of the format.
@Suite("anjungan audit verify")
struct AuditCommandTests {
  private static let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "anjungan").path
  private static let first = "6e7433eda63c97a5da0a74be8ba84327e63c36a6b20bac8bbf026f4f6c3327de"
  private static let last = "1a7a32d0a85ab84d1f18655875ffba7da360d8e02e77033a99883fa319022811"

  private static let log = [
    #"{"format":"anjungan-audit-1","hash":"\#(last)","kiosk":"contoh-1","records":2}"#,
    #"{"at":1800000000000,"hash":"\#(first)","result":"ok","seq":1,"subject":"abcd1234","#
      + #""what":"kioskStarted","who":"kiosk"}"#,
    #"{"at":1800000060000,"hash":"\#(last)","result":"ok","seq":2,"subject":"t-1","#
      + #""what":"ticketIssued","who":"abcd1234-1"}"#,
  ]

  /// What it says of such a file, and its exit code.
  private func verify(
    _ lines: [String]?, _ more: [String] = []
  ) async throws -> (said: String, code: String) {
    let folder = try TemporaryFolder()
    let path = folder.path + "/log"
    if let lines {
      try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: URL(filePath: path))
    }
    let script = "\"$0\" audit verify \"$@\" 2>/dev/null; echo \"exit $?\""
    let text = try await LabProgram.output(
      of: "/bin/sh", ["-c", script, Self.program, path] + more)
    var answer = text.split(separator: "\n").map(String.init)
    let code = answer.popLast() ?? ""
    return (answer.joined(separator: "\n"), code)
  }

  @Test("a whole log is told with its head and exits 0")
  func whole() async throws {
    let (said, code) = try await verify(Self.log)
    #expect(said == "2 records, whole, head \(Self.last)")
    #expect(code == "exit 0")
  }

  @Test("the first line that was changed is named, and the exit code is 1")
  func changed() async throws {
    var log = Self.log
    log[1].replace("\"ok\"", with: "\"no\"")
    let (said, code) = try await verify(log)
    #expect(said == "line 2: was changed, or one before it was")
    #expect(code == "exit 1")
  }

  @Test("a tail that was cut off is missed, also where the head was forged")
  func cut() async throws {
    let short = try await verify(Array(Self.log.dropLast()))
    #expect(short.said == "after line 2: 1 record(s) are missing at the end")
    #expect(short.code == "exit 1")
    let forged = [
      #"{"format":"anjungan-audit-1","hash":"\#(Self.first)","kiosk":"contoh-1","records":1}"#,
      Self.log[1],
    ]
    #expect(try await verify(forged).code == "exit 0")
    #expect(try await verify(forged, ["--head", "2:" + Self.last]).code == "exit 1")
    #expect(try await verify(Self.log, ["--head", "2:" + Self.last]).code == "exit 0")
  }

  @Test("a log that cannot be read exits 2")
  func missing() async throws {
    #expect(try await verify(nil).code == "exit 2")
  }
}
