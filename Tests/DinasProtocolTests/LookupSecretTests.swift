import DinasProtocol
import Testing

@Suite("Keyed hashes stand in for people")
struct LookupSecretTests {
  let secret: LookupSecret

  init() throws { secret = try LookupSecret(file: Array(0..<32)) }

  /// Made with another implementation of HMAC-SHA256, so that a Dinas in any language agrees.
  @Test("keys are those that another implementation makes")
  func vectors() {
    let nik = Array("9999991203900001".utf8)
    #expect(secret.nik(nik) == "XCIUGnf9qr73Nqig7rsAGrYxlhwv1p0bqtCQF0Sl4ik")
    #expect(
      secret.registration(Array("2026112001".utf8))
        == "6t7iQM1mPymx4Gnp0xz1W-1bruKyTqTVipfVJlToVGg")
    #expect(
      secret.pin(nik: nik, pin: Array("135790".utf8))
        == "qDu4nsvHnTYZCCKpsz7Ce-kPBJnDofmHmkih78vrGuc")
    #expect(
      secret.qr(Array("CONTOH".utf8)) == "Z3upqlpxNxx6u4B7TRkabFtWrdesp2917Dof69qxw7M")
    #expect(
      secret.booking(Array("B1".utf8)) == "3VVOhGxqtE7MeuyPJLPhG9Oaq4RTMU3kPK1ljkwaM6M")
  }

  @Test("the same PIN of two people gives two keys")
  func pinIsBound() {
    let pin = Array("135790".utf8)
    #expect(
      secret.pin(nik: Array("9999991203900001".utf8), pin: pin)
        != secret.pin(nik: Array("9999994507880002".utf8), pin: pin))
  }

  @Test("a secret file is 32 bytes or 64 hexadecimal digits, and nothing else")
  func files() throws {
    let hex = Array((Hex.encode(Array(0..<32)) + "\n").utf8)
    #expect(try LookupSecret(file: hex).qr([1]) == secret.qr([1]))
    for wrong in [[], [UInt8](repeating: 7, count: 31), Array(hex.dropLast(2)), hex + [10]] {
      #expect(throws: WireProblem.self) { try LookupSecret(file: wrong) }
    }
  }

  @Test("comparing keys tells only whether they are equal")
  func comparison() {
    #expect(equalInConstantTime("abc", "abc"))
    #expect(!equalInConstantTime("abc", "abd"))
    #expect(!equalInConstantTime("abc", "abcd"))
  }
}
