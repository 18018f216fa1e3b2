import Foundation
import TestSupport
import Testing

/// The built program on the project's own office.
@Suite("anjungan ticket preview")
struct TicketCommandTests {
  private static let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "anjungan").path
  private static let office = URL(filePath: LabProgram.laboratory).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "kiosk-config/offices/tabalong").path

  /// What it says, standard error included, and its exit code in the last line.
  private func preview(_ arguments: [String]) async throws -> String {
    try await LabProgram.output(
      of: "/bin/sh",
      ["-c", "\"$0\" ticket preview \"$@\" 2>&1; echo \"exit $?\"", Self.program] + arguments)
  }

  @Test(
    "a slip is drawn with a code that can be read",
    arguments: ["epson-tm-80", "generic-58"], ["queueNumber", "complaint"])
  func drawn(profile: String, slip: String) async throws {
    let folder = try TemporaryFolder()
    let file = folder.path + "/slip.png"
    let said = try await preview([
      "--config", Self.office, "--profile", profile, "--slip", slip, "--output", file,
    ])
    #expect(said.contains(profile.hasSuffix("58") ? ": 464 x " : ": 640 x "))
    #expect(said.hasSuffix("exit 0\n"))
    let code = try await LabProgram.output(of: "/usr/bin/zbarimg", ["--quiet", "--raw", file])
    #expect(code.hasPrefix(slip == "complaint" ? "CNTH-7777" : "A-007 2026-11-20 "))
  }

  @Test("the longest number that an office can give", arguments: ["epson-tm-80", "generic-58"])
  func longest(profile: String) async throws {
    let folder = try TemporaryFolder()
    let file = folder.path + "/slip.png"
    let said = try await preview([
      "--config", Self.office, "--profile", profile, "--longest", "--output", file,
    ])
    #expect(said.hasSuffix("exit 0\n"))
    let code = try await LabProgram.output(of: "/usr/bin/zbarimg", ["--quiet", "--raw", file])
    let number = try #require(code.split(separator: " ").first)
    #expect(number.wholeMatch(of: /P[A-Z]{1,3}9{2,4}-9999/) != nil && number.count == 11)
  }

  @Test("a profile that there is not, and a place that cannot be written, are told")
  func refused() async throws {
    let unknown = try await preview([
      "--config", Self.office, "--profile", "no-such", "--output", "/dev/null",
    ])
    let all = "bixolon-80, epson-tm-58, epson-tm-80, generic-58, generic-80"
    #expect(unknown == "--profile: there is no 'no-such'; there are: \(all)\nexit 1\n")
    let layout = try await preview([
      "--config", Self.office, "--layout", "no-such", "--output", "/dev/null",
    ])
    #expect(layout == "--layout: there is no 'no-such'; there are: standard\nexit 1\n")
    let nowhere = try await preview(["--config", Self.office, "--output", "/nowhere/slip.png"])
    #expect(nowhere.contains("/nowhere/slip.png cannot be written"))
    #expect(!nowhere.hasSuffix("exit 0\n"))
  }
}
