import Foundation
import Glibc
import OfficeModel
import TestSupport
import Testing
import VerifierClient

@Suite("Bringing revocation lists")
struct RevocationListImportTests {
  private static let lists = Bench.corpus.deletingLastPathComponent()
    .appending(path: "list-cases")

  /// A trust folder of the invented authority, and an import into it.
  private struct Place {
    let folder: TemporaryFolder
    let lists: RevocationListImport
    let tool: TrustTool

    init() throws {
      folder = try TemporaryFolder()
      for part in ["roots", "issuers"] {
        let place = folder.path + "/" + part
        try FileManager.default.createDirectory(
          atPath: place, withIntermediateDirectories: true)
        try FileManager.default.copyItem(
          atPath: RevocationListImportTests.lists.path + "/authority.pem",
          toPath: place + "/authority.pem")
      }
      var settings = DocumentVerifier.Settings(trust: folder.path)
      settings.time = Bench.now
      lists = try #require(RevocationListImport(helper: Bench.helper, settings: settings))
      tool = TrustTool(helper: Bench.helper, settings: settings)
    }

    var held: [String] {
      let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/crl")
      return (names ?? []).sorted()
    }
  }

  private static func list(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: lists.appending(path: name + ".crl")))
  }

  private static func reason(_ outcome: RevocationListImport.Outcome) -> String {
    switch outcome {
    case .installed: "installed"
    case .held: "held"
    case .refused(let reason, _): reason
    case .notWritten(let call, _): call
    }
  }

  @Test("a newer list takes the place of the older under the key's own name")
  func newer() async throws {
    let place = try Place()
    for (name, number) in [("number-5", "5"), ("number-6", "6"), ("number-256", "256")] {
      let bytes = try Self.list(name)
      guard case .installed(let list, let path) = await place.lists.add(bytes) else {
        Issue.record("\(name) is not taken")
        return
      }
      #expect(list.number == number)
      #expect(place.held == [try #require(list.key) + ".crl"])
      #expect([UInt8](try Data(contentsOf: URL(filePath: path))) == bytes)
    }
    let report = try #require(await place.tool.report())
    #expect(report.lists.map(\.number) == ["256"])
    // Eight days old: the root issues for signers itself, so its list should have come by now.
    let remarks = report.remarks(now: Bench.now, isDemonstration: false)
    #expect(remarks.map(\.code) == ["revocation-list.old"])
  }

  @Test(
    "what breaks a rule is refused by its name and changes nothing",
    arguments: [
      ("number-5", "list_older"), ("number-5-other", "list_older"),
      ("no-number", "list_without_number"), ("critical", "list_not_plain"),
      ("delta", "list_not_plain"), ("sha1", "list_weak_digest"),
      ("foreign", "list_bad_signature"), ("next-week", "list_in_future"),
    ])
  func refused(_ name: String, _ reason: String) async throws {
    let place = try Place()
    let held = try Self.list("number-6")
    #expect(Self.reason(await place.lists.add(held)) == "installed")
    #expect(Self.reason(await place.lists.add(try Self.list(name))) == reason)
    let file = place.folder.path + "/crl/" + place.held[0]
    #expect([UInt8](try Data(contentsOf: URL(filePath: file))) == held)
    #expect(place.held.count == 1)
  }

  @Test("the same number: the same bytes are there already, other bytes are refused")
  func sameNumber() async throws {
    let place = try Place()
    let bytes = try Self.list("number-5")
    #expect(Self.reason(await place.lists.add(bytes)) == "installed")
    #expect(Self.reason(await place.lists.add(bytes)) == "held")
    #expect(Self.reason(await place.lists.add(Self.pem(bytes))) == "held")
    let other = await place.lists.add(try Self.list("number-5-other"))
    #expect(Self.reason(other) == "list_number_reused")
  }

  @Test("beside a list without a number, put there by hand, the later one is newer")
  func withoutNumber() async throws {
    for (held, reason) in [("no-number", "installed"), ("no-number-later", "list_older")] {
      let place = try Place()
      let folder = place.folder.path + "/crl"
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
      try Data(try Self.list(held)).write(to: URL(filePath: folder + "/by-hand.crl"))
      #expect(Self.reason(await place.lists.add(try Self.list("number-6"))) == reason)
    }
  }

  @Test("a list may come as PEM, and one file holds one list")
  func pem() async throws {
    let place = try Place()
    let first = Self.pem(try Self.list("number-5"))
    let second = Self.pem(try Self.list("number-6"))
    #expect(Self.reason(await place.lists.add(first + second)) == "list_unreadable")
    #expect(Self.reason(await place.lists.add(first)) == "installed")
    let report = try #require(await place.tool.report())
    #expect(report.lists.map(\.number) == ["5"])
  }

  @Test("what is no list is refused")
  func noList() async throws {
    let place = try Place()
    var cut = try Self.list("number-5")
    cut.removeLast()
    var trailing = try Self.list("number-5")
    trailing.append(0)
    var flipped = try Self.list("number-5")
    flipped[flipped.count - 1] ^= 1
    for (bytes, reason) in [
      ([], "list_unreadable"), (Array("no list".utf8), "list_unreadable"),
      (cut, "list_unreadable"), (trailing, "list_unreadable"), (flipped, "list_bad_signature"),
    ] {
      #expect(Self.reason(await place.lists.add(bytes)) == reason)
    }
    let psre = Bench.corpus.appending(path: "crl/fresh/psre.crl")
    let foreign = await place.lists.add([UInt8](try Data(contentsOf: psre)))
    #expect(Self.reason(foreign) == "list_issuer_unknown")
    #expect(place.held == [])
  }

  @Test("many at once leave the newest, whatever the order")
  func atOnce() async throws {
    let place = try Place()
    let lists = place.lists
    await withTaskGroup(of: Void.self) { group in
      for name in ["number-256", "number-5", "number-6", "number-5", "number-6"] {
        group.addTask {
          guard let bytes = try? Self.list(name) else { return }
          _ = await lists.add(bytes)
        }
      }
    }
    let report = try #require(await place.tool.report())
    #expect(report.lists.map(\.number) == ["256"])
    #expect(place.held.count == 1)
  }

  @Test("a folder that somebody else keeps to himself is waited for, but not for ever")
  func locked() async throws {
    let folder = try TemporaryFolder()
    let lists = try #require(
      RevocationListImport(
        helper: Bench.helper, settings: .init(trust: folder.path), lockLimit: .milliseconds(50)))
    #expect(mkdir(folder.path + "/crl", 0o755) == 0)
    let other = open(folder.path + "/crl", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { close(other) }
    #expect(flock(other, LOCK_EX) == 0)
    let outcome = await lists.add(try Self.list("number-5"))
    #expect(outcome == .notWritten(call: "flock", code: EWOULDBLOCK))
  }

  @Test("a helper that fails takes no list")
  func helperFails() async throws {
    let folder = try TemporaryFolder()
    for (script, reason) in [
      ("crash", "helper_crashed"), ("half-answer", "helper_malformed"),
      ("no-answer", "helper_malformed"),
    ] {
      let lists = try #require(
        RevocationListImport(
          helper: Bench.script(script), settings: .init(trust: folder.path)))
      #expect(Self.reason(await lists.add(try Self.list("number-5"))) == reason)
    }
  }

  private static func pem(_ der: [UInt8]) -> [UInt8] {
    let text = Data(der).base64EncodedString(options: .lineLength64Characters)
    return Array(
      "-----BEGIN X509 CRL-----\n\(text)\n-----END X509 CRL-----\n"
        .replacingOccurrences(of: "\r", with: "").utf8)
  }
}
