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
  let messageDigest: [UInt8]
  /// The signature value: what a signature time stamp is about.
  let signature: [UInt8]
  /// SEQUENCE values of the signed and unsigned attributes, by NID or by dotted number.
  private(set) var signedSequences: [Int32: [[UInt8]]] = [:]
  private(set) var timeStampTokens: [[UInt8]] = []
  /// Content of Adobe's revocation archive, if it is there.
  private(set) var adobeRevocation: [UInt8]?
  /// The content inside the message; nil when it is detached.
  let content: [UInt8]?

  static let certificatesLimit = 64
  /// `adbe-revocationInfoArchival`.
  private static let adobeArchive = "1.2.840.113583.1.1.8"

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
    signature = unsafe OpenSSLBytes.copy(CMS_SignerInfo_get0_signature(info))
    try require(!signature.isEmpty, .invalid("malformed_signature"))

    let stack = unsafe CMS_get1_certs(cms)
    defer { unsafe openssl_certificates_free(stack) }
    var certificates: [Certificate] = []
    let certificateCount = unsafe openssl_certificates_count(stack)
    try require(certificateCount <= Self.certificatesLimit, .refuse("limits"))
    for index in 0..<max(certificateCount, 0) {
      guard let x509 = unsafe openssl_certificates_at(stack, index),
        unsafe X509_up_ref(x509) == 1
      else { continue }
      // A certificate whose key cannot be read is as good as absent.
      if let certificate = unsafe Certificate(owned: x509) { certificates.append(certificate) }
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

    messageDigest = try unsafe Self.signedAttributes(
      of: info, contentType: contentType, sequences: &signedSequences, archive: &adobeRevocation)
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

  /// Reads the signed attributes; returns the message digest.
  private static func signedAttributes(
    of info: OpaquePointer, contentType: Int32, sequences: inout [Int32: [[UInt8]]],
    archive: inout [UInt8]?
  ) throws -> [UInt8] {
    let count = unsafe CMS_signed_get_attr_count(info)
    try require(count > 0, .refuse("no_signed_attributes"))
    try require(count <= 64, .refuse("limits"))
    var digests: [[UInt8]] = []
    var types: [Int32] = []
    for index in 0..<count {
      guard let attribute = unsafe CMS_signed_get_attr(info, index) else {
        throw Finding.invalid("malformed_signature")
      }
      let nid = unsafe OBJ_obj2nid(X509_ATTRIBUTE_get0_object(attribute))
      let values = unsafe X509_ATTRIBUTE_count(attribute)
      switch nid {
      case NID_pkcs9_contentType:
        try require(values == 1, .invalid("missing_attribute"))
        types.append(unsafe openssl_oid_value(attribute, 0))
      case NID_pkcs9_messageDigest:
        try require(values == 1, .invalid("missing_attribute"))
        digests.append(unsafe OpenSSLBytes.copy(openssl_octet_value(attribute, 0)))
      case NID_id_smime_aa_signingCertificate, NID_id_smime_aa_signingCertificateV2:
        try require(values == 1, .invalid("signing_certificate_mismatch"))
        sequences[nid, default: []].append(
          unsafe OpenSSLBytes.copy(openssl_sequence_value(attribute, 0)))
      default:
        var name = [CChar](repeating: 0, count: 80)
        let length = unsafe OBJ_obj2txt(
          &name, Int32(name.count), X509_ATTRIBUTE_get0_object(attribute), 1)
        let dotted = name.prefix(max(0, min(Int(length), 79))).map { UInt8(bitPattern: $0) }
        if values == 1, String(decoding: dotted, as: UTF8.self) == adobeArchive {
          archive = unsafe OpenSSLBytes.copy(openssl_sequence_value(attribute, 0))
        }
      }
    }
    try require(types.count == 1 && digests.count == 1, .invalid("missing_attribute"))
    try require(types[0] == contentType, .invalid("wrong_content_type"))
    return digests[0]
  }

  private static func timeStamps(of info: OpaquePointer) throws -> [[UInt8]] {
    let count = unsafe CMS_unsigned_get_attr_count(info)
    guard count > 0 else { return [] }
    try require(count <= 64, .refuse("limits"))
    var tokens: [[UInt8]] = []
    for index in 0..<count {
      guard let attribute = unsafe CMS_unsigned_get_attr(info, index) else { continue }
      let nid = unsafe OBJ_obj2nid(X509_ATTRIBUTE_get0_object(attribute))
      guard nid == NID_id_smime_aa_timeStampToken else { continue }
      for value in 0..<max(unsafe X509_ATTRIBUTE_count(attribute), 0) {
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
    var algorithm: UnsafeMutablePointer<X509_ALGOR>?
    unsafe CMS_SignerInfo_get0_algs(signerInfo, nil, nil, nil, &algorithm)
    let nid = unsafe openssl_algorithm_nid(algorithm)
    let mismatch = Finding.invalid("algorithm_mismatch")
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

  /// Step C 12, second half: the signature over the DER of the signed attributes.
  func isSigned(by certificate: Certificate) -> Bool {
    defer { ERR_clear_error() }
    unsafe CMS_SignerInfo_set1_signer_cert(signerInfo, certificate.x509)
    return unsafe CMS_SignerInfo_verify(signerInfo) == 1
  }
}
