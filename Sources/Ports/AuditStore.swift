public import OfficeModel

/// The append-only, hash-chained record of who did what. Entries that belong to a change of the store
/// are written in the transaction of that change; the others come through `record`.
public struct AuditStore: Sendable {
  public var record: @Sendable (AuditEntry) async throws(PortError) -> Void
  /// At most `limit` records after the sequence number, in order.
  public var page: @Sendable (_ after: Int64, _ limit: Int) async throws(PortError) -> [AuditRecord]
  /// The last record; nil while there is none.
  public var head: @Sendable () async throws(PortError) -> AuditRecord?

  public init(
    record: @escaping @Sendable (AuditEntry) async throws(PortError) -> Void,
    page:
      @escaping @Sendable (_ after: Int64, _ limit: Int) async throws(PortError) ->
      [AuditRecord],
    head: @escaping @Sendable () async throws(PortError) -> AuditRecord?
  ) {
    self.record = record
    self.page = page
    self.head = head
  }
}

/// What is to be recorded. No personal data: identifiers of tickets, jobs and documents, never a NIK,
/// a name or a look-up key.
public struct AuditEntry: Sendable, Equatable {
  public enum What: String, Sendable, Codable, CaseIterable {
    case kioskStarted, kioskStopped
    case ticketIssued, ticketVoided, ticketPaper
    case complaintFiled
    case credentialChecked
    case printReserved, printSubmitted, printPrinting, printSettled, printSettledByStaff
    case printerCleared, paperFilled
    case leaseTaken, leaseEnded
    case clockConfirmed, clockDistrusted
    case staffEntered, staffLeft
    case outboxDead, outboxRetried
    case documentRefused, documentErased
    case storeDamaged
  }
  public var at: Timestamp
  /// The session's mark (`AuditSession`), `staff:` and its name, or `kiosk`.
  public var who: String
  public var what: What
  /// The identifier of what it was done to; empty where there is none.
  public var subject: String
  /// `ok`, or a stable code.
  public var result: String

  public init(
    at: Timestamp, who: String, what: What, subject: String = "", result: String = "ok"
  ) {
    self.at = at
    self.who = who
    self.what = what
    self.subject = subject
    self.result = result
  }
}

/// An entry in its place in the chain.
public struct AuditRecord: Sendable, Equatable {
  /// From 1, without gaps.
  public var sequence: Int64
  public var entry: AuditEntry
  /// SHA-256 of the record before it and of this entry, lower-case hexadecimal.
  public var hash: String

  public init(sequence: Int64, entry: AuditEntry, hash: String) {
    self.sequence = sequence
    self.entry = entry
    self.hash = hash
  }
}
