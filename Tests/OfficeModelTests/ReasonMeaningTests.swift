import Foundation
import OfficeModel
import Testing

@Suite("What a reason code means")
struct ReasonMeaningTests {
  private static let sources = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources")

  /// The program text of the rooms that give codes.
  private static func texts(of rooms: [String]) throws -> [String] {
    try rooms.flatMap { room in
      let folder = sources.appending(path: room)
      return try FileManager.default.contentsOfDirectory(atPath: folder.path)
        .filter { $0.hasSuffix(".swift") }
        .map { try String(contentsOf: folder.appending(path: $0), encoding: .utf8) }
    }
  }

  /// What stands in quotes and is spelt like a code.
  private static func quoted(in text: some StringProtocol) -> [String] {
    String(text).matches(of: /"([a-z][a-z0-9_]+)"/).map { String($0.output.1) }
  }

  @Test("every code that the sources can give has its sentence, and every sentence its code")
  func complete() throws {
    var given: Set<String> = []
    var anywhere: Set<String> = []
    for text in try Self.texts(
      of: ["SignedDocuments", "VerifierClient", "anjungan-verify", "UseCases"])
    {
      anywhere.formUnion(Self.quoted(in: text))
      // Thrown as findings, or put into reports, refusals and answers about lists.
      for call in text.matches(of: /\b(?:invalid|untrusted|refuse|refused)\(([^()]*)\)/) {
        given.formUnion(Self.quoted(in: call.output.1))
      }
      for label in text.matches(of: /\b(?:reason|code): ("[a-z0-9_]+")/) {
        given.formUnion(Self.quoted(in: label.output.1))
      }
    }
    given.remove("ok")
    let known = Set(ReasonMeaning.all.map(\.code))
    #expect(given.count > 45, "the scan finds nothing any more")
    #expect(given.subtracting(known) == [], "codes without a sentence")
    #expect(known.subtracting(anywhere) == [], "sentences that nobody needs")
  }

  @Test("each code has one sentence of its own in each language, and says no code")
  func sentences() {
    let all = ReasonMeaning.all
    #expect(Set(all.map(\.code)).count == all.count)
    #expect(Set(all.map(\.english)).count == all.count)
    #expect(Set(all.map(\.indonesian)).count == all.count)
    for meaning in all {
      for sentence in [meaning.english, meaning.indonesian] {
        #expect(sentence.hasSuffix("."), "\(sentence)")
        #expect(!sentence.contains("_"), "\(sentence)")
        #expect(sentence.count <= 90, "\(sentence)")
      }
    }
  }

  @Test(
    "changed documents and forged signers are security events; ignorance and machines are not",
    arguments: [
      (SignatureVerdict.invalid, "modified_after_signing", true),
      (.invalid, "never_heard_of", true), (.untrusted, "issuer_not_pinned", true),
      (.untrusted, "revoked", true), (.untrusted, "signer_not_allowed", true),
      (.untrusted, "untrusted_signer", true), (.untrusted, "tsa_untrusted", true),
      (.untrusted, "revocation_unknown", false), (.untrusted, "expired_no_poe", false),
      (.refuse, "not_pdf", false), (.refuse, "helper_crashed", false), (.valid, "ok", false),
    ])
  func events(_ verdict: SignatureVerdict, _ reason: String, _ isEvent: Bool) {
    let report = VerificationReport(verdict: verdict, reason: reason)
    #expect(ReasonMeaning.isSecurityEvent(report) == isEvent)
  }

  @Test("only refusals can be the machine's fault")
  func machine() {
    #expect(VerificationReport(verdict: .refuse, reason: "helper_timeout").isMachineFailure)
    #expect(VerificationReport(verdict: .refuse, reason: "clock_fault").isMachineFailure)
    #expect(!VerificationReport(verdict: .refuse, reason: "encrypted").isMachineFailure)
    #expect(!VerificationReport(verdict: .invalid, reason: "internal").isMachineFailure)
  }
}
