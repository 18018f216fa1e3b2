import DinasProtocol
import OfficeModel

/// The slow hashes that go to a pick-up kiosk, made when they are first needed: each takes a tenth of a
/// second.
struct OfflineChecks: Sendable {
  private(set) var made: [String: OfflineCheck] = [:]

  /// How the holder of a document is known without the Dinas; nothing for one without a credential.
  mutating func make(
    of documentID: String, nikKey: String, _ credentials: [LoadedOffice.Credential]
  ) {
    guard made[documentID] == nil else { return }
    // A real Dinas draws it at random once for each holder.
    let salt = Array(
      WireHash.sha256(Array("offline:\(nikKey)".utf8)).utf8.prefix(SlowHash.saltBytes))
    var found: [OfflineCheck.Credential] = []
    for credential in credentials
    where credential.nikKey == nikKey && !credential.isExpired
      && (credential.documentID ?? documentID) == documentID
    {
      let kind: CredentialKind = credential.documentID == nil ? .access : .print
      for (key, tag) in [
        (credential.pinKey, nil), (credential.qrKey, credential.qrKey.map(OfflineCheck.qrTag)),
      ] {
        guard let key, let hash = try? SlowHash(of: Array(key.utf8), salt: salt) else { continue }
        found.append(
          .init(
            kind: kind, qrTag: tag, hash: hash.description, validUntil: credential.validUntil))
      }
    }
    if !found.isEmpty { made[documentID] = OfflineCheck(found) }
  }
}
