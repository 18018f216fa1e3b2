import DinasProtocol
import Testing

@Suite("A hash that is slow to guess")
struct SlowHashTests {
  private static let salt = Array(UInt8(1)...16)

  @Test("of a secret matches that secret and no other")
  func matching() throws {
    let hash = try SlowHash(of: Array("246810".utf8), salt: Self.salt, rounds: 4096)
    #expect(hash.matches(Array("246810".utf8)))
    #expect(!hash.matches(Array("246811".utf8)))
    #expect(!hash.matches([UInt8]()))
  }

  @Test("survives being written and read, and does not show its secret")
  func writing() throws {
    let hash = try SlowHash(of: Array("246810".utf8), salt: Self.salt, rounds: 4096)
    let read = try SlowHash(hash.description)
    #expect(read == hash && read.matches(Array("246810".utf8)))
    #expect(!hash.description.contains("246810"))
  }

  @Test("differs with its salt")
  func salted() throws {
    let other = try SlowHash(of: Array("1".utf8), salt: Self.salt.reversed(), rounds: 4096)
    #expect(try SlowHash(of: Array("1".utf8), salt: Self.salt, rounds: 4096) != other)
  }

  @Test(
    "is refused when its form is not that of one",
    arguments: [
      "", "scrypt$4096$AQ$AQ", "scrypt$5000$AQIDBAUGBwgJCgsMDQ4PEA$AA",
      "scrypt$1073741824$AQIDBAUGBwgJCgsMDQ4PEA$" + String(repeating: "A", count: 43),
      "bcrypt$4096$AQIDBAUGBwgJCgsMDQ4PEA$" + String(repeating: "A", count: 43),
    ])
  func malformed(_ text: String) {
    #expect(throws: WireProblem.self) { try SlowHash(text) }
  }
}
