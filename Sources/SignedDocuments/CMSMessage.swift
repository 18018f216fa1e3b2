internal import COpenSSL

/// A CMS SignedData with its one signer, decoded (step C 9 and 11). What the rules need is taken
/// out here; nothing is judged but its shape.
@safe
final class CMSMessage {
  private let cms: OpaquePointer
  private let signerInfo: OpaquePointer
  let certificates: [Certificate]
  let revocationLists: [RevocationList]
  let digest: DigestAlgorithm
  let attributes: SignedAttributes
  /// The signature value: what a signature time stamp is about.
  let signature: [UInt8]
  let timeStampTokens: [[UInt8]]
  /// The content inside the message; nil when it is detached.
  let content: [UInt8]?

  static let certificatesLimit = 64
  /// - Parameter contentType: NID that eContentType and the signed attribute must name.
  init(_ bytes: [UInt8], contentType: Int32, detached: Bool) throws {
    guard
      let cms = unsafe OpenSSLBytes.decode(
        bytes, restMayBe: { rest in rest.allSatisfy { $0 == 0 } },
        { unsafe d2i_CMS_ContentInfo(nil, &$0, $1) }, free: { unsafe CMS_ContentInfo_free($0) })
    else {
      throw Self.hasCompleteValue(bytes)
        ? Finding.invalid("contents_padding") : Finding.invalid("malformed_signature")
    }
    unsafe self.cms = unsafe cms
    var keep = false
    defer { if !keep { unsafe CMS_ContentInfo_free(cms) } }

    let type = unsafe CMS_get0_type(cms)
    guard unsafe OBJ_obj2nid(type) == NID_pkcs7_signed else {
      throw Finding.invalid("malformed_signature")
    }
    guard unsafe OBJ_obj2nid(CMS_get0_eContentType(cms)) == contentType else {
      throw Finding.invalid("wrong_content_type")
    }
    guard let place = unsafe CMS_get0_content(cms) else {
      throw Finding.invalid("malformed_signature")
    }
    if detached {
      guard unsafe place.pointee == nil else { throw Finding.invalid("encapsulated_content") }
      content = nil
    } else {
      guard let inside = unsafe place.pointee else {
        throw Finding.invalid("malformed_signature")
      }
      content = unsafe OpenSSLBytes.copy(inside)
    }

    let infos = unsafe CMS_get0_SignerInfos(cms)
    let count = unsafe openssl_signer_infos_count(infos)
    try require(count >= 1, .invalid("malformed_signature"))
    try require(count == 1, .refuse("multiple_signer_infos"))
    guard let info = unsafe openssl_signer_infos_at(infos, 0) else {
      throw Finding.invalid("malformed_signature")
    }
    unsafe signerInfo = unsafe info

    var digestAlgorithm: UnsafeMutablePointer<X509_ALGOR>?
    unsafe CMS_SignerInfo_get0_algs(info, nil, nil, &digestAlgorithm, nil)
    guard let known = unsafe DigestAlgorithm(nid: openssl_algorithm_nid(digestAlgorithm)) else {
      throw Finding.refuse("weak_digest")
    }
    digest = known
    try require(
      unsafe openssl_names_digest(cms, known.nid) == 1, .invalid("algorithm_mismatch"))
    signature = unsafe OpenSSLBytes.copy(CMS_SignerInfo_get0_signature(info))

    let stack = unsafe CMS_get1_certs(cms)
    defer { unsafe openssl_certificates_free(stack) }
    var certificates: [Certificate] = []
    let certificateCount = unsafe openssl_certificates_count(stack)
    try require(certificateCount <= Self.certificatesLimit, .refuse("limits"))
    for index in 0..<max(certificateCount, 0) {
      guard let x509 = unsafe openssl_certificates_at(stack, index),
        unsafe X509_up_ref(x509) == 1, let certificate = unsafe Certificate(owned: x509)
      else { throw Finding.invalid("bad_certificate") }
      certificates.append(certificate)
    }
    self.certificates = certificates

    let lists = unsafe CMS_get1_crls(cms)
    defer { unsafe openssl_crls_free(lists) }
    var revocationLists: [RevocationList] = []
    for index in 0..<max(unsafe openssl_crls_count(lists), 0) {
      guard revocationLists.count < Self.certificatesLimit,
        let list = unsafe openssl_crls_at(lists, index), unsafe X509_CRL_up_ref(list) == 1
      else { continue }
      if let decoded = unsafe RevocationList(owned: list) { revocationLists.append(decoded) }
    }
    self.revocationLists = revocationLists

    attributes = try unsafe SignedAttributes(of: info, contentType: contentType)
    timeStampTokens = try unsafe Self.timeStamps(of: info)
    keep = true
  }

