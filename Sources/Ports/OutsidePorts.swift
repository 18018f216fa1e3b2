public import OfficeModel
public import SensitiveMemory

/// The Dinas API.
public struct DinasPort: Sendable {
  public var fetchChanges: @Sendable (_ cursor: String?) async throws(PortError) -> ChangesPage
  /// The sealed bytes; the caller compares them with the size and hash of the changes page.
  public var fetchDocument:
    @Sendable (_ id: String, _ limitBytes: Int) async throws(PortError) -> [UInt8]
  public var checkCredential:
    @Sendable (CredentialProof) async throws(PortError) -> CredentialVerdict
  /// A revocation list; the caller compares it with the size and hash of its offer.
  public var fetchRevocationList:
    @Sendable (_ id: String, _ limitBytes: Int) async throws(PortError) -> [UInt8]
  /// Asks for the right to print a document here. `leaseID` is new with every asking.
  public var leasePrint:
    @Sendable (_ documentID: String, _ leaseID: String) async throws(PortError) -> LeaseVerdict
  /// Sends one outbox item under its idempotency key.
  public var send: @Sendable (OutboxItem) async throws(PortError) -> Void
  /// Asks for the next number of a line. The request is committed in the store before.
  public var nextNumber: @Sendable (NumberRequest) async throws(PortError) -> NumberReply

  public init(
    fetchChanges: @escaping @Sendable (String?) async throws(PortError) -> ChangesPage,
    fetchDocument: @escaping @Sendable (String, Int) async throws(PortError) -> [UInt8],
    checkCredential:
      @escaping @Sendable (CredentialProof) async throws(PortError) -> CredentialVerdict,
    fetchRevocationList: @escaping @Sendable (String, Int) async throws(PortError) -> [UInt8],
    leasePrint: @escaping @Sendable (String, String) async throws(PortError) -> LeaseVerdict,
    send: @escaping @Sendable (OutboxItem) async throws(PortError) -> Void,
    nextNumber: @escaping @Sendable (NumberRequest) async throws(PortError) -> NumberReply
  ) {
    self.fetchChanges = fetchChanges
    self.fetchDocument = fetchDocument
    self.checkCredential = checkCredential
    self.fetchRevocationList = fetchRevocationList
    self.leasePrint = leasePrint
    self.send = send
    self.nextNumber = nextNumber
  }
}

/// What proves a citizen to the server: never the NIK or the PIN themselves.
public enum CredentialProof: Sendable, Equatable {
  case pin(nik: LookupKey, proof: LookupKey)
  case qr(LookupKey)
}

public enum CredentialVerdict: Sendable, Equatable {
  /// `validUntil`: the last day of an access credential, where the server tells it.
  case accepted(
    nik: LookupKey, documents: [DocumentSummary], kind: CredentialKind = .access,
    validUntil: CivilDate? = nil)
  /// Unknown NIK and wrong PIN alike.
  case wrong(triesLeft: Int)
  case locked(until: Timestamp?)
  case expired
  /// A print credential whose document was printed.
  case spent
}

/// What the server says to being asked for a print right.
public enum LeaseVerdict: Sendable, Equatable {
  /// Under the id it was asked for.
  case granted(until: Timestamp)
  /// Another kiosk has it, until then at the latest.
  case heldElsewhere(until: Timestamp?)
  /// A print was reported whose end is not.
  case undecided
  /// No print of it is left.
  case gone
}

/// Verifies the document under `handle`; never throws: what cannot be judged is `refuse`.
public struct VerifierPort: Sendable {
  public var verify: @Sendable (_ document: SecretHandle) async -> VerificationReport
  public init(verify: @escaping @Sendable (SecretHandle) async -> VerificationReport) {
    self.verify = verify
  }
}

/// Brings revocation lists into the trust folder, where the confined verifier accepts them.
public struct RevocationPort: Sendable {
  public enum Outcome: Sendable, Equatable {
    /// It counts from now on, or counted before.
    case inPlace
    /// A reason code of the verifier; the same bytes will always be refused.
    case refused(reason: String)
    /// Good, and could not be written or judged now.
    case failed(reason: String)
  }
  public var add: @Sendable ([UInt8]) async -> Outcome
  public init(add: @escaping @Sendable ([UInt8]) async -> Outcome) { self.add = add }

