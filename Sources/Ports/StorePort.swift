public import OfficeModel

/// The local database. Every call is one transaction; a call that throws has changed nothing.
public struct StorePort: Sendable {
  /// Takes the next number of the series for that local date and commits ticket and outbox item
  /// together, before anything is printed.
  public var issueTicket: @Sendable (TicketDraft) async throws(PortError) -> IssuedTicket
  public var openTicket:
    @Sendable (_ holder: LookupKey, _ serviceID: String, CivilDate) async throws(PortError)
      -> IssuedTicket?
  public var ticketPaper:
    @Sendable (_ ticketID: String, _ printed: Bool) async throws(PortError) -> Void

  public var application:
    @Sendable (_ registration: LookupKey, _ nik: LookupKey) async throws(PortError)
      -> ApplicationStatus?
  /// Nil while the cache has never been filled.
  public var cacheState: @Sendable () async throws(PortError) -> CacheState?
  /// Notes that the server is about to be asked for a page: what is reported to it from here on is not
  /// in that page. One page is asked for at a time.
  public var pullBegins: @Sendable () async throws(PortError) -> Void
  /// Applies a page of changes and moves the cursor in the same transaction. The time is that at which
  /// the server was asked, for the age of the cache; what the page knows of prints goes by
  /// `pullBegins`.
  public var applyChanges:
    @Sendable (ChangesPage, _ asked: Timestamp) async throws(PortError) -> Void
  /// Forgets the cursor: the pages that follow are everything there is, and after the last of them
  /// whatever they did not name is gone. Until then the old cache answers.
  public var startOver: @Sendable () async throws(PortError) -> Void
  public var documents: @Sendable (_ nik: LookupKey) async throws(PortError) -> [CachedDocument]
  /// The sealed bytes of a document, as the server sealed them.
  public var sealedDocument: @Sendable (_ id: String) async throws(PortError) -> [UInt8]?
  public var keepSealedDocument: @Sendable (_ id: String, [UInt8]) async throws(PortError) -> Void

  /// Counts a try before it is judged, per NIK and per kiosk, durably. `allowed` false: locked.
  public var countTry:
    @Sendable (_ nik: LookupKey, TryLimits, Timestamp) async throws(PortError) -> TryVerdict
  public var clearTries: @Sendable (_ nik: LookupKey) async throws(PortError) -> Void
  /// Takes back the latest try, when it is certain that nobody judged it.
  public var returnTry: @Sendable (_ nik: LookupKey) async throws(PortError) -> Void

  /// Print ledger: reserve before the first byte is sent; settle with what the evidence shows. False
  /// when the right is used up, taken by another job, or unknown to this kiosk. The server learns of
  /// a reservation through the outbox, in the same transaction.
  public var reservePrint: @Sendable (PrintReservation) async throws(PortError) -> Bool
  /// Makes durable that bytes are about to leave: from here on a crash leaves the job `unknown`.
  public var submitPrint: @Sendable (_ jobKey: String, Timestamp) async throws(PortError) -> Void
  /// Settles a job once and puts what the server must learn into the outbox with it.
  public var settlePrint:
    @Sendable (_ jobKey: String, PrintOutcome, Timestamp) async throws(PortError) -> Void
  /// Jobs that were reserved and never settled: after a crash they are `unknown`.
  public var unsettledPrints: @Sendable () async throws(PortError) -> [PrintReservation]

  public var enqueue: @Sendable (OutboxItem) async throws(PortError) -> Void
  /// Items due by now, oldest first of each stream, at most `limit`.
  public var dueOutbox:
    @Sendable (_ now: Timestamp, _ limit: Int) async throws(PortError) -> [OutboxItem]
  public var settleOutbox:
    @Sendable (_ id: String, OutboxResult, Timestamp) async throws(PortError) -> Void
  public var outboxState: @Sendable () async throws(PortError) -> OutboxState
  /// Commits something of no meaning: whether the store takes writes right now.
  public var probe: @Sendable () async throws(PortError) -> Void

