import DinasProtocol
import Journey
import LocalStore
import OfficeModel
import Ports
import SensitiveMemory
import Synchronization
import TestSupport
import Testing
import UseCases
import VerifierClient

/// A kiosk without glass: the real use cases on the real store, with devices and server in memory.
final class Counter: Sendable {
  static let lookupKey = [UInt8](repeating: 3, count: 32)
  static let nikDigits = "6309010101900001"
  static let documentID = "doc-kk-1"

  let folder: TemporaryFolder
  let store: LocalStore
  let parts: TestPorts
  let vault = SecretVault()
  let answers = Recorder<Action>()
  let effects = Recorder<Effect>()
  let runner: UseCaseRunner
  let session = SessionID(1)

  init(
    identity: TicketIdentity = .none, pagesLimit: Int? = nil,
    limits: TryLimits = TryLimits(perNIK: 3, perKiosk: 30, window: .seconds(3600)),
    qrForm: QRForm = QRForm(), useLimits: UseLimits = UseLimits(), quota: ServiceQuota? = nil,
    calendar: OfficeCalendar? = nil, verifier: DocumentVerifier? = nil,
    zone: OfficeZone = .wita,
    clock: ManualClock = ManualClock(), adjust: (inout Ports) -> Void = { _ in },
    printers: ((SecretVault) -> [DocumentPrinter])? = nil
  ) throws {
    parts = TestPorts(clock: clock)
    folder = try TemporaryFolder()
    store = try LocalStore.open(
      directory: folder.path, storeKey: [UInt8](repeating: 9, count: 32), pagesLimit: pagesLimit)
    var service = ServiceStandard(
      id: "ktp-el", title: "Penerbitan KTP-el", shortTitle: "KTP-el", series: "A",
      ticketIdentity: identity, requirements: [],
      timeLimit: TimeLimit(amount: 1, unit: .days, text: "1 hari"), fee: "Gratis",
      product: "KTP-el")
    service.quota = quota
    Self.giveNumbers(parts)
    var ports = parts.ports(store: store.port())
    if let verifier { ports.verifier = verifier.port(vault: vault) }
    if let printers { ports.documentPrinters = printers(vault) }
    adjust(&ports)
    runner = UseCaseRunner(
      ports: ports, vault: vault,
      keys: try #require(KioskKeys(lookupKey: Self.lookupKey)),
      settings: UseCaseSettings(
        officeName: "Kantor Contoh", zone: zone, isDemonstration: true, services: [service],
        calendar: calendar, tryLimits: limits, qrForm: qrForm, useLimits: useLimits),
      sink: { [answers, effects] action in
        answers.append(action)
        // As the journey does: a number that is shown is put on paper.
        if case .answer(let session, .ticketIssued(let ticket, _)) = action {
          effects.append(.printTicket(session, ticket))
        }
      })
  }

  /// Hands a ticket order in and carries out what the journey makes of the answer.
  func takeNumber(
    _ session: SessionID? = nil, lane: Lane = .general, identity: SecretHandle? = nil
  ) async -> Answer? {
    let session = session ?? self.session
    runner.run(
      .issueTicket(session, TicketOrder(serviceID: "ktp-el", lane: lane, identity: identity)))
    let first = await answer(session) { answer in
      switch answer {
      case .ticketIssued, .ticketRefused, .entryRefused: true
      default: false
      }
    }
    guard case .ticketIssued? = first else { return first }
    let effect = await effects.first { effect in
      if case .printTicket(session, _) = effect { true } else { false }
    }
    if let effect { runner.run(effect) }
    return await answer(session) { if case .ticketPaper = $0 { true } else { false } }
  }

  /// A server that gives `A` and `PA` numbers, one after the other.
  private static func giveNumbers(_ parts: TestPorts) {
    let given = Mutex([Lane: Int]())
    let clock = parts.clock
    parts.nextNumber.value = { request in
      let number = given.withLock { given in
        given[request.lane, default: 0] += 1
        return given[request.lane, default: 1]
      }
      let now = clock.now.wall
      return .success(
        .given(
          GivenNumber(
            number: TicketNumber(
              series: request.lane == .priority ? "PA" : "A", number: number),
            date: LocalTime(now, in: .wita).date, issuedAt: now, waiting: 4, secondsPerCall: 90)))
    }
  }

  /// What the server lends for when it is away: numbers `first...last` of the series `A2`.
  func lend(_ first: Int = 1, _ last: Int = 9999, lane: Lane = .general) async throws {
    let now = parts.clock.now.wall
    try await store.port().cache.apply(
      ChangesPage(
        cursor: "lent", hasMore: false, serverTime: now, applications: [], documents: [],
        nowServing: [],
        queue: QueueNews(
          asOf: now,
          reserves: [
            NumberReserve(
              series: lane == .priority ? "PA2" : "A2", serviceID: "ktp-el", lane: lane,
              date: LocalTime(now, in: .wita).date, first: first, last: last)
          ],
          lines: [
            QueueLine(
              serviceID: "ktp-el", lane: lane, waiting: 7, secondsPerCall: 60)
          ])), now)
  }

  func due() async throws -> [OutboxItem] {
    try await store.port().outbox.due(parts.clock.now.wall.adding(.seconds(60)), 1000)
  }

