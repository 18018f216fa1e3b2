internal import Journey
internal import OfficeModel
internal import Ports
internal import SensitiveMemory

/// Fetches the documents whose right is lent to this kiosk in advance, so that their holders can print
/// them while the network is down. Each is verified before it is kept, as one that a citizen opens is.
actor AdvanceDownloads {
  /// Documents of up to some MiB each; the next round comes with the next pull.
  private static let perRound = 5

  private let desk: Desk
  /// What was refused, by its hash: it is not fetched again in this run.
  private var refused: Set<String> = []

  init(_ desk: Desk) { self.desk = desk }

  func run() async {
    while !Task.isCancelled {
      await fetchMissing()
      guard (try? await desk.ports.clock.sleep(desk.settings.pullInterval)) != nil else { return }
    }
  }

  private func fetchMissing() async {
    guard desk.ports.clock.trust() == .trusted, desk.storeFact.isGood else { return }
    do throws(PortError) {
      let missing = try await desk.ports.store.ledger.leased(desk.ports.clock.now().wall).filter {
        !$0.isKept && $0.document.summary.printsLeft > 0
          && !refused.contains($0.document.sealedSHA256)
      }
      for leased in missing.prefix(Self.perRound) {
        // Room is looked for before anything is fetched: tickets and ledger need what is left.
        guard desk.ports.store.cache.hasRoom(leased.document.sealedBytes) else {
          return desk.record("document.no-room", .warning)
        }
        try await fetch(leased.document)
      }
    } catch {
      if error.code != .cancelled { desk.record("document.not-fetched-ahead", error) }
    }
  }

  private func fetch(_ document: CachedDocument) async throws(PortError) {
    let id = document.summary.id
    let sealed = try await DocumentDesk(desk: desk).fetch(id, document)
    let handle = try desk.keys.openDocument(sealed, id: id, into: desk.vault)
    let report = await desk.ports.verifier.verify(handle)
    let bytes = desk.vault.count(of: handle)
    desk.vault.wipe(handle)
    desk.record(
      "document.fetched-ahead", .info,
      ["verdict": report.verdict.rawValue, "reason": report.reason])
    do throws(DocumentRefused) {
      try DocumentRefused.unlessValid(report, bytes: bytes, .download, desk)
    } catch {
      // Nobody is there to be told; the holder is, who opens it.
      refused.insert(document.sealedSHA256)
      return
    }
    try await desk.ports.store.cache.keepSealedDocument(id, sealed)
  }
}
