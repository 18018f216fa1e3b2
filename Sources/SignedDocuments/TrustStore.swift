/// What the kiosk believes before it reads a document: roots, the issuers that may certify
/// signers, and the revocation lists it has.
public final class TrustStore {
  var roots: [Certificate] = []
  var issuers: [Certificate] = []
  var lists: [RevocationList] = []

  public init() {}

  /// Adds the certificates of a file (PEM or DER); returns how many, 0 when one cannot be read.
  public func addRoots(_ bytes: [UInt8]) -> Int {
    let found = Certificate.list(from: bytes)
    roots += found
    return found.count
  }

  /// Adds issuing authorities: only what they certified may sign documents or time stamps. They
  /// are pinned by their public key.
  public func addPinnedIssuers(_ bytes: [UInt8]) -> Int {
    let found = Certificate.list(from: bytes)
    issuers += found
    return found.count
  }

  /// Adds the revocation lists of a file (PEM or DER); returns how many, 0 when one cannot be read.
  public func addRevocationLists(_ bytes: [UInt8]) -> Int {
    let found = RevocationList.all(from: bytes)
    lists += found
    return found.count
  }

  func isPinned(_ certificate: Certificate) -> Bool {
    issuers.contains { $0.publicKey == certificate.publicKey }
  }
}
