internal import Journey
internal import OfficeModel
internal import Ports
internal import SensitiveMemory
internal import SyncEngine

/// Fetches the documents whose right is lent to this kiosk in advance, so that their holders can print
/// them while the network is down. Each is verified before it is kept, as one that a citizen opens is.
actor AdvanceDownloads {
  /// Documents of up to some MiB each; the next round comes with the next pull.
  private static let perRound = 5
  /// A document that could not be had is tried again after a minute, and then ever more seldom: each try
  /// may move some MiB.
  private static let pause = Backoff(first: .seconds(60), cap: .seconds(3600))

  private struct Trouble {
    var failures = 0
    var until = Uptime.zero
  }

  private let desk: Desk
  /// What is not the document its officer signed, by its hash: no time and no list changes that.
  private var refused: Set<String> = []
  /// What could not be fetched or judged now, by its hash.
  private var troubled: [String: Trouble] = [:]
  /// As of which revocation lists that is so.
  private var lists = 0

  init(_ desk: Desk) { self.desk = desk }

  func run() async {
    while !Task.isCancelled {
      await fetchMissing()
      guard (try? await desk.ports.clock.sleep(desk.settings.pullInterval)) != nil else { return }
    }
  }

  private func fetchMissing() async {
    guard desk.ports.clock.trust() == .trusted, desk.storeFact.isGood else { return }
    if desk.listsInPlace.count != lists {
      lists = desk.listsInPlace.count
      troubled = [:]
    }
    let now = desk.ports.clock.now()
    do throws(PortError) {
      let missing = try await desk.ports.store.ledger.leased(now.wall).filter {
        let hash = $0.document.sealedSHA256
        return !$0.isKept && $0.document.summary.printsLeft > 0 && !refused.contains(hash)
          && troubled[hash].map { $0.until <= now.uptime } ?? true
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

  /// Throws what ends the round: no server, no store. What is wrong with this document holds up no other.
  private func fetch(_ document: CachedDocument) async throws(PortError) {
    let id = document.summary.id
    let handle: SecretHandle
    let sealed: [UInt8]
    do throws(PortError) {
      sealed = try await DocumentDesk(desk: desk).fetch(id, document)
      handle = try desk.keys.openDocument(sealed, id: id, into: desk.vault)
    } catch {
      switch error.code {
      case .notFound, .malformed, .refused, .conflict, .serverFault: break
      default: throw error
      }
      desk.record("document.not-fetched-ahead", error)
      return putOff(document)
    }
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
      guard report.verdict == .invalid else { return putOff(document) }
      refused.insert(document.sealedSHA256)
      return
    }
    troubled[document.sealedSHA256] = nil
    try await desk.ports.store.cache.keepSealedDocument(id, sealed)
  }

  private func putOff(_ document: CachedDocument) {
    var trouble = troubled[document.sealedSHA256] ?? Trouble()
    trouble.failures += 1
    trouble.until = desk.ports.clock.now().uptime.adding(
      Self.pause.ceiling(attempt: trouble.failures))
    troubled[document.sealedSHA256] = trouble
  }
}