  /// Types digits under a handle, as the glass does.
  func type(_ text: String, _ id: UInt64) -> SecretHandle {
    let handle = SecretHandle(id: id)
    for byte in text.utf8 { runner.run(.secret(.append(byte, to: handle))) }
    return handle
  }

  /// The first answer that matches, of this session or the one given.
  func answer(
    _ session: SessionID? = nil, _ matches: @escaping @Sendable (Answer) -> Bool
  ) async -> Answer? {
    let wanted = session ?? self.session
    let action = await answers.first { action in
      if case .answer(wanted, let answer) = action { matches(answer) } else { false }
    }
    if case .answer(_, let answer)? = action { return answer }
    return nil
  }

  var allAnswers: [Answer] {
    answers.all.compactMap { if case .answer(_, let answer) = $0 { answer } else { nil } }
  }

  var nikKey: LookupKey {
    get throws {
      LookupKey(
        value: try LookupSecret(file: Self.lookupKey).nik(Array(Self.nikDigits.utf8)))
    }
  }

  // MARK: A document for its holder

  static let plain = Array("%PDF-1.7 a signed document".utf8)

  static let summary = DocumentSummary(
    id: documentID, kind: "Kartu Keluarga", holderMasked: "S*** C*****",
    readySince: LocalTime(Timestamp(seconds: 1_800_000_000), in: .wita).date, printsLeft: 1,
    isCard: false)

  static let lease = PrintLease(
    id: "lease-1", until: Timestamp(seconds: 1_800_000_000).adding(.seconds(86_400)))

  static let valid = VerificationReport(
    verdict: .valid, reason: "ok",
    signers: [
      .init(
        commonName: "Pejabat Contoh", organization: nil, organizationalUnit: nil, title: nil,
        serial: "01", provenTime: nil, level: "B")
    ], printBytes: plain.count, printSHA256: WireHash.sha256(plain), pageCount: 1)

  /// The server offers one sealed document to the holder of the NIK and accepts the PIN 123456.
  /// - Parameters:
  ///   - lease: the print right, lent to this kiosk in advance; nil: the server has to be asked.
  ///   - offline: what the server left for when it cannot be asked.
  func offerDocument(
    _ plain: [UInt8] = plain, lease: PrintLease? = Counter.lease, offline: OfflineCheck? = nil
  ) async throws {
    let secret = try LookupSecret(file: Self.lookupKey)
    let sealed = try DocumentSeal(secret).seal(plain, id: Self.documentID)
    let key = try nikKey
    let proof = LookupKey(
      value: secret.pin(nik: Array(Self.nikDigits.utf8), pin: Array("123456".utf8)))
    let summary = Self.summary
    try await store.port().cache.apply(
      ChangesPage(
        cursor: "1", hasMore: false, serverTime: parts.clock.now.wall, applications: [],
        documents: [
          .init(
            id: Self.documentID, nik: key,
            document: CachedDocument(
              summary: summary, sealedBytes: sealed.count,
              sealedSHA256: WireHash.sha256(sealed), lease: lease, offline: offline))
        ], nowServing: []), parts.clock.now.wall)
    parts.document.value = { $0 == Self.documentID ? .success(sealed) : Self.gone }
    parts.credential.value = { asked in
      .success(
        asked == .pin(nik: key, proof: proof)
          ? .accepted(nik: key, documents: [summary]) : .wrong(triesLeft: 2))
    }
    answerDocuments()
  }

  /// Verifier and renderer that find every document good.
  func answerDocuments() {
    let vault = vault
    parts.report.value = { _ in Self.valid }
    parts.preview.value = {
      guard let bitmap = try? vault.makeBulk(capacity: 12) else {
        return .failure(PortError(.internalFault, step: "test"))
      }
      return .success(RenderedPage(bitmap: bitmap, width: 2, height: 2))
    }
  }

  private static let gone: Result<[UInt8], PortError> = .failure(
    PortError(.notFound, step: "test"))

  /// NIK and PIN: what the citizen is answered.
  func prove(_ pin: String = "123456", nik: String = nikDigits) async -> Answer? {
    runner.run(.checkCredential(session, nik: type(nik, 1), pin: type(pin, 2)))
    return await answer { answer in
      switch answer {
      case .credentialAccepted, .credentialRefused: true
      default: false
      }
    }
  }

  /// NIK, PIN, document: what the citizen is answered.
  func open(_ plain: [UInt8] = plain) async throws -> Answer? {
    try await offerDocument(plain)
    let nik = type(Self.nikDigits, 1)
    let pin = type("123456", 2)
    runner.run(.checkCredential(session, nik: nik, pin: pin))
    _ = await answer { if case .credentialAccepted = $0 { true } else { false } }
    runner.run(.openDocument(session, Self.summary))
    return await answer { answer in
      switch answer {
      case .documentReady, .documentRefused: true
      default: false
      }
    }
  }

  /// The same up to the preview.
  func openDocument() async throws {
    let ready = try await open()
    guard case .documentReady? = ready else {
      Issue.record("no preview: \(String(describing: ready))")
      return
    }
  }
}

extension Answer {
  var printEnd: PrintOutcome? {
    if case .printEnded(let outcome, _) = self { outcome } else { nil }
  }
}
