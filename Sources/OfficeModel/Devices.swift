/// Why a printer cannot print, or soon cannot. Keywords follow RFC 8011 `printer-state-reasons`
/// where there is one.
public enum DeviceFault: String, Sendable, Codable, CaseIterable {
  case mediaEmpty = "media-empty"
  case mediaLow = "media-low"
  case mediaJam = "media-jam"
  case coverOpen = "cover-open"
  case markerSupplyEmpty = "marker-supply-empty"
  case markerSupplyLow = "marker-supply-low"
  case cutterError = "cutter-error"
  /// An error that only switching off and on ends.
  case needsRestart = "needs-restart"
  /// Too hot, mostly: it goes on by itself.
  case recovering
  case offline
  case stopped
  case busy
  case notAccepting = "not-accepting-jobs"
  case outputFull = "output-area-full"
  /// An earlier job is in the printer that must not come out any more.
  case jobLeft = "job-left"
  case other

  /// Only a warning: printing goes on.
  public var isWarning: Bool { self == .mediaLow || self == .markerSupplyLow }
}

public enum CardKind: String, Sendable, Codable, CaseIterable {
  /// Found on the reader, not asked yet.
  case unread
  /// Answers to SELECT 7F0A: a KTP-el.
  case ktpEl = "ktp-el"
  case other
  /// Does not answer the reset: wrong way round or broken.
  case mute
  /// Answers with errors, never, or only to another program.
  case error
}

/// How far a print job got, and what proves it.
public enum PrintOutcome: String, Sendable, Codable {
  /// The printer itself says completed, is idle and without a fault, and knows the job.
  case delivered
  /// Nothing came out; the right to print is kept.
  case notPrinted
  /// Nobody can tell from here: goes to staff.
  case unknown
}

/// A device as the citizen needs to know it.
public enum DeviceFact: Sendable, Equatable {
  /// Not asked yet, or its status cannot be read: not the same as broken.
  case unknown
  case ready
  /// Works, but staff should look soon (paper low, toner low).
  case attention(DeviceFault)
  case down(DeviceFault)
  /// The configuration has none.
  case absent

  /// One word for logs and reports.
  public var word: String {
    switch self {
    case .unknown: "unknown"
    case .ready: "ready"
    case .attention(let fault), .down(let fault): fault.rawValue
    case .absent: "absent"
    }
  }

  public var fault: DeviceFault? {
    switch self {
    case .attention(let fault), .down(let fault): fault
    case .unknown, .ready, .absent: nil
    }
  }

  public var canPrint: Bool {
    switch self {
    case .ready, .attention, .unknown: true
    case .down, .absent: false
    }
  }
}

/// One A4 printer as staff and health need to know it.
public struct PrinterReading: Sendable, Equatable {
  /// As the ledger knows it.
  public var name: String
  /// Where it stands, in the office's words; nil: below the glass.
  public var place: String?
  public var fact: DeviceFact
  /// Nil where it says nothing of them, or was not asked yet.
  public var supplies: PrinterSupplies?
  public var paper: PaperForecast
  public init(
    name: String, place: String? = nil, fact: DeviceFact, supplies: PrinterSupplies? = nil,
    paper: PaperForecast = PaperForecast()
  ) {
    self.name = name
    self.place = place
    self.fact = fact
    self.supplies = supplies
    self.paper = paper
  }
}

/// What the reader shows right now.
public enum CardReading: Sendable, Equatable {
  case noReader
  case empty
  /// A card lies on the reader; being a KTP-el proves nothing about who holds it.
  case present(CardKind)
  /// pcscd is gone; it comes back by itself or needs staff.
  case serviceGone
}

/// A scanner that types like a keyboard, as it was found.
public enum ScannerState: String, Sendable, Codable, CaseIterable {
  /// It is ours alone.
  case ready
  case absent
  /// It, or every device it could be, may not be opened by this user.
  case notPermitted = "not-permitted"
  /// Another program holds it.
  case busy
  /// What is there is no input device.
  case unusable
}
