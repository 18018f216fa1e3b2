internal import COpenSSL

/// Steps C and F for every signature: the mathematics, the time, the path, revocation.
struct SignerRules {
  let trust: TrustStore
  let policy: Policy
  let now: Int64

  typealias Signed = (field: SignatureField, range: SignedRange)

  private struct Opened {
    let signed: Signed
    let message: CMSMessage
    let signer: Certificate
  }

  func verify(
    _ signatures: [Signed], bytes: DocumentBytes, whole: PDFRevision
  ) throws -> [ProvenSigner] {
    let store = try SecurityStore(whole)
    // First everything that shows manipulation, for all signatures; then trust.
    let opened = try signatures.filter { $0.field.isPerson }.map { signed in
      try open(signed, bytes: bytes, known: store.certificates + trust.issuers + trust.roots)
    }
    var carried = store.certificates
    var evidence = store.evidence
    evidence.lists += trust.lists
    for one in opened {
      carried += one.message.certificates
      evidence.lists += one.message.revocationLists
      if let archive = one.message.attributes.revocationArchive {
        let found = AdobeRevocation.read(archive)
        evidence.lists += found.lists
        evidence.answers += found.answers
      }
    }
    let chains = ChainRules(trust: trust, carried: carried)
    let check = RevocationCheck(evidence: evidence, policy: policy, now: now)

    let stamps = try signatures.filter { !$0.field.isPerson }.map { signed in
      (
        end: signed.range.end,
        stamp: try TimeStamp.verify(
          token: signed.range.contents,
          imprint: { try bytes.digest($0, signed.range.ranges) }, chains: chains,
          revocation: check, now: now)
      )
    }
    return try opened.map { one in
      try trusted(one, stamps: stamps, chains: chains, check: check, hasStore: store.isPresent)
    }
  }

  private func open(
    _ signed: Signed, bytes: DocumentBytes, known: [Certificate]
  ) throws -> Opened {
    let message = try CMSMessage(
      signed.range.contents, contentType: NID_pkcs7_data, detached: true)
    let digest = try bytes.digest(message.digest, signed.range.ranges)
    try require(digest == message.attributes.messageDigest, .invalid("digest_mismatch"))
    let signer = try CMSRules.signer(
      of: message, known: known, bindingRequired: signed.field.kind == .person(cades: true))
    return Opened(signed: signed, message: message, signer: signer)
  }

  private typealias DocumentStamp = (end: Int, stamp: TimeStamp)

  /// The time that is proven for a signature, and by which authorities.
  private func provenTime(
    _ one: Opened, stamps: [DocumentStamp], chains: ChainRules, check: RevocationCheck
  ) throws -> Int64? {
    let later = stamps.filter { $0.end > one.signed.range.end }.map(\.stamp)
    var proof: TimeStamp?
    let tokens = one.message.timeStampTokens
    try require(tokens.count <= 1, .untrusted("bad_timestamp"))
    if let token = tokens.first {
      proof = try TimeStamp.verify(
        token: token, imprint: { try $0.digest(one.message.signature) }, chains: chains,
        revocation: check, now: now)
    }
    guard let first = proof ?? later.min(by: { $0.time < $1.time }) else { return nil }
    try requireLiving(first, later: later)
    return first.time
  }

  /// Step 19: an authority that ran out must have been renewed in time by a later stamp.
  /// - Parameter later: in the order of the document: each one covers those before it.
  private func requireLiving(_ stamp: TimeStamp, later: [TimeStamp]) throws {
    if policy.expiredTimeStampAuthority == .accept { return }
    var living = stamp.verifiableUntil
    for next in later where next.time <= living {
      living = max(living, next.verifiableUntil)
    }
    try require(living >= now, .untrusted("tsa_expired"))
  }

  private func trusted(
    _ one: Opened, stamps: [DocumentStamp], chains: ChainRules, check: RevocationCheck,
    hasStore: Bool
  ) throws -> ProvenSigner {
    let proven = try provenTime(one, stamps: stamps, chains: chains, check: check)
    let path: [Certificate]
    do {
      path = try chains.path(from: one.signer, at: proven ?? now)
    } catch let failure as ChainRules.Failure {
      switch failure.kind {
      case .expired: throw Finding.untrusted(proven == nil ? "expired_no_poe" : "expired")
      case .notYetValid: throw Finding.untrusted("not_yet_valid")
      case .issuerNotPinned: throw Finding.untrusted("issuer_not_pinned")
      case .untrusted: throw Finding.untrusted("untrusted_signer")
      }
    }
    try chains.requireWhole(one.message.certificates, path: path)
    try ChainRules.requireSigner(one.signer)
    for index in 0..<(path.count - 1) {
      try check.requireGood(path[index], issuer: path[index + 1], provenTime: proven)
    }
    let organization = one.signer.subjectText(NID_organizationName)
    let unit = one.signer.subjectText(NID_organizationalUnitName)
    try require(
      policy.allowedSigners.allows(
        organization: organization, unit: unit, serial: one.signer.serial),
      .untrusted("signer_not_allowed"))
    return ProvenSigner(
      commonName: one.signer.subjectText(NID_commonName) ?? "",
      organization: organization,
      organizationalUnit: unit,
      title: one.signer.subjectText(NID_title), serial: one.signer.serial, provenTime: proven,
      level: level(
        one, proven: proven, hasStore: hasStore,
        isArchived: stamps.contains {
          $0.end > one.signed.range.end
        }))
  }

  private func level(
    _ one: Opened, proven: Int64?, hasStore: Bool, isArchived: Bool
  ) -> String {
    let level =
      proven == nil ? "B-B" : !hasStore ? "B-T" : isArchived ? "B-LTA" : "B-LT"
    return one.signed.field.kind == .person(cades: true) ? level : "adbe.pkcs7.detached " + level
  }
}
