public import OfficeModel

/// The body of `POST /v1/events`: something that happened at the kiosk. Written as one flat object
/// with a `kind`; its id is the idempotency key.
public struct KioskReport: WireBody, Hashable {
  public enum Content: Hashable, Sendable {
    /// A print right is taken; the printer has nothing yet.
    case printReserved(documentID: String, jobKey: String, leaseID: String? = nil)
    /// What became of it; only `delivered` spends the right. After `unknown` it comes a second time,
    /// with what staff found.
    case printOutcome(
      documentID: String, jobKey: String, outcome: PrintOutcome, finding: PrintFinding? = nil)
    /// The kiosk prints nothing under this lease any more.
    case leaseReturned(documentID: String, leaseID: String)
    /// The citizen's one-tap answer, 1 (bad) to 4 (good).
    case survey(score: Int)
    /// What a citizen complains about, and the number on his slip; nothing that names him.
    case complaint(number: String, about: ComplaintKind)
    /// Somebody asked for staff; `screen` names where, without personal data.
    case staffCall(screen: String)
    /// How the kiosk's audit log ends: its last record's number and hash.
    case auditHead(sequence: Int64, hash: String)
  }

  public enum Kind: String, Codable, Sendable, CaseIterable {
    case printReserved, printOutcome, leaseReturned, survey, complaint, staffCall, auditHead
  }

  public var id: String
  public var at: Timestamp
  public var content: Content

  public init(id: String, at: Timestamp, content: Content) {
    self.id = id
    self.at = at
    self.content = content
  }

  public var kind: Kind {
    switch content {
    case .printReserved: .printReserved
    case .printOutcome: .printOutcome
    case .leaseReturned: .leaseReturned
    case .survey: .survey
    case .complaint: .complaint
    case .staffCall: .staffCall
    case .auditHead: .auditHead
    }
  }

  private enum CodingKeys: String, CodingKey {
    case id, kind, at, documentID, jobKey, leaseID, outcome, finding, score, number, about,
      screen, sequence, hash
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    id = try container.decode(String.self, forKey: .id)
    at = try container.decode(Timestamp.self, forKey: .at)
    switch try container.decode(Kind.self, forKey: .kind) {
    case .printReserved:
      content = .printReserved(
        documentID: try container.decode(String.self, forKey: .documentID),
        jobKey: try container.decode(String.self, forKey: .jobKey),
        leaseID: try container.decodeIfPresent(String.self, forKey: .leaseID))
    case .printOutcome:
      content = .printOutcome(
        documentID: try container.decode(String.self, forKey: .documentID),
        jobKey: try container.decode(String.self, forKey: .jobKey),
        outcome: try container.decode(PrintOutcome.self, forKey: .outcome),
        finding: try container.decodeIfPresent(PrintFinding.self, forKey: .finding))
    case .leaseReturned:
      content = .leaseReturned(
        documentID: try container.decode(String.self, forKey: .documentID),
        leaseID: try container.decode(String.self, forKey: .leaseID))
    case .survey: content = .survey(score: try container.decode(Int.self, forKey: .score))
    case .complaint:
      content = .complaint(
        number: try container.decode(String.self, forKey: .number),
        about: try container.decode(ComplaintKind.self, forKey: .about))
    case .staffCall:
      content = .staffCall(screen: try container.decode(String.self, forKey: .screen))
    case .auditHead:
      content = .auditHead(
        sequence: try container.decode(Int64.self, forKey: .sequence),
        hash: try container.decode(String.self, forKey: .hash))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(id, forKey: .id)
    try container.encode(kind, forKey: .kind)
    try container.encode(at, forKey: .at)
    switch content {
    case .printReserved(let document, let job, let lease):
      try container.encode(document, forKey: .documentID)
      try container.encode(job, forKey: .jobKey)
      try container.encodeIfPresent(lease, forKey: .leaseID)
    case .printOutcome(let document, let job, let outcome, let finding):
      try container.encode(document, forKey: .documentID)
      try container.encode(job, forKey: .jobKey)
      try container.encode(outcome, forKey: .outcome)
      try container.encodeIfPresent(finding, forKey: .finding)
    case .leaseReturned(let document, let lease):
      try container.encode(document, forKey: .documentID)
      try container.encode(lease, forKey: .leaseID)
    case .survey(let score): try container.encode(score, forKey: .score)
    case .complaint(let number, let about):
      try container.encode(number, forKey: .number)
      try container.encode(about, forKey: .about)
    case .staffCall(let screen): try container.encode(screen, forKey: .screen)
    case .auditHead(let sequence, let hash):
      try container.encode(sequence, forKey: .sequence)
      try container.encode(hash, forKey: .hash)
    }
  }

  public func check() throws(WireProblem) {
    try Check.identifier(id, "id")
    try Check.time(at, "at")
    switch content {
    case .printReserved(let document, let job, let lease):
      try Check.documentID(document, "documentID")
      try Check.identifier(job, "jobKey")
      if let lease { try Check.identifier(lease, "leaseID") }
    case .printOutcome(let document, let job, let outcome, let finding):
      try Check.documentID(document, "documentID")
      try Check.identifier(job, "jobKey")
      guard finding.map({ $0.outcome == outcome }) ?? true else {
        throw WireProblem("outcome", "that of the finding")
      }
    case .leaseReturned(let document, let lease):
      try Check.documentID(document, "documentID")
      try Check.identifier(lease, "leaseID")
    case .survey(let score):
      guard (1...4).contains(score) else { throw WireProblem("score", "1 to 4") }
    case .complaint(let number, _):
      guard Complaint.isNumber(number) else { throw WireProblem("number", "as on the slip") }
    case .staffCall(let screen): try Check.text(screen, "screen", limit: 64)
    case .auditHead(let sequence, let hash):
      guard sequence > 0 else { throw WireProblem("sequence", "from 1") }
      guard hash.utf8.count == 64,
        hash.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
      else { throw WireProblem("hash", "64 hexadecimal digits") }
    }
  }
}

/// The answer to an event; a repeated request gets the very same answer.
public struct ReportReceipt: WireBody, Hashable {
  public var id: String
  public var receivedAt: Timestamp

  public init(id: String, receivedAt: Timestamp) {
    self.id = id
    self.receivedAt = receivedAt
  }

  public func check() throws(WireProblem) {
    try Check.identifier(id, "id")
    try Check.time(receivedAt, "receivedAt")
  }
}

/// The answer of `GET /v1/ping`.
public struct Pong: WireBody, Hashable {
  public var serverTime: Timestamp
  public var version: Int

  public init(serverTime: Timestamp, version: Int = DinasAPI.version) {
    self.serverTime = serverTime
    self.version = version
  }

  public func check() throws(WireProblem) {
    try Check.time(serverTime, "serverTime")
    guard version == DinasAPI.version else {
      throw WireProblem("version", "\(DinasAPI.version)")
    }
  }
}
