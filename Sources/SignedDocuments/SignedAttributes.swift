internal import COpenSSL

/// The signed attributes of a message (step C 11): what is about the signature itself. All others
/// (claimed time, policy, place, role) are signed and prove nothing, so they are not read.
struct SignedAttributes {
  let messageDigest: [UInt8]
  /// `signing-certificate`: SHA-1.
  private(set) var signingCertificate: [UInt8]?
  private(set) var signingCertificateV2: [UInt8]?
  /// Content of Adobe's revocation archive.
  private(set) var revocationArchive: [UInt8]?
  /// What CMSAlgorithmProtection (RFC 6211) repeats: the object identifiers of the digest and of
  /// the signature algorithm; empty when it cannot be read.
  private(set) var protectedAlgorithms: [[UInt8]]?

  static let countLimit: Int32 = 64
  private static let revocationArchiveName = "1.2.840.113583.1.1.8"
  private static let algorithmProtectionName = "1.2.840.113549.1.9.52"

  /// - Parameter contentType: NID that the content-type attribute must name.
  init(of signer: OpaquePointer, contentType: Int32) throws {
    let count = unsafe CMS_signed_get_attr_count(signer)
    try require(count > 0, .refuse("no_signed_attributes"))
    try require(count <= Self.countLimit, .refuse("limits"))
    var digests: [[UInt8]] = []
    var types: [Int32] = []
    let ambiguous = Finding.invalid("signing_certificate_mismatch")
    for index in 0..<count {
      guard let attribute = unsafe CMS_signed_get_attr(signer, index) else {
        throw Finding.invalid("malformed_signature")
      }
      let isSingle = unsafe X509_ATTRIBUTE_count(attribute) == 1
      switch unsafe OBJ_obj2nid(X509_ATTRIBUTE_get0_object(attribute)) {
      case NID_pkcs9_contentType:
        try require(isSingle, .invalid("missing_attribute"))
        types.append(unsafe openssl_oid_value(attribute, 0))
      case NID_pkcs9_messageDigest:
        try require(isSingle, .invalid("missing_attribute"))
        digests.append(unsafe OpenSSLBytes.copy(openssl_octet_value(attribute, 0)))
      case NID_id_smime_aa_signingCertificate:
        try require(isSingle && signingCertificate == nil, ambiguous)
        signingCertificate = unsafe Self.sequence(attribute)
      case NID_id_smime_aa_signingCertificateV2:
        try require(isSingle && signingCertificateV2 == nil, ambiguous)
        signingCertificateV2 = unsafe Self.sequence(attribute)
      default:
        switch unsafe Self.name(of: attribute) {
        case Self.revocationArchiveName:
          revocationArchive = unsafe Self.sequence(attribute)
        case Self.algorithmProtectionName:
          try require(isSingle && protectedAlgorithms == nil, .invalid("algorithm_mismatch"))
          protectedAlgorithms = unsafe Self.algorithms(in: Self.sequence(attribute))
        default: break
        }
      }
    }
    try require(types.count == 1 && digests.count == 1, .invalid("missing_attribute"))
    try require(types[0] == contentType, .invalid("wrong_content_type"))
    messageDigest = digests[0]
  }

  /// The bytes of the value; empty unless it is a SEQUENCE.
  private static func sequence(_ attribute: OpaquePointer) -> [UInt8] {
    unsafe OpenSSLBytes.copy(openssl_sequence_value(attribute, 0))
  }

  /// SEQUENCE { SEQUENCE { digest … }, [1] { signature … } }
  private static func algorithms(in bytes: [UInt8]) -> [[UInt8]] {
    guard let outer = DERValue.first(of: bytes[...]) else { return [] }
    let parts = DERValue.all(in: outer.content, limit: 3)
    guard parts.map(\.tag) == [0x30, 0xa1] else { return [] }
    return parts.compactMap { part in
      DERValue.first(of: part.content).flatMap { $0.tag == 0x06 ? Array($0.content) : nil }
    }
  }

  private static func name(of attribute: OpaquePointer) -> String {
    var name = [CChar](repeating: 0, count: 80)
    let length = unsafe OBJ_obj2txt(
      &name, Int32(name.count), X509_ATTRIBUTE_get0_object(attribute), 1)
    let dotted = name.prefix(max(0, min(Int(length), 79))).map { UInt8(bitPattern: $0) }
    return String(decoding: dotted, as: UTF8.self)
  }
}
