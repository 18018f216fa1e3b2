internal import COpenSSL

/// Steps C 10 to 12 for one message: who signed it, and that the signature is right.
enum CMSRules {
  /// The certificate that signed `message`, after all rules about algorithm, key, binding and
  /// mathematics. It must be in the message itself (ISO 32000-2, 12.8.3.3; ETSI EN 319 142-1, 6.3):
  /// one that is found elsewhere is not what was signed with.
  /// - Parameter known: what the binding may name beside it.
  static func signer(
    of message: CMSMessage, known: [Certificate], bindingRequired: Bool
  ) throws -> Certificate {
    let candidates = message.certificates.filter { message.names($0) }
    try require(!candidates.isEmpty, .untrusted("signer_certificate_missing"))
    var first: Finding?
    for certificate in candidates.prefix(4) {
      do {
        try check(message, certificate, known: known, bindingRequired: bindingRequired)
        return certificate
      } catch let finding as Finding {
        first = first ?? finding
      }
    }
    throw first ?? .invalid("bad_signature")
  }

  private static func check(
    _ message: CMSMessage, _ certificate: Certificate, known: [Certificate],
    bindingRequired: Bool
  ) throws {
    let key = try certificate.acceptableKey()
    try require(certificate.isSignedWithStrongDigest, .refuse("weak_digest"))
    try message.requireAlgorithm(for: key)
    try requireBinding(message, certificate, known: known, required: bindingRequired)
    try require(message.isSigned(by: certificate), .invalid("bad_signature"))
  }

  /// The signing-certificate attribute names this certificate; a substitute with the same key or
  /// name would not do.
  private static func requireBinding(
    _ message: CMSMessage, _ certificate: Certificate, known: [Certificate], required: Bool
  ) throws {
    let mismatch = Finding.invalid("signing_certificate_mismatch")
    let one = message.attributes.signingCertificate
    let two = message.attributes.signingCertificateV2
    if one == nil && two == nil {
      try require(!required, .invalid("missing_signing_certificate"))
      return
    }
    var first: OpaquePointer?
    var second: OpaquePointer?
    defer {
      unsafe ESS_SIGNING_CERT_free(first)
      unsafe ESS_SIGNING_CERT_V2_free(second)
    }
    if let bytes = one {
      unsafe first = unsafe OpenSSLBytes.decode(
        bytes, { unsafe d2i_ESS_SIGNING_CERT(nil, &$0, $1) },
        free: { unsafe ESS_SIGNING_CERT_free($0) })
      guard unsafe first != nil else { throw mismatch }
    }
    if let bytes = two {
      unsafe second = unsafe OpenSSLBytes.decode(
        bytes, { unsafe d2i_ESS_SIGNING_CERT_V2(nil, &$0, $1) },
        free: { unsafe ESS_SIGNING_CERT_V2_free($0) })
      guard unsafe second != nil else { throw mismatch }
    }
    // The attribute may name the path too, up to the root, and that may lie outside the message.
    let others = (message.certificates + known).filter { $0 != certificate }
    let chain = CertificateStack([certificate] + others)
    let result = unsafe OSSL_ESS_check_signing_certs(first, second, chain.pointer, 1)
    ERR_clear_error()
    try require(result == 1, mismatch)
  }
}
