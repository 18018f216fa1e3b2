import DinasProtocol
import Testing

@Suite("Documents are sealed from the Dinas to one kiosk")
struct DocumentSealTests {
  let seal: DocumentSeal
  let document = Array("%PDF-1.7 isi yang tidak boleh dibaca orang lain".utf8)

  init() throws { seal = DocumentSeal(try LookupSecret(file: Array(0..<32))) }

  func open(_ sealed: [UInt8], _ id: String = "kk-budi") throws -> [UInt8] {
    try seal.open(sealed, id: id) { Array($0) }
  }

  @Test("what is sealed opens again, and only under its own id and key")
  func roundTrip() throws {
    let sealed = try seal.seal(document, id: "kk-budi")
    #expect(sealed.count == document.count + DocumentSeal.overheadBytes)
    #expect(try open(sealed) == document)
    #expect(throws: WireProblem.self) { try open(sealed, "kk-siti") }
    let other = DocumentSeal(try LookupSecret(file: Array(1..<33)))
    #expect(throws: WireProblem.self) { try other.open(sealed, id: "kk-budi") { Array($0) } }
  }

  @Test("one flipped bit anywhere, or a missing byte, opens nothing")
  func altered() throws {
    let sealed = try seal.seal(document, id: "kk-budi")
    for index in sealed.indices {
      var altered = sealed
      altered[index] ^= 1
      #expect(throws: WireProblem.self) { try open(altered) }
    }
    for count in [0, 12, 28, sealed.count - 1] {
      #expect(throws: WireProblem.self) { try open(Array(sealed.prefix(count))) }
    }
  }

  /// Sealed with another implementation of HKDF and AES-GCM.
  @Test("a seal of another implementation opens")
  func vector() throws {
    let hex =
      "000102030405060708090a0b8b0073d47674385d53241ad014ff862bc46f0c5c238507179a61cb"
    let sealed = try #require(Hex.decode(Array(hex.utf8)))
    #expect(try open(sealed) == Array("isi dokumen".utf8))
  }

  @Test("the same document seals to the same bytes, another one under another nonce")
  func nonces() throws {
    let first = try seal.seal(document, id: "a")
    #expect(try seal.seal(document, id: "a") == first)
    #expect(try seal.seal(document + [1], id: "a").prefix(12) != first.prefix(12))
    #expect(try seal.seal(document, id: "b").prefix(12) != first.prefix(12))
  }
}
