import Foundation
import Testing

@testable import SignedDocuments

@Suite("Allowed signers")
struct AllowedSignersTests {
  private static let organization = "Pemerintah Kabupaten Uji Coba"
  private static let unit = "Dinas Kependudukan dan Pencatatan Sipil"
  private static let serial = "135942922003973727990836636646404561418"

  private func verdict(_ name: String, _ policy: String...) throws -> DocumentReport {
    let entry = try Corpus.shared.named(name)
    let verification = try Corpus.shared.verification(entry.context) { rules in
      do throws(PolicyProblem) {
        try rules.take(Array(policy.joined(separator: "\n").utf8))
      } catch { Issue.record("line \(error.line) \(error.text)") }
    }
    return verification.verify(try Corpus.shared.bytes(entry.file))
  }

  @Test(
    "a signer who is named by organisation, unit or serial number may sign",
    arguments: [
      "allowed_organization = \(organization)",
      "allowed_organization =   Pemerintah  Kabupaten\tUji Coba ",
      "allowed_unit = \(organization) | \(unit)",
      "allowed_serial = \(serial)", "allowed_serial = 000\(serial)",
      "allowed_serial = 6645A7882AC773EC2C4C7E0F951C9A0A",
      "allowed_serial = 0x6645a7882ac773ec2c4c7e0f951c9a0a",
      "allowed_serial = 00:66:45:a7:88:2a:c7:73:ec:2c:4c:7e:0f:95:1c:9a:0a",
    ])
  func allowed(_ line: String) throws {
    #expect(try verdict("v-blt-crl", line).verdict == .valid)
  }

  @Test(
    "a signer whom no line names is not allowed",
    arguments: [
      "allowed_organization = Kabupaten Lain",
      "allowed_organization = pemerintah kabupaten uji coba",
      "allowed_organization = Pemerintah Kabupaten Uji",
      "allowed_unit = \(organization) | Dinas Lain", "allowed_unit = Lain | \(unit)",
      "allowed_serial = 135942922003973727990836636646404561419",
      "allowed_serial = 0x\(serial)",
    ])
  func notAllowed(_ line: String) throws {
    let report = try verdict("v-blt-crl", line)
    #expect(report.verdict == .untrusted)
    #expect(report.reason == "signer_not_allowed")
  }

  @Test("whoever names signers later names all of them")
  func later() throws {
    var policy = Policy()
    try policy.take(Array("allowed_organization = Kabupaten Lain\nallowed_serial = 1".utf8))
    try policy.take(Array("max_pages = 5".utf8))
    #expect(policy.allowedSigners.allows(organization: nil, unit: nil, serial: "1"))
    try policy.take(Array("allowed_serial = 2\nallowed_organization = Rekaan".utf8))
    #expect(policy.allowedSigners.allows(organization: nil, unit: nil, serial: "2"))
    #expect(policy.allowedSigners.allows(organization: "Rekaan", unit: nil, serial: "3"))
    #expect(!policy.allowedSigners.allows(organization: nil, unit: nil, serial: "1"))
    #expect(
      !policy.allowedSigners.allows(organization: "Kabupaten Lain", unit: nil, serial: "3"))
  }

  @Test("one line that names him is enough, whatever the others say")
  func oneOfMany() throws {
    let report = try verdict(
      "v-blt-crl", "allowed_organization = Kabupaten Lain", "allowed_serial = 1",
      "allowed_serial = \(Self.serial)")
    #expect(report.verdict == .valid)
  }

  @Test("of several people who signed, every one must be allowed")
  func everyone() throws {
    let first = "102690513438817356368640900002883515629"
    #expect(
      try verdict("v-two-lt", "allowed_serial = \(Self.serial)").reason == "signer_not_allowed")
    #expect(try verdict("v-two-lt", "allowed_serial = \(first)").reason == "signer_not_allowed")
    #expect(
      try verdict("v-two-lt", "allowed_serial = \(Self.serial)", "allowed_serial = \(first)")
        .verdict == .valid)
  }

  @Test("names that look the same are the same: composed and decomposed letters")
  func normalised() {
    var composed = AllowedSigners()
    var decomposed = AllowedSigners()
    let isAdded =
      composed.add(organization: "Pemerintah Kab\u{00e9}")
      && decomposed.add(organization: "Pemerintah Kabe\u{0301}")
    #expect(isAdded)
    #expect(composed == decomposed)
    #expect(composed.allows(organization: "Pemerintah Kabe\u{0301}", unit: nil, serial: "1"))
    // A letter that only looks like another is another.
    #expect(!composed.allows(organization: "Pеmerintah Kab\u{00e9}", unit: nil, serial: "1"))
  }

  @Test("a certificate without an organisation or with an unreadable serial is nobody")
  func nobody() {
    var signers = AllowedSigners()
    #expect(signers.allows(organization: nil, unit: nil, serial: ""))
    let isAdded = signers.add(organization: "Rekaan")
    #expect(isAdded)
    #expect(!signers.allows(organization: nil, unit: nil, serial: ""))
    #expect(!signers.allows(organization: "", unit: "Rekaan", serial: ""))
  }
}

