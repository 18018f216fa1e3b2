public import OfficeModel

/// The print ledger: a single-use right is spent in steps, each durable before the outside is
/// touched. Every step writes its audit entry with it.
public struct LedgerStore: Sendable {
  /// Reserves a print before the first byte is sent. False when the right is used up, taken by another
  /// job, unknown to this kiosk, or not leased to it until the print's end. The server learns of a
  /// reservation through the outbox, in the same transaction.
  public var reserve: @Sendable (PrintReservation) async throws(PortError) -> Bool
  /// Makes durable that bytes are about to leave: from here on only the printer can tell after a
  /// crash what became of the job.
  public var submit: @Sendable (_ jobKey: String, Timestamp) async throws(PortError) -> Void
  /// The printer has begun; nothing where the job is settled already.
  public var printing: @Sendable (_ jobKey: String, Timestamp) async throws(PortError) -> Void
  /// Settles a job once and puts what the server must learn into the outbox with it.
  public var settle:
    @Sendable (_ jobKey: String, PrintOutcome, Timestamp) async throws(PortError) -> Void
  /// Jobs without an end, oldest first: one that runs, and those that may still be at the printer.
  public var unsettled: @Sendable () async throws(PortError) -> [PrintReservation]
  /// Jobs that ended `unknown` and that nobody has looked after yet, oldest first.
  public var unknowns: @Sendable () async throws(PortError) -> [UnknownPrint]
  /// What staff found takes the place of `unknown`. Throws `notFound` for a job that is not, or no
  /// more, of `unknowns`.
  public var settleByStaff: @Sendable (StaffSettlement) async throws(PortError) -> Void
  /// A job that staff vouch for has left the printer becomes `unknown`. Throws `notFound` for one that
  /// has an end, or whose bytes never left.
  public var clearByStaff: @Sendable (PrinterCleared) async throws(PortError) -> Void

  /// Notes that the server is about to be asked for a lease of this id: whatever becomes of the answer,
  /// `returnLease` gives it back.
  public var askLease:
    @Sendable (_ documentID: String, _ leaseID: String, Timestamp) async throws(PortError) -> Void
  /// Keeps a lease that the server granted when it was asked for it. Throws `conflict` for one that was
  /// given back.
  public var keepLease:
    @Sendable (_ documentID: String, PrintLease, _ who: String, Timestamp) async throws(PortError)
      -> Void
  /// The lease of a document, also one that is over; nil when there is none.
  public var lease: @Sendable (_ documentID: String) async throws(PortError) -> PrintLease?
  /// Gives back to the server all that was asked for of a document: nothing is printed under it from
  /// here on. Nothing while a job of the document runs or ended unknown; what was lent in advance stays.
  public var returnLease:
    @Sendable (_ documentID: String, _ who: String, Timestamp) async throws(PortError) -> Void
  /// The documents of which there may be something to give back.
  public var askedLeases: @Sendable () async throws(PortError) -> [String]
  /// The documents whose lease runs at this time and that can be opened without the server.
  public var leased: @Sendable (Timestamp) async throws(PortError) -> [LeasedDocument]

  public init(
    reserve: @escaping @Sendable (PrintReservation) async throws(PortError) -> Bool,
    submit: @escaping @Sendable (_ jobKey: String, Timestamp) async throws(PortError) -> Void,
    printing: @escaping @Sendable (_ jobKey: String, Timestamp) async throws(PortError) -> Void,
    settle:
      @escaping @Sendable (_ jobKey: String, PrintOutcome, Timestamp) async throws(PortError) ->
      Void,
    unsettled: @escaping @Sendable () async throws(PortError) -> [PrintReservation],
    unknowns: @escaping @Sendable () async throws(PortError) -> [UnknownPrint],
    settleByStaff: @escaping @Sendable (StaffSettlement) async throws(PortError) -> Void,
    clearByStaff: @escaping @Sendable (PrinterCleared) async throws(PortError) -> Void,
    askLease:
      @escaping @Sendable (_ documentID: String, _ leaseID: String, Timestamp)
      async throws(PortError) -> Void,
    keepLease:
      @escaping @Sendable (_ documentID: String, PrintLease, _ who: String, Timestamp)
      async throws(PortError) -> Void,
    lease: @escaping @Sendable (_ documentID: String) async throws(PortError) -> PrintLease?,
    returnLease:
      @escaping @Sendable (_ documentID: String, _ who: String, Timestamp)
      async throws(PortError) -> Void,
    askedLeases: @escaping @Sendable () async throws(PortError) -> [String],
    leased: @escaping @Sendable (Timestamp) async throws(PortError) -> [LeasedDocument]
  ) {
    self.reserve = reserve
    self.submit = submit
    self.printing = printing
    self.settle = settle
    self.unsettled = unsettled
    self.unknowns = unknowns
    self.settleByStaff = settleByStaff
    self.clearByStaff = clearByStaff
    self.askLease = askLease
    self.keepLease = keepLease
    self.lease = lease
    self.returnLease = returnLease
    self.askedLeases = askedLeases
    self.leased = leased
  }
}

