internal import DinasProtocol
internal import OfficeModel
internal import Ports

/// Brings the revocation lists that the server offers into the trust folder. What counts is what the
/// verifier makes of a list: the server's word makes none older or newer.
struct RevocationSync: Sendable {
  /// Between two tries of lists that could not be brought: they may be large.
  static let pause = Duration.seconds(600)

  let desk: Desk

  /// False when a list is still missing.
  func run() async -> Bool {
    let missing: [RevocationListOffer]
    do throws(PortError) {
      missing = try await desk.ports.store.cache.missingLists()
    } catch {
      desk.record("revocation.not-read", error)
      return false
    }
    var isComplete = true
    for list in missing {
      guard !Task.isCancelled else { return false }
      do throws(PortError) { isComplete = try await bring(list) && isComplete } catch {
        if error.code == .cancelled { return false }
        desk.record("revocation.not-brought", error)
        isComplete = false
      }
    }
    return isComplete
  }

  /// Whether it is settled what becomes of the list.
  private func bring(_ list: RevocationListOffer) async throws(PortError) -> Bool {
    guard desk.ports.store.cache.hasRoom(list.sizeBytes) else {
      throw PortError(.storageFull, step: "revocation list")
    }
    let bytes = try await desk.ports.dinas.fetchRevocationList(list.id, list.sizeBytes)
    guard bytes.count == list.sizeBytes, WireHash.sha256(bytes) == list.sha256 else {
      // It changed meanwhile, and the next page offers it anew.
      desk.record("revocation.not-as-offered", .warning, ["list": list.id])
      try await desk.ports.store.cache.endList(list, "not-as-offered")
      return true
    }
    switch await desk.ports.revocations.add(bytes) {
    case .inPlace:
      desk.record("revocation.in-place", .notice, ["list": list.id])
      desk.listsInPlace.increase()
      try await desk.ports.store.cache.endList(list, "in-place")
    case .refused(let reason):
      desk.record("revocation.refused", .warning, ["list": list.id, "reason": reason])
      try await desk.ports.store.cache.endList(list, reason)
    case .failed(let reason):
      desk.record("revocation.failed", .warning, ["list": list.id, "reason": reason])
      return false
    }
    return true
  }
}
