public import OfficeModel

/// One print of one document, from the reserved right to its end, as a value: no printer, no store
/// and no clock inside. The actor around it carries the commands out and feeds events back.
///
/// The right to print is a two-phase commit. It is reserved before the first byte leaves, `submit`
/// is made durable before the printer is touched, and it is settled once: `delivered` only with
/// complete evidence from the printer, `notPrinted` when nothing can have come out, otherwise
/// `unknown`, which only staff can clear up. A job that the printer has not called over is not
/// settled at all: it may come out yet.
public struct PrintWorkflow: Sendable, Hashable {
  public enum State: Sendable, Hashable {
    /// Reserved in the ledger; the printer has nothing yet.
    case reserved
    case sending
    case printing
    /// The printer waits for a person; job and right are kept.
    case held(DeviceFault)
    case ended(PrintOutcome, DeviceFault?)
  }

  public enum Event: Sendable, Hashable {
    /// The ledger says, durably, that bytes are about to leave.
    case submitted
    case printerPrints
    case printerHolds(DeviceFault)
    /// How the job ended by the printer's account. `evidenceIsComplete`: the printer itself knows
    /// the job as completed, is idle and reports no fault.
    case printerEnded(PrintOutcome, fault: DeviceFault?, evidenceIsComplete: Bool)
    /// The printer's account broke off, and it has not said that the job is over.
    case accountLost
    case cancelRequested
    /// The bytes were refused just before the send (changed since they were shown).
    case bytesRefused
    /// "Tidak keluar atau rusak", said after the end.
    case citizenMissesPaper
  }

  public enum Command: Sendable, Hashable {
    case show(Stage)
    /// Ask the printer to cancel; what became of the job is told by the printer.
    case cancelAtPrinter
    /// Make the end durable and let the server know.
    case settle(PrintOutcome)
    /// The job has no end yet: cancel it until the printer says that it is over.
    case leaveAtPrinter
    case announceEnd(PrintOutcome, DeviceFault?)
    /// Staff are to look at this job.
    case callStaff
  }

  /// What the glass shows while the job runs.
  public enum Stage: Sendable, Hashable {
    case sending, printing, cancelling
    case held(DeviceFault)
  }

  public private(set) var state: State
  public private(set) var cancelAsked = false
  private var missReported = false

  public init() { state = .reserved }

  public var isEnded: Bool {
    if case .ended = state { true } else { false }
  }

  /// Takes one event. An event that makes no sense in a state changes nothing.
  public mutating func handle(_ event: Event) -> [Command] {
    if case .ended = state { return handleAfterEnd(event) }
    switch event {
    case .submitted:
      guard state == .reserved, !cancelAsked else { return [] }
      state = .sending
      return [.show(.sending)]
    case .printerPrints:
      guard state != .reserved else { return [] }
      if state == .printing { return [] }
      state = .printing
      return cancelAsked ? [] : [.show(.printing)]
    case .printerHolds(let fault):
      guard state != .reserved, state != .held(fault) else { return [] }
      state = .held(fault)
      return cancelAsked ? [] : [.show(.held(fault))]
    case .printerEnded(let outcome, let fault, let evidenceIsComplete):
      return end(judged(outcome, fault, evidenceIsComplete), fault)
    case .accountLost:
      return state == .reserved ? end(.notPrinted, nil) : leave()
    case .cancelRequested:
      guard !cancelAsked else { return [] }
      cancelAsked = true
      // Nothing has left yet: there is nobody to ask.
      if state == .reserved { return end(.notPrinted, nil) }
      return [.show(.cancelling), .cancelAtPrinter]
    case .bytesRefused:
      // After bytes have left, a refusal cannot take them back.
      return state == .reserved ? end(.notPrinted, nil) : leave()
    case .citizenMissesPaper:
      // The job still runs; nobody can miss its paper yet.
      return []
    }
  }

  private mutating func handleAfterEnd(_ event: Event) -> [Command] {
    guard event == .citizenMissesPaper, !missReported,
      state != .ended(.notPrinted, nil)
    else { return [] }
    missReported = true
    // What was settled stays settled: the printer's evidence and the citizen's word are both kept,
    // and a person decides.
    return [.callStaff]
  }

  private func judged(
    _ outcome: PrintOutcome, _ fault: DeviceFault?, _ evidenceIsComplete: Bool
  ) -> PrintOutcome {
    switch outcome {
    case .delivered:
      // A fault that is more than a warning contradicts "came out without trouble"; and what was
      // never sent cannot have been delivered.
      evidenceIsComplete && (fault?.isWarning ?? true) && state != .reserved
        ? .delivered : .unknown
    case .notPrinted, .unknown: outcome
    }
  }

  private mutating func end(_ outcome: PrintOutcome, _ fault: DeviceFault?) -> [Command] {
    state = .ended(outcome, fault)
    var commands: [Command] = [.settle(outcome), .announceEnd(outcome, fault)]
    if outcome == .unknown { commands.append(.callStaff) }
    return commands
  }

  /// For its citizen it is over, and nobody knows how.
  private mutating func leave() -> [Command] {
    state = .ended(.unknown, .jobLeft)
    return [.leaveAtPrinter, .announceEnd(.unknown, .jobLeft), .callStaff]
  }
}
