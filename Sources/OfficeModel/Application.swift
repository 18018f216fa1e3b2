/// A step of an application as a citizen follows it. Sources: the service standards' procedures;
/// the loop between verifier and operator is one friendly state to the citizen.
public enum ApplicationStep: String, Sendable, Codable, CaseIterable {
  case received, verified, signed, ready, handedOver
}

/// Where an application stands beside its steps.
public enum ApplicationCondition: String, Sendable, Codable, CaseIterable {
  /// On its way.
  case moving
  /// The file went back to the applicant for repair; `note` says what is missing.
  case returned
  /// The system (not the office) is holding it up.
  case delayed
  case cancelled
}

/// How a finished document reaches its holder.
public enum PickUp: String, Sendable, Codable, CaseIterable {
  case kiosk, counter, online, box
}

/// One application as the cache knows it. It names nobody: look-ups go by keyed hashes, and the
/// holder's name comes masked from the server.
public struct ApplicationStatus: Hashable, Sendable, Codable {
  public var serviceID: String
  public var product: String
  public var holderMasked: String
  public var step: ApplicationStep
  public var condition: ApplicationCondition
  /// Why it was returned or is held up, in the office's words.
  public var note: String?
  public var receivedOn: CivilDate
  public var dueOn: CivilDate?
  public var pickUp: PickUp

  public init(
    serviceID: String, product: String, holderMasked: String, step: ApplicationStep,
    condition: ApplicationCondition, note: String? = nil, receivedOn: CivilDate,
    dueOn: CivilDate?, pickUp: PickUp
  ) {
    self.serviceID = serviceID
    self.product = product
    self.holderMasked = holderMasked
    self.step = step
    self.condition = condition
    self.note = note
    self.receivedOn = receivedOn
    self.dueOn = dueOn
    self.pickUp = pickUp
  }
}

/// A document that waits for its holder, as a list shows it.
public struct DocumentSummary: Hashable, Sendable, Codable {
  public var id: String
  public var kind: String
  public var holderMasked: String
  public var readySince: CivilDate
  public var printsLeft: Int
  /// KTP-el and KIA are cards: this kiosk shows them and sends their holder to the counter.
  public var isCard: Bool

  public init(
    id: String, kind: String, holderMasked: String, readySince: CivilDate, printsLeft: Int,
    isCard: Bool
  ) {
    self.id = id
    self.kind = kind
    self.holderMasked = holderMasked
    self.readySince = readySince
    self.printsLeft = printsLeft
    self.isCard = isCard
  }
}
