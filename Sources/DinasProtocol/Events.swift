public import OfficeModel

/// The body of `POST /v1/events`: something that happened at the kiosk. Written as one flat object
/// with a `kind`; its id is the idempotency key.
public struct KioskReport: WireBody, Hashable {
  public enum Content: Hashable, Sendable {
    /// A print right is taken; the printer has nothing yet.
    case printReserved(documentID: String, jobKey: String)
    /// What became of it; only `delivered` spends the right.
    case printOutcome(documentID: String, jobKey: String, outcome: PrintOutcome)
    /// The citizen's one-tap answer, 1 (bad) to 4 (good).
    case survey(score: Int)
    /// Somebody asked for staff; `screen` names where, without personal data.
    case staffCall(screen: String)
  }

  public enum Kind: String, Codable, Sendable, CaseIterable {
    case printReserved, printOutcome, survey, staffCall
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
    case .survey: .survey
    case .staffCall: .staffCall
    }
  }

  private enum CodingKeys: String, CodingKey {
    case id, kind, at, documentID, jobKey, outcome, score, screen
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    id = try container.decode(String.self, forKey: .id)
    at = try container.decode(Timestamp.self, forKey: .at)
    switch try container.decode(Kind.self, forKey: .kind) {
    case .printReserved:
      content = .printReserved(
        documentID: try container.decode(String.self, forKey: .documentID),
        jobKey: try container.decode(String.self, forKey: .jobKey))
    case .printOutcome:
      content = .printOutcome(
        documentID: try container.decode(String.self, forKey: .documentID),
        jobKey: try container.decode(String.self, forKey: .jobKey),
        outcome: try container.decode(PrintOutcome.self, forKey: .outcome))
    case .survey: content = .survey(score: try container.decode(Int.self, forKey: .score))
    case .staffCall:
      content = .staffCall(screen: try container.decode(String.self, forKey: .screen))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(id, forKey: .id)
    try container.encode(kind, forKey: .kind)
    try container.encode(at, forKey: .at)
    switch content {
    case .printReserved(let document, let job):
      try container.encode(document, forKey: .documentID)
      try container.encode(job, forKey: .jobKey)
    case .printOutcome(let document, let job, let outcome):
      try container.encode(document, forKey: .documentID)
      try container.encode(job, forKey: .jobKey)
      try container.encode(outcome, forKey: .outcome)
    case .survey(let score): try container.encode(score, forKey: .score)
    case .staffCall(let screen): try container.encode(screen, forKey: .screen)
    }
  }

  public func check() throws(WireProblem) {
    try Check.identifier(id, "id")
    try Check.time(at, "at")
    switch content {
    case .printReserved(let document, let job), .printOutcome(let document, let job, _):
      try Check.identifier(document, "documentID")
      try Check.identifier(job, "jobKey")
    case .survey(let score):
      guard (1...4).contains(score) else { throw WireProblem("score", "1 to 4") }
    case .staffCall(let screen): try Check.text(screen, "screen", limit: 64)
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
