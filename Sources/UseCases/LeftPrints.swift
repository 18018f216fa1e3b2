internal import OfficeModel
internal import Ports

/// The prints whose end is not written. Their jobs may still be at the printer, and a document must not
/// come out of it for a citizen who is gone: each is cancelled there, again and again, until the printer
/// says that it is over, or a member of staff that its queue is gone. Nothing is printed there before
/// that; another printer is not held up.
actor LeftPrints {
  /// Something left over comes with a nudge; this only bounds what a lost one costs.
  private static let longestRest = Duration.seconds(3600)
  /// A printer that is back is asked before somebody has filled its tray.
  private static let retry = Duration.seconds(2)

  private let desk: Desk
  private let staff: StaffDesk
  /// The job that is being printed is not left.
  private var running: String?
  /// How those ended whose end was seen and not taken by the store.
  private var ends: [String: PrintOutcome] = [:]
  /// Those that the printer has not called over, as they were last known.
  private(set) var atPrinter: [PrintReservation] = []
  /// What the ledger held without an end when it was last read; nil before that and where it cannot be.
  private var unsettled: [PrintReservation]?
  /// The printers that are being asked about their jobs.
  private var clearing: Set<String> = []
  /// While the ledger cannot be read: the printers that hold nothing that may be a kiosk's.
  private var swept: Set<String> = []
  /// Readings of the ledger that failed one after the other.
  private var failures = 0
  /// Goes up with every change of what runs or is left; a reading of the ledger from before is stale.
  private var changes = 0
  private let news = Nudge()

  init(_ desk: Desk, _ staff: StaffDesk) {
    self.desk = desk
    self.staff = staff
  }

  /// Why nothing can be printed there while not all of it is cleared.
  func fault(at printer: DocumentPrinter) -> DeviceFault {
    atPrinter.contains { place(of: $0) == printer.name } ? .jobLeft : .busy
  }

  // MARK: The job that is being printed

  func begins(_ jobKey: String) {
    running = jobKey
    changes += 1
  }

  func ended(_ jobKey: String) {
    guard running == jobKey else { return }
    running = nil
    changes += 1
  }

  /// The running job has no end yet, or one that the store did not take.
  func leave(_ job: PrintReservation, _ outcome: PrintOutcome?) {
    ended(job.jobKey)
    ends[job.jobKey] = outcome
    unsettled = nil
    changes += 1
    if outcome == nil { know(atPrinter + [job]) }
    news.nudge()
  }

  // MARK: Clearing

  /// At a start, without waiting for the printer: reads what was under way when the kiosk stopped, and
  /// settles what never left.
  func settleUnsent() async {
    for print in await left() ?? [] where !print.wasSubmitted { await settle(print, .notPrinted) }
  }

  /// Clears up what is left until the task is cancelled: a printer may be off when the kiosk starts,
  /// the disk full for a while.
  func keepClearing() async {
    while !Task.isCancelled {
      do {
        if await clear() {
          try await news.wait(atMost: Self.longestRest, desk.ports.clock)
        } else {
          try await desk.ports.clock.sleep(
            swept.isEmpty ? Self.retry : desk.settings.devicePollInterval)
        }
      } catch { return }
    }
  }

  /// Settles each left print once its printer has it no more; a printer that fails holds up no other.
  /// True when there is nothing left that could be asked for.
  func clear() async -> Bool {
    guard let prints = await left() else {
      // One that fails says little, and a neighbour may share the printer.
      if failures > 1 { await sweep() }
      return false
    }
    swept = []
    await withTaskGroup(of: Void.self) { group in
      for (place, prints) in Dictionary(grouping: prints, by: place) {
        group.addTask { await self.clear(prints, at: place) }
      }
    }
    // One of a printer that the configuration has no more is for staff alone.
    return unsettled?.allSatisfy { ends[$0.jobKey] == nil && printer(of: $0) == nil } ?? false
  }

  /// Settles what was left at one printer. True when nothing is: a document may be sent there.
  func clear(at printer: DocumentPrinter) async -> Bool {
    guard let prints = await left() else { return false }
    let its = prints.filter { place(of: $0) == printer.name }
    if !its.isEmpty { await clear(its, at: printer.name) }
    return unsettled.map { prints in !prints.contains { place(of: $0) == printer.name } } ?? false
  }

  private func clear(_ prints: [PrintReservation], at place: String) async {
    guard clearing.insert(place).inserted else { return }
    defer { clearing.remove(place) }
    for print in prints {
      if let outcome = ends[print.jobKey] ?? (print.wasSubmitted ? nil : .notPrinted) {
        await settle(print, outcome)
        continue
      }
      let said = await printer(of: print)?.port.reconcile(
        print.jobKey, print.sheetCounter, print.pages)
      guard case .over(let outcome) = said else { continue }
      ends[print.jobKey] = outcome
      know(atPrinter.filter { $0.jobKey != print.jobKey })
      await settle(print, outcome)
    }
  }

  /// Nil for a printer that the configuration has no more.
  private func printer(of print: PrintReservation) -> DocumentPrinter? {
    desk.printers.named(print.printer)
  }

  private func place(of print: PrintReservation) -> String {
    printer(of: print)?.name ?? print.printer ?? ""
  }

  /// Which jobs are this kiosk's lies in a store that does not open. None of them may come out all the
  /// same; how they ended is found out when it opens. Once is enough: nothing is sent before that.
  private func sweep() async {
    guard running == nil else { return }
    for printer in desk.printers.printers where !swept.contains(printer.name) {
      guard await printer.port.cancelAll() else { continue }
      swept.insert(printer.name)
      desk.record("print.swept", .notice, ["printer": printer.name])
    }
  }

  /// Staff vouch for a job that the printer will not call over.
  func clear(_ cleared: PrinterCleared) async throws(PortError) {
    // Never the job that is being printed.
    guard atPrinter.contains(where: { $0.jobKey == cleared.jobKey }) else {
      throw PortError(.notFound, step: "clear by staff", detail: "not left")
    }
    try await desk.ports.store.ledger.clearByStaff(cleared)
    desk.record(
      "print.cleared-by-staff", .warning,
      ["job": cleared.jobKey, "result": cleared.clearing.rawValue])
    _ = await left()
    news.nudge()
  }

  /// What the ledger knows of no end; nil when it cannot be read.
  private func left() async -> [PrintReservation]? {
    let mark = changes
    do throws(PortError) {
      let found = try await desk.ports.store.ledger.unsettled()
      failures = 0
      guard mark == changes else { return await left() }
      let prints = found.filter { $0.jobKey != running }
      unsettled = prints
      know(prints.filter { $0.wasSubmitted && ends[$0.jobKey] == nil })
      return prints
    } catch {
      unsettled = nil
      if error.code != .cancelled { failures += 1 }
      desk.record("print.not-recovered", error)
      return nil
    }
  }

  private func know(_ prints: [PrintReservation]) {
    let known = Set(atPrinter.map(\.jobKey))
    for print in prints where !known.contains(print.jobKey) {
      desk.record(
        "print.left-at-printer", .warning, ["job": print.jobKey, "printer": place(of: print)])
    }
    atPrinter = prints
    desk.printers.left(Set(prints.map(place)))
  }

  private func settle(_ print: PrintReservation, _ outcome: PrintOutcome) async {
    let jobKey = print.jobKey
    do throws(PortError) {
      try await desk.ports.store.ledger.settle(jobKey, outcome, desk.ports.clock.now().wall)
      desk.record(
        "print.recovered", .warning, ["job": jobKey, "outcome": outcome.rawValue])
      if outcome == .unknown { await staff.enqueue(screen: "print") }
      // Its session is over, and could not give it back.
      try await desk.ports.store.ledger.returnLease(
        print.documentID, print.who, desk.ports.clock.now().wall)
      desk.outboxNudge.nudge()
    } catch {
      desk.record("print.not-recovered", error)
      // Settled otherwise meanwhile, or gone: no other try changes that.
      guard error.code == .conflict || error.code == .notFound else { return }
    }
    ends[jobKey] = nil
    // A reading from before still has it.
    changes += 1
    _ = await left()
  }
}
