internal import Crypto
public import FoundationEssentials

/// The secret that a kiosk shares with its Dinas. Everything that names a person goes through it
/// before it is stored or sent, so neither the wire nor the cache can be searched for a NIK by
/// trying all of them.
public struct LookupSecret: Sendable {
  public static let byteCount = 32
  let key: SymmetricKey

  /// `file`: 32 bytes as they are, or 64 hexadecimal digits with an optional end of line.
  public init(file: [UInt8]) throws(WireProblem) {
    if file.count == Self.byteCount {
      key = SymmetricKey(data: file)
      return
    }
    let digits = file.last == 10 ? Array(file.dropLast()) : file
    guard let bytes = Hex.decode(digits), bytes.count == Self.byteCount else {
      throw WireProblem("look-up key", "32 bytes, or 64 hexadecimal digits")
    }
    key = SymmetricKey(data: bytes)
  }

  /// The digits of a NIK as they were typed, in ASCII.
  public func nik(_ digits: some DataProtocol) -> String { keyed("nik:", digits) }
  public func registration(_ number: some DataProtocol) -> String { keyed("reg:", number) }
  public func booking(_ code: some DataProtocol) -> String { keyed("booking:", code) }
  public func qr(_ payload: some DataProtocol) -> String { keyed("qr:", payload) }

  /// A PIN of the kiosk's staff; never leaves the kiosk.
  public func staff(_ pin: some DataProtocol) -> String { keyed("staff:", pin) }

  /// A PIN is bound to its NIK: the same PIN of two people gives two keys.
  public func pin(nik: some DataProtocol, pin: some DataProtocol) -> String {
    var code = HMAC<SHA256>(key: key)
    code.update(data: Array("pin:".utf8))
    code.update(data: nik)
    code.update(data: [UInt8(ascii: ":")])
    code.update(data: pin)
    return Base64URL.encode(code.finalize())
  }

  private func keyed(_ purpose: String, _ value: some DataProtocol) -> String {
    var code = HMAC<SHA256>(key: key)
    code.update(data: Array(purpose.utf8))
    code.update(data: value)
    return Base64URL.encode(code.finalize())
  }
}

/// Compares keyed hashes without telling by its duration where they differ.
public func equalInConstantTime(_ a: String, _ b: String) -> Bool {
  let left = Array(a.utf8)
  let right = Array(b.utf8)
  guard left.count == right.count else { return false }
  var difference: UInt8 = 0
  for index in left.indices { difference |= left[index] ^ right[index] }
  return difference == 0
}
