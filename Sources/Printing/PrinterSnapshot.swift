internal import OfficeModel

/// What a printer says about itself in one answer to Get-Printer-Attributes.
struct PrinterSnapshot: Sendable, Equatable {
  enum State: Sendable, Equatable { case idle, processing, stopped, unknown }
  var state: State
  var reasons: [String]
  var isAccepting: Bool
  /// Sheets or impressions since the printer was built, where it has a counter.
  var counter: Int?
  /// Which machine it is; another one may stand at the same address tomorrow.
  var uuid: String?
  /// Seconds since it was switched on (RFC 8011, `printer-up-time`).
  var upTime: Int?

  private var said: [PrinterReason] {
    reasons.compactMap(PrinterReason.init).filter { $0.severity != .report }
  }

  /// A word nobody knows stops printing only when the printer says that it has stopped: makers have
  /// reasons of their own, often without a severity.
  private var blocking: [DeviceFault] {
    said.filter {
      $0.severity == .error && !$0.fault.isWarning && ($0.fault != .other || state == .stopped)
    }.map(\.fault)
  }

  /// What keeps it from printing, the most telling of all; nil when it can print.
  var fault: DeviceFault? {
    if let first = PrinterReason.mostTelling(blocking) { return first }
    if state == .stopped {
      // ippeveprinter and some devices stop with a mere warning as the reason.
      let hints = said.map(\.fault).filter { !$0.isWarning }
      return PrinterReason.mostTelling(hints) ?? .stopped
    }
    return nil
  }

  /// What staff find when the fault that was told is gone, or see to with it.
  var otherFaults: [DeviceFault] {
    let told = fault ?? warning
    var others: [DeviceFault] = []
    for other in blocking + said.map(\.fault).filter(\.isWarning) {
      // An open cover also empties the tray.
      let isShadow = other == .mediaEmpty && blocking.contains(.coverOpen)
      if other != told, !isShadow, !others.contains(other) { others.append(other) }
    }
    return others
  }

  /// What staff should look at soon.
  var warning: DeviceFault? {
    reasons.compactMap(PrinterReason.init).map(\.fault).first(where: \.isWarning)
  }

  var fact: DeviceFact {
    if let fault { return .down(fault) }
    if !isAccepting { return .down(.notAccepting) }
    if let warning { return .attention(warning) }
    return state == .unknown ? .unknown : .ready
  }
}

/// One keyword of `printer-state-reasons` (RFC 8011 section 5.4.12), its severity suffix apart.
struct PrinterReason: Sendable, Equatable {
  enum Severity: Sendable { case report, warning, error }
  var fault: DeviceFault
  var severity: Severity

  /// Nil for `none` and for what says nothing about faults.
  init?(_ keyword: String) {
    var word = keyword[...]
    // Without a suffix the keyword counts as an error (RFC 8011).
    var severity = Severity.error
    for (suffix, meaning) in [
      ("-error", Severity.error), ("-warning", .warning), ("-report", .report),
    ] where word.hasSuffix(suffix) {
      word = word.dropLast(suffix.count)
      severity = meaning
    }
    let fault: DeviceFault? =
      switch word {
      case "none", "cups-waiting-for-job-completed", "moving-to-paused", "timed-out",
        "spool-area-full", "alert-removal-of-binary-change-entry":
        nil
      case "media-empty", "media-needed", "input-tray-missing", "input-media-supply-empty":
        .mediaEmpty
      case "media-low", "input-media-supply-low": .mediaLow
      case "media-jam", "input-media-path-jam": .mediaJam
      case "cover-open", "door-open", "interlock-open": .coverOpen
      case "marker-supply-empty", "toner-empty", "developer-empty", "marker-waste-full":
        .markerSupplyEmpty
      case "marker-supply-low", "toner-low", "developer-low", "marker-waste-almost-full":
        .markerSupplyLow
      case "output-area-full", "output-tray-missing": .outputFull
      case "paused": .stopped
      case "shutdown", "connecting-to-device", "deactivated": .offline
      case "output-area-almost-full", "opc-near-eol": nil
      default: .other
      }
    guard let fault else { return nil }
    self.fault = fault
    self.severity = severity
  }

  /// With several faults at once (an open cover also empties the tray) the one to see to first.
  static func mostTelling(_ faults: [DeviceFault]) -> DeviceFault? {
    let order: [DeviceFault] = [
      .mediaJam, .coverOpen, .mediaEmpty, .markerSupplyEmpty, .outputFull, .stopped, .offline,
    ]
    return order.first(where: faults.contains) ?? faults.first
  }
}

/// What the printer says about one job.
struct JobSnapshot: Sendable, Equatable {
  enum State: Int, Sendable {
    case pending = 3
    case held, processing, stopped, canceled, aborted, completed
  }
  var state: State
  var reasons: [String]
  /// Sheet sides that left the printer for this job, where it counts them.
  var impressions: Int?
  var name: String?
  /// The printer's `upTime` when it made the job.
  var created: Int?
  /// Others who should know of it say otherwise, or cannot be asked: completed proves nothing then.
  var isDoubted = false
  /// It ended before anything of it was passed on.
  var neverBegan = false
}
