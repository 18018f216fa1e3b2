internal import OfficeModel
internal import Ports

/// Follows one job from the moment its document was sent, as a state machine without I/O or time:
/// looks come in with the time at which they were made, what to do goes out.
///
/// `delivered` needs all of: completed by the printer itself and without errors, the printer idle
/// and without a fault, the counter moved by all pages where there is one. Nothing came out needs as much:
/// canceled or aborted, and a counter that has counted before and stands still for a while.
/// Anything less is `unknown`. A job that the printer has not called over is left and has no end: it
/// may come out yet.
package struct PrintFollowUp: Sendable, Equatable {
  package struct Limits: Sendable, Equatable {
    /// A look every 0.4 s tells of paper within what a person takes for at once, at the price of
    /// two small requests.
    package var poll = Duration.milliseconds(400)
    /// From completed to an idle printer whose counter has moved, and from canceled to trusting
    /// that it stands still.
    package var settle = Duration.seconds(15)
    /// A document that was sent whole is taken from `job-incoming` at once; three seconds are many.
    package var incoming = Duration.seconds(3)
    /// A switch or access point that restarts takes about half a minute.
    package var unreachable = Duration.seconds(45)
    /// Looks that fail before the citizen is told: one may always be lost.
    package var missesTold = 2
    /// Nobody prints one document of an office for ten minutes without a fault.
    package var printing = Duration.seconds(600)
    /// Paper that has not been brought in a quarter of an hour does not come for this citizen.
    package var held = Duration.seconds(900)
    /// From the request to cancel to the printer's word on it.
    package var canceling = Duration.seconds(30)
    package init() {}
  }

  enum Look: Sendable, Equatable {
    case seen(JobSnapshot, PrinterSnapshot)
    /// The printer answers and does not know the job: it was switched off and on.
    case jobUnknown
    case unreachable
  }

  enum Command: Sendable, Equatable {
    case report(PrintStep)
    case cancelJob
  }

  let limits: Limits
  /// The printer's counter before the job.
  let counterBefore: Int?
  /// By how much it has to move: each page is a sheet, one-sided. At least one where nobody knows.
  let pages: Int
  private let began: Duration
  private(set) var isOver = false
  private(set) var fault: DeviceFault?
  private var lastStep: PrintStep?
  private var misses = 0
  private var unreachableSince: Duration?
  private var heldSince: Duration?
  private var heldTotal = Duration.zero
  private var incomingSince: Duration?
  private var endedSince: Duration?
  private var cancelingSince: Duration?

  init(limits: Limits, counterBefore: Int?, pages: Int, at now: Duration) {
    self.limits = limits
    self.counterBefore = counterBefore
    self.pages = max(pages, 1)
    began = now
  }

  /// Asked once more at every look until the job is over: a request may be lost, and a printer
  /// without power hears none.
  mutating func cancel(at now: Duration) -> [Command] {
    guard cancelingSince == nil, !isOver else { return [] }
    cancelingSince = now
    return [.cancelJob]
  }

  mutating func handle(_ look: Look, at now: Duration) -> [Command] {
    guard !isOver else { return [] }
    switch look {
    case .unreachable: return miss(at: now)
    case .jobUnknown: return end(.unknown, fault)
    case .seen(let job, let printer):
      misses = 0
      unreachableSince = nil
      switch job.state {
      case .completed: return completed(job, printer, at: now)
      case .canceled, .aborted: return dropped(job, printer, at: now)
      case .pending, .held, .processing, .stopped: return underWay(job, printer, at: now)
      }
    }
  }

  private mutating func miss(at now: Duration) -> [Command] {
    misses += 1
    let since = unreachableSince ?? now
    unreachableSince = since
    guard now - since < limits.unreachable else { return leave(.offline) }
    return misses >= limits.missesTold ? report(.held(.offline)) : []
  }

  private mutating func completed(
    _ job: JobSnapshot, _ printer: PrinterSnapshot, at now: Duration
  ) -> [Command] {
    fault = printer.fault
    let isDoubted =
      job.isDoubted
      || job.reasons.contains {
        $0 == "job-completed-with-errors" || $0.contains("missing-job-history")
      }
    if isDoubted { return end(.unknown, printer.fault) }
    if printer.state == .idle, printer.fault == nil, moved(printer).map({ $0 >= pages }) ?? true {
      return end(.delivered, nil)
    }
    let since = endedSince ?? now
    endedSince = since
    return now - since < limits.settle ? [] : end(.unknown, printer.fault)
  }

  private mutating func dropped(
    _ job: JobSnapshot, _ printer: PrinterSnapshot, at now: Duration
  ) -> [Command] {
    fault = printer.fault ?? fault
    if job.neverBegan { return end(.notPrinted, fault) }
    let since = endedSince ?? now
    endedSince = since
    // A side that was counted may lie in the tray.
    let cameOut = (job.impressions ?? 0) > 0
    // Only a counter that has counted before can tell that nothing came out; a job's own count may
    // stand at zero because the printer never touches it. Where nothing is told, waiting tells
    // nothing either.
    guard !cameOut, moved(printer) == 0 else { return end(.unknown, fault) }
    // A sheet that was on its way comes out after the job has ended, and is counted then.
    guard now - since >= limits.settle else { return [] }
    return end(printer.state == .processing ? .unknown : .notPrinted, fault)
  }

  private mutating func underWay(
    _ job: JobSnapshot, _ printer: PrinterSnapshot, at now: Duration
  ) -> [Command] {
    if let cancelingSince {
      return now - cancelingSince < limits.canceling ? [.cancelJob] : leave(printer.fault)
    }
    if job.state == .held, job.reasons.contains("job-incoming") {
      // The printer still waits for a document that left here completely: the connection was torn.
      let since = incomingSince ?? now
      incomingSince = since
      guard now - since >= limits.incoming else { return [] }
      return cancel(at: now)
    }
    incomingSince = nil
    let stopping = printer.fault ?? (job.state == .stopped ? .stopped : nil)
    if let stopping {
      fault = stopping
      let since = heldSince ?? now
      heldSince = since
      var commands = report(.held(stopping))
      if now - since >= limits.held { commands += cancel(at: now) }
      return commands
    }
    if let since = heldSince {
      heldTotal += now - since
      heldSince = nil
      fault = nil
    }
    var commands = report(.printing)
    if now - began - heldTotal >= limits.printing { commands += cancel(at: now) }
    return commands
  }

  /// Nil where there is no counter, or one that was never anything but zero: some printers send
  /// the attribute without counting. So only one that has counted before is said to stand still.
  private func moved(_ printer: PrinterSnapshot) -> Int? {
    guard let counterBefore, let counter = printer.counter, counterBefore != 0 || counter != 0
    else { return nil }
    return counter &- counterBefore
  }

  private mutating func report(_ step: PrintStep) -> [Command] {
    guard step != lastStep else { return [] }
    lastStep = step
    return [.report(step)]
  }

  private mutating func end(_ outcome: PrintOutcome, _ fault: DeviceFault?) -> [Command] {
    isOver = true
    return [.report(.ended(outcome, fault: fault))]
  }

  private mutating func leave(_ fault: DeviceFault?) -> [Command] {
    isOver = true
    return [.report(.left(fault: fault))]
  }
}
