public import OfficeModel

/// What the server told: may be lost and fetched again.
public struct CacheStore: Sendable {
  public var application:
    @Sendable (_ registration: LookupKey, _ nik: LookupKey) async throws(PortError)
      -> ApplicationStatus?
  /// Nil while the cache has never been filled.
  public var state: @Sendable () async throws(PortError) -> CacheState?
  /// Notes that the server is about to be asked for a page: what is reported to it from here on is not
  /// in that page. One page is asked for at a time.
  public var pullBegins: @Sendable () async throws(PortError) -> Void
  /// Applies a page of changes and moves the cursor in the same transaction. The time is that at which
  /// the server was asked, for the age of the cache; what the page knows of prints goes by
  /// `pullBegins`.
  public var apply: @Sendable (ChangesPage, _ asked: Timestamp) async throws(PortError) -> Void
  /// Forgets the cursor: the pages that follow are everything there is, and after the last of them
  /// whatever they did not name is gone. Until then the old cache answers. The server is told again, in
  /// the same transaction, how the prints of the last days ended and which numbers were given today, and
  /// all leases go back to it.
  public var startOver: @Sendable (_ now: Timestamp) async throws(PortError) -> Void
  public var documents: @Sendable (_ nik: LookupKey) async throws(PortError) -> [CachedDocument]
  /// The sealed bytes of a document, as the server sealed them.
  public var sealedDocument: @Sendable (_ id: String) async throws(PortError) -> [UInt8]?
  /// Whether so many bytes more may be kept: asked before they are fetched.
  public var hasRoom: @Sendable (_ bytes: Int) -> Bool
  public var keepSealedDocument: @Sendable (_ id: String, [UInt8]) async throws(PortError) -> Void
  /// What the server told of the office so far, except revocation lists. `malformed` when another
  /// version of the kiosk wrote it.
  public var office: @Sendable () async throws(PortError) -> OfficeNews
  /// Revocation lists that were offered and not yet tried.
  public var missingLists: @Sendable () async throws(PortError) -> [RevocationListOffer]
  /// Notes what became of a list, as a short code; it is tried again once its content changes.
  public var endList:
    @Sendable (RevocationListOffer, _ ending: String) async throws(PortError) -> Void

  public init(
    application:
      @escaping @Sendable (_ registration: LookupKey, _ nik: LookupKey) async throws(PortError) ->
      ApplicationStatus?,
    state: @escaping @Sendable () async throws(PortError) -> CacheState?,
    pullBegins: @escaping @Sendable () async throws(PortError) -> Void,
    apply: @escaping @Sendable (ChangesPage, _ asked: Timestamp) async throws(PortError) -> Void,
    startOver: @escaping @Sendable (_ now: Timestamp) async throws(PortError) -> Void,
    documents: @escaping @Sendable (_ nik: LookupKey) async throws(PortError) -> [CachedDocument],
    sealedDocument: @escaping @Sendable (_ id: String) async throws(PortError) -> [UInt8]?,
    hasRoom: @escaping @Sendable (_ bytes: Int) -> Bool,
    keepSealedDocument: @escaping @Sendable (_ id: String, [UInt8]) async throws(PortError) -> Void,
    office: @escaping @Sendable () async throws(PortError) -> OfficeNews,
    missingLists: @escaping @Sendable () async throws(PortError) -> [RevocationListOffer],
    endList:
      @escaping @Sendable (RevocationListOffer, _ ending: String) async throws(PortError) -> Void
  ) {
    self.application = application
    self.state = state
    self.pullBegins = pullBegins
    self.apply = apply
    self.startOver = startOver
    self.documents = documents
    self.sealedDocument = sealedDocument
    self.hasRoom = hasRoom
    self.keepSealedDocument = keepSealedDocument
    self.office = office
    self.missingLists = missingLists
    self.endList = endList
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
  /// Nil: nothing new.
  public var queue: QueueNews?
  public var office: OfficeNews?

  public init(
    cursor: String, hasMore: Bool, serverTime: Timestamp, applications: [Application],
    documents: [Document], nowServing: [NowServing], queue: QueueNews? = nil,
    office: OfficeNews? = nil
  ) {
    self.cursor = cursor
    self.hasMore = hasMore
    self.serverTime = serverTime
    self.applications = applications
    self.documents = documents
    self.nowServing = nowServing
    self.queue = queue
    self.office = office
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
  /// In a page of changes: the print right that is lent to this kiosk in advance, and how the holder
  /// is known while the server cannot be asked.
  public var lease: PrintLease?
  public var offline: OfflineCheck?
  public init(
    summary: DocumentSummary, sealedBytes: Int, sealedSHA256: String, lease: PrintLease? = nil,
    offline: OfflineCheck? = nil
  ) {
    self.summary = summary
    self.sealedBytes = sealedBytes
    self.sealedSHA256 = sealedSHA256
    self.lease = lease
    self.offline = offline
  }
}
