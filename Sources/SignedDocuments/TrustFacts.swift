internal import COpenSSL

/// A root or pinned issuer, as far as a person needs to know it.
public struct AuthorityFacts: Sendable, Equatable {
  /// CN and O of the subject.
  public let name: String
  /// SHA-256 of the certificate in hexadecimal: the fingerprint that viewers show.
  public let sha256: String
  /// SHA-256 of its public key information in hexadecimal: what it is pinned by.
  public let keySHA256: String
  /// Seconds since 1970.
  public let notBefore: Int64
  public let notAfter: Int64
  public let isSelfIssued: Bool
}

/// A revocation list, as far as a person needs to know it.
public struct RevocationListFacts: Sendable, Equatable {
  public let issuerName: String
  /// `AuthorityFacts.keySHA256` of the root or issuer of ours that signed it; nil when none did.
  public let issuerKeySHA256: String?
  /// Decimal, without leading zeros; nil for a list without a usable number.
  public let number: String?
  /// Seconds since 1970.
  public let thisUpdate: Int64
  public let nextUpdate: Int64?
  /// SHA-256 of its DER in hexadecimal.
  public let sha256: String
  /// False for an indirect, partial or delta list, or one with a critical extension: it never counts.
  public let isPlain: Bool
}

extension TrustStore {
  public var rootFacts: [AuthorityFacts] { roots.map(\.facts) }
  public var issuerFacts: [AuthorityFacts] { issuers.map(\.facts) }
  public var listFacts: [RevocationListFacts] { lists.map { facts(of: $0) } }

  /// The authority of ours that signed a list.
  func author(of list: RevocationList) -> Certificate? {
    (issuers + roots).first { list.isSigned(by: $0) }
  }

  func facts(of list: RevocationList) -> RevocationListFacts {
    let author = author(of: list)
    return RevocationListFacts(
      issuerName: author?.facts.name ?? list.issuerName,
      issuerKeySHA256: author.map { hexadecimal($0.keyFingerprint) }, number: list.number,
      thisUpdate: list.thisUpdate, nextUpdate: list.nextUpdate,
      sha256: (try? DigestAlgorithm.sha256.digest(list.der)).map { hexadecimal($0) } ?? "",
      isPlain: list.isPlain)
  }
}

extension Certificate {
  fileprivate var facts: AuthorityFacts {
    let name = [subjectText(NID_commonName), subjectText(NID_organizationName)]
      .compactMap { $0 }.joined(separator: ", ")
    return AuthorityFacts(
      name: name, sha256: hexadecimal(sha256), keySHA256: hexadecimal(keyFingerprint),
      notBefore: notBefore, notAfter: notAfter, isSelfIssued: isSelfIssued)
  }
}

extension RevocationList {
  var der: [UInt8] { unsafe OpenSSLBytes.encode { unsafe i2d_X509_CRL(crl, $0) } }

  /// The issuer as it calls itself, on one line.
  var issuerName: String {
    var text = [CChar](repeating: 0, count: 256)
    guard
      unsafe X509_NAME_oneline(X509_CRL_get_issuer(crl), &text, Int32(text.count)) != nil
    else { return "" }
    return String(
      decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The CRL number in decimal; nil when there is none, or one that RFC 5280 does not allow.
  var number: String? {
    let found = unsafe X509_CRL_get_ext_d2i(crl, NID_crl_number, nil, nil)
    guard let found = unsafe found else { return nil }
    let integer = unsafe found.assumingMemoryBound(to: ASN1_INTEGER.self)
    defer { unsafe ASN1_INTEGER_free(integer) }
    let value = unsafe ASN1_INTEGER_to_BN(integer, nil)
    defer { unsafe BN_free(value) }
    guard unsafe value != nil, unsafe BN_is_negative(value) == 0,
      unsafe BN_num_bits(value) <= 160, let text = unsafe BN_bn2dec(value)
    else { return nil }
    defer { unsafe CRYPTO_free(text, "RevocationList", 0) }
    return unsafe String(cString: text)
  }

  /// Signed over SHA-256, SHA-384 or SHA-512.
  var isSignedWithStrongDigest: Bool {
    var algorithm: UnsafePointer<X509_ALGOR>?
    unsafe X509_CRL_get0_signature(crl, nil, &algorithm)
    return unsafe DigestAlgorithm(nid: openssl_signature_digest(algorithm)) != nil
  }

  /// Whether the names say that this authority issued it.
  func names(_ authority: Certificate) -> Bool {
    unsafe X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_subject_name(authority.x509)) == 0
  }
}
