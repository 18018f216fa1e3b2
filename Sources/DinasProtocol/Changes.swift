public import OfficeModel

/// One page of `GET /v1/changes`: what has changed at the Dinas since the cursor, for one kiosk.
/// Without a cursor the pages together are everything there is.
public struct ChangesBody: WireBody, Hashable {
  /// An application under its two keyed hashes; `status` nil: gone.
  public struct Application: Codable, Hashable, Sendable {
    public var registrationKey: String
    public var nikKey: String
    public var status: ApplicationStatus?

    public init(registrationKey: String, nikKey: String, status: ApplicationStatus?) {
      self.registrationKey = registrationKey
      self.nikKey = nikKey
      self.status = status
    }
  }

  /// A document that waits at this kiosk; `offer` nil: gone (collected, withdrawn, superseded).
  public struct Document: Codable, Hashable, Sendable {
    public var id: String
    public var nikKey: String
    public var offer: DocumentOffer?

    public init(id: String, nikKey: String, offer: DocumentOffer?) {
      self.id = id
      self.nikKey = nikKey
      self.offer = offer
    }
  }

  public var serverTime: Timestamp
  /// The cursor for the next request; to be stored together with this page's rows.
  public var cursor: String
  public var hasMore: Bool
  public var applications: [Application]
  public var documents: [Document]
  /// The whole board as it is now.
  public var nowServing: [NowServingRow]
  /// Nil: as it was.
  public var queue: QueueNews?
  public var office: OfficeNews?

  public init(
    serverTime: Timestamp, cursor: String, hasMore: Bool, applications: [Application],
    documents: [Document], nowServing: [NowServingRow] = [],
    queue: QueueNews? = nil, office: OfficeNews? = nil
  ) {
    self.serverTime = serverTime
    self.cursor = cursor
    self.hasMore = hasMore
    self.applications = applications
    self.documents = documents
    self.nowServing = nowServing
    self.queue = queue
    self.office = office
  }

  public func check() throws(WireProblem) {
    try Check.time(serverTime, "serverTime")
    try Check.cursor(cursor, "cursor")
    try Check.count(applications.count, "applications", limit: DinasAPI.Limit.rowsPerPage)
    try Check.count(documents.count, "documents", limit: DinasAPI.Limit.rowsPerPage)
    try Check.count(nowServing.count, "nowServing", limit: DinasAPI.Limit.nowServing)
    try queue?.check()
    try office?.check()
    for row in applications {
      try Check.key(row.registrationKey, "applications.registrationKey")
      try Check.key(row.nikKey, "applications.nikKey")
      guard let status = row.status else { continue }
      try Check.identifier(status.serviceID, "applications.status.serviceID")
      try Check.text(status.product, "applications.status.product")
      try Check.text(status.holderMasked, "applications.status.holderMasked")
      if let note = status.note {
        try Check.text(
          note, "applications.status.note", limit: DinasAPI.Limit.noteCharacters)
      }
    }
    for row in documents {
      try Check.documentID(row.id, "documents.id")
      try Check.key(row.nikKey, "documents.nikKey")
      try row.offer?.check("documents.offer")
      guard row.offer.map({ $0.summary.id == row.id }) ?? true else {
        throw WireProblem("documents.offer.summary.id", "the id of its row")
      }
    }
    for row in nowServing {
      try Check.text(row.number, "nowServing.number", limit: 16)
      try Check.text(row.counter, "nowServing.counter", limit: 40)
    }
  }
}

/// A document as a list shows it, and the sealed bytes that belong to it.
public struct DocumentOffer: Codable, Hashable, Sendable {
  public var summary: DocumentSummary
  /// Nil for cards (KTP-el, KIA), which the counter hands over.
  public var sealed: SealedBlob?
  /// The right to print it, lent to this kiosk in advance because it is the pick-up place; nil says
  /// nothing about a lease that was granted before.
  public var lease: PrintLease?
  /// How its holder is known while the Dinas cannot be asked; only with a lease.
  public var offline: OfflineCheck?

  public init(
    summary: DocumentSummary, sealed: SealedBlob?, lease: PrintLease? = nil,
    offline: OfflineCheck? = nil
  ) {
    self.summary = summary
    self.sealed = sealed
    self.lease = lease
    self.offline = offline
  }

  func check(_ field: String) throws(WireProblem) {
    try Check.documentID(summary.id, field + ".summary.id")
    try Check.text(summary.kind, field + ".summary.kind")
    try Check.text(summary.holderMasked, field + ".summary.holderMasked")
    guard (0...99).contains(summary.printsLeft) else {
      throw WireProblem(field + ".summary.printsLeft", "0 to 99")
    }
    guard (sealed == nil) == summary.isCard else {
      throw WireProblem(field + ".sealed", "there is one unless it is a card")
    }
    try lease?.check(field + ".lease")
    try offline?.check(field + ".offline")
    guard lease != nil || offline == nil else {
      throw WireProblem(field + ".offline", "none without a lease")
    }
    guard let sealed else { return }
    try Check.sha256(sealed.sha256, field + ".sealed.sha256")
    guard
      (DocumentSeal.overheadBytes + 1...DinasAPI.Limit.sealedDocumentBytes)
        .contains(sealed.sizeBytes)
    else {
      throw WireProblem(field + ".sealed.sizeBytes", "29 bytes to 25 MiB and 28 bytes")
    }
  }
}

/// Size and hash of what `GET /v1/documents/{id}` answers.
public struct SealedBlob: Codable, Hashable, Sendable {
  public var sizeBytes: Int
  /// Lower-case hexadecimal.
  public var sha256: String

  public init(sizeBytes: Int, sha256: String) {
    self.sizeBytes = sizeBytes
    self.sha256 = sha256
  }
}

/// Which number is at which counter.
public struct NowServingRow: Codable, Hashable, Sendable {
  public var number: String
  public var counter: String
  public var isPriority: Bool

  public init(number: String, counter: String, isPriority: Bool) {
    self.number = number
    self.counter = counter
    self.isPriority = isPriority
  }
}