public struct PrintReservation: Sendable, Equatable {
  public var jobKey: String
  public var documentID: String
  public var at: Timestamp
  /// The moment by which the print is over or cancelled; the lease must last until then.
  public var endsBy: Timestamp
  /// For the audit log: the session, as `Desk.who` names it.
  public var who: String
  /// The printer's sheet counter before the job, where it has one: what comes out moves it.
  public var sheetCounter: Int?
  /// The printer it is sent to; nil where it was written before jobs carried a name.
  public var printer: String?
  /// Sheets that the whole document is; 0 where it was written before they were counted.
  public var pages: Int
  /// Bytes may have left; false: it is certain that none did.
  public var wasSubmitted: Bool

  public init(
    jobKey: String, documentID: String, at: Timestamp, endsBy: Timestamp? = nil,
    who: String = "kiosk", sheetCounter: Int? = nil, printer: String? = nil, pages: Int = 0,
    wasSubmitted: Bool = false
  ) {
    self.jobKey = jobKey
    self.documentID = documentID
    self.at = at
    self.printer = printer
    self.pages = pages
    self.endsBy = endsBy ?? at
    self.who = who
    self.sheetCounter = sheetCounter
    self.wasSubmitted = wasSubmitted
  }
}

/// A print of which nobody knows whether paper came out.
public struct UnknownPrint: Sendable, Equatable {
  public var jobKey: String
  public var documentID: String
  /// Where paper of it may lie; nil where it was written before jobs carried a name.
  public var printer: String?
  public var reservedAt: Timestamp
  public var settledAt: Timestamp

  public init(
    jobKey: String, documentID: String, printer: String? = nil, reservedAt: Timestamp,
    settledAt: Timestamp
  ) {
    self.jobKey = jobKey
    self.documentID = documentID
    self.printer = printer
    self.reservedAt = reservedAt
    self.settledAt = settledAt
  }
}

/// What a member of staff found about a print in `unknown`.
public struct StaffSettlement: Sendable, Equatable {
  public var jobKey: String
  public var finding: PrintFinding
  /// The staff member's name as the PIN file has it.
  public var staff: String
  public var at: Timestamp

  public init(jobKey: String, finding: PrintFinding, staff: String, at: Timestamp) {
    self.jobKey = jobKey
    self.finding = finding
    self.staff = staff
    self.at = at
  }
}

/// What a member of staff vouches for when the printer itself will not say that a job is over.
public struct PrinterCleared: Sendable, Equatable {
  public var jobKey: String
  public var clearing: PrinterClearing
  /// The staff member's name as the PIN file has it.
  public var staff: String
  public var at: Timestamp

  public init(jobKey: String, clearing: PrinterClearing, staff: String, at: Timestamp) {
    self.jobKey = jobKey
    self.clearing = clearing
    self.staff = staff
    self.at = at
  }
}

/// A document that is leased to this kiosk, and how its holder is known without the server.
public struct LeasedDocument: Sendable, Equatable {
  public var document: CachedDocument
  public var nik: LookupKey
  public var lease: PrintLease
  public var offline: OfflineCheck
  /// Its sealed bytes lie here.
  public var isKept: Bool
  /// A print of it has no end, or one that nobody knows: it is not spent, and none may be made.
  public var isUndecided: Bool

  public init(
    document: CachedDocument, nik: LookupKey, lease: PrintLease, offline: OfflineCheck,
    isKept: Bool, isUndecided: Bool
  ) {
    self.document = document
    self.nik = nik
    self.lease = lease
    self.offline = offline
    self.isKept = isKept
    self.isUndecided = isUndecided
  }
}
