import DinasProtocol
import Foundation
import Journey
import LocalStore
import OfficeModel
import Ports
import SensitiveMemory
import Synchronization
import TestSupport
import UseCases

/// A kiosk with a real card reader and an invented office: journey, use cases and store are those of
/// production; server, verifier and renderer find everything good. What the glass would show is kept
/// after every action.
final class JourneyRig: Sendable {
  static let nik = "6309010101900001"
  static let pin = "123456"
  private static let lookupKey = [UInt8](repeating: 3, count: 32)
  private static let plain = Array("%PDF-1.7 a signed document".utf8)
  private static let document = DocumentSummary(
    id: "doc-kk-1", kind: "Kartu Keluarga", holderMasked: "S*** C*****",
    readySince: CivilDate(daysSinceEpoch: 20_770), printsLeft: 1, isCard: false)

  let vault: SecretVault
  let parts = TestPorts()
  private let folder: TemporaryFolder
  private let runner: UseCaseRunner
  private let actions: AsyncStream<Action>
  private let mailbox: AsyncStream<Action>.Continuation
  private let glass = Mutex(Glass())

  private struct Glass {
    var state: JourneyState?
    /// What lay on the reader, as the glass knew it, and the photo beside the document; one entry for
    /// each change of either.
    var photos: [Shown] = []
    var screens: Set<String> = []
  }

  struct Shown: Equatable {
    var reading: OfficeModel.CardReading
    var photo: Data?
  }

  /// - Parameter cards: the real driver's port, or one that stands before it.
  init(vault: SecretVault, cards: CardPort) async throws {
    self.vault = vault
    (actions, mailbox) = AsyncStream.makeStream()
    folder = try TemporaryFolder()
    let store = try LocalStore.open(
      directory: folder.path, storeKey: [UInt8](repeating: 9, count: 32))
    var ports = parts.ports(store: store.port())
    ports.cards = cards
    guard let keys = KioskKeys(lookupKey: Self.lookupKey) else {
      throw LabProgram.Failure(description: "the lookup key is none")
    }
    runner = UseCaseRunner(
      ports: ports, vault: vault, keys: keys,
      settings: UseCaseSettings(
        officeName: "Kantor Contoh", zone: .wita, isDemonstration: true, services: []),
      sink: { [mailbox] in mailbox.yield($0) })
    try await offer(store)
  }

  /// The server offers one sealed document to the holder of the NIK.
  private func offer(_ store: LocalStore) async throws {
    let secret = try LookupSecret(file: Self.lookupKey)
    let sealed = try DocumentSeal(secret).seal(Self.plain, id: Self.document.id)
    let key = LookupKey(value: secret.nik(Array(Self.nik.utf8)))
    let pin = LookupKey(
      value: secret.pin(nik: Array(Self.nik.utf8), pin: Array(Self.pin.utf8)))
    let now = parts.clock.now.wall
    try await store.port().cache.apply(
      ChangesPage(
        cursor: "1", hasMore: false, serverTime: now, applications: [],
        documents: [
          .init(
            id: Self.document.id, nik: key,
            document: CachedDocument(
              summary: Self.document, sealedBytes: sealed.count,
              sealedSHA256: WireHash.sha256(sealed),
              lease: PrintLease(id: "lease-1", until: now.adding(.seconds(86_400))),
              offline: nil))
        ], nowServing: []), now)
    parts.document.value = { _ in .success(sealed) }
    parts.credential.value = { asked in
      .success(
        asked == .pin(nik: key, proof: pin)
          ? .accepted(nik: key, documents: [Self.document]) : .wrong(triesLeft: 2))
    }
    parts.report.value = { _ in
      VerificationReport(
        verdict: .valid, reason: "ok",
        signers: [
          .init(
            commonName: "Pejabat Contoh", organization: nil, organizationalUnit: nil, title: nil,
            serial: "01", provenTime: nil, level: "B")
        ], printBytes: Self.plain.count, printSHA256: WireHash.sha256(Self.plain), pageCount: 1)
    }
    parts.leaseVerdict.value = { _ in .success(.granted(until: now.adding(.seconds(86_400)))) }
    let vault = self.vault
    parts.preview.value = {
      guard let bitmap = try? vault.makeBulk(capacity: 12) else {
        return .failure(PortError(.internalFault, step: "test"))
      }
      return .success(RenderedPage(bitmap: bitmap, width: 2, height: 2))
    }
  }

  /// Serves until the task is cancelled: the use cases' own watch of the cards beside the glass.
  func serve() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.runner.serve() }
      group.addTask { await self.turn() }
    }
  }

  private func turn() async {
    let office = OfficeProfile(
      name: "Kantor Contoh", kioskName: "ADM 01", zone: .wita, services: [], languages: ["id"],
      isDemonstration: true, openingHours: [])
    var state = JourneyState(office: office, now: parts.clock.now)
    for await action in actions {
      let effects = Journey.reduce(into: &state, action, at: parts.clock.now)
      show(state)
      for effect in effects { runner.run(effect) }
    }
  }

  private func show(_ state: JourneyState) {
    var photo: Data?
    if case .preview(let preview) = state.screen, let handle = preview.cardPhoto {
      photo = vault.withBytes(of: handle) { Data($0) } ?? Data()
    }
    let shown = Shown(reading: state.facts.cardReader, photo: photo)
    glass.withLock { glass in
      glass.state = state
      glass.screens.insert(state.screen.name)
      if glass.photos.last != shown { glass.photos.append(shown) }
    }
  }

  func tap(_ controls: Control...) { for control in controls { mailbox.yield(.activate(control)) } }

  func type(_ digits: String) {
    for byte in digits.utf8 { tap(.digit(byte - 0x30)) }
    tap(.continue)
  }

  var screen: String { glass.withLock { $0.state?.screen.name ?? "" } }
  var shown: Shown? { glass.withLock { $0.photos.last } }
  /// All that was shown since the journey began.
  var history: [Shown] { glass.withLock { $0.photos } }
  func saw(_ screen: String) -> Bool { glass.withLock { $0.screens.contains(screen) } }

  func wait(screen: String) async throws {
    do { try await eventually("the screen \(screen)") { self.screen == screen } } catch {
      let events = parts.events.all.suffix(8).map { "\($0.name) \($0.fields)" }
      throw LabProgram.Failure(description: "\(error); it is \(self.screen): \(events)")
    }
  }

  func wait(reading: OfficeModel.CardReading) async throws {
    try await eventually("the glass knows \(reading)") { self.shown?.reading == reading }
  }

  func wait(photo: Data?) async throws {
    try await eventually("\(photo.map { "\($0.count) bytes" } ?? "nothing") on the glass") {
      self.shown?.photo == photo
    }
  }

  /// - Parameter count: two for the document and its page, one more for a photo.
  func wait(secrets count: Int) async throws {
    try await eventually("\(count) secrets") { self.vault.population == count }
  }

  /// NIK and PIN, up to the list of documents.
  func identify() async throws {
    tap(.start, .printDocument)
    type(Self.nik)
    type(Self.pin)
    try await wait(screen: "documents")
  }

  /// The document beside which the photo is shown.
  func openDocument() async throws {
    tap(.document(Self.document.id))
    try await wait(screen: "preview")
  }

  func finish() async throws {
    tap(.finish)
    try await wait(screen: "attract")
    try await eventually("nothing of the citizen is left") { self.vault.population == 0 }
  }
}
