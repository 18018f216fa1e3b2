internal import DinasProtocol
internal import FoundationEssentials
internal import NIOHTTP1
internal import OfficeModel
internal import Ports

/// Each call of the port, between its values and the wire's.
extension DinasClient {
  /// A cursor that the server no longer knows fails with `notFound` and the detail
  /// `410 cursor-expired`: start over without one.
  func fetchChanges(_ cursor: String?) async throws(PortError) -> ChangesPage {
    let step = "GET \(DinasAPI.Path.changes)"
    if let cursor {
      try checked(step) { () throws(WireProblem) in try Check.cursor(cursor, "since") }
    }
    return try Self.changesPage(
      await exchange(
        Exchange(
          step: step, method: .GET,
          path: DinasAPI.Path.changes(since: cursor, kiosk: settings.kiosk),
          limitBytes: DinasAPI.Limit.pageBytes, timeLimit: settings.answerLimit,
          page: .init(since: cursor))))
  }

  /// A revocation list as it was signed; whoever asks compares it with the offer.
  func fetchRevocationList(_ id: String, limit: Int) async throws(PortError) -> [UInt8] {
    let step = "GET \(DinasAPI.Path.revocationLists)"
    try checked(step) { () throws(WireProblem) in try Check.identifier(id, "id") }
    return try await exchange(
      Exchange(
        step: step, method: .GET, path: DinasAPI.Path.revocationList(id),
        accepted: DinasAPI.MediaType.revocationList,
        limitBytes: max(0, min(limit, DinasAPI.Limit.revocationListBytes)),
        timeLimit: settings.documentLimit))
  }

  func fetchDocument(_ id: String, limit: Int) async throws(PortError) -> [UInt8] {
    // The id is left out: it is not personal, but a step should group in a log.
    let step = "GET \(DinasAPI.Path.documents)"
    try checked(step) { () throws(WireProblem) in try Check.identifier(id, "id") }
    return try await exchange(
      Exchange(
        step: step, method: .GET, path: DinasAPI.Path.document(id),
        accepted: DinasAPI.MediaType.sealedDocument,
        limitBytes: max(0, min(limit, DinasAPI.Limit.sealedDocumentBytes)),
        timeLimit: settings.documentLimit))
  }

  func checkCredential(_ proof: CredentialProof) async throws(PortError) -> CredentialVerdict {
    let check: CredentialCheck =
      switch proof {
      case .pin(let nik, let pin): .pin(nikKey: nik.value, pinKey: pin.value)
      case .qr(let payload): .qr(qrKey: payload.value)
      }
    let step = "POST \(DinasAPI.Path.credentialCheck)"
    let answer = try await post(
      DinasAPI.Path.credentialCheck, check, CredentialAnswer.self, step: step, key: nil)
    if let nikKey = answer.nikKey {
      if case .pin(let asked, _) = proof, asked.value != nikKey {
        throw PortError(.malformed, step: step, detail: "documents of somebody else")
      }
      return .accepted(
        nik: LookupKey(value: nikKey), documents: answer.documents.map(\.summary),
        kind: answer.kind ?? .access, validUntil: answer.validUntil)
    }
    if answer.expired { return .expired }
    if answer.spent { return .spent }
    if answer.lockedUntil != nil || answer.triesLeft == 0 {
      return .locked(until: answer.lockedUntil)
    }
    return .wrong(triesLeft: answer.triesLeft)
  }

  /// Asks for the right to print a document, under an id that was never used.
  func leasePrint(
    _ documentID: String, id: String
  ) async throws(PortError) -> LeaseVerdict {
    let step = "POST \(DinasAPI.Path.printLease)"
    let answer = try await post(
      DinasAPI.Path.printLease,
      LeaseRequest(id: id, kiosk: settings.kiosk, documentID: documentID),
      LeaseAnswer.self, step: step, key: nil)
    guard answer.documentID == documentID, answer.lease.map({ $0.id == id }) ?? true else {
      throw PortError(.malformed, step: step, detail: "another lease than was asked for")
    }
    if let lease = answer.lease { return .granted(until: lease.until) }
    switch answer.refusal {
    case .heldElsewhere: return .heldElsewhere(until: answer.heldUntil)
    case .undecided: return .undecided
    case .gone, nil: return .gone
    }
  }