  /// Where no trust folder is kept.
  public static let none = RevocationPort { _ in .failed(reason: "no-folder") }
}

public struct RenderedPage: Sendable, Equatable {
  /// RGB24, rows from the top.
  public var bitmap: SecretHandle
  public var width: Int
  public var height: Int
  public init(bitmap: SecretHandle, width: Int, height: Int) {
    self.bitmap = bitmap
    self.width = width
    self.height = height
  }
}

/// One page to be drawn.
public struct PageOrder: Sendable, Equatable {
  public enum Size: Sendable, Equatable {
    /// Pixels across; the height follows from the page.
    case width(Int)
    /// Pixels of the longer side; the other follows from the page.
    case longSide(Int)
  }
  /// From 1.
  public var page: Int
  public var size: Size
  public init(page: Int, size: Size) {
    self.page = page
    self.size = size
  }
}

/// Renders a page of the first `byteCount` bytes of the document, in a confined process: for the
/// glass, and for a printer that takes no PDF.
public struct PreviewPort: Sendable {
  public var render:
    @Sendable (_ document: SecretHandle, _ byteCount: Int, _ order: PageOrder)
      async throws(PortError) -> RenderedPage
  public init(
    render:
      @escaping @Sendable (SecretHandle, Int, PageOrder) async throws(PortError) -> RenderedPage
  ) { self.render = render }
}

public struct PrintOrder: Sendable, Equatable {
  /// Idempotency key of the ledger; the job's title, so without personal data.
  public var jobKey: String
  public var document: SecretHandle
  /// Only `bytes[0..<byteCount]` are sent, and only if their SHA-256 is `sha256`.
  public var byteCount: Int
  public var sha256: String
  public var pageCount: Int
  public init(
    jobKey: String, document: SecretHandle, byteCount: Int, sha256: String, pageCount: Int
  ) {
    self.jobKey = jobKey
    self.document = document
    self.byteCount = byteCount
    self.sha256 = sha256
    self.pageCount = pageCount
  }
}

public enum PrintStep: Sendable, Equatable {
  case sending
  case printing
  case held(DeviceFault)
  /// The printer's own word: nothing of the job comes out any more.
  case ended(PrintOutcome, fault: DeviceFault?)
  /// The job is no longer followed, and the printer has not said that it is over: it may come out yet.
  case left(fault: DeviceFault?)
}

/// What the printer says of a job that was left there, by this run of the kiosk or an earlier one.
public enum PrintRecovery: Sendable, Equatable {
  /// Nothing of the job comes out any more; how it ended by the printer's own evidence, `unknown`
  /// where it has none.
  case over(PrintOutcome)
  /// Nobody answered, or the job is still in the printer: it may come out yet.
  case unconfirmed
}

public struct DocumentPrinterPort: Sendable {
  /// Prints and follows the job to its end; the last step is always `ended` or `left`. Cancelling the
  /// task asks the printer to cancel and still reports how it ended.
  public var print: @Sendable (PrintOrder) -> AsyncStream<PrintStep>
  /// Asks for the job that is being printed to be cancelled; its stream tells how it ends.
  public var cancel: @Sendable (_ jobKey: String) async -> Void
  /// Finds out what became of a job that was left. One that is still in the printer is cancelled: the
  /// document of a citizen who is gone must not come out.
  /// - Parameter sheetCounter: the counter as it was before the job.
  /// - Parameter pages: of the whole document; 0 where nobody knows.
  public var reconcile:
    @Sendable (_ jobKey: String, _ sheetCounter: Int?, _ pages: Int) async -> PrintRecovery
  /// Cancels every job whose name a kiosk may have made: for one that cannot read which are its own.
  /// True when the printer answers and holds none.
  public var cancelAll: @Sendable () async -> Bool
  /// The sheets the printer has ever printed; nil where it does not count or does not answer.
  public var sheetCounter: @Sendable () async -> Int?
  /// Asks the printer itself, with a time limit.
  public var state: @Sendable () async -> DeviceFact
  /// What it says of paper and toner; nil where it says nothing or does not answer.
  public var supplies: @Sendable () async -> PrinterSupplies?
  public init(
    print: @escaping @Sendable (PrintOrder) -> AsyncStream<PrintStep>,
    cancel: @escaping @Sendable (String) async -> Void,
    reconcile: @escaping @Sendable (String, Int?, Int) async -> PrintRecovery,
    cancelAll: @escaping @Sendable () async -> Bool,
    sheetCounter: @escaping @Sendable () async -> Int?,
    state: @escaping @Sendable () async -> DeviceFact,
    supplies: @escaping @Sendable () async -> PrinterSupplies? = { nil }
  ) {
    self.print = print
    self.cancel = cancel
    self.reconcile = reconcile
    self.cancelAll = cancelAll
    self.sheetCounter = sheetCounter
    self.state = state
    self.supplies = supplies
  }
}

