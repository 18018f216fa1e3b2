import Foundation
import OfficeModel
import TestSupport
import Testing
import VerifierClient

@Suite("What the trust folder holds")
struct TrustReportTests {
  private static let day: Int64 = 86_400

  private func report(
    _ change: (inout DocumentVerifier.Settings) throws -> Void = { _ in }
  ) async throws -> TrustReport {
    var settings = Bench.settings
    try change(&settings)
    return try #require(await TrustTool(helper: Bench.helper, settings: settings).report())
  }

  /// A copy of the corpus's trust with its fresh lists.
  private func copy() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for part in ["roots", "issuers"] {
      try FileManager.default.copyItem(
        atPath: Bench.corpus.path + "/trust/" + part, toPath: folder.path + "/" + part)
    }
    try FileManager.default.copyItem(
      atPath: Bench.corpus.path + "/crl/fresh", toPath: folder.path + "/crl")
    return folder
  }

  private func codes(_ report: TrustReport, at now: Int64 = Bench.now) -> Set<String> {
    Set(report.remarks(now: now, isDemonstration: false).map(\.code))
  }

  @Test("certificates come with names, dates and the fingerprints that viewers show")
  func certificates() async throws {
    let report = try await report()
    let root = try #require(report.roots.first { $0.file.hasSuffix("root-uji-g1.pem") })
    #expect(root.name == "Root CA Indonesia UJI DS G1, Kementerian Uji Komunikasi")
    #expect(root.isSelfIssued)
    #expect(try await root.sha256 == Self.fingerprint(root.file))
    #expect(root.notAfter > Bench.now)
    #expect(report.faults.isEmpty)
    let issuer = try #require(report.issuers.first { $0.file.hasSuffix("bsre-ca-uji-g1.pem") })
    let list = try #require(report.newestList(of: issuer))
    #expect(list.number == "20777")
    #expect(list.thisUpdate == 1_795_132_800)
    #expect(list.file.hasSuffix("/bsre.crl"))
  }

  /// SHA-256 of the DER, worked out without the program under test.
  private static func fingerprint(_ file: String) async throws -> String {
    let text = try await LabProgram.output(
      of: "/usr/bin/openssl", ["x509", "-in", file, "-noout", "-fingerprint", "-sha256"])
    return text.split(separator: "=").last?.filter(\.isHexDigit).lowercased() ?? ""
  }

  @Test("an issuer's list is looked at after seven days, and too old after the policy's thirty")
  func ages() async throws {
    let report = try await report()
    let issued: Int64 = 1_795_132_800
    #expect(!codes(report, at: issued + 7 * Self.day - 1).contains("revocation-list.old"))
    #expect(codes(report, at: issued + 7 * Self.day).contains("revocation-list.old"))
    let issuer = try #require(report.issuers.first { $0.file.hasSuffix("bsre-ca-uji-g1.pem") })
    let next = try #require(report.newestList(of: issuer)?.nextUpdate)
    let late = max(next + 1, issued + 31 * Self.day)
    #expect(codes(report, at: late).contains("revocation-list.too-old"))
    #expect(
      report.remarks(now: late, isDemonstration: true).filter { $0.code.hasSuffix("old") } == [])
  }

  @Test("an authority without a list is told; one that has expired needs none any more")
  func missing() async throws {
    let report = try await report {
      $0.revocationLists = Bench.corpus.appending(path: "crl/none").path
    }
    let remarks = report.remarks(now: Bench.now, isDemonstration: false)
    let named = remarks.filter { $0.code == "revocation-list.missing" }.map(\.text)
    #expect(named.contains { $0.contains("BSRE CA UJI DS G1") })
    #expect(named.contains { $0.contains("Root CA Indonesia UJI DS G1") })
    #expect(!named.contains { $0.contains("OSD LU Kelas 2 UJI") })
  }

  @Test("a list that cannot be read is left out and told, and documents are still judged")
  func unreadableList() async throws {
    let folder = try copy()
    try Data("no list".utf8).write(to: URL(filePath: folder.path + "/crl/bsre.crl"))
    var settings = DocumentVerifier.Settings(trust: folder.path)
    settings.time = Bench.now
    let report = try #require(
      await TrustTool(helper: Bench.helper, settings: settings).report())
    #expect(report.faults.isEmpty)
    #expect(report.unreadableLists.count == 1)
    #expect(report.unreadableLists.first?.contains("bsre.crl") == true)
    #expect(codes(report).contains("revocation-list.unreadable"))
    let verifier = DocumentVerifier(helper: Bench.helper, settings: settings)
    // It brings its own evidence; one that does not is now unknown, not valid.
    #expect(await verifier.verify(path: Bench.document("v-blt-crl"))?.verdict == .valid)
    let without = await verifier.verify(path: Bench.document("v-bb-rsa2048"))
    #expect(without?.reason == "revocation_unknown")
  }

  @Test("a root, an issuer or a policy line that cannot be used stops all judging, by its name")
  func faults() async throws {
    for (file, bytes, word) in [
      ("roots/extra.pem", "no certificate", "roots/extra.pem"),
      ("issuers/extra.pem", "", "issuers/extra.pem"),
      ("policy", "max_pages = 5\nmax_page = 5\n", "policy:2: there is no key 'max_page'"),
    ] {
      let folder = try copy()
      try Data(bytes.utf8).write(to: URL(filePath: folder.path + "/" + file))
      var settings = DocumentVerifier.Settings(trust: folder.path)
      settings.time = Bench.now
      let report = try #require(
        await TrustTool(helper: Bench.helper, settings: settings).report())
      #expect(report.faults.count == 1)
      #expect(report.faults.first?.contains(word) == true, "\(report.faults)")
      #expect(codes(report).contains("trust.unusable"))
      let verifier = DocumentVerifier(helper: Bench.helper, settings: settings)
      #expect(
        await verifier.verify(path: Bench.document("v-pss"))
          == VerificationReport(verdict: .refuse, reason: "trust_unusable"))
    }
  }

  @Test(
    "a folder that is there and cannot be read is not empty",
    arguments: ["roots", "issuers", "crl"])
  func unreadableFolder(_ name: String) async throws {
    let folder = try copy()
    let path = folder.path + "/" + name
    try FileManager.default.removeItem(atPath: path)
    // A link to itself is there for whoever looks, and nobody can open it.
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: path)
    var settings = DocumentVerifier.Settings(trust: folder.path)
    settings.time = Bench.now
    let report = try #require(
      await TrustTool(helper: Bench.helper, settings: settings).report())
    #expect(report.faults.contains { $0.contains(path) }, "\(report.faults)")
    let verifier = DocumentVerifier(helper: Bench.helper, settings: settings)
    let verdict = await verifier.verify(path: Bench.document("v-blt-crl"))
    #expect(verdict?.reason == "trust_unusable")
  }

  @Test("every list of a file counts, whatever the file is called; a damaged one is told")
  func manyLists() async throws {
    let folder = try copy()
    let lists = folder.path + "/crl"
    var text = ""
    for name in try FileManager.default.contentsOfDirectory(atPath: lists).sorted()
    where name.hasSuffix(".crl") {
      let file = URL(filePath: lists + "/" + name)
      let base64 = try Data(contentsOf: file).base64EncodedString()
      text += "-----BEGIN X509 CRL-----\n\(base64)\n-----END X509 CRL-----\n"
      try FileManager.default.removeItem(at: file)
    }
    let expected = try await report().lists.map(\.sha256)
    #expect(expected.count > 1)
    var settings = DocumentVerifier.Settings(trust: folder.path)
    settings.time = Bench.now
    let tool = TrustTool(helper: Bench.helper, settings: settings)
    try Data(text.utf8).write(to: URL(filePath: lists + "/all.DER"))
    #expect(try #require(await tool.report()).lists.map(\.sha256) == expected)
    // The last letters of the last list are gone.
    try Data(text.utf8.dropLast(60)).write(to: URL(filePath: lists + "/all.DER"))
    let damaged = try #require(await tool.report())
    #expect(damaged.lists == [])
    #expect(damaged.unreadableLists.first?.contains("all.DER") == true)
  }

  @Test("a damaged certificate behind a good one, and a file of another kind, stop all judging")
  func damagedCertificate() async throws {
    for (name, isDamaged) in [("root-uji-g1.pem", true), ("root.pem.disabled", false)] {
      let folder = try copy()
      let good = try Data(contentsOf: URL(filePath: folder.path + "/roots/root-uji-g1.pem"))
      try (isDamaged ? good + good.dropLast(60) : good)
        .write(to: URL(filePath: folder.path + "/roots/" + name))
      let report = try #require(
        await TrustTool(helper: Bench.helper, settings: .init(trust: folder.path)).report())
      #expect(report.faults.count == 1)
      #expect(report.faults.first?.contains(name) == true, "\(report.faults)")
      #expect(report.roots.count == (isDamaged ? 1 : 2))
    }
  }

  @Test("a policy above its limit, and a link to no policy, stop all judging")
  func policyFile() async throws {
    let large = try copy()
    try Data(("#" + String(repeating: " ", count: 1 << 20)).utf8)
      .write(to: URL(filePath: large.path + "/policy"))
    let dangling = try copy()
    try FileManager.default.createSymbolicLink(
      atPath: dangling.path + "/policy", withDestinationPath: "nowhere")
    for folder in [large, dangling] {
      let report = try #require(
        await TrustTool(helper: Bench.helper, settings: .init(trust: folder.path)).report())
      #expect(report.faults.count == 1)
      #expect(report.faults.first?.contains("/policy cannot be read") == true)
    }
  }

  @Test("a policy that is there and cannot be read stops all judging: it may name the signers")
  func unreadablePolicy() async throws {
    let folder = try copy()
    // A link to itself is there for whoever looks, and nobody can open it.
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/policy", withDestinationPath: folder.path + "/policy")
    var settings = DocumentVerifier.Settings(trust: folder.path)
    settings.time = Bench.now
    let verifier = DocumentVerifier(helper: Bench.helper, settings: settings)
    let report = await verifier.verify(path: Bench.document("v-pss"))
    #expect(report?.reason == "trust_unusable")
  }

  @Test("a list of nobody of ours is told as useless")
  func useless() async throws {
    let report = try await report()
    let psre = report.lists.first { $0.file.hasSuffix("psre.crl") }
    #expect(psre?.key == nil)
    #expect(
      report.remarks(now: Bench.now, isDemonstration: false)
        .contains { $0.code == "revocation-list.useless" && $0.text.contains("psre.crl") })
  }

  @Test("a helper that misbehaves gives no report", arguments: ["crash", "half-answer", "hang"])
  func misbehaving(_ script: String) async {
    let tool = TrustTool(
      helper: Bench.script(script), settings: Bench.settings, wallLimit: .milliseconds(500))
    #expect(await tool.report() == nil)
  }
}
