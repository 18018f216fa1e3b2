internal import Crypto
public import OfficeModel

/// What `POST /v1/prints/lease` asks: the right to print a document, for this kiosk alone. Every asking
/// has an id of its own, which becomes the lease's: the kiosk can give back what it asked for, whether
/// or not the answer came.
public struct LeaseRequest: WireBody, Hashable {
  public var id: String
  public var kiosk: String
  public var documentID: String

  public init(id: String, kiosk: String, documentID: String) {
    self.id = id
    self.kiosk = kiosk
    self.documentID = documentID
  }

  public func check() throws(WireProblem) {
    try Check.identifier(id, "id")
    try Check.identifier(kiosk, "kiosk")
    try Check.documentID(documentID, "documentID")
  }
}

/// The answer: a lease, or why there is none.
public struct LeaseAnswer: WireBody, Hashable {
  public enum Refusal: String, Codable, Sendable, CaseIterable {
    /// Another kiosk has it, until `heldUntil` at the latest.
    case heldElsewhere
    /// A print was reported whose end is not: nobody prints before that is cleared up.
    case undecided
    /// Collected, withdrawn, or no print of it is left.
    case gone
  }

  public var documentID: String
  public var serverTime: Timestamp
  public var lease: PrintLease?
  public var refusal: Refusal?
  public var heldUntil: Timestamp?

  public init(
    documentID: String, serverTime: Timestamp, lease: PrintLease? = nil, refusal: Refusal? = nil,
    heldUntil: Timestamp? = nil
  ) {
    self.documentID = documentID
    self.serverTime = serverTime
    self.lease = lease
    self.refusal = refusal
    self.heldUntil = heldUntil
  }

  public func check() throws(WireProblem) {
    try Check.documentID(documentID, "documentID")
    try Check.time(serverTime, "serverTime")
    try lease?.check("lease")
    guard (lease == nil) != (refusal == nil) else {
      throw WireProblem("refusal", "there is one unless there is a lease")
    }
    if let heldUntil { try Check.time(heldUntil, "heldUntil") }
  }
}

extension PrintLease {
  func check(_ field: String) throws(WireProblem) {
    try Check.identifier(id, field + ".id")
    try Check.time(until, field + ".until")
  }
}

extension OfflineCheck {
  /// An access PIN and its QR, a print PIN and its QR, and as many again.
  private static let credentialsLimit = 8
  static let tagCharacters = 8

  /// Finds the offline form of a scanned credential, and says too little of it to be of use otherwise.
  /// - Parameter qrKey: the keyed hash of the payload.
  public static func qrTag(_ qrKey: String) -> String {
    String(
      Base64URL.encode(SHA256.hash(data: Array("qr-tag:\(qrKey)".utf8))).prefix(tagCharacters))
  }

  func check(_ field: String) throws(WireProblem) {
    guard (1...Self.credentialsLimit).contains(credentials.count) else {
      throw WireProblem(field + ".credentials", "1 to \(Self.credentialsLimit)")
    }
    for credential in credentials {
      // The same work for every try: with other rounds its duration would tell who is known here.
      guard try SlowHash(credential.hash).rounds == SlowHash.standardRounds else {
        throw WireProblem(field + ".credentials.hash", "\(SlowHash.standardRounds) rounds")
      }
      guard let tag = credential.qrTag else { continue }
      guard tag.utf8.count == Self.tagCharacters else {
        throw WireProblem(field + ".credentials.qrTag", "\(Self.tagCharacters) characters")
      }
    }
  }
}
