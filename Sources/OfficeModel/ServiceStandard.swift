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
  /// Nil: the office sets none.
  public var quota: ServiceQuota?
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
  /// The heading of the published sheet: office, decree, address.
  public var document: [String]
  /// The boxes of the flow chart, where the standard draws one; its words differ from `procedure`.
  public var procedureFlow: [String]
  /// `procedure` with the headings of its parts ("Proses Kecamatan"), where it has parts.
  public var procedureParts: [ProcedurePart]
  /// Who takes complaints, where the standard names a person or desk.
  public var complaintContact: [String]
  /// Says that the office has published no standard for this service, in words for the screen;
  /// requirements, fee and time limit are then empty and must not be made up.
  public var notice: String?

  public var hasStandard: Bool { notice == nil }

  public init(
    id: String, title: String, shortTitle: String, series: String,
    ticketIdentity: TicketIdentity, requirements: [RequirementGroup], procedure: [String] = [],
    pickUpChannels: [String] = [], timeLimit: TimeLimit, fee: String, product: String,
    complaintChannels: [String] = [], complaintHandling: [String] = [],
    serviceHours: [String] = [], legalBasis: [String] = [], facilities: [String] = [],
    competence: [String] = [], internalSupervision: [String] = [], staffing: [String] = [],
    guarantees: [String] = [], safety: [String] = [], evaluation: [String] = [],
    document: [String] = [], procedureFlow: [String] = [], procedureParts: [ProcedurePart] = [],
    complaintContact: [String] = [], notice: String? = nil
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
    self.document = document
    self.procedureFlow = procedureFlow
    self.procedureParts = procedureParts
    self.complaintContact = complaintContact
    self.notice = notice
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

/// Steps under a heading of their own; nil for steps without one.
public struct ProcedurePart: Hashable, Sendable, Codable {
  public var title: String?
  public var steps: [String]

  public init(title: String? = nil, steps: [String]) {
    self.title = title
    self.steps = steps
  }
}

/// How long a service may take, from the complete file on. An amount of 0 states no limit.
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
