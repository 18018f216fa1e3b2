internal import Journey
internal import OfficeModel
internal import Ports
internal import PrintWorkflow
internal import SensitiveMemory

/// Prints one document at a time and follows it to its end, also when its session ends before. The
/// decisions are `PrintWorkflow`'s; here they are carried out.
actor PrintDesk {
  /// A settlement is written again this often when the store does not take it.
  private static let settleAttemptsLimit = 5
  private static let settleDelay = Duration.seconds(1)

  private struct Job {
    let session: SessionID
    let documentID: String
    let jobKey: String
    /// The one printer that gets it; nil before one is chosen.
    var printer: DocumentPrinter?
    var workflow = PrintWorkflow()
    var reservation: PrintReservation?
    /// The citizen is gone: pages that move come out, but nothing begins or goes on later.
    var isAbandoned = false
  }

  private let desk: Desk
  private let leases: LeaseDesk
  private let staff: StaffDesk
  private let left: LeftPrints
  private var job: Job?
  private var lastEnded: Job?

  init(_ desk: Desk, _ staff: StaffDesk, _ left: LeftPrints) {
    self.desk = desk
    leases = LeaseDesk(desk: desk)
    self.staff = staff
    self.left = left
  }

  /// A stop has waited long enough. Has the printer cancel the job that runs, if one does: left there
  /// it comes out when nobody stands at the kiosk. What is not settled then, the next start cancels.
  func cancelForStop() async {
    guard let left = job else { return }
    desk.record("print.cancelled-at-stop", .warning, ["job": left.jobKey])
    job?.isAbandoned = true
    await feed(.cancelRequested)
  }

  /// Without its citizen a job that waits for paper is cancelled: the document would come out
  /// whenever somebody fills the tray.
  func sessionEnded(_ session: SessionID) async {
    guard job?.session == session else { return }
    job?.isAbandoned = true
    if case .held? = job?.workflow.state { await feed(.cancelRequested) }
  }

  func print(_ session: SessionID, _ documentID: String) async {
    guard let open = desk.sessions.openDocument(session), open.summary.id == documentID else {
      return desk.answer(session, .printEnded(.notPrinted, fault: nil))
    }
    switch desk.underway.begin(.document) {
    case .begun: break
    case .already: return desk.answer(session, .printEnded(.notPrinted, fault: .busy))
    case .stopping:
      desk.record("print.refused-at-stop", .notice)
      return desk.answer(session, .printEnded(.notPrinted, fault: nil))
    }
    let ended = await carryOut(session, open)
    desk.underway.end(.document)
    if let ended { desk.record("print.finished", .info, ["job": ended.jobKey]) }
  }

  /// The job as it ended; nil when there was to be none.
  private func carryOut(_ session: SessionID, _ open: Sessions.OpenDocument) async -> Job? {
    guard
      desk.sessions.count(.print, session, limit: desk.settings.useLimits.printsPerSession)
    else {
      desk.record("print.limit-reached", .notice)
      desk.answer(session, .documentRefused(.unavailable))
      desk.answer(session, .printEnded(.notPrinted, fault: nil))
      return nil
    }
    let documentID = open.summary.id
    job = Job(session: session, documentID: documentID, jobKey: desk.ports.identifiers.make())
    desk.sessions.hold(open.document)
    await run(session, open)
    desk.sessions.release(open.document)
    if let ended = job { await left.ended(ended.jobKey) }
    lastEnded = job
    job = nil
    // The end of the session could not give the right back while the job was under way.
    if desk.sessions.isOver(session) { await leases.giveBack([documentID], session) }
    return lastEnded
  }

  private func run(_ session: SessionID, _ open: Sessions.OpenDocument) async {
    guard let job else { return }
    // The very bytes that will be sent are judged once more.
    let report = await desk.ports.verifier.verify(open.document)
    do throws(DocumentRefused) {
      try DocumentRefused.unlessValid(
        report, bytes: desk.vault.count(of: open.document), .print, desk)
      guard report.printBytes == open.report.printBytes,
        report.printSHA256 == open.report.printSHA256
      else {
        desk.record(.security(reason: "changed_before_print", step: "print"))
        throw DocumentRefused(.changed(code: "changed_before_print"))
      }
    } catch {
      self.job?.workflow = Self.endedBeforeSending()
      desk.answer(session, .documentRefused(error.refusal))
      // For a glass that already shows the print: nothing came out and nothing is used up.
      return desk.answer(session, .printEnded(.notPrinted, fault: nil))
    }
    guard let printer = await desk.printers.choose() else {
      self.job?.workflow = Self.endedBeforeSending()
      return desk.answer(session, .printEnded(.notPrinted, fault: .offline))
    }
    self.job?.printer = printer
    // Behind a job of an earlier run nothing is sent: its document would come out with this one.
    guard await left.clear(at: printer) else {
      self.job?.workflow = Self.endedBeforeSending()
      return desk.answer(session, .printEnded(.notPrinted, fault: await left.fault(at: printer)))
    }
    let lease: PrintLease
    do throws(DocumentRefused) {
      lease = try await leases.secure(session, job.documentID, atLeast: LeaseTime.least)
    } catch {
      self.job?.workflow = Self.endedBeforeSending()
      desk.answer(session, .documentRefused(error.refusal))
      return desk.answer(session, .printEnded(.notPrinted, fault: nil))
    }
    await left.begins(job.jobKey)
    guard await reserve(job, printer, pages: report.pageCount) else {
      self.job?.workflow = Self.endedBeforeSending()
      return desk.answer(session, .printEnded(.notPrinted, fault: nil))
    }
    let leaseEnd = Task { await cancelBefore(lease.until, job.jobKey) }
    defer { leaseEnd.cancel() }
    // A cancel that came meanwhile has ended the workflow; then nothing is sent.
    guard await submit(job) else { return }
    let order = PrintOrder(
      jobKey: job.jobKey, document: open.document, byteCount: report.printBytes,
      sha256: report.printSHA256, pageCount: report.pageCount)
    if let place = printer.place {
      desk.answer(session, .printsAt(place: place))
    }
    for await step in printer.port.print(order) {
      switch step {
      case .sending: break
      case .printing:
        await notePrinting(job.jobKey)
        await feed(.printerPrints)
      case .held(let fault):
        await feed(.printerHolds(fault))
        if self.job?.isAbandoned == true { await feed(.cancelRequested) }
      case .ended(let outcome, let fault):
        // The port says delivered only when the printer itself does.
        await feed(
          .printerEnded(outcome, fault: fault, evidenceIsComplete: outcome == .delivered))
      case .left: await feed(.accountLost)
      }
    }
    await feed(.accountLost)
  }

  private static func endedBeforeSending() -> PrintWorkflow {
    var workflow = PrintWorkflow()
    _ = workflow.handle(.bytesRefused)
    return workflow
  }

  /// After its lease another kiosk may print the document.
  private func cancelBefore(_ leaseEnd: Timestamp, _ jobKey: String) async {
    let left = leaseEnd.since(desk.ports.clock.now().wall) - LeaseTime.toCancel
    guard (try? await desk.ports.clock.sleep(left)) != nil, job?.jobKey == jobKey else { return }
    desk.record("print.lease-ends", .warning, ["job": jobKey])
    await feed(.cancelRequested)
  }

  /// The printer goes on whether or not this is written; a crash then is judged as before it.
  private func notePrinting(_ jobKey: String) async {
    do throws(PortError) {
      try await desk.ports.store.ledger.printing(jobKey, desk.ports.clock.now().wall)
    } catch { desk.record("print.not-noted", error) }
  }

  private func reserve(_ job: Job, _ printer: DocumentPrinter, pages: Int) async -> Bool {
    let counter = await printer.port.sheetCounter()
    let now = desk.ports.clock.now().wall
    let reservation = PrintReservation(
      jobKey: job.jobKey, documentID: job.documentID, at: now,
      // The lease was secured a moment ago with as much left, and a printer was asked since.
      endsBy: now.adding(LeaseTime.least - LeaseTime.toCancel),
      who: desk.who(job.session), sheetCounter: counter, printer: printer.name, pages: pages)
    self.job?.reservation = reservation
    do throws(PortError) {
      let isReserved = try await desk.ports.store.ledger.reserve(reservation)
      desk.record(
        isReserved ? "print.reserved" : "print.no-right", isReserved ? .info : .notice,
        ["job": job.jobKey, "printer": printer.name])
      if isReserved { desk.outboxNudge.nudge() }
      return isReserved
    } catch {
      desk.record("print.not-reserved", error)
      return false
    }
  }

  /// True when the bytes may leave.
  private func submit(_ reserved: Job) async -> Bool {
    if reserved.workflow != job?.workflow {
      // Cancelled between verification and reservation: give the right back.
      await settle(.notPrinted)
      return false
    }
    do throws(PortError) {
      try await desk.ports.store.ledger.submit(reserved.jobKey, desk.ports.clock.now().wall)
    } catch {
      desk.record("print.not-submitted", error)
      await feed(.bytesRefused)
      return false
    }
    guard job?.workflow.isEnded == false else { return false }
    if job?.isAbandoned == true {
      await feed(.cancelRequested)
      return false
    }
    await feed(.submitted)
    return true
  }

  func cancel(_ session: SessionID) async {
    guard job?.session == session else { return }
    desk.record("print.cancel-asked")
    await feed(.cancelRequested)
  }

  func paperTaken(_ session: SessionID, _ documentID: String) {
    guard lastEnded?.session == session, lastEnded?.documentID == documentID else { return }
    desk.record("print.paper-taken", .info, ["job": lastEnded?.jobKey ?? ""])
  }

  /// The journey calls staff by itself when paper is missed; the ledger stays as the printer told it.
  func paperMissing(_ session: SessionID, _ documentID: String) {
    guard lastEnded?.session == session, lastEnded?.documentID == documentID else { return }
    guard lastEnded?.workflow.handle(.citizenMissesPaper).isEmpty == false else { return }
    desk.record("print.paper-missing", .warning, ["job": lastEnded?.jobKey ?? ""])
    if let printer = lastEnded?.printer { desk.printers.ended(printer.name, .unknown, nil) }
  }

  private func feed(_ event: PrintWorkflow.Event) async {
    guard let session = job?.session, let commands = job?.workflow.handle(event) else { return }
    for command in commands {
      switch command {
      case .show(let stage): desk.answer(session, .print(Self.shown(stage)))
      case .cancelAtPrinter: if let job { await job.printer?.port.cancel(job.jobKey) }
      case .settle(let outcome): await settle(outcome)
      case .leaveAtPrinter: await leave(nil)
      case .announceEnd(let outcome, let fault):
        if let printer = job?.printer { desk.printers.ended(printer.name, outcome, fault) }
        desk.answer(session, .printEnded(outcome, fault: fault))
      case .callStaff: await staff.enqueue(screen: "print")
      }
    }
  }

  private static func shown(_ stage: PrintWorkflow.Stage) -> PrintProgress.Stage {
    switch stage {
    case .sending: .sending
    case .printing: .printing
    case .cancelling: .cancelling
    case .held(let fault): .held(fault)
    }
  }

  /// Keeps trying for a while with the citizen there; after that it is tried again behind him, so that
  /// no end that was seen is lost as long as the kiosk runs.
  private func settle(_ outcome: PrintOutcome) async {
    guard let job else { return }
    for _ in 0..<Self.settleAttemptsLimit {
      do throws(PortError) {
        try await desk.ports.store.ledger.settle(
          job.jobKey, outcome, desk.ports.clock.now().wall)
        desk.record(
          "print.settled", outcome == .delivered ? .notice : .warning,
          ["job": job.jobKey, "outcome": outcome.rawValue])
        return desk.outboxNudge.nudge()
      } catch {
        // Nothing was reserved: there is nothing to settle either.
        if error.code == .notFound { return }
        desk.record("print.not-settled", error)
        guard error.code != .conflict else { return }
      }
      guard (try? await desk.ports.clock.sleep(Self.settleDelay)) != nil else { break }
    }
    await leave(outcome)
  }

  private func leave(_ outcome: PrintOutcome?) async {
    guard var print = job?.reservation else { return }
    print.wasSubmitted = true
    await left.leave(print, outcome)
  }
}
