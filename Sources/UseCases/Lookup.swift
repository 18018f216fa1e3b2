internal import Crypto
internal import DinasProtocol
internal import FoundationEssentials
public import Ports
public import SensitiveMemory

/// The secret this kiosk shares with its Dinas, and everything that is derived from it. No NIK, PIN,
/// booking code or scanned payload is stored or sent: only keyed hashes of them are.
public struct KioskKeys: Sendable {
  let key: SymmetricKey
  let seal: DocumentSeal

  /// - Parameter lookupKey: 32 bytes; anything else gives nil.
  public init?(lookupKey: [UInt8]) {
    guard lookupKey.count == LookupSecret.byteCount, let secret = try? LookupSecret(file: lookupKey)
    else { return nil }
    key = SymmetricKey(data: lookupKey)
    seal = DocumentSeal(secret)
  }

  /// Nil when there is no such secret in the vault.
  public func nik(_ handle: SecretHandle, in vault: SecretVault) -> LookupKey? {
    keyed("nik:", handle, vault)
  }
  public func registration(_ handle: SecretHandle, in vault: SecretVault) -> LookupKey? {
    keyed("reg:", handle, vault)
  }
  public func booking(_ handle: SecretHandle, in vault: SecretVault) -> LookupKey? {
    keyed("booking:", handle, vault)
  }
  public func qr(_ payload: SecretHandle, in vault: SecretVault) -> LookupKey? {
    keyed("qr:", payload, vault)
  }

  public func staff(_ pin: SecretHandle, in vault: SecretVault) -> LookupKey? {
    keyed("staff:", pin, vault)
  }

  /// A PIN is bound to its NIK, so that the same PIN of two people gives two proofs.
  public func pin(
    nik: SecretHandle, pin: SecretHandle, in vault: SecretVault
  ) -> LookupKey? {
    var code = HMAC<SHA256>(key: key)
    code.update(data: Array("pin:".utf8))
    guard Self.feed(&code, nik, vault) else { return nil }
    code.update(data: [UInt8(ascii: ":")])
    guard Self.feed(&code, pin, vault) else { return nil }
    return Self.finish(&code)
  }

  private func keyed(
    _ purpose: String, _ handle: SecretHandle, _ vault: SecretVault
  ) -> LookupKey? {
    var code = HMAC<SHA256>(key: key)
    code.update(data: Array(purpose.utf8))
    guard Self.feed(&code, handle, vault) else { return nil }
    return Self.finish(&code)
  }

  /// The bytes go from the vault's memory straight into the hash.
  private static func feed(
    _ code: inout HMAC<SHA256>, _ handle: SecretHandle, _ vault: SecretVault
  ) -> Bool {
    unsafe vault.withBytes(of: handle) { bytes in
      unsafe code.update(data: bytes)
      return true
    } ?? false
  }

  private static func finish(_ code: inout HMAC<SHA256>) -> LookupKey {
    let key = LookupKey(value: Base64URL.encode(code.finalize()))
    // The hash keeps up to a block of what it was fed; two blocks of zeros take its place.
    code.update(data: [UInt8](repeating: 0, count: 128))
    return key
  }
}
