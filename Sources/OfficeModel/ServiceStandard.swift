/// A service standard (*standar pelayanan*) as its office wrote it. UU 25/2009 asks every public
/// service for the same components; their words differ from office to office and are kept.
public struct ServiceStandard: Hashable, Sendable, Codable, Identifiable {
  public var id: String
  /// The service in an office's words, e.g. "Penerbitan KTP-el".
  public var title: String
  /// At most three words for a tile.
  public var shortTitle: String
  /// Letters of the queue series, e.g. "A".
  public var series: String
  public var ticketIdentity: TicketIdentity
  public var requirements: [RequirementGroup]
  public var procedure: [String]
  public var pickUpChannels: [String]
  public var timeLimit: TimeLimit
  public var fee: String
  public var product: String
  public var complaintChannels: [String]
  public var complaintHandling: [String]
  public var serviceHours: [String]
  public var legalBasis: [String]
  public var facilities: [String]
  public var competence: [String]
  public var internalSupervision: [String]
  public var staffing: [String]
  public var guarantees: [String]
  public var safety: [String]
  public var evaluation: [String]

  public init(
    id: String, title: String, shortTitle: String, series: String,
    ticketIdentity: TicketIdentity, requirements: [RequirementGroup], procedure: [String] = [],
    pickUpChannels: [String] = [], timeLimit: TimeLimit, fee: String, product: String,
    complaintChannels: [String] = [], complaintHandling: [String] = [],
    serviceHours: [String] = [], legalBasis: [String] = [], facilities: [String] = [],
    competence: [String] = [], internalSupervision: [String] = [], staffing: [String] = [],
    guarantees: [String] = [], safety: [String] = [], evaluation: [String] = []
  ) {
    self.id = id
    self.title = title
    self.shortTitle = shortTitle
    self.series = series
    self.ticketIdentity = ticketIdentity
    self.requirements = requirements
    self.procedure = procedure
    self.pickUpChannels = pickUpChannels
    self.timeLimit = timeLimit
    self.fee = fee
    self.product = product
    self.complaintChannels = complaintChannels
    self.complaintHandling = complaintHandling
    self.serviceHours = serviceHours
    self.legalBasis = legalBasis
    self.facilities = facilities
    self.competence = competence
    self.internalSupervision = internalSupervision
    self.staffing = staffing
    self.guarantees = guarantees
    self.safety = safety
    self.evaluation = evaluation
  }
}

/// Requirements that hold under one condition ("WNI", "umur 5 sampai 17 tahun"); nil: for all.
public struct RequirementGroup: Hashable, Sendable, Codable {
  public var condition: String?
  public var items: [String]

  public init(condition: String? = nil, items: [String]) {
    self.condition = condition
    self.items = items
  }
}

/// How long a service may take, from the complete file on.
public struct TimeLimit: Hashable, Sendable, Codable {
  public enum Unit: String, Sendable, Codable, CaseIterable { case minutes, days, workingDays }
  public var amount: Int
  public var unit: Unit
  /// The standard's own sentence, with its conditions.
  public var text: String

  public init(amount: Int, unit: Unit, text: String) {
    self.amount = amount
    self.unit = unit
    self.text = text
  }
}
