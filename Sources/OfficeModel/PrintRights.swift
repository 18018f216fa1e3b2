/// The right to print a document, lent by the Dinas to one kiosk at a time. It ends by itself, so a
/// kiosk that never answers again locks nobody out for longer.
public struct PrintLease: Hashable, Sendable, Codable {
  public var id: String
  /// From this moment of the trusted time on the kiosk prints nothing under it.
  public var until: Timestamp

  public init(id: String, until: Timestamp) {
    self.id = id
    self.until = until
  }
}

/// What a citizen has proven themselves with. Both are typed or scanned alike; the Dinas says which it
/// was.
public enum CredentialKind: String, Sendable, Codable, CaseIterable {
  /// Opens every document of its holder, for two years.
  case access
  /// Opens one document, and is spent with its delivered print.
  case print
}

/// How the holder of a leased document is known while the Dinas cannot be asked: slow salted hashes,
/// never what was typed.
public struct OfflineCheck: Hashable, Sendable, Codable {
  public struct Credential: Hashable, Sendable, Codable {
    public var kind: CredentialKind
    /// Finds a scanned credential; nil for one that is typed with a NIK.
    public var qrTag: String?
    /// The slow hash of the keyed hash that a check with the Dinas would send, as `SlowHash` is written.
    public var hash: String
    /// The last day of an access credential.
    public var validUntil: CivilDate?

    public init(
      kind: CredentialKind, qrTag: String? = nil, hash: String, validUntil: CivilDate? = nil
    ) {
      self.kind = kind
      self.qrTag = qrTag
      self.hash = hash
      self.validUntil = validUntil
    }
  }

  /// One holder's have the same salt in all his documents, so that one slow hash is the work of every
  /// try.
  public var credentials: [Credential]

  public init(_ credentials: [Credential]) { self.credentials = credentials }
}

/// What staff found when they looked after a print whose end nobody knew.
public enum PrintFinding: String, Sendable, Codable, CaseIterable {
  /// The sheets came out, and their holder has them.
  case handedOver
  /// The sheets came out spoilt, or for nobody, and were destroyed.
  case destroyed
  case nothingCameOut

  /// What the finding settles the print as: spent only where its holder has the paper.
  public var outcome: PrintOutcome {
    switch self {
    case .handedOver: .delivered
    case .destroyed, .nothingCameOut: .notPrinted
    }
  }
}
