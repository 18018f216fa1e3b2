internal import COpenSSL

/// The whole verification of one document (design, section 6).
public struct DocumentVerification {
  private let trust: TrustStore
  private let policy: Policy
  /// Seconds since 1970.
  private let now: Int64

  public init(trust: TrustStore, policy: Policy, now: Int64) {
    self.trust = trust
    self.policy = policy
    self.now = now
  }

  public func verify(_ document: [UInt8]) -> DocumentReport {
    unsafe document.withUnsafeBytes { unsafe verify($0) }
  }

  /// The memory must not change while this runs.
  public func verify(_ document: UnsafeRawBufferPointer) -> DocumentReport {
    do {
      return try run(unsafe DocumentBytes(document))
    } catch let finding as Finding {
      return DocumentReport(verdict: finding.verdict, reason: finding.reason)
    } catch {
      return DocumentReport(verdict: .refuse, reason: "internal")
    }
  }

  private struct Signed {
    let field: SignatureField
    let range: SignedRange
  }

  private func run(_ bytes: DocumentBytes) throws -> DocumentReport {
    try Preflight.check(bytes, policy: policy)
    try requireClock()
    let whole = try PDFRevision(bytes, end: bytes.count)
    let pageTree = try PageTree(whole, policy: policy)

    let signatures = try self.signatures(whole, bytes)
    guard let lastPerson = signatures.last(where: { $0.field.isPerson }) else {
      throw Finding.refuse("no_signature")
    }
    let printed = try integrity(signatures, lastPerson: lastPerson, whole: whole, bytes: bytes)
    try ContentPolicy.check(whole, policy: policy)
    if printed !== whole {
      try ContentPolicy.check(printed, policy: policy)
      let before = try PageTree(printed, policy: policy)
      try require(before.pageIDs == pageTree.pageIDs, RevisionComparison.finding)
    }

    var report = DocumentReport(verdict: .valid, reason: "ok")
    report.signers = try SignerRules(trust: trust, policy: policy, now: now).verify(
      signatures.map { ($0.field, $0.range) }, bytes: bytes, whole: whole)
    report.printBytes = lastPerson.range.end
    report.printSHA256 = hexadecimal(
      try bytes.digest(.sha256, [0..<lastPerson.range.end]))
    report.pageCount = pageTree.pageIDs.count
    return report
  }

  /// A clock behind a list that an authority of ours signed is wrong, and nothing can be judged by
  /// it. Lists that a document brings do not count here.
  private func requireClock() throws {
    for list in trust.lists where list.thisUpdate > now + Policy.clockFaultSeconds {
      try require(trust.author(of: list) == nil, .refuse("clock_fault"))
    }
  }

  /// Step B: every signature of the form with its range, in the order of their revisions.
  private func signatures(_ whole: PDFRevision, _ bytes: DocumentBytes) throws -> [Signed] {
    let fields = try SignatureFields(whole, limit: policy.signaturesLimit).signatures
    try require(fields.contains { $0.isPerson }, .refuse("no_signature"))
    let signed = try fields.map { Signed(field: $0, range: try SignedRange($0, in: bytes)) }
      .sorted { $0.range.end < $1.range.end }
    for (a, b) in zip(signed, signed.dropFirst()) {
      try require(a.range.end < b.range.end, .invalid("duplicate_signature"))
    }
    return signed
  }

  /// Steps B 8, D 13 to 15. Returns the revision that is printed.
  private func integrity(
    _ signatures: [Signed], lastPerson: Signed, whole: PDFRevision, bytes: DocumentBytes
  ) throws -> PDFRevision {
    let ends = try RevisionBoundaries.find(bytes, signedEnds: signatures.map(\.range.end))
    var byEnd: [Int: Signed] = [:]
    for signature in signatures { byEnd[signature.range.end] = signature }
    var permissions = SigningPermissions()
    var previous: PDFRevision?
    var printed: PDFRevision?
    for end in ends {
      let revision = end == bytes.count ? whole : try PDFRevision(bytes, end: end)
      if revision.trailer["XRefStm"] != nil {
        // Two tables are two documents, depending on the reader.
        throw previous == nil ? Finding.refuse("hybrid_file") : RevisionComparison.finding
      }
      let signature = byEnd[end]
      if let signature {
        let then = try SignatureFields(revision, limit: policy.signaturesLimit).signatures
        guard let same = then.first(where: { $0.fieldID == signature.field.fieldID }),
          same.value == signature.field.value, same.valueID == signature.field.valueID,
          same.kind == signature.field.kind
        else { throw RevisionComparison.finding }
        try permissions.admit(signature.field, isFirst: previous == nil)
      }
      if let previous {
        let table = try continued(previous, revision, bytes)
        // A person's signature is allowed only where its own revision ends.
        try RevisionComparison.check(
          old: previous, new: revision, table: table, signature: signature?.field,
          isCertified: permissions.isCertified)
      }
      if end == lastPerson.range.end { printed = revision }
      previous = revision
    }
    guard let printed, previous === whole else { throw RevisionComparison.finding }
    return printed
  }

  /// An update continues the revision before it and no other. Returns its own table.
  private func continued(
    _ old: PDFRevision, _ new: PDFRevision, _ bytes: DocumentBytes
  ) throws -> CrossReferences {
    guard let before = RevisionEnd(bytes, end: old.end),
      let mark = RevisionEnd(bytes, end: new.end),
      new.trailer["Prev"]?.asInteger == Int64(before.startxref)
    else { throw RevisionComparison.finding }
    return try CrossReferences(bytes.prefix(new.end), at: mark.startxref, of: new)
  }
}