/// A slip as it is printed; lines are the layout's business.
public struct TicketPrint: Sendable, Equatable {
  public enum Subject: Sendable, Equatable {
    case ticket(IssuedTicket)
    case complaint(Complaint)
  }
  public var subject: Subject
  public var officeName: String
  public var zone: OfficeZone
  public var qrPayload: String
  public var isDemonstration: Bool
  public init(
    _ subject: Subject, officeName: String, zone: OfficeZone, qrPayload: String,
    isDemonstration: Bool
  ) {
    self.subject = subject
    self.officeName = officeName
    self.zone = zone
    self.qrPayload = qrPayload
    self.isDemonstration = isDemonstration
  }
}

public struct TicketPrinterPort: Sendable {
  /// Status before, bytes, confirmation after; a fault where any of it is missing.
  public var print: @Sendable (TicketPrint) async -> DeviceFault?
  public var state: @Sendable () async -> DeviceFact
  public init(
    print: @escaping @Sendable (TicketPrint) async -> DeviceFault?,
    state: @escaping @Sendable () async -> DeviceFact
  ) {
    self.print = print
    self.state = state
  }
}

public struct CardPort: Sendable {
  /// Every change of reader and card, beginning with what is there now.
  public var changes: @Sendable () -> AsyncStream<CardReading>
  /// Reads the photo of the KTP-el on the reader (EF 6FF2, readable without SAM) into the vault.
  /// Nil when there is none. Identifies nobody.
  public var readPhoto: @Sendable () async throws(PortError) -> SecretHandle?
  public init(
    changes: @escaping @Sendable () -> AsyncStream<CardReading>,
    readPhoto: @escaping @Sendable () async throws(PortError) -> SecretHandle?
  ) {
    self.changes = changes
    self.readPhoto = readPhoto
  }
}

/// Something worth writing down: log, metrics and health. No personal data.
public struct KioskEvent: Sendable, Equatable {
  public enum Level: String, Sendable { case info, notice, warning, error }
  public var name: String
  public var level: Level
  public var fields: [String: String]
  public init(_ name: String, level: Level = .info, _ fields: [String: String] = [:]) {
    self.name = name
    self.level = level
    self.fields = fields
  }
}

extension KioskEvent {
  /// That a document did not verify in a way that no honest office causes. It goes where every event
  /// goes, and health tells of it until staff had time to look.
  /// - Parameters:
  ///   - reason: code of the verification.
  ///   - step: `download`, `opening`, `print` or `sending`.
  public static func security(reason: String, step: String) -> KioskEvent {
    KioskEvent(
      "document.security-event", level: .error, ["reason": reason, "step": step])
  }

  public var isSecurityEvent: Bool { name == "document.security-event" }
}

/// Where every event leaves the use cases and drivers. An audit log is a second receiver of it: what
/// it must keep durably it takes in `record`, which is called before anything is answered.
public struct EventPort: Sendable {
  public var record: @Sendable (KioskEvent) -> Void
  public init(record: @escaping @Sendable (KioskEvent) -> Void) { self.record = record }
}
