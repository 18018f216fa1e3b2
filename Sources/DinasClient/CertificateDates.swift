internal import NIOSSL
public import OfficeModel

/// Until when a certificate is good with which kiosk and Dinas know each other.
public struct CertificateDates: Sendable, Hashable {
  public enum Role: String, Sendable { case kiosk, dinasRoot }
  public var role: Role
  public var validUntil: Timestamp

  public init(role: Role, validUntil: Timestamp) {
    self.role = role
    self.validUntil = validUntil
  }
}

extension DinasClient.TLSFiles {
  /// The dates of the roots and of the kiosk's own certificate, which comes first in its file.
  public func dates() throws(DinasClientError) -> [CertificateDates] {
    do {
      let roots = try NIOSSLCertificate.fromPEMFile(roots).map {
        CertificateDates(
          role: .dinasRoot, validUntil: Timestamp(seconds: Int64($0.notValidAfter)))
      }
      let own = try NIOSSLCertificate.fromPEMFile(certificate).prefix(1).map {
        CertificateDates(role: .kiosk, validUntil: Timestamp(seconds: Int64($0.notValidAfter)))
      }
      return own + roots
    } catch {
      throw DinasClientError(.badTLS, "roots and certificate are PEM files that can be read")
    }
  }
}
