import SignedDocuments
import Testing

/// One rule per test, on a case of the corpus where nothing else decides. Reason codes are part of
/// what staff see, so they are held here too.
@Suite("The rules, one by one")
struct RuleTests {
  struct Expectation: Sendable, CustomTestStringConvertible {
    let rule: String
    let name: String
    let verdict: Verdict
    let reason: String
    var testDescription: String { "\(rule) (\(name))" }

    init(_ rule: String, _ name: String, _ verdict: Verdict, _ reason: String) {
      self.rule = rule
      self.name = name
      self.verdict = verdict
      self.reason = reason
    }
  }

  static let expectations: [Expectation] = [
    // A: preflight
    .init("what is no PDF is refused", "nonpdf-html", .refuse, "not_pdf"),
    .init("nothing stands before the header", "garbage-prepended", .invalid, "leading_data"),
    .init("nothing follows the end", "garbage-zip", .invalid, "unsigned_trailing_data"),
    .init("a file that breaks off is invalid", "trunc-after-contents", .invalid, "truncated"),
    .init("encrypted files are refused", "enc-userpw", .refuse, "encrypted"),
    .init(
      "what was never signed was not changed", "nonpdf-garbage-after-header", .refuse,
      "malformed_pdf"),
    .init("nesting has a limit", "dos-deep-array", .refuse, "limits"),
    .init("tables do not loop", "dos-xref-loop", .refuse, "limits"),
    .init("sixteen signatures at most", "dos-200-sig-fields", .refuse, "limits"),
    // B: fields and ranges
    .init("an empty field is no signature", "unsigned-empty-field", .refuse, "no_signature"),
    .init(
      "a dictionary that no field holds is no signature", "unsigned-orphan-sigdict", .refuse,
      "no_signature"),
    .init("a time stamp alone is no signature", "sf-only-dts", .refuse, "no_signature"),
    .init("SHA-1 containers are refused", "sf-adbe-sha1", .refuse, "unsupported_subfilter"),
    .init("coverage begins at byte 0", "br-not-from-zero", .invalid, "byterange_coverage"),
    .init("coverage ends with a revision", "br-short-tail", .invalid, "byterange_coverage"),
    .init("the range has four numbers", "br-six-numbers", .invalid, "malformed_signature"),
    .init("the gap is the signature alone", "swa-moved-range", .invalid, "byterange_gap"),
    .init(
      "white space in the gap is not hexadecimal", "ct-whitespace-inside", .invalid,
      "byterange_gap"),
    .init("only zeros follow the container", "ct-trailing-nonzero", .invalid, "contents_padding"),
    .init("a second container is not padding", "cms-trailing-der", .invalid, "contents_padding"),
    .init("field names are unique", "dup-field-name", .invalid, "duplicate_signature"),
    .init("a value belongs to one field", "dup-field-same-v", .invalid, "duplicate_signature"),
    // C: the message
    .init("changed bytes break the digest", "flip-range1-content", .invalid, "digest_mismatch"),
    .init("a changed signature is wrong", "flip-signature-value", .invalid, "bad_signature"),
    .init("content stays outside", "cms-attached-content", .invalid, "encapsulated_content"),
    .init("one signer a message", "cms-two-signerinfos", .refuse, "multiple_signer_infos"),
    .init("signed attributes are there", "cms-no-signed-attrs", .refuse, "no_signed_attributes"),
    .init("the digest is signed", "cms-no-messagedigest", .invalid, "missing_attribute"),
    .init(
      "CAdES binds the certificate", "cms-no-ess-cades", .invalid, "missing_signing_certificate"),
    .init("the binding fits", "cms-wrong-ess", .invalid, "signing_certificate_mismatch"),
    .init("the algorithm fits the key", "alg-mismatch-ecdsa-oid", .invalid, "algorithm_mismatch"),
    .init("MD5 is refused", "weak-md5", .refuse, "weak_digest"),
    .init("RSA below 2048 bits is refused", "weak-rsa1024", .refuse, "weak_key"),
    .init("unknown curves are refused", "curve-secp256k1", .refuse, "unsupported_algorithm"),
    // D: updates
    .init("page content stays", "isa-content", .invalid, "modified_after_signing"),
    .init(
      "content stays behind a document time stamp", "isa-content-after-dts", .invalid,
      "modified_after_signing"),
    .init("metadata stay", "isa-metadata", .invalid, "modified_after_signing"),
    .init(
      "a security store redefines nothing", "isa-dss-cover", .invalid, "modified_after_signing"),
    .init(
      "a document time stamp is invisible", "isa-dts-visible", .invalid,
      "modified_after_signing"),
    .init("an update has its own table", "isa-noxref", .invalid, "modified_after_signing"),
    .init("an update has one table", "isa-hybrid-xrefstm", .invalid, "modified_after_signing"),
    .init("objects stay where they are", "shadow-hide-free", .invalid, "modified_after_signing"),
    .init(
      "a second signature does not cure a change", "isa-resigned-by-other", .invalid,
      "modified_after_signing"),
    .init(
      "P=1 allows no further signature", "cert-p1-then-approval", .invalid,
      "docmdp_violation"),
    .init("P=3 allows no annotation here", "eaa-stamp-p3", .invalid, "modified_after_signing"),
    .init(
      "no new visible field after a certification", "ssa-trusted-new-visible-p2", .invalid,
      "new_visible_field_after_certification"),
    // E: content
    .init("scripts are refused", "active-names-js", .refuse, "active_content"),
    .init("launching is refused", "active-annot-launch", .refuse, "active_content"),
    .init("attachments are refused", "active-embedded-file", .refuse, "active_content"),
    .init("fifty pages at most", "dos-50000-pages", .refuse, "limits"),
    .init("decoded data have a limit", "dos-flate-bomb", .refuse, "limits"),
    .init("pages have a size that exists", "dos-huge-mediabox", .refuse, "limits"),
    .init("page nodes are not shared", "dos-shared-kids", .refuse, "limits"),
    // F: time, chain, revocation
    .init("the issuer is pinned", "untrusted-psre-same-root", .untrusted, "issuer_not_pinned"),
    .init(
      "a clone of the issuer is none", "untrusted-clone-chain", .untrusted,
      "untrusted_signer"),
    .init("a person issues nothing", "untrusted-ee-as-ca", .untrusted, "untrusted_signer"),
    .init("TLS certificates do not sign", "untrusted-eku-tls", .untrusted, "key_usage"),
    .init(
      "expired without proof of time", "untrusted-expired-no-poe", .untrusted,
      "expired_no_poe"),
    .init("expired at the proven time", "untrusted-expired-at-signing", .untrusted, "expired"),
    .init(
      "not valid yet at the proven time", "untrusted-not-yet-valid", .untrusted,
      "not_yet_valid"),
    .init("a stamp is about this signature", "ts-wrong-imprint", .untrusted, "bad_timestamp"),
    .init("a stamp is not from the future", "ts-future", .untrusted, "bad_timestamp"),
    .init("a stamp's authority is trusted", "ts-untrusted-tsa", .untrusted, "tsa_untrusted"),
    .init("a stamp's authority is for stamps", "ts-no-eku", .untrusted, "tsa_untrusted"),
    .init("a later stamp must be good too", "dts-untrusted-tsa", .untrusted, "tsa_untrusted"),
    .init("an expired authority by policy", "c-strict-legacy", .untrusted, "tsa_expired"),
    .init("revoked before signing", "revoked-before-signing", .untrusted, "revoked"),
    .init("revoked without a proven time", "revoked-no-timestamp", .untrusted, "revoked"),
    .init("a revoked authority", "revoked-ca", .untrusted, "revoked"),
    .init("an OCSP answer revokes", "revoked-ocsp-in-dss", .untrusted, "revoked"),
    .init(
      "a stranger's OCSP answer clears nobody", "nocrl-bad-ocsp-responder", .untrusted,
      "revocation_unknown"),
    .init("silence about revocation blocks", "c-nocrl-bb", .untrusted, "revocation_unknown"),
    .init("a list grows old", "c-stale-bb", .untrusted, "revocation_unknown"),
  ]

  @Test("a rule decides", arguments: expectations)
  func rule(_ expectation: Expectation) throws {
    let report = try Corpus.shared.report(try Corpus.shared.named(expectation.name))
    #expect(report.verdict == expectation.verdict)
    #expect(report.reason == expectation.reason)
    #expect(report.printBytes == 0)
    #expect(report.signers.isEmpty)
  }
}
