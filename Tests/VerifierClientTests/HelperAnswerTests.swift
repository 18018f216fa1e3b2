import Foundation
import OfficeModel
import Testing

@testable import VerifierClient

@Suite("The helper's answer")
struct HelperAnswerTests {
  private static let hash = String(repeating: "ab", count: 32)

  private static func answer(
    verdict: String = "valid", reason: String = "ok", printBytes: String = "500",
    hash: String = hash, signers: String? = nil, provenTime: String = "1789441449"
  ) -> [UInt8] {
    let signer =
      #"{"commonName":"Contoh \"A\"","organization":"Dinas","organizationalUnit":null,"#
      + #""title":null,"serial":"12","provenTime":\#(provenTime),"level":"B-LT"}"#
    let text =
      #"{"verdict":"\#(verdict)","reason":"\#(reason)","signers":[\#(signers ?? signer)],"#
      + #""print_bytes":\#(printBytes),"print_sha256":"\#(hash)","page_count":1,"#
      + #""confinement":"seccomp"}"# + "\n"
    return Array(text.utf8)
  }

  @Test("a complete valid answer is read")
  func complete() throws {
    let report = try #require(HelperAnswer.report(from: Self.answer(), documentBytes: 500))
    #expect(report.verdict == .valid)
    #expect(report.signers.first?.commonName == "Contoh \"A\"")
    #expect(report.signers.first?.provenTime == 1_789_441_449)
    #expect(report.signers.first?.organizationalUnit == nil)
    #expect(report.printBytes == 500)
  }

  @Test(
    "a valid answer that lacks something is no answer",
    arguments: [
      answer(reason: "revoked"), answer(printBytes: "0"), answer(printBytes: "-3"),
      answer(printBytes: "501"), answer(printBytes: "5e2"), answer(hash: "ab"),
      answer(provenTime: "0"), answer(provenTime: "253402300800"),
      answer(provenTime: "9223372036854775807"), answer(signers: ""),
      answer(signers: "{}"), answer(verdict: "fine"),
      answer(reason: "Not A Code"), answer() + answer(), Array(answer().dropLast(20)), [],
      Array("null".utf8), Array(repeating: UInt8(ascii: "["), count: 5000),
    ])
  func incomplete(_ bytes: [UInt8]) {
    #expect(HelperAnswer.report(from: bytes, documentBytes: 500) == nil)
  }

  @Test("a refusal carries its reason and nothing to print")
  func refusal() throws {
    let bytes = Self.answer(verdict: "invalid", reason: "digest_mismatch")
    let report = try #require(HelperAnswer.report(from: bytes, documentBytes: 500))
    #expect(report.verdict == .invalid)
    #expect(report.reason == "digest_mismatch")
    #expect(report.printBytes == 0)
    #expect(report.signers.isEmpty)
  }

  @Test("a name brings no line break and no change of direction to the glass")
  func names() throws {
    let name = "Contoh \\\"A\\\""
    let hostile = "Contoh\\nDokumen sah\\u202e\\u2028"
    let text = String(decoding: Self.answer(), as: UTF8.self)
    #expect(text.contains(name))
    let bytes = Array(text.replacingOccurrences(of: name, with: hostile).utf8)
    let report = try #require(HelperAnswer.report(from: bytes, documentBytes: 500))
    #expect(report.signers.first?.commonName == "Contoh\u{fffd}Dokumen sah\u{fffd}\u{fffd}")
  }

  @Test("duplicate keys are refused")
  func duplicateKeys() {
    #expect(JSONValue(parsing: Array(#"{"a":1,"a":2}"#.utf8)) == nil)
  }
}
