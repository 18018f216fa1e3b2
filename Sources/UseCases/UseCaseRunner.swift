public import Journey
internal import OfficeModel
public import Ports
public import SensitiveMemory

/// Carries out what the reducer asks for. `run` returns at once and may be called from the main
/// thread; answers come through the sink, from any thread. What is read from typed secrets is read
/// before `run` returns, so a later effect may wipe them.
public final class UseCaseRunner: Sendable {
  private let desk: Desk
  private let tickets: TicketDesk
  private let prints: PrintDesk
  private let left: LeftPrints
  private let staff: StaffRoom

  /// - Parameters:
  ///   - sink: The mailbox of the session; gets news only.
  ///   - looked: Gets every look at a device or the server, with news or without, so that what health
  ///     reports carries the age of the look and not of the last change.
  public init(
    ports: Ports, vault: SecretVault, keys: KioskKeys, settings: UseCaseSettings,
    sink: @escaping @Sendable (Action) -> Void,
    looked: @escaping @Sendable (FactsChange) -> Void = { _ in }
  ) {
    let server = ServerFact()
    let told: @Sendable (Action) -> Void = { action in
      if case .facts(let change) = action { server.learn(change) }
      sink(action)
    }
    let seen: @Sendable (FactsChange) -> Void = { change in
      server.learn(change)
      looked(change)
    }
    desk = Desk(
      ports: ports, vault: vault, keys: keys, settings: settings,
      rules: OfficeRules(settings), runID: String(ports.identifiers.make().prefix(8)),
      sessions: Sessions(vault: vault),
      sink: told, outboxNudge: Nudge(), syncNudge: Nudge(),
      printers: PrinterRoom(ports.documentPrinters, sink: told, looked: seen),
      storeFact: StoreFact(), looked: seen)
    tickets = TicketDesk(desk, server: server)
    left = LeftPrints(desk, StaffDesk(desk: desk))
    staff = StaffRoom(desk, left)
    prints = PrintDesk(desk, StaffDesk(desk: desk), left)
  }

  /// Has the printer cancel what a crash left behind, and settles it. What cannot be reached now,
  /// `serve` tries again; until then nothing is printed.
  public func recover() async {
    await tickets.recover()
    await left.settleUnsent()
    _ = await LeaseDesk(desk: desk).recover()
  }

