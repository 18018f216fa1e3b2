internal import COpenSSL
internal import Glibc

/// Steps 20 and 21: from a certificate to a root of ours.
struct ChainRules {
  let trust: TrustStore
  /// Certificates that the document brought along; they help to build a path and prove nothing.
  let carried: [Certificate]

  struct Failure: Error {
    enum Kind { case expired, notYetValid, untrusted, issuerNotPinned }
    let kind: Kind
  }

  static let helpersLimit = 256
  private static let signatureChecksLimit = 64

  /// All that may belong to a path, those of the kiosk first.
  var known: [Certificate] { trust.roots + trust.issuers + carried }

  /// The path from `certificate` to a root, every part valid at `time`, its issuer pinned.
  func path(from certificate: Certificate, at time: Int64) throws -> [Certificate] {
    do {
      return try path(from: certificate, at: time, among: Array(known.prefix(Self.helpersLimit)))
    } catch let failure as Failure where failure.kind == .untrusted {
      // OpenSSL goes by names and does not turn back: where several authorities have one name
      // (an old key and a new one, or a copy that the document brought) it may have gone astray.
      return try path(from: certificate, at: time, among: ancestors(of: certificate))
    }
  }

  /// Those whose keys did sign `certificate`, and those that signed them.
  private func ancestors(of certificate: Certificate) -> [Certificate] {
    var found = [certificate]
    var checks = 0
    var next = 0
    while next < found.count {
      let child = found[next]
      next += 1
      for other in known.prefix(Self.helpersLimit)
      where other.hasIssuerName(of: child) && !found.contains(other) {
        checks += 1
        if checks > Self.signatureChecksLimit { return found }
        if other.issued(child) { found.append(other) }
      }
    }
    return found
  }

  private func path(
    from certificate: Certificate, at time: Int64, among helpers: [Certificate]
  ) throws -> [Certificate] {
    defer { ERR_clear_error() }
    guard let store = unsafe X509_STORE_new(), let context = unsafe X509_STORE_CTX_new() else {
      throw Failure(kind: .untrusted)
    }
    defer {
      unsafe X509_STORE_CTX_free(context)
      unsafe X509_STORE_free(store)
    }
    for root in trust.roots
    where unsafe helpers.contains(root) && X509_STORE_add_cert(store, root.x509) != 1 {
      throw Failure(kind: .untrusted)
    }
    let stack = CertificateStack(helpers)
    guard unsafe X509_STORE_CTX_init(context, store, certificate.x509, stack.pointer) == 1,
      let parameters = unsafe X509_STORE_CTX_get0_param(context)
    else { throw Failure(kind: .untrusted) }
    unsafe X509_VERIFY_PARAM_set_time(parameters, time_t(time))
    unsafe X509_VERIFY_PARAM_set_auth_level(parameters, 2)
    unsafe X509_VERIFY_PARAM_set_depth(parameters, 6)
    guard unsafe X509_verify_cert(context) == 1 else {
      switch unsafe X509_STORE_CTX_get_error(context) {
      case X509_V_ERR_CERT_HAS_EXPIRED: throw Failure(kind: .expired)
      case X509_V_ERR_CERT_NOT_YET_VALID: throw Failure(kind: .notYetValid)
      default: throw Failure(kind: .untrusted)
      }
    }
    let chain = unsafe X509_STORE_CTX_get0_chain(context)
    var path: [Certificate] = []
    for index in 0..<max(unsafe openssl_certificates_count(chain), 0) {
      guard let x509 = unsafe openssl_certificates_at(chain, index),
        unsafe X509_up_ref(x509) == 1, let part = unsafe Certificate(owned: x509)
      else { throw Failure(kind: .untrusted) }
      path.append(part)
    }
    guard path.count >= 2, path[0] == certificate, trust.roots.contains(path[path.count - 1])
    else { throw Failure(kind: .untrusted) }
    // A root's signature over itself proves nothing, so its digest does not matter.
    for part in path.dropLast()
    where !part.isSignedWithStrongDigest || (try? part.acceptableKey()) == nil {
      throw Failure(kind: .untrusted)
    }
    guard trust.isPinned(path[1]) else { throw Failure(kind: .issuerNotPinned) }
    return path
  }

  /// Every certificate in a message is as its issuer made it. One that was changed shows that
  /// somebody worked on the message, even when a good copy was found elsewhere.
  func requireWhole(_ certificates: [Certificate], path: [Certificate]) throws {
    for certificate in certificates
    where !path.contains(certificate) && !trust.roots.contains(certificate)
      && !trust.issuers.contains(certificate)
    {
      let issuers = (certificates + known).filter { $0.hasIssuerName(of: certificate) }
      if issuers.contains(where: { $0.issued(certificate) }) { continue }
      // Strangers may come along, but not one of an issuer we know, nor the signer once more.
      try require(
        issuers.isEmpty && certificate.publicKey != path[0].publicKey,
        .invalid("bad_certificate"))
    }
  }

  private static let signingPurposes: Set<String> = [
    "1.3.6.1.5.5.7.3.36",  // documentSigning
    "1.3.6.1.5.5.7.3.4",  // emailProtection
    "2.5.29.37.0",  // any
    "1.2.840.113583.1.1.5",  // Adobe authentic documents
    "1.3.6.1.4.1.311.10.3.12",  // Microsoft document signing
  ]
  private static let timeStampingPurpose = "1.3.6.1.5.5.7.3.8"

  /// A person's certificate that may sign documents.
  static func requireSigner(_ certificate: Certificate) throws {
    let finding = Finding.untrusted("key_usage")
    try require(!certificate.isAuthority, finding)
    if let usage = certificate.keyUsage {
      try require(usage & UInt32(KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION) != 0, finding)
    }
    if let extended = certificate.extendedUsage {
      try require(!signingPurposes.isDisjoint(with: extended.purposes), finding)
    }
  }

  /// A certificate made for time stamping and nothing else.
  static func isTimeStampAuthority(_ certificate: Certificate) -> Bool {
    guard let extended = certificate.extendedUsage, extended.critical,
      extended.purposes == [timeStampingPurpose], !certificate.isAuthority
    else { return false }
    guard let usage = certificate.keyUsage else { return true }
    return usage & UInt32(KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION) != 0
  }
}
