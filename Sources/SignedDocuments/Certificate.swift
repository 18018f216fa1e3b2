internal import COpenSSL
internal import Glibc

/// An X.509 certificate. Only certificates whose public key can be read come into being.
@safe
final class Certificate {
  let x509: OpaquePointer
  let der: [UInt8]
  /// The subject public key information: what an issuer is pinned by.
  let publicKey: [UInt8]
  let notBefore: Int64
  let notAfter: Int64

  static let bytesLimit = 64 << 10

  convenience init?(der: [UInt8]) {
    guard der.count <= Self.bytesLimit,
      let x509 = unsafe OpenSSLBytes.decode(
        der, restMayBe: OpenSSLBytes.isPadding, { unsafe d2i_X509(nil, &$0, $1) },
        free: { unsafe X509_free($0) })
    else { return nil }
    unsafe self.init(owned: x509)
  }

  /// Takes over the reference.
  init?(owned x509: OpaquePointer) {
    let der = unsafe OpenSSLBytes.encode { unsafe i2d_X509(x509, $0) }
    guard !der.isEmpty, unsafe X509_get0_pubkey(x509) != nil,
      let notBefore = unsafe OpenSSLBytes.seconds(X509_get0_notBefore(x509)),
      let notAfter = unsafe OpenSSLBytes.seconds(X509_get0_notAfter(x509))
    else {
      unsafe X509_free(x509)
      return nil
    }
    let key = unsafe OpenSSLBytes.encode { unsafe i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x509), $0) }
    guard !key.isEmpty else {
      unsafe X509_free(x509)
      return nil
    }
    unsafe self.x509 = unsafe x509
    self.der = der
    publicKey = key
    self.notBefore = notBefore
    self.notAfter = notAfter
  }

  deinit { unsafe X509_free(x509) }

  /// More than any file of ours has reason to hold.
  static let certificatesLimit = 64

  /// The certificates of a file, PEM or DER; none when one of them cannot be read.
  static func list(from bytes: [UInt8]) -> [Certificate] {
    if let one = Certificate(der: bytes) { return [one] }
    return unsafe OpenSSLBytes.parts(
      ofPEM: bytes, limit: certificatesLimit, { unsafe PEM_read_bio_X509($0, nil, nil, nil) },
      { unsafe Certificate(owned: $0) })
  }

  /// SHA-256 of the certificate and of its public key, to be shown; nothing is decided by them.
  var sha256: [UInt8] { (try? DigestAlgorithm.sha256.digest(der)) ?? [] }
  var keyFingerprint: [UInt8] { (try? DigestAlgorithm.sha256.digest(publicKey)) ?? [] }

  // MARK: Names

  func subjectText(_ nid: Int32) -> String? {
    let name = unsafe X509_get_subject_name(x509)
    let index = unsafe X509_NAME_get_index_by_NID(name, nid, -1)
    guard index >= 0, let entry = unsafe X509_NAME_get_entry(name, index) else { return nil }
    var text: UnsafeMutablePointer<UInt8>?
    let count = unsafe ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(entry))
    guard count >= 0, let text = unsafe text else { return nil }
    defer { unsafe CRYPTO_free(text, "Certificate", 0) }
    // A name in a real certificate is short; what is longer is cut rather than shown whole.
    let bytes = unsafe UnsafeBufferPointer(start: text, count: min(Int(count), 256))
    return unsafe String(decoding: bytes, as: UTF8.self)
  }

  var serial: String {
    let number = unsafe ASN1_INTEGER_to_BN(X509_get0_serialNumber(x509), nil)
    defer { unsafe BN_free(number) }
    guard unsafe BN_num_bits(number) <= 512, let text = unsafe BN_bn2dec(number) else { return "" }
    defer { unsafe CRYPTO_free(text, "Certificate", 0) }
    return unsafe String(cString: text)
  }

  var isSelfIssued: Bool {
    unsafe X509_NAME_cmp(X509_get_subject_name(x509), X509_get_issuer_name(x509)) == 0
  }

  /// Whether `other` names this one as its issuer, truly or not.
  func hasIssuerName(of other: Certificate) -> Bool {
    unsafe X509_NAME_cmp(X509_get_subject_name(x509), X509_get_issuer_name(other.x509)) == 0
  }

  // MARK: What the key and the certificate may be used for

  /// Signed by this certificate's key: names match and the signature is right.
  func issued(_ other: Certificate) -> Bool {
    defer { ERR_clear_error() }
    return unsafe hasIssuerName(of: other) && X509_verify(other.x509, X509_get0_pubkey(x509)) == 1
  }

  /// An authority by any sign of it.
  var isAuthority: Bool {
    unsafe X509_check_ca(x509) != 0 || X509_get_extension_flags(x509) & UInt32(EXFLAG_CA) != 0
  }

  /// Bits of the key usage; nil when the certificate does not restrict it.
  var keyUsage: UInt32? {
    let usage = unsafe X509_get_key_usage(x509)
    return usage == UInt32.max ? nil : usage
  }

  struct ExtendedUsage {
    let purposes: [String]
    let critical: Bool
  }

  /// Nil when there is none; empty when it cannot be read.
  var extendedUsage: ExtendedUsage? {
    var text = [CChar](repeating: 0, count: 2048)
    var critical: Int32 = 0
    let count = unsafe openssl_extended_usages(x509, &text, text.count, &critical)
    if count == 0 { return nil }
    if count < 0 { return ExtendedUsage(purposes: [], critical: critical != 0) }
    let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    let purposes = bytes.split(separator: 32).map { String(decoding: $0, as: UTF8.self) }
    return ExtendedUsage(purposes: purposes, critical: critical != 0)
  }

  enum Key: Equatable {
    case rsa(bits: Int32)
    case ellipticCurve(bits: Int32)
  }

  /// The key, if it is of a kind and size that may sign; throws the reason otherwise.
  func acceptableKey() throws -> Key {
    guard let key = unsafe X509_get0_pubkey(x509) else {
      throw Finding.refuse("unsupported_algorithm")
    }
    let bits = unsafe EVP_PKEY_get_bits(key)
    switch unsafe EVP_PKEY_get_base_id(key) {
    case NID_rsaEncryption, NID_rsassaPss:
      try require((2048...8192).contains(bits), .refuse("weak_key"))
      return .rsa(bits: bits)
    case NID_X9_62_id_ecPublicKey:
      // A curve that is written out instead of named is another way to say something weak.
      var explicit: Int32 = 0
      guard
        unsafe EVP_PKEY_get_int_param(key, "decoded-from-explicit", &explicit) == 1,
        explicit == 0
      else { throw Finding.refuse("unsupported_algorithm") }
      var name = [CChar](repeating: 0, count: 64)
      var length = 0
      guard unsafe EVP_PKEY_get_group_name(key, &name, name.count, &length) == 1 else {
        throw Finding.refuse("unsupported_algorithm")
      }
      let text = String(
        decoding: name.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
      guard ["prime256v1", "P-256", "secp384r1", "P-384", "secp521r1", "P-521"].contains(text)
      else { throw Finding.refuse("unsupported_algorithm") }
      return .ellipticCurve(bits: bits)
    default: throw Finding.refuse("unsupported_algorithm")
    }
  }

  /// The certificate's own signature is made over SHA-256, SHA-384 or SHA-512.
  var isSignedWithStrongDigest: Bool {
    var digest: Int32 = 0
    guard unsafe X509_get_signature_info(x509, &digest, nil, nil, nil) == 1 else { return false }
    return DigestAlgorithm(nid: digest) != nil
  }
}

extension Certificate: Hashable {
  static func == (a: Certificate, b: Certificate) -> Bool { a === b || a.der == b.der }
  /// The end of a certificate is its signature, which differs enough.
  func hash(into hasher: inout Hasher) {
    for byte in der.suffix(16) { hasher.combine(byte) }
  }
}

/// A `STACK_OF(X509)` that holds references of its own.
@safe
final class CertificateStack {
  let pointer: OpaquePointer?
  init(_ certificates: [Certificate]) {
    unsafe pointer = unsafe openssl_certificates_new()
    for certificate in certificates {
      _ = unsafe openssl_certificates_add(pointer, certificate.x509)
    }
  }
  deinit { unsafe openssl_certificates_free(pointer) }
}
