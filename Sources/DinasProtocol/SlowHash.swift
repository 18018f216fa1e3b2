internal import CryptoExtras
public import FoundationEssentials

/// A salted hash that is slow to compute (scrypt, RFC 7914), for what has few digits: whoever takes a
/// kiosk away has its keys, and must not try a million PINs in a moment. Written as
/// `scrypt$rounds$salt$hash`, salt and hash as base64url.
public struct SlowHash: Hashable, Sendable, Codable, CustomStringConvertible {
  /// 32 MiB and about a tenth of a second: a kiosk's processor hashes while a citizen waits.
  public static let standardRounds = 1 << 15
  /// Between a hash that slows nobody and one that takes a kiosk's memory.
  public static let roundsAllowed = (1 << 12)...(1 << 17)
  public static let saltBytes = 16
  static let hashBytes = 32
  private static let blockSize = 8

  public let rounds: Int
  public let salt: [UInt8]
  private let hash: [UInt8]

  /// - Parameter salt: 16 random bytes.
  public init(
    of secret: some DataProtocol, salt: [UInt8], rounds: Int = standardRounds
  ) throws(WireProblem) {
    guard Self.roundsAllowed.contains(rounds), rounds & (rounds - 1) == 0 else {
      throw WireProblem("rounds", "a power of two from 4096 to 131072")
    }
    guard salt.count == Self.saltBytes else { throw WireProblem("salt", "16 bytes") }
    self.rounds = rounds
    self.salt = salt
    hash = try Self.derive(secret, salt, rounds)
  }

  /// Reads the written form; throws what is wrong with it.
  public init(_ text: String) throws(WireProblem) {
    let parts = text.split(separator: "$", omittingEmptySubsequences: false)
    guard parts.count == 4, parts[0] == "scrypt", let rounds = Int(parts[1]),
      Self.roundsAllowed.contains(rounds), rounds & (rounds - 1) == 0,
      let salt = Base64URL.decode(String(parts[2])), salt.count == Self.saltBytes,
      let hash = Base64URL.decode(String(parts[3])), hash.count == Self.hashBytes
    else { throw WireProblem("slow hash", "scrypt$rounds$salt$hash") }
    self.rounds = rounds
    self.salt = salt
    self.hash = hash
  }

  /// Whether the hash is that of the secret; takes as long for a wrong one.
  public func matches(_ secret: some DataProtocol) -> Bool {
    guard let other = try? Self.derive(secret, salt, rounds) else { return false }
    var difference: UInt8 = 0
    for index in hash.indices { difference |= hash[index] ^ other[index] }
    return difference == 0
  }

  public var description: String {
    "scrypt$\(rounds)$\(Base64URL.encode(salt))$\(Base64URL.encode(hash))"
  }

  public init(from decoder: any Decoder) throws {
    try self.init(try decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  private static func derive(
    _ secret: some DataProtocol, _ salt: [UInt8], _ rounds: Int
  ) throws(WireProblem) -> [UInt8] {
    do {
      return try KDF.Scrypt.deriveKey(
        from: secret, salt: salt, outputByteCount: hashBytes, rounds: rounds,
        blockSize: blockSize, parallelism: 1
      ).withUnsafeBytes { unsafe Array($0) }
    } catch { throw WireProblem("slow hash", "not enough memory") }
  }
}
