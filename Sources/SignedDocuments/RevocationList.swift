internal import COpenSSL

/// A certificate revocation list.
@safe
final class RevocationList {
  let crl: OpaquePointer
  let thisUpdate: Int64
  let nextUpdate: Int64?
  /// Indirect, partial and delta lists are not understood, and neither is what is critical.
  let isPlain: Bool

  static let bytesLimit = 16 << 20

  static func read(_ bytes: [UInt8]) -> RevocationList? {
    guard bytes.count <= bytesLimit else { return nil }
    if let list = unsafe OpenSSLBytes.decode(
      bytes, { unsafe d2i_X509_CRL(nil, &$0, $1) }, free: { unsafe X509_CRL_free($0) })
    {
      return unsafe RevocationList(owned: list)
    }
    return unsafe bytes.withUnsafeBytes { buffer in
      guard let bio = unsafe BIO_new_mem_buf(buffer.baseAddress, Int32(buffer.count)) else {
        return nil
      }
      defer { unsafe BIO_free(bio) }
      guard let list = unsafe PEM_read_bio_X509_CRL(bio, nil, nil, nil) else {
        ERR_clear_error()
        return nil
      }
      return unsafe RevocationList(owned: list)
    }
  }

  /// Takes over the reference.
  init?(owned crl: OpaquePointer) {
    guard let this = unsafe OpenSSLBytes.seconds(X509_CRL_get0_lastUpdate(crl)) else {
      unsafe X509_CRL_free(crl)
      return nil
    }
    thisUpdate = this
    nextUpdate = unsafe OpenSSLBytes.seconds(X509_CRL_get0_nextUpdate(crl))
    var plain = true
    for index in 0..<max(unsafe X509_CRL_get_ext_count(crl), 0) {
      let part = unsafe X509_CRL_get_ext(crl, index)
      let nid = unsafe OBJ_obj2nid(X509_EXTENSION_get_object(part))
      if unsafe X509_EXTENSION_get_critical(part) != 0 || nid == NID_delta_crl
        || nid == NID_issuing_distribution_point
      {
        plain = false
      }
    }
    isPlain = plain
    unsafe self.crl = unsafe crl
  }

  deinit { unsafe X509_CRL_free(crl) }

  /// Issued and signed by this authority, with a strong digest, and the authority may do so.
  func isSigned(by issuer: Certificate) -> Bool {
    defer { ERR_clear_error() }
    guard
      unsafe X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_subject_name(issuer.x509)) == 0
    else { return false }
    if let usage = issuer.keyUsage, usage & UInt32(KU_CRL_SIGN) == 0 { return false }
    var algorithm: UnsafePointer<X509_ALGOR>?
    unsafe X509_CRL_get0_signature(crl, nil, &algorithm)
    guard unsafe DigestAlgorithm(nid: openssl_signature_digest(algorithm)) != nil else {
      return false
    }
    return unsafe X509_CRL_verify(crl, X509_get0_pubkey(issuer.x509)) == 1
  }

  /// When and why a certificate was revoked; nil when it is not on the list.
  func revocation(of certificate: Certificate) -> Revocation? {
    var entry: OpaquePointer?
    let found = unsafe X509_CRL_get0_by_serial(
      crl, &entry, X509_get_serialNumber(certificate.x509))
    guard found == 1, let entry = unsafe entry else { return nil }
    // A date that cannot be read counts as always.
    let date = unsafe OpenSSLBytes.seconds(X509_REVOKED_get0_revocationDate(entry)) ?? Int64.min
    var status: Int32 = 0
    let value = unsafe X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, &status, nil)
    defer { unsafe ASN1_ENUMERATED_free(value?.assumingMemoryBound(to: ASN1_ENUMERATED.self)) }
    let reason = unsafe value.map {
      unsafe Int(ASN1_ENUMERATED_get($0.assumingMemoryBound(to: ASN1_ENUMERATED.self)))
    }
    return Revocation(date: date, reason: reason)
  }
}

/// That a certificate was revoked.
struct Revocation {
  let date: Int64
  /// The code of RFC 5280, nil when none is given.
  let reason: Int?

  /// Reasons after which even an earlier signature of a time-stamp authority cannot be believed.
  var touchesThePast: Bool { reason == nil || reason == 0 || reason == 1 || reason == 2 }
}
