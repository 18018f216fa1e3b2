public import OfficeModel

/// How long the certificates of the connection to the Dinas are good.
public struct ConnectionHealth: Sendable, Equatable {
  public struct Certificate: Sendable, Equatable {
    /// `kiosk` or `dinasRoot`.
    public var role: String
    public var validUntil: Timestamp
    public init(role: String, validUntil: Timestamp) {
      self.role = role
      self.validUntil = validUntil
    }
  }

  /// Time to have a certificate renewed by an office: a working month.
  static let warning = Duration.seconds(30 * 86_400)

  public var certificates: [Certificate]
  public init(certificates: [Certificate]) { self.certificates = certificates }

  func reasons(_ now: Timestamp) -> [HealthReport.Reason] {
    certificates.compactMap { certificate in
      let left = certificate.validUntil.since(now)
      guard left < Self.warning else { return nil }
      let days = left.wholeMilliseconds / 86_400_000
      let name = certificate.role == "kiosk" ? "The kiosk's certificate" : "A root of the Dinas"
      return left < .zero
        ? .init(code: "tls.\(certificate.role).expired", advice: "\(name) has expired: renew it.")
        : .init(
          code: "tls.\(certificate.role).expires",
          advice: "\(name) expires in \(days) day(s): renew it and restart the kiosk.")
    }
  }
}
