public import OfficeModel

/// What health tells of the trust folder: how old the revocation lists are, and what is wrong.
public struct TrustHealth: Sendable, Equatable {
  /// The newest list of one root or issuer.
  public struct List: Sendable, Equatable {
    public var issuer: String
    public var number: String?
    public var issued: Timestamp

    public init(issuer: String, number: String?, issued: Timestamp) {
      self.issuer = issuer
      self.number = number
      self.issued = issued
    }
  }

  public var lists: [List]
  /// Already worded; each makes the kiosk at least degraded.
  public var reasons: [HealthReport.Reason]

  public init(lists: [List], reasons: [HealthReport.Reason]) {
    self.lists = lists
    self.reasons = reasons
  }
}
