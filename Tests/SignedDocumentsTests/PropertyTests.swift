import SignedDocuments
import Testing

@Suite("What holds for every document")
struct PropertyTests {
  /// A generator that a failing seed reproduces.
  struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = state
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return z ^ (z >> 31)
    }
  }

  /// The bytes without what stands in long hexadecimal strings.
  static func outsideGaps(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    func isHex(_ byte: UInt8) -> Bool {
      (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }
    var kept: [UInt8] = []
    var index = bytes.startIndex
    while index < bytes.endIndex {
      kept.append(bytes[index])
      index += 1
      guard kept[kept.count - 1] == UInt8(ascii: "<") else { continue }
      let end = bytes[index...].firstIndex { !isHex($0) } ?? bytes.endIndex
      if end - index < 1000 { kept += bytes[index..<end] }
      index = end
    }
    return kept
  }

  @Test(
    "a mutated file that is judged valid prints exactly the bytes that were signed",
    arguments: ["v-bb-rsa2048", "v-blt-ocsp", "v-blta", "v-three-lt-skew", "v-xrefstream"])
  func mutations(_ name: String) throws {
    let entry = try Corpus.shared.named(name)
    let original = try Corpus.shared.bytes(entry.file)
    let verification = try Corpus.shared.verification(entry.context)
    let genuine = verification.verify(original)
    #expect(genuine.verdict == .valid)
    var random = Generator(state: UInt64(original.count))
    for round in 0..<40 {
      var bytes = original
      switch round % 4 {
      case 0:
        bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= UInt8.random(
          in: 1...255, using: &random)
      case 1:
        let at = Int.random(in: 0..<bytes.count, using: &random)
        bytes.insert(UInt8.random(in: 0...255, using: &random), at: at)
      case 2: bytes.remove(at: Int.random(in: 0..<bytes.count, using: &random))
      default:
        let from = Int.random(in: 0..<(bytes.count - 40), using: &random)
        let to = Int.random(in: 0..<(bytes.count - 40), using: &random)
        bytes.replaceSubrange(to..<(to + 32), with: original[from..<(from + 32)])
      }
      let report = verification.verify(bytes)
      guard report.verdict == .valid else {
        #expect(report.printBytes == 0)
        continue
      }
      // What follows the signed revision may differ without harm, and so may what a signature's
      // container holds beside the signature (its gap is never drawn).
      #expect(report.printBytes == genuine.printBytes)
      #expect(
        Self.outsideGaps(bytes[..<report.printBytes])
          == Self.outsideGaps(original[..<genuine.printBytes]), "\(name), round \(round)")
    }
  }

  @Test("a file cut anywhere is never valid with other bytes than the signed ones")
  func cuts() throws {
    let entry = try Corpus.shared.named("v-blt-ocsp")
    let original = try Corpus.shared.bytes(entry.file)
    let verification = try Corpus.shared.verification(entry.context)
    let genuine = verification.verify(original)
    for length in stride(from: 0, to: original.count, by: 997) {
      let report = verification.verify(Array(original[..<length]))
      #expect(report.verdict != .valid || report.printSHA256 == genuine.printSHA256)
    }
  }

  @Test("the answer names who signed: name, office, title, serial and proven time")
  func signers() throws {
    let report = try Corpus.shared.report(try Corpus.shared.named("v-blt-crl"))
    let signer = try #require(report.signers.first)
    #expect(signer.commonName == "Drs. Ujang Contoh, M.Si.")
    #expect(signer.organization == "Pemerintah Kabupaten Uji Coba")
    #expect(signer.organizationalUnit == "Dinas Kependudukan dan Pencatatan Sipil")
    #expect(signer.title == "Kepala Dinas")
    #expect(signer.level == "B-LT")
    #expect(signer.provenTime != nil)
  }

  @Test("only the organisations on the list may sign, when there is a list")
  func allowedOrganizations() throws {
    let entry = try Corpus.shared.named("v-blt-crl")
    for (organization, verdict) in [
      ("Pemerintah Kabupaten Uji Coba", Verdict.valid), ("Kabupaten Lain", .untrusted),
    ] {
      let verification = try Corpus.shared.verification(entry.context) { policy in
        _ = policy.set("allowed_organization", to: organization)
      }
      #expect(verification.verify(try Corpus.shared.bytes(entry.file)).verdict == verdict)
    }
  }

  @Test("a clock behind the cached lists judges nothing")
  func clockFault() throws {
    let entry = try Corpus.shared.named("v-blt-crl")
    let verification = try Corpus.shared.verification(entry.context, time: 1_600_000_000)
    let report = verification.verify(try Corpus.shared.bytes(entry.file))
    #expect(report.verdict == .refuse)
    #expect(report.reason == "clock_fault")
  }

  @Test(
    "a policy line that cannot be is not taken",
    arguments: [
      ("unknown_revocation", "maybe"), ("max_pages", "-1"), ("max_bytes", "999999999999"),
      ("no_such_key", "1"),
    ])
  func policyLines(_ key: String, _ value: String) {
    var policy = Policy()
    let isTaken = policy.set(key, to: value)
    #expect(!isTaken)
    #expect(policy == Policy())
  }
}
