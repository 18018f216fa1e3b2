internal import COpenSSL

/// A certificate revocation list.
@safe
final class RevocationList {
  let crl: OpaquePointer
  let thisUpdate: Int64
  let nextUpdate: Int64?
  /// Indirect, partial and delta lists are not understood, and neither is what is critical.
  let isPlain: Bool
  /// The same list is asked for every certificate of its issuer: its signature is checked once.
  private var checked: [Certificate: Bool] = [:]

  static let bytesLimit = 16 << 20

  static func read(_ bytes: [UInt8]) -> RevocationList? { all(from: bytes).first }

  /// More than any file of ours has reason to hold.
  static let listsLimit = 64

  /// The lists of a file, PEM or DER; none when one of them cannot be read.
  static func all(from bytes: [UInt8]) -> [RevocationList] {
    guard bytes.count <= bytesLimit else { return [] }
    if let list = unsafe OpenSSLBytes.decode(
      bytes, restMayBe: OpenSSLBytes.isPadding, { unsafe d2i_X509_CRL(nil, &$0, $1) },
      free: { unsafe X509_CRL_free($0) })
    {
      return unsafe RevocationList(owned: list).map { [$0] } ?? []
    }
    return unsafe OpenSSLBytes.parts(
      ofPEM: bytes, limit: listsLimit, { unsafe PEM_read_bio_X509_CRL($0, nil, nil, nil) },
      { unsafe RevocationList(owned: $0) })
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
    isPlain = unsafe plain && openssl_crl_has_critical_entry(crl) == 0
    unsafe self.crl = unsafe crl
  }

  deinit { unsafe X509_CRL_free(crl) }

  /// Issued and signed by this authority, with a strong digest, and the authority may do so.
  func isSigned(by issuer: Certificate) -> Bool {
    if let known = checked[issuer] { return known }
    let answer = check(issuer)
    checked[issuer] = answer
    return answer
  }

  private func check(_ issuer: Certificate) -> Bool {
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

  enum Status {
    case revoked(Revocation)
    case notListed
    /// Nothing can be concluded from it.
    case unclear
  }

  /// What the list says of a certificate of its issuer. A list that is not plain can still say
  /// that a certificate was revoked, but never that it was not.
  func status(of certificate: Certificate) -> Status {
    var entry: OpaquePointer?
    let found = unsafe X509_CRL_get0_by_serial(
      crl, &entry, X509_get_serialNumber(certificate.x509))
    switch found {
    case 0: return isPlain ? .notListed : .unclear
    case 1: return unsafe entry.map { unsafe .revoked(Revocation(entry: $0)) } ?? .unclear
    default: return .unclear  // 2: removeFromCRL, which has no meaning in a whole list
    }
  }
}

/// That a certificate was revoked.
struct Revocation {
  /// From when on the certificate is not to be believed, seconds since 1970.
  let date: Int64
  /// The code of RFC 5280, nil when none is given.
  let reason: Int?

  /// Whether it makes something signed at `time` unbelievable, even when that was earlier: after
  /// unspecified, keyCompromise and caCompromise nobody knows since when somebody else signed.
  func reaches(_ time: Int64) -> Bool {
    date <= time || reason == nil || reason == 0 || reason == 1 || reason == 2
  }
}

extension Revocation {
  /// An entry of a list. The issuer may date the trouble back (invalidityDate); a date that cannot
  /// be read counts as always.
  init(entry: OpaquePointer) {
    let revoked = unsafe OpenSSLBytes.seconds(X509_REVOKED_get0_revocationDate(entry))
    var status: Int32 = 0
    let since = unsafe X509_REVOKED_get_ext_d2i(entry, NID_invalidity_date, &status, nil)?
      .assumingMemoryBound(to: ASN1_GENERALIZEDTIME.self)
    defer { unsafe ASN1_GENERALIZEDTIME_free(since) }
    let code = unsafe X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, &status, nil)?
      .assumingMemoryBound(to: ASN1_ENUMERATED.self)
    defer { unsafe ASN1_ENUMERATED_free(code) }
    date = unsafe min(revoked ?? Int64.min, OpenSSLBytes.seconds(since) ?? Int64.max)
    reason = unsafe code.map { unsafe Int(ASN1_ENUMERATED_get($0)) }
  }
}
