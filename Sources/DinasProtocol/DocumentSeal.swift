internal import Crypto
internal import FoundationEssentials

/// Seals a document from the Dinas to one kiosk: AES-256-GCM under a key of its own, bound to its
/// id. What lies between nonce and tag is all that buffers, caches and disks ever see.
///
/// Layout: nonce (12 bytes), ciphertext, tag (16 bytes). Key: HKDF-SHA256 of the look-up secret with
/// the document's id as salt and `anjungan document v1` as info. Associated data: the id.
public struct DocumentSeal: Sendable {
  public static let overheadBytes = 28
  private static let info = Array("anjungan document v1".utf8)
  private let secret: LookupSecret

  public init(_ secret: LookupSecret) { self.secret = secret }

  /// The nonce is a keyed hash of the content, so the same document always seals to the same bytes
  /// (and its hash in the changes stays true), and two contents never share one.
  public func seal(_ document: [UInt8], id: String) throws(WireProblem) -> [UInt8] {
    let key = key(for: id)
    let code = HMAC<SHA256>.authenticationCode(for: document, using: nonceKey(for: id))
    do {
      let nonce = try AES.GCM.Nonce(data: Array(code).prefix(12))
      let box = try AES.GCM.seal(
        document, using: key, nonce: nonce, authenticating: Array(id.utf8))
      return Array(nonce) + Array(box.ciphertext) + Array(box.tag)
    } catch {
      throw WireProblem("document", "cannot be sealed")
    }
  }

  /// Opens into memory of the caller's choosing: `body` gets the bytes, which are zeroed after it.
  public func open<R>(
    _ sealed: [UInt8], id: String, _ body: (UnsafeRawBufferPointer) throws -> R
  ) throws -> R {
    guard sealed.count > Self.overheadBytes else {
      throw WireProblem("document", "longer than its seal")
    }
    var plain: Data
    do {
      plain = try AES.GCM.open(
        AES.GCM.SealedBox(combined: sealed), using: key(for: id),
        authenticating: Array(id.utf8))
    } catch {
      throw WireProblem("document", "sealed under this kiosk's key for this id")
    }
    defer { plain.resetBytes(in: plain.startIndex..<plain.endIndex) }
    return try plain.withUnsafeBytes { try body($0) }
  }

  private func key(for id: String) -> SymmetricKey { derive(id, Self.info) }

  private func nonceKey(for id: String) -> SymmetricKey {
    derive(id, Array("anjungan document nonce v1".utf8))
  }

  private func derive(_ id: String, _ info: [UInt8]) -> SymmetricKey {
    HKDF<SHA256>.deriveKey(
      inputKeyMaterial: secret.key, salt: Array(id.utf8), info: info, outputByteCount: 32)
  }
}
