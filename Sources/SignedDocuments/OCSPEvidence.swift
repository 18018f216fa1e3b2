internal import COpenSSL

/// An OCSP answer that was carried by the document.
@safe
final class OCSPEvidence {
  struct Status {
    let revocation: Revocation?
    let thisUpdate: Int64
    let nextUpdate: Int64?
  }

  private let basic: OpaquePointer
  /// When it was signed, by the responder's own clock.
  let producedAt: Int64
  private var responders: [Certificate: Certificate?] = [:]

  static let bytesLimit = 256 << 10
  private static let statementsLimit: Int32 = 64
  private static let signingPurpose = "1.3.6.1.5.5.7.3.9"

  init?(_ bytes: [UInt8]) {
    guard bytes.count <= Self.bytesLimit,
      let response = unsafe OpenSSLBytes.decode(
        bytes, restMayBe: OpenSSLBytes.isPadding, { unsafe d2i_OCSP_RESPONSE(nil, &$0, $1) },
        free: { unsafe OCSP_RESPONSE_free($0) })
    else { return nil }
    defer { unsafe OCSP_RESPONSE_free(response) }
    guard unsafe OCSP_response_status(response) == OCSP_RESPONSE_STATUS_SUCCESSFUL,
      let basic = unsafe OCSP_response_get1_basic(response)
    else {
      ERR_clear_error()
      return nil
    }
    guard let produced = unsafe OpenSSLBytes.seconds(OCSP_resp_get0_produced_at(basic)) else {
      unsafe OCSP_BASICRESP_free(basic)
      return nil
    }
    unsafe self.basic = unsafe basic
    producedAt = produced
  }

  deinit { unsafe OCSP_BASICRESP_free(basic) }

  private var statementsCount: Int32 {
    min(max(unsafe OCSP_resp_count(basic), 0), Self.statementsLimit)
  }

  /// Everything it says about `certificate`.
  func statuses(of certificate: Certificate, issuer: Certificate) -> [Status] {
    defer { ERR_clear_error() }
    var found: [Status] = []
    for index in 0..<statementsCount {
      guard let single = unsafe OCSP_resp_get0(basic, index),
        let id = unsafe OCSP_SINGLERESP_get0_id(single)
      else { continue }
      var algorithm: OpaquePointer?
      guard
        unsafe OCSP_id_get0_info(
          nil, &algorithm, nil, nil, id) == 1,
        let method = unsafe EVP_get_digestbyname(OBJ_nid2sn(OBJ_obj2nid(algorithm))),
        let wanted = unsafe OCSP_cert_to_id(method, certificate.x509, issuer.x509)
      else { continue }
      defer { unsafe OCSP_CERTID_free(wanted) }
      guard unsafe OCSP_id_cmp(id, wanted) == 0 else { continue }
      var reason: Int32 = -1
      var revoked: UnsafeMutablePointer<ASN1_GENERALIZEDTIME>?
      var this: UnsafeMutablePointer<ASN1_GENERALIZEDTIME>?
      var next: UnsafeMutablePointer<ASN1_GENERALIZEDTIME>?
      let state = unsafe OCSP_single_get0_status(single, &reason, &revoked, &this, &next)
      guard let thisUpdate = unsafe OpenSSLBytes.seconds(this) else { continue }
      let nextUpdate = unsafe OpenSSLBytes.seconds(next)
      switch state {
      case V_OCSP_CERTSTATUS_GOOD:
        found.append(
          Status(revocation: nil, thisUpdate: thisUpdate, nextUpdate: nextUpdate))
      case V_OCSP_CERTSTATUS_REVOKED:
        let date = unsafe OpenSSLBytes.seconds(revoked) ?? Int64.min
        found.append(
          Status(
            revocation: Revocation(date: date, reason: reason < 0 ? nil : Int(reason)),
            thisUpdate: thisUpdate, nextUpdate: nextUpdate))
      default: continue
      }
    }
    return found
  }

  /// Who signed it: the issuer itself, or a responder that the issuer certified for OCSP signing.
  /// Nil when it is neither.
  func responder(for issuer: Certificate) -> Certificate? {
    if let known = responders[issuer] { return known }
    let answer = find(for: issuer)
    responders[issuer] = .some(answer)
    return answer
  }

  private func find(for issuer: Certificate) -> Certificate? {
    defer { ERR_clear_error() }
    let algorithm = unsafe OCSP_resp_get0_tbs_sigalg(basic)
    guard unsafe DigestAlgorithm(nid: openssl_signature_digest(algorithm)) != nil else {
      return nil
    }
    let known = CertificateStack([issuer])
    var found: OpaquePointer?
    guard unsafe OCSP_resp_get0_signer(basic, &found, known.pointer) == 1,
      let found = unsafe found, unsafe X509_up_ref(found) == 1,
      let responder = unsafe Certificate(owned: found),
      responder.publicKey == issuer.publicKey || isDelegate(responder, of: issuer),
      unsafe OCSP_basic_verify(basic, known.pointer, nil, UInt(OCSP_NOVERIFY)) == 1
    else { return nil }
    return responder
  }

  /// When the answer was made and what it is about: the responder's certificate must have lived at
  /// one of them. Both are its own word, so neither proves more.
  private var times: [Int64] {
    var times = [producedAt]
    for index in 0..<statementsCount {
      var this: UnsafeMutablePointer<ASN1_GENERALIZEDTIME>?
      let single = unsafe OCSP_resp_get0(basic, index)
      _ = unsafe OCSP_single_get0_status(single, nil, nil, &this, nil)
      if let time = unsafe OpenSSLBytes.seconds(this) { times.append(time) }
    }
    return times
  }

  private func isDelegate(_ responder: Certificate, of issuer: Certificate) -> Bool {
    issuer.issued(responder) && responder.isSignedWithStrongDigest
      && times.contains { responder.notBefore <= $0 && $0 <= responder.notAfter }
      && responder.extendedUsage?.purposes.contains(Self.signingPurpose) == true
      && (try? responder.acceptableKey()) != nil
  }
}
