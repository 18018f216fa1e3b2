internal import COpenSSL

/// Step 18: a time-stamp token, checked as far as it proves a time about `data`.
struct TimeStamp {
  let time: Int64
  /// Until when the authority and those above it can be checked: the end of the first to run out.
  let verifiableUntil: Int64

  /// Findings that say that somebody changed the stamp, not that it is of no use.
  private static let tampering: Set<String> = [
    "bad_signature", "bad_certificate", "contents_padding", "digest_mismatch",
    "malformed_signature", "signing_certificate_mismatch",
  ]

  /// - Parameters:
  ///   - token: the CMS message, alone or followed by padding zeros.
  ///   - imprint: gives the digest of what must have been stamped.
  static func verify(
    token: [UInt8], imprint: (DigestAlgorithm) throws -> [UInt8],
    chains: ChainRules, revocation: RevocationCheck, now: Int64
  ) throws -> TimeStamp {
    let bad = Finding.untrusted("bad_timestamp")
    let message: CMSMessage
    let authority: Certificate
    do {
      message = try CMSMessage(token, contentType: NID_id_smime_ct_TSTInfo, detached: false)
      try require(
        try message.digest.digest(message.content ?? []) == message.attributes.messageDigest,
        .invalid("digest_mismatch"))
      authority = try CMSRules.signer(of: message, known: chains.known, bindingRequired: true)
    } catch let finding as Finding {
      // A stamp that is there and fails is never treated as no stamp.
      if finding.verdict == .untrusted { throw Finding.untrusted("tsa_untrusted") }
      throw tampering.contains(finding.reason) ? Finding.invalid("bad_timestamp") : bad
    }
    guard let content = message.content else { throw bad }

    guard
      let info = unsafe OpenSSLBytes.decode(
        content, { unsafe d2i_TS_TST_INFO(nil, &$0, $1) }, free: { unsafe TS_TST_INFO_free($0) })
    else { throw bad }
    defer { unsafe TS_TST_INFO_free(info) }
    guard unsafe TS_TST_INFO_get_version(info) == 1,
      let stamped = unsafe TS_TST_INFO_get_msg_imprint(info),
      let digest = unsafe DigestAlgorithm(
        nid: openssl_algorithm_nid(TS_MSG_IMPRINT_get_algo(stamped))),
      unsafe OpenSSLBytes.copy(TS_MSG_IMPRINT_get_msg(stamped)) == (try imprint(digest)),
      let time = unsafe OpenSSLBytes.seconds(TS_TST_INFO_get_time(info)), time > 0,
      time <= now + Policy.clockSkewSeconds,
      unsafe TS_TST_INFO_get_ext_by_critical(info, 1, -1) < 0
    else { throw bad }

    let untrusted = Finding.untrusted("tsa_untrusted")
    try require(ChainRules.isTimeStampAuthority(authority), untrusted)
    let all = ChainRules(trust: chains.trust, carried: message.certificates + chains.carried)
    guard let path = try? all.path(from: authority, at: time) else { throw untrusted }
    guard (try? all.requireWhole(message.certificates, path: path)) != nil else {
      throw Finding.invalid("bad_timestamp")
    }
    var local = revocation.evidence
    local.lists += message.revocationLists
    let check = RevocationCheck(evidence: local, policy: revocation.policy, now: now)
    for index in 0..<(path.count - 1) {
      try check.requireTimeStampAuthority(path[index], issuer: path[index + 1], time: time)
    }
    let end = path.map(\.notAfter).min() ?? authority.notAfter
    return TimeStamp(time: time, verifiableUntil: end)
  }
}