  /// The body of a `ticket` is a `TicketReport`, of a `ticketVoid` a `TicketVoid`; of the others it
  /// needs only what the kind has of its own (`documentID`, `jobKey`, `outcome`, `score`, `screen`):
  /// id, kind and time are the item's. Sending an item twice sends the same bytes.
  func send(_ item: OutboxItem) async throws(PortError) {
    switch item.kind {
    case .ticket: try await sendTicket(item)
    case .ticketVoid: try await sendVoid(item)
    case .printReserved, .printOutcome, .leaseReturned, .survey, .complaint, .staffCall,
      .auditHead:
      let step = "POST \(DinasAPI.Path.events)"
      let report = try checked(step) { () throws(WireProblem) in try Self.report(item) }
      let receipt = try await post(
        DinasAPI.Path.events, report, ReportReceipt.self, step: step, key: item.id)
      try confirm(receipt.id, item.id, step)
    }
  }

  /// A receipt for something else is no receipt.
  func confirm(
    _ received: String, _ sent: String, _ step: String
  ) throws(PortError) {
    guard received == sent else {
      throw PortError(.malformed, step: step, detail: "a receipt for another item")
    }
  }

  private struct ReportFields: Decodable {
    var documentID: String?
    var jobKey: String?
    var leaseID: String?
    var outcome: PrintOutcome?
    var finding: PrintFinding?
    var score: Int?
    var number: String?
    var about: ComplaintKind?
    var screen: String?
    var sequence: Int64?
    var hash: String?
  }

  private static func report(_ item: OutboxItem) throws(WireProblem) -> KioskReport {
    let fields: ReportFields
    do {
      fields = try JSONDecoder().decode(ReportFields.self, from: Data(item.body))
    } catch {
      throw WireProblem("body", "a JSON object of \(item.kind.rawValue)")
    }
    let content: KioskReport.Content
    switch (item.kind, fields.documentID, fields.jobKey) {
    case (.printReserved, let document?, let job?):
      content = .printReserved(documentID: document, jobKey: job, leaseID: fields.leaseID)
    case (.printOutcome, let document?, let job?):
      guard let outcome = fields.outcome else { throw WireProblem("outcome", "is missing") }
      content = .printOutcome(
        documentID: document, jobKey: job, outcome: outcome, finding: fields.finding)
    case (.leaseReturned, let document?, _):
      guard let lease = fields.leaseID else { throw WireProblem("leaseID", "is missing") }
      content = .leaseReturned(documentID: document, leaseID: lease)
    case (.survey, _, _):
      guard let score = fields.score else { throw WireProblem("score", "is missing") }
      content = .survey(score: score)
    case (.complaint, _, _):
      guard let number = fields.number, let about = fields.about else {
        throw WireProblem("number and about", "are missing")
      }
      content = .complaint(number: number, about: about)
    case (.staffCall, _, _):
      guard let screen = fields.screen else { throw WireProblem("screen", "is missing") }
      content = .staffCall(screen: screen)
    case (.auditHead, _, _):
      guard let sequence = fields.sequence, let hash = fields.hash else {
        throw WireProblem("sequence and hash", "are missing")
      }
      content = .auditHead(sequence: sequence, hash: hash)
    default: throw WireProblem("body", "documentID and jobKey")
    }
    let report = KioskReport(id: item.id, at: item.createdAt, content: content)
    try report.check()
    return report
  }

  /// What breaks a rule on our side is refused before it is sent; sending it again would not help.
  func checked<Value>(
    _ step: String, _ body: () throws(WireProblem) -> Value
  ) throws(PortError) -> Value {
    do { return try body() } catch {
      throw PortError(.refused, step: step, detail: "not sent: \(error.description)")
    }
  }
}
