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
  /// Sends one outbox item under its idempotency key.
  public var send: @Sendable (OutboxItem) async throws(PortError) -> Void

  public init(
    fetchChanges: @escaping @Sendable (String?) async throws(PortError) -> ChangesPage,
    fetchDocument: @escaping @Sendable (String, Int) async throws(PortError) -> [UInt8],
    checkCredential:
      @escaping @Sendable (CredentialProof) async throws(PortError) -> CredentialVerdict,
    send: @escaping @Sendable (OutboxItem) async throws(PortError) -> Void
  ) {
    self.fetchChanges = fetchChanges
    self.fetchDocument = fetchDocument
    self.checkCredential = checkCredential
    self.send = send
  }
}

/// What proves a citizen to the server: never the NIK or the PIN themselves.
public enum CredentialProof: Sendable, Equatable {
  case pin(nik: LookupKey, proof: LookupKey)
  case qr(LookupKey)
}

public enum CredentialVerdict: Sendable, Equatable {
  case accepted(nik: LookupKey, documents: [DocumentSummary])
  /// Unknown NIK and wrong PIN alike.
  case wrong(triesLeft: Int)
  case locked(until: Timestamp?)
  case expired
}

/// Verifies the document under `handle`; never throws: what cannot be judged is `refuse`.
public struct VerifierPort: Sendable {
  public var verify: @Sendable (_ document: SecretHandle) async -> VerificationReport
  public init(verify: @escaping @Sendable (SecretHandle) async -> VerificationReport) {
    self.verify = verify
  }
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
  case ended(PrintOutcome, fault: DeviceFault?)
}

/// What came of asking for a job to be cancelled.
public enum PrintCancellation: Sendable, Equatable {
  /// The job runs here; its stream tells how it ends.
  case requested
  /// The printer had the job and has it no more.
  case cancelled
  /// The printer answers and has no such job.
  case notThere
  /// Nobody answered, or the job is still in the printer: it may come out yet.
  case unconfirmed

  /// Whether nothing of the job comes out any more.
  public var isOver: Bool { self == .cancelled || self == .notThere }
}

public struct DocumentPrinterPort: Sendable {
  /// Prints and follows the job to its end; the last step is always `ended`. Cancelling the task
  /// asks the printer to cancel and still reports how it ended.
  public var print: @Sendable (PrintOrder) -> AsyncStream<PrintStep>
  /// Has the job cancelled, also one that an earlier run of the kiosk left in the printer.
  public var cancel: @Sendable (_ jobKey: String) async -> PrintCancellation
  /// Asks the printer itself, with a time limit.
  public var state: @Sendable () async -> DeviceFact
  public init(
    print: @escaping @Sendable (PrintOrder) -> AsyncStream<PrintStep>,
    cancel: @escaping @Sendable (String) async -> PrintCancellation,
    state: @escaping @Sendable () async -> DeviceFact
  ) {
    self.print = print
    self.cancel = cancel
    self.state = state
  }
}

/// A ticket as it is printed; lines are the layout's business.
public struct TicketPrint: Sendable, Equatable {
  public var ticket: IssuedTicket
  public var officeName: String
  public var zone: OfficeZone
  public var qrPayload: String
  public var isDemonstration: Bool
  public init(
    ticket: IssuedTicket, officeName: String, zone: OfficeZone, qrPayload: String,
    isDemonstration: Bool
  ) {
    self.ticket = ticket
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