  /// Synchronises, sends and watches until the task is cancelled.
  public func serve() async {
    let (desk, left) = (desk, left)
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await SyncService(desk: desk).run() }
      group.addTask { await OutboxService(desk: desk).run() }
      group.addTask { await DeviceWatch(desk: desk).run() }
      group.addTask { await CardWatch(desk: desk).run() }
      group.addTask { await StoreWatch(desk: desk).run() }
      group.addTask { await ClockWatch(desk: desk).run() }
      group.addTask { await AuditWatch(desk: desk).run() }
      group.addTask { await left.keepClearing() }
      group.addTask { await AdvanceDownloads(desk).run() }
    }
  }

  /// All that is left to do on a store that is damaged: no job of an earlier run may come out of the
  /// printer. Until the task is cancelled.
  public func keepPrinterClear() async { await left.keepClearing() }

  /// Whether a document or a slip is being printed right now, or a number or complaint taken that gets
  /// one: a tidy stop waits for its end.
  public var isPrinting: Bool { !desk.underway.isEmpty }

  /// For a tidy stop: from here on nothing new is printed and no number or complaint taken. Waits for
  /// what is under way; a document that takes longer is cancelled at the printer. A slip that takes
  /// longer than all of it is left as by a power loss: its number is in the store.
  public func awaitPrints(_ limits: StopLimits = StopLimits()) async {
    let (underway, clock) = (desk.underway, desk.ports.clock)
    underway.stop()
    await underway.awaitEnd(atMost: limits.grace, clock)
    await prints.cancelForStop()
    await underway.awaitEnd(atMost: limits.cancelling, clock)
  }

  @Sendable public func run(_ effect: Effect) {
    switch effect {
    case .secret(let edit): self.edit(edit)
    case .issueTicket(let session, let order): issueTicket(session, order)
    case .printTicket(let session, let ticket):
      let tickets = tickets
      printSlip(
        session, ticket.id,
        refused: .ticketPaper(ticketID: ticket.id, .failed(.notAccepting))
      ) { await tickets.print(session, ticket) }
    case .lookUpStatus(let session, let registration, let nik):
      let registration = desk.keys.registration(registration, in: desk.vault)
      let nik = desk.keys.nik(nik, in: desk.vault)
      start(session) {
        await StatusDesk(desk: $0).lookUp(session, registration: registration, nik: nik)
      }
    case .checkNIK(let session, let nik):
      if let problem = problem(nik) { desk.answer(session, .entryRefused(problem)) }
    case .checkCredential(let session, let nik, let pin): checkCredential(session, nik, pin)
    case .checkScannedCredential(let session, let payload):
      guard desk.settings.qrForm.fits(payload, in: desk.vault),
        let key = desk.keys.qr(payload, in: desk.vault)
      else {
        desk.record("credential.foreign-code")
        return desk.answer(session, .credentialRefused(.unknownCode))
      }
      start(session) { await CredentialDesk(desk: $0).check(session, .qr(key)) }
    case .openDocument(let session, let document):
      start(session) { await DocumentDesk(desk: $0).open(session, document) }
    case .readCardPhoto(let session, let request):
      start(session) { await CardDesk(desk: $0).readPhoto(session, request: request) }
    case .printDocument(let session, let documentID): printDocument(session, documentID)
    case .cancelPrint(let session):
      let prints = prints
      Task { await prints.cancel(session) }
    case .paperTaken(let session, let documentID):
      let prints = prints
      Task { await prints.paperTaken(session, documentID) }
    case .paperMissing(let session, let documentID):
      let prints = prints
      Task { await prints.paperMissing(session, documentID) }
    case .recordSurvey(let session, let score):
      // An answer that was given counts, also when its session ends with it.
      let desk = desk
      Task { await SurveyDesk(desk: desk).record(session, score: score) }
    case .fileComplaint(let session, let kind):
      let desk = desk
      Task { await ComplaintDesk(desk: desk).file(session, kind) }
    case .printComplaint(let session, let complaint):
      let desk = desk
      printSlip(
        session, complaint.id,
        refused: .complaintPaper(complaintID: complaint.id, .failed(.notAccepting))
      ) { await ComplaintDesk(desk: desk).print(session, complaint) }
    case .callStaff(let session, let screen):
      let desk = desk
      Task { await StaffDesk(desk: desk).call(session, screen: screen) }
    case .staff(let session, let request): self.work(session, request)
    case .endSession(let session):
      let staff = staff
      Task { await staff.ended(session) }
      let leases = desk.sessions.end(session)
      desk.underway.sessionEnded(session)
      let (desk, prints) = (desk, prints)
      Task {
        await prints.sessionEnded(session)
        await LeaseDesk(desk: desk).giveBack(leases, session)
      }
      desk.record("session.ended")
    case .play: break
    }
  }

  private func start(
    _ session: SessionID, _ work: @escaping @Sendable (Desk) async -> Void
  ) {
    let desk = desk
    if !desk.sessions.start(session, { await work(desk) }) {
      desk.record("session.work-refused", .warning)
    }
  }

  private func edit(_ edit: SecretEdit) {
    switch edit {
    case .append(let byte, let handle):
      desk.sessions.typed(handle)
      do throws(SensitiveMemoryError) { try desk.vault.append(byte, to: handle) } catch {
        desk.record("vault.failed", .error, ["call": error.call])
      }
    case .removeLast(let handle): desk.vault.removeLast(of: handle)
    case .wipe(let handle): desk.sessions.wipe(handle)
    }
  }

  private func issueTicket(_ session: SessionID, _ order: TicketOrder) {
    let service = desk.rules.service(order.serviceID)
    var holder: LookupKey?
    switch service?.ticketIdentity {
    case .nik:
      guard let identity = order.identity else {
        return desk.answer(session, .entryRefused(.form(group: 0)))
      }
      if let problem = problem(identity) {
        return desk.answer(session, .entryRefused(problem))
      }
      holder = desk.keys.nik(identity, in: desk.vault)
    case .booking:
      holder = order.identity.flatMap { desk.keys.booking($0, in: desk.vault) }
      guard holder != nil else {
        return desk.answer(session, .ticketRefused(.bookingUnknown))
      }
    case .some(.none), nil: break
    }
    // Runs to its end whatever the session does: a number that was taken is not left half told.
    let tickets = tickets
    let found = holder
    Task { await tickets.issue(session, order, holder: found) }
  }

  private func checkCredential(
    _ session: SessionID, _ nik: SecretHandle, _ pin: SecretHandle
  ) {
    guard let key = desk.keys.nik(nik, in: desk.vault),
      let proof = desk.keys.pin(nik: nik, pin: pin, in: desk.vault)
    else { return desk.answer(session, .credentialRefused(.wrong(triesLeft: 0))) }
    start(session) {
      await CredentialDesk(desk: $0).check(session, .pin(nik: key, proof: proof))
    }
  }

  private func work(_ session: SessionID, _ request: StaffRequest) {
    var pin: LookupKey?
    var numbers = TypedByStaff()
    switch request {
    case .signIn(let typed): pin = desk.keys.staff(typed, in: desk.vault)
    case .confirmClock(let typed):
      numbers.time =
        unsafe desk.vault.withBytes(of: typed) { digits in
          unsafe Timestamp(typed: digits, in: desk.settings.zone)
        } ?? nil
    case .paperFilled(_, let typed):
      numbers.sheets =
        unsafe desk.vault.withBytes(of: typed) { digits in unsafe Int(sheets: digits) } ?? nil
    default: break
    }
    let staff = staff
    let (proof, told) = (pin, numbers)
    // Runs to its end whatever the session does: what staff did is not left half done.
    Task { await staff.work(session, request, pin: proof, typed: told) }
  }

  /// Begun before this returns: the session that it is for may end at once.
  private func printSlip(
    _ session: SessionID, _ id: String, refused: Answer,
    _ print: @escaping @Sendable () async -> Void
  ) {
    switch desk.underway.begin(.slip(id)) {
    case .already: break
    case .stopping:
      desk.record("slip.refused-at-stop", .notice)
      desk.answer(session, refused)
    // Not ended with the session: a slip half on paper helps nobody.
    case .begun: Task { await print() }
    }
  }

  private func printDocument(_ session: SessionID, _ documentID: String) {
    let prints = prints
    // Never ended with the session; `PrintDesk` keeps the document's bytes until the job ends.
    Task { await prints.print(session, documentID) }
  }

  /// What is wrong with the form of a typed NIK; the digits stay in the vault.
  private func problem(_ nik: SecretHandle) -> Entry.Problem? {
    let finding = unsafe desk.vault.withBytes(of: nik) { bytes in unsafe NIK.check(bytes) }
    guard let finding else { return .form(group: 0) }
    return finding.map { .form(group: $0.group) }
  }
}
