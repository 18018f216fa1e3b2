import NIOSSL

/// What the simulator shows over TLS, and whose kiosks it lets in.
enum ServerCertificate {
  /// Only kiosks with a certificate of `roots` are answered.
  /// - Parameters: PEM files.
  static func configuration(
    certificate: String, key: String, roots: String
  ) throws -> TLSConfiguration {
    var tls = TLSConfiguration.makeServerConfiguration(
      certificateChain: try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) },
      privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
    tls.minimumTLSVersion = .tlsv12
    // A kiosk's certificate names the kiosk, not a machine.
    tls.certificateVerification = .noHostnameVerification
    tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(roots))
    return tls
  }
}
