/// What an A4 printer says of its paper and toner, as far as it can be believed.
public struct PrinterSupplies: Sendable, Equatable {
  /// A cartridge that runs out.
  public struct Marker: Sendable, Equatable {
    public enum Level: Sendable, Equatable {
      /// 0 to 100.
      case percent(Int)
      /// There is some; the printer cannot tell how much.
      case some
      case unknown
    }
    /// In the printer's own words; nil where it has none.
    public var name: String?
    public var level: Level
    /// At or below this percentage the printer calls it low.
    public var lowLevel: Int?

    public init(name: String?, level: Level, lowLevel: Int? = nil) {
      self.name = name
      self.level = level
      self.lowLevel = lowLevel
    }

    public var isLow: Bool {
      if case .percent(let percent) = level, let lowLevel { percent <= lowLevel } else { false }
    }
  }

  public var markers: [Marker]
  /// Sheets in all trays; nil where one of them does not count.
  public var sheetsInTrays: Int?
  /// Sheets it has ever printed.
  public var sheetCounter: Int?

  public init(markers: [Marker] = [], sheetsInTrays: Int? = nil, sheetCounter: Int? = nil) {
    self.markers = markers
    self.sheetsInTrays = sheetsInTrays
    self.sheetCounter = sheetCounter
  }
}

/// What lay in a printer's tray after it was filled.
public struct PaperRefill: Sendable, Equatable {
  public var printer: String
  public var at: Timestamp
  /// Nil: nobody knows.
  public var sheets: Int?
  /// Nobody has counted them: what the tray takes.
  public var isEstimate: Bool
  /// The printer's sheet counter then, where it has one.
  public var counter: Int?
  /// Sheets that the ledger took there since.
  public var printed: Int

  public init(
    printer: String, at: Timestamp, sheets: Int?, isEstimate: Bool, counter: Int? = nil,
    printed: Int = 0
  ) {
    self.printer = printer
    self.at = at
    self.sheets = sheets
    self.isEstimate = isEstimate
    self.counter = counter
    self.printed = printed
  }

  /// No tray of an office printer takes more; a number beyond it is a slip of the finger.
  public static let sheetsLimit = 10_000
}

/// What was printed in the last weeks, on all printers of the kiosk.
public struct RecentPrints: Sendable, Equatable {
  public var documents: Int
  public var sheets: Int
  public init(documents: Int = 0, sheets: Int = 0) {
    self.documents = documents
    self.sheets = sheets
  }
  /// Weeks, so that a quiet one does not change the mean; not years, so that another kind of
  /// document does.
  public static let span = Duration.seconds(28 * 86_400)
}

/// How long the paper lasts. It says nothing where it knows nothing.
public struct PaperForecast: Sendable, Equatable {
  public var sheetsSinceRefill: Int?
  public var sheetsLeft: Int?
  /// Rests on what the tray takes, not on what somebody counted.
  public var isEstimate = false
  public var documentsLeft: Int?

  /// Fewer documents have no mean worth the name.
  static let documentsForMean = 5
  /// Fewer documents than this are reason enough to bring paper.
  static let documentsLow = 10
  /// The same where no mean is known.
  static let sheetsLow = 20

  public init() {}

  /// - Parameter isEmpty: the printer itself says that it has no paper.
  public init(
    refill: PaperRefill?, supplies: PrinterSupplies?, recent: RecentPrints, isEmpty: Bool
  ) {
    let used = refill.map { Self.used($0, counter: supplies?.sheetCounter) }
    sheetsSinceRefill = used
    let counted = refill.flatMap { refill in
      refill.sheets.map { $0 - (used ?? 0) }
    }
    if isEmpty {
      sheetsLeft = 0
    } else if let counted, refill?.isEstimate == false, counted > 0 {
      sheetsLeft = counted
    } else if let inTrays = supplies?.sheetsInTrays {
      sheetsLeft = inTrays
    } else if let counted, counted > 0 {
      sheetsLeft = counted
      isEstimate = refill?.isEstimate ?? false
    }
    // At nothing left with paper in the tray the count is wrong: somebody filled it and said nothing.
    guard let sheetsLeft, recent.documents >= Self.documentsForMean,
      recent.sheets >= recent.documents
    else { return }
    documentsLeft = sheetsLeft * recent.documents / recent.sheets
  }

  /// The printer's own counter where it counts: it knows of sheets that others printed. One that
  /// stands at nothing never counts, and one that went back belongs to another machine.
  private static func used(_ refill: PaperRefill, counter: Int?) -> Int {
    guard let then = refill.counter, let counter, counter > 0, counter >= then else {
      return refill.printed
    }
    return counter - then
  }

  /// Somebody should bring paper before it is out.
  public var isLow: Bool {
    if let documentsLeft { return documentsLeft < Self.documentsLow }
    return sheetsLeft.map { $0 < Self.sheetsLow } ?? false
  }
}