  deinit { unsafe CMS_ContentInfo_free(cms) }

  /// Whether the bytes start with a whole value: then what follows it is the trouble.
  private static func hasCompleteValue(_ bytes: [UInt8]) -> Bool {
    guard
      let value = unsafe OpenSSLBytes.decode(
        bytes, restMayBe: { _ in true }, { unsafe d2i_CMS_ContentInfo(nil, &$0, $1) },
        free: { unsafe CMS_ContentInfo_free($0) })
    else { return false }
    unsafe CMS_ContentInfo_free(value)
    return true
  }

  private static func timeStamps(of info: OpaquePointer) throws -> [[UInt8]] {
    let count = unsafe CMS_unsigned_get_attr_count(info)
    guard count > 0 else { return [] }
    try require(count <= SignedAttributes.countLimit, .refuse("limits"))
    var tokens: [[UInt8]] = []
    for index in 0..<count {
      guard let attribute = unsafe CMS_unsigned_get_attr(info, index) else { continue }
      let nid = unsafe OBJ_obj2nid(X509_ATTRIBUTE_get0_object(attribute))
      guard nid == NID_id_smime_aa_timeStampToken else { continue }
      // An attribute without a value is a stamp that fails, not one that is absent.
      for value in 0..<max(unsafe X509_ATTRIBUTE_count(attribute), 1) {
        tokens.append(unsafe OpenSSLBytes.copy(openssl_sequence_value(attribute, value)))
      }
    }
    return tokens
  }

  /// Whether the signer identifier (issuer and serial, or key identifier) names this certificate.
  func names(_ certificate: Certificate) -> Bool {
    unsafe CMS_SignerInfo_cert_cmp(signerInfo, certificate.x509) == 0
  }

  /// Step C 10: algorithm and key fit each other and are strong enough.
  func requireAlgorithm(for key: Certificate.Key) throws {
    var digestAlgorithm: UnsafeMutablePointer<X509_ALGOR>?
    var algorithm: UnsafeMutablePointer<X509_ALGOR>?
    unsafe CMS_SignerInfo_get0_algs(signerInfo, nil, nil, &digestAlgorithm, &algorithm)
    let nid = unsafe openssl_algorithm_nid(algorithm)
    let mismatch = Finding.invalid("algorithm_mismatch")
    if let repeated = attributes.protectedAlgorithms {
      let own = unsafe [Self.identifier(of: digestAlgorithm), Self.identifier(of: algorithm)]
      try require(repeated == own, mismatch)
    }
    switch (nid, key) {
    case (NID_rsaEncryption, .rsa): return
    case (NID_rsassaPss, .rsa(let bits)):
      var hash: Int32 = 0
      var mask: Int32 = 0
      var salt: Int32 = 0
      guard unsafe openssl_pss_parameters(algorithm, &hash, &mask, &salt) == 1 else {
        throw mismatch
      }
      try require(hash == digest.nid && mask == digest.nid, mismatch)
      let most = (bits - 1 + 7) / 8 - Int32(digest.byteCount) - 2
      try require(salt >= 20 && salt <= most, mismatch)
    case (_, .rsa), (_, .ellipticCurve):
      var digestNID: Int32 = 0
      var keyNID: Int32 = 0
      guard unsafe OBJ_find_sigid_algs(nid, &digestNID, &keyNID) == 1 else { throw mismatch }
      if keyNID == NID_rsaEncryption || keyNID == NID_X9_62_id_ecPublicKey,
        digestNID == NID_sha1 || digestNID == NID_md5
      {
        throw Finding.refuse("weak_digest")
      }
      try require(digestNID == digest.nid, mismatch)
      switch key {
      case .rsa: try require(keyNID == NID_rsaEncryption, mismatch)
      case .ellipticCurve: try require(keyNID == NID_X9_62_id_ecPublicKey, mismatch)
      }
    }
  }

  /// The content of the algorithm's object identifier.
  private static func identifier(of algorithm: UnsafePointer<X509_ALGOR>?) -> [UInt8] {
    var name: OpaquePointer?
    unsafe X509_ALGOR_get0(&name, nil, nil, algorithm)
    guard let bytes = unsafe OBJ_get0_data(name) else { return [] }
    return unsafe Array(UnsafeBufferPointer(start: bytes, count: OBJ_length(name)))
  }

  /// Step C 12, second half: the signature over the DER of the signed attributes.
  func isSigned(by certificate: Certificate) -> Bool {
    defer { ERR_clear_error() }
    unsafe CMS_SignerInfo_set1_signer_cert(signerInfo, certificate.x509)
    return unsafe CMS_SignerInfo_verify(signerInfo) == 1
  }
}