@Suite("A policy's text")
struct PolicyTextTests {
  @Test(
    "a line that cannot be used is told with its number, and nothing is taken over",
    arguments: [
      ("max_pages = 5\n\nallowed_organisation = Rekaan", 3, "allowed_organisation"),
      ("# only a comment\nmax_pages", 2, "'='"), ("max_pages = many", 1, "many"),
      ("max_pages = 5\nmax_pages = 6", 2, "twice"), ("max_pages = -1", 1, "-1"),
      ("max_pages = +1", 1, "+1"), ("allowed_unit = Rekaan", 1, "allowed_unit"),
      ("allowed_unit = Rekaan | a | b", 1, "allowed_unit"), ("allowed_unit = | b", 1, "unit"),
      ("allowed_organization =", 1, "allowed_organization"),
      ("allowed_serial = 12 34", 1, "12 34"), ("allowed_serial = 0x", 1, "0x"),
      ("allowed_serial = -5", 1, "-5"), ("allowed_serial = ab::cd", 1, "ab::cd"),
      ("allowed_serial = abcg", 1, "abcg"), ("allowed_serial = ab:cde", 1, "ab:cde"),
      ("allowed_serial = " + String(repeating: "1", count: 81), 1, "111"),
      ("unknown_revocation = Block", 1, "Block"),
    ])
  func wrong(_ text: String, _ line: Int, _ word: String) {
    var policy = Policy()
    do {
      try policy.take(Array(text.utf8))
      Issue.record("taken: \(text)")
    } catch {
      #expect(error.line == line)
      #expect(error.text.contains(word), "\(error.text)")
    }
    #expect(policy == Policy())
  }

  @Test("comments, empty lines and other line ends are no matter")
  func loose() throws {
    var policy = Policy()
    try policy.take(
      Array("\r\n# pages\r\nmax_pages=7 # few\r\n\r\n  unknown_revocation =warn\r\n".utf8))
    #expect(policy.pagesLimit == 7)
    #expect(policy.unknownRevocation == .warn)
  }

  @Test("the README of the trust folder has a row for every key, and for no other")
  func documented() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "kiosk-config/trust/README.md")
    let text = try String(contentsOf: file, encoding: .utf8)
    let rows = text.matches(of: /\n\| `([a-z_]+)` \|/).map { String($0.output.1) }
    #expect(Set(rows).subtracting(["policy"]) == Policy.keys)
  }

  @Test("the demonstration's policy can be used")
  func demonstration() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "kiosk-config/trust/demonstration/policy")
    var policy = Policy()
    try policy.take([UInt8](try Data(contentsOf: file)))
    #expect(
      policy.allowedSigners.allows(
        organization: "Kabupaten Contoh (Demonstrasi Anjungan)",
        unit: "Dinas Kependudukan dan Pencatatan Sipil", serial: "1"))
    #expect(
      !policy.allowedSigners.allows(
        organization: "Kabupaten Contoh (Demonstrasi Anjungan)", unit: nil, serial: "1"))
  }

  @Test("what is no UTF-8 is told with its line")
  func notText() {
    var policy = Policy()
    do throws(PolicyProblem) {
      try policy.take(Array("max_pages = 7\n".utf8) + [0xff, 0xfe])
      Issue.record("taken")
    } catch { #expect(error == PolicyProblem(line: 2, text: "is not UTF-8")) }
  }
}
