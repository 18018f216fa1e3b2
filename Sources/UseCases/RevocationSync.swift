internal import DinasProtocol
internal import OfficeModel
internal import Ports

/// Brings the revocation lists that the server offers into the trust folder. What counts is what the
/// verifier makes of a list: the server's word makes none older or newer.
struct RevocationSync: Sendable {
  let desk: Desk

  func run() async {
    let missing: [RevocationListOffer]
    do throws(PortError) {
      missing = try await desk.ports.store.cache.missingLists()
    } catch { return desk.record("revocation.not-read", error) }
    for list in missing {
      guard !Task.isCancelled else { return }
      do throws(PortError) { try await bring(list) } catch {
        if error.code == .cancelled { return }
        // With the next pull it is tried again.
        desk.record("revocation.not-brought", error)
      }
    }
  }

  private func bring(_ list: RevocationListOffer) async throws(PortError) {
    guard desk.ports.store.cache.hasRoom(list.sizeBytes) else {
      throw PortError(.storageFull, step: "revocation list")
    }
    let bytes = try await desk.ports.dinas.fetchRevocationList(list.id, list.sizeBytes)
    guard bytes.count == list.sizeBytes, WireHash.sha256(bytes) == list.sha256 else {
      throw PortError(.malformed, step: "revocation list", detail: "not what was offered")
    }
    switch await desk.ports.revocations.add(bytes) {
    case .inPlace:
      desk.record("revocation.in-place", .notice, ["list": list.id])
      try await desk.ports.store.cache.endList(list, "in-place")
    case .refused(let reason):
      desk.record("revocation.refused", .warning, ["list": list.id, "reason": reason])
      try await desk.ports.store.cache.endList(list, reason)
    case .failed(let reason):
      desk.record("revocation.failed", .warning, ["list": list.id, "reason": reason])
    }
  }
}