  public init(
    issueTicket: @escaping @Sendable (TicketDraft) async throws(PortError) -> IssuedTicket,
    openTicket:
      @escaping @Sendable (LookupKey, String, CivilDate) async throws(PortError) -> IssuedTicket?,
    ticketPaper: @escaping @Sendable (String, Bool) async throws(PortError) -> Void,
    application:
      @escaping @Sendable (LookupKey, LookupKey) async throws(PortError) -> ApplicationStatus?,
    cacheState: @escaping @Sendable () async throws(PortError) -> CacheState?,
    pullBegins: @escaping @Sendable () async throws(PortError) -> Void,
    applyChanges: @escaping @Sendable (ChangesPage, Timestamp) async throws(PortError) -> Void,
    startOver: @escaping @Sendable () async throws(PortError) -> Void,
    documents: @escaping @Sendable (LookupKey) async throws(PortError) -> [CachedDocument],
    sealedDocument: @escaping @Sendable (String) async throws(PortError) -> [UInt8]?,
    keepSealedDocument: @escaping @Sendable (String, [UInt8]) async throws(PortError) -> Void,
    countTry:
      @escaping @Sendable (LookupKey, TryLimits, Timestamp) async throws(PortError) -> TryVerdict,
    clearTries: @escaping @Sendable (LookupKey) async throws(PortError) -> Void,
    returnTry: @escaping @Sendable (LookupKey) async throws(PortError) -> Void,
    reservePrint: @escaping @Sendable (PrintReservation) async throws(PortError) -> Bool,
    submitPrint: @escaping @Sendable (String, Timestamp) async throws(PortError) -> Void,
    settlePrint:
      @escaping @Sendable (String, PrintOutcome, Timestamp) async throws(PortError) -> Void,
    unsettledPrints: @escaping @Sendable () async throws(PortError) -> [PrintReservation],
    enqueue: @escaping @Sendable (OutboxItem) async throws(PortError) -> Void,
    dueOutbox: @escaping @Sendable (Timestamp, Int) async throws(PortError) -> [OutboxItem],
    settleOutbox:
      @escaping @Sendable (String, OutboxResult, Timestamp) async throws(PortError) -> Void,
    outboxState: @escaping @Sendable () async throws(PortError) -> OutboxState,
    probe: @escaping @Sendable () async throws(PortError) -> Void
  ) {
    self.issueTicket = issueTicket
    self.openTicket = openTicket
    self.ticketPaper = ticketPaper
    self.application = application
    self.cacheState = cacheState
    self.pullBegins = pullBegins
    self.applyChanges = applyChanges
    self.startOver = startOver
    self.documents = documents
    self.sealedDocument = sealedDocument
    self.keepSealedDocument = keepSealedDocument
    self.countTry = countTry
    self.clearTries = clearTries
    self.returnTry = returnTry
    self.reservePrint = reservePrint
    self.submitPrint = submitPrint
    self.settlePrint = settlePrint
    self.unsettledPrints = unsettledPrints
    self.enqueue = enqueue
    self.dueOutbox = dueOutbox
    self.settleOutbox = settleOutbox
    self.outboxState = outboxState
    self.probe = probe
  }
}

public struct TicketDraft: Sendable, Equatable {
  public var id: String
  public var serviceID: String
  public var serviceName: String
  public var series: String
  public var lane: Lane
  /// The office's local date: the numbering restarts with it.
  public var date: CivilDate
  public var issuedAt: Timestamp
  /// Keyed hash of NIK or booking code where the service asks for one.
  public var holder: LookupKey?

  public init(
    id: String, serviceID: String, serviceName: String, series: String, lane: Lane,
    date: CivilDate, issuedAt: Timestamp, holder: LookupKey? = nil
  ) {
    self.id = id
    self.serviceID = serviceID
    self.serviceName = serviceName
    self.series = series
    self.lane = lane
    self.date = date
    self.issuedAt = issuedAt
    self.holder = holder
  }
}

public struct CacheState: Sendable, Equatable {
  public var cursor: String
  public var syncedAt: Timestamp
  public init(cursor: String, syncedAt: Timestamp) {
    self.cursor = cursor
    self.syncedAt = syncedAt
  }
}

