public import OfficeModel

/// What `POST /v1/credentials/check` asks. Holds keyed hashes only: neither NIK, PIN nor QR payload
/// leaves the kiosk.
public enum CredentialCheck: WireBody, Hashable {
  case pin(nikKey: String, pinKey: String)
  case qr(qrKey: String)

  private enum CodingKeys: String, CodingKey { case nikKey, pinKey, qrKey }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let nik = try container.decodeIfPresent(String.self, forKey: .nikKey)
    let pin = try container.decodeIfPresent(String.self, forKey: .pinKey)
    let qr = try container.decodeIfPresent(String.self, forKey: .qrKey)
    switch (nik, pin, qr) {
    case (let nik?, let pin?, nil): self = .pin(nikKey: nik, pinKey: pin)
    case (nil, nil, let qr?): self = .qr(qrKey: qr)
    default:
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "either nikKey and pinKey, or qrKey alone"))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .pin(let nik, let pin):
      try container.encode(nik, forKey: .nikKey)
      try container.encode(pin, forKey: .pinKey)
    case .qr(let qr): try container.encode(qr, forKey: .qrKey)
    }
  }

  public func check() throws(WireProblem) {
    switch self {
    case .pin(let nik, let pin):
      try Check.key(nik, "nikKey")
      try Check.key(pin, "pinKey")
    case .qr(let qr): try Check.key(qr, "qrKey")
    }
  }
}

/// The answer. An unknown NIK and a wrong PIN give the same one, tries included.
public struct CredentialAnswer: WireBody, Hashable {
  public var accepted: Bool
  /// Whose documents they are; only when accepted.
  public var nikKey: String?
  /// Empty unless accepted.
  public var documents: [DocumentOffer]
  public var triesLeft: Int
  /// No try is judged before this moment.
  public var lockedUntil: Timestamp?
  /// The credential was right, but its validity has ended: the counter renews it.
  public var expired: Bool
  /// The credential was right, but it was for one print, and that was made.
  public var spent: Bool
  /// What it was; only when accepted. One of `print` comes with its document alone.
  public var kind: CredentialKind?
  /// The last day of an access credential.
  public var validUntil: CivilDate?

  public init(
    accepted: Bool, nikKey: String? = nil, documents: [DocumentOffer] = [], triesLeft: Int,
    lockedUntil: Timestamp? = nil, expired: Bool = false, spent: Bool = false,
    kind: CredentialKind? = nil, validUntil: CivilDate? = nil
  ) {
    self.accepted = accepted
    self.nikKey = nikKey
    self.documents = documents
    self.triesLeft = triesLeft
    self.lockedUntil = lockedUntil
    self.expired = expired
    self.spent = spent
    self.kind = kind ?? (accepted ? .access : nil)
    self.validUntil = validUntil
  }

  public func check() throws(WireProblem) {
    guard (0...99).contains(triesLeft) else { throw WireProblem("triesLeft", "0 to 99") }
    guard accepted == (nikKey != nil) else {
      throw WireProblem("nikKey", "there is one when accepted, none otherwise")
    }
    guard accepted || documents.isEmpty else {
      throw WireProblem("documents", "none unless accepted")
    }
    guard !(accepted && (expired || spent || lockedUntil != nil)) else {
      throw WireProblem("accepted", "false when locked, expired or spent")
    }
    guard accepted == (kind != nil) else {
      throw WireProblem("kind", "there is one when accepted, none otherwise")
    }
    guard kind != .print || documents.count <= 1 else {
      throw WireProblem("documents", "one for a credential of one print")
    }
    if let nikKey { try Check.key(nikKey, "nikKey") }
    if let lockedUntil { try Check.time(lockedUntil, "lockedUntil") }
    try Check.count(documents.count, "documents", limit: DinasAPI.Limit.documentsPerCitizen)
    for document in documents { try document.check("documents") }
  }
}
