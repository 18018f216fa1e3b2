import OfficeModel
import Ports
import SensitiveMemory
import Testing
import VerifierClient

@Suite("The verifier")
struct DocumentVerifierTests {
  private let verifier = DocumentVerifier(helper: Bench.helper, settings: Bench.settings)

  @Test("a genuine document in the vault is valid, and only its signed revision is printed")
  func genuine() async throws {
    let vault = SecretVault()
    let bytes = try Bench.bytes("v-blt-ocsp")
    let handle = try Bench.store(bytes, in: vault)
    let report = await verifier.port(vault: vault).verify(handle)
    #expect(report.verdict == .valid, "\(report.reason)")
    #expect(report.printBytes == 20_633)
    #expect(report.printBytes < bytes.count)
    #expect(report.printSHA256.count == 64)
    #expect(report.signers.map(\.commonName) == ["Drs. Ujang Contoh, M.Si."])
    #expect(report.signers.first?.provenTime != nil)
  }

  @Test("one changed byte of a genuine document makes it invalid")
  func tampered() async throws {
    let vault = SecretVault()
    var bytes = try Bench.bytes("v-blt-ocsp")
    let content = bytes.firstRange(of: Array("stream".utf8))
    bytes[(try #require(content)).upperBound + 20] ^= 1
    let report = await verifier.verify(try Bench.store(bytes, in: vault), of: vault)
    #expect(report.verdict != .valid)
    #expect(report.printBytes == 0)
  }

  @Test("a file is verified by its path, and a missing one is no answer")
  func files() async {
    #expect(await verifier.verify(path: Bench.document("isa-content"))?.verdict == .invalid)
    #expect(await verifier.verify(path: Bench.document("v-pss"))?.verdict == .valid)
    #expect(await verifier.verify(path: "/nonexistent/file.pdf") == nil)
    #expect(await verifier.verify(path: "/") == nil)
  }

  @Test("a wiped document is refused")
  func wiped() async throws {
    let vault = SecretVault()
    let handle = try Bench.store([1, 2, 3], in: vault)
    vault.wipe(handle)
    #expect(await verifier.verify(handle, of: vault).reason == "unreadable")
  }

  @Test(
    "a helper that misbehaves is a refusal that names it",
    arguments: [
      ("crash", "helper_crashed"), ("exit-3", "helper_crashed"), ("exit-78", "trust_unusable"),
      ("half-answer", "helper_malformed"), ("no-answer", "helper_malformed"),
      ("endless-answer", "helper_malformed"),
    ])
  func misbehaving(_ script: String, _ reason: String) async {
    let verifier = DocumentVerifier(helper: Bench.script(script), settings: Bench.settings)
    let report = await verifier.verify(path: Bench.document("v-pss"))
    #expect(report == VerificationReport(verdict: .refuse, reason: reason))
  }

  @Test(
    "a helper that hangs is killed when its time is over",
    arguments: ["hang", "hang-silently"])
  func hanging(_ script: String) async {
    let verifier = DocumentVerifier(
      helper: Bench.script(script), settings: Bench.settings, wallLimit: .milliseconds(300))
    let report = await verifier.verify(path: Bench.document("v-pss"))
    #expect(report == VerificationReport(verdict: .refuse, reason: "helper_timeout"))
  }

  @Test("a helper that is not there is a refusal")
  func missing() async {
    let verifier = DocumentVerifier(helper: "/nonexistent/helper", settings: Bench.settings)
    let report = await verifier.verify(path: Bench.document("v-pss"))
    #expect(report?.reason == "helper_unavailable")
  }

  @Test("the helper says which walls it has: all that this kernel can build")
  func confinement() async {
    let landlock = Bench.kernelHasLandlock ? " landlock" : ""
    #expect(await verifier.confinement() == "rlimits no_new_privs\(landlock) seccomp")
  }

  @Test("a policy line on the command line counts, with or without spaces")
  func policyLines() async {
    for line in ["max_pages=0", " max_pages = 0 "] {
      var settings = Bench.settings
      settings.policy = [line]
      let report = await DocumentVerifier(helper: Bench.helper, settings: settings)
        .verify(path: Bench.document("v-pss"))
      #expect(report == VerificationReport(verdict: .refuse, reason: "limits"))
    }
  }

  @Test("trust without roots is unusable, never an open door")
  func emptyTrust() async {
    let verifier = DocumentVerifier(
      helper: Bench.helper, settings: .init(trust: "/nonexistent/trust"))
    let report = await verifier.verify(path: Bench.document("v-pss"))
    #expect(report == VerificationReport(verdict: .refuse, reason: "trust_unusable"))
  }
}