/// A page of the server's changes, checked at the door.
public struct ChangesPage: Sendable, Equatable {
  public struct Application: Sendable, Equatable {
    public var registration: LookupKey
    public var nik: LookupKey
    /// Nil: gone at the server (tombstone).
    public var status: ApplicationStatus?
    public init(registration: LookupKey, nik: LookupKey, status: ApplicationStatus?) {
      self.registration = registration
      self.nik = nik
      self.status = status
    }
  }
  public struct Document: Sendable, Equatable {
    public var id: String
    public var nik: LookupKey
    public var document: CachedDocument?
    public init(id: String, nik: LookupKey, document: CachedDocument?) {
      self.id = id
      self.nik = nik
      self.document = document
    }
  }
  public var cursor: String
  public var hasMore: Bool
  public var serverTime: Timestamp
  public var applications: [Application]
  public var documents: [Document]
  public var nowServing: [NowServing]

  public init(
    cursor: String, hasMore: Bool, serverTime: Timestamp, applications: [Application],
    documents: [Document], nowServing: [NowServing]
  ) {
    self.cursor = cursor
    self.hasMore = hasMore
    self.serverTime = serverTime
    self.applications = applications
    self.documents = documents
    self.nowServing = nowServing
  }
}

public struct NowServing: Sendable, Equatable, Codable {
  public var number: String
  public var counter: String
  public var isPriority: Bool
  public init(number: String, counter: String, isPriority: Bool) {
    self.number = number
    self.counter = counter
    self.isPriority = isPriority
  }
}

public struct CachedDocument: Sendable, Equatable {
  public var summary: DocumentSummary
  /// Size and SHA-256 (hexadecimal) of the sealed bytes.
  public var sealedBytes: Int
  public var sealedSHA256: String
  public init(summary: DocumentSummary, sealedBytes: Int, sealedSHA256: String) {
    self.summary = summary
    self.sealedBytes = sealedBytes
    self.sealedSHA256 = sealedSHA256
  }
}

public struct TryLimits: Sendable, Equatable {
  public var perNIK: Int
  public var perKiosk: Int
  /// Tries older than this no longer count.
  public var window: Duration
  public init(perNIK: Int, perKiosk: Int, window: Duration) {
    self.perNIK = perNIK
    self.perKiosk = perKiosk
    self.window = window
  }
}

public struct TryVerdict: Sendable, Equatable {
  public var allowed: Bool
  public var triesLeft: Int
  public var lockedUntil: Timestamp?
  public init(allowed: Bool, triesLeft: Int, lockedUntil: Timestamp?) {
    self.allowed = allowed
    self.triesLeft = triesLeft
    self.lockedUntil = lockedUntil
  }
}

public struct PrintReservation: Sendable, Equatable {
  public var jobKey: String
  public var documentID: String
  public var at: Timestamp
  /// Bytes may have left; false: it is certain that none did.
  public var wasSubmitted: Bool
  public init(jobKey: String, documentID: String, at: Timestamp, wasSubmitted: Bool = false) {
    self.jobKey = jobKey
    self.documentID = documentID
    self.at = at
    self.wasSubmitted = wasSubmitted
  }
}

/// Something the server must learn; its idempotency key is its id, committed before the first send.
public struct OutboxItem: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    case ticket, printReserved, printOutcome, survey, staffCall
  }
  public var id: String
  public var kind: Kind
  /// Items of one stream are sent in order; streams do not block each other.
  public var stream: String
  /// JSON; no personal data.
  public var body: [UInt8]
  public var createdAt: Timestamp
  /// How often it was sent, answered or not: the waits grow with it.
  public var attempts: Int
  /// How many of the attempts the server answered, and not with success.
  public var failures: Int
  public init(
    id: String, kind: Kind, stream: String, body: [UInt8], createdAt: Timestamp,
    attempts: Int = 0, failures: Int = 0
  ) {
    self.id = id
    self.kind = kind
    self.stream = stream
    self.body = body
    self.createdAt = createdAt
    self.attempts = attempts
    self.failures = failures
  }
}

public enum OutboxResult: Sendable, Equatable {
  case delivered
  /// `isFailure`: the server answered, and the answer counts against the item.
  case retry(at: Timestamp, isFailure: Bool = false)
  /// The server refused it for good: staff and health see it.
  case dead(reason: String)
}

public struct OutboxState: Sendable, Equatable {
  public var waiting: Int
  public var oldest: Timestamp?
  public var dead: Int
  public init(waiting: Int, oldest: Timestamp?, dead: Int) {
    self.waiting = waiting
    self.oldest = oldest
    self.dead = dead
  }
}
