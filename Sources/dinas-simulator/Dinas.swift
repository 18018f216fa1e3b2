import DinasProtocol
import OfficeModel

/// The office behind the API: every rule of it is here, and nothing of HTTP.
actor Dinas {
  /// More than a demonstration ever sends; beyond it the answer is 503.
  static let recordLimit = 100_000

  private let office: LoadedOffice
  private let clock: @Sendable () -> Timestamp
  private let save: @Sendable (DinasRecord) throws -> Void
  private var record: DinasRecord
  private var journal: ChangeJournal
  private var backup: (journal: ChangeJournal, record: DinasRecord)?
  private var tries: PINTries
  private(set) var checks = 0

  init(
    office: LoadedOffice, record: DinasRecord = DinasRecord(),
    clock: @escaping @Sendable () -> Timestamp,
    save: @escaping @Sendable (DinasRecord) throws -> Void = { _ in }
  ) {
    self.office = office
    tries = PINTries(office.tries)
    self.clock = clock
    self.save = save
    self.record = record
    journal = ChangeJournal(office, rights: record.rights ?? PrintRights())
    if record.rights == nil { for report in record.reports { journal.apply(report) } }
    self.record.rights = journal.rights
  }

  func ping() -> Pong { Pong(serverTime: clock()) }

  func changes(since cursor: String?, for kiosk: String) throws -> ChangesBody {
    try durably { try readyPage(since: cursor, for: kiosk) }
  }

  private func readyPage(since cursor: String?, for kiosk: String) throws -> ChangesBody {
    if cursor == nil {
      journal.orphan(kiosk)
    } else {
      journal.lendInAdvance(
        to: kiosk, for: .seconds(office.leases.advanceMinutes * 60), at: clock())
    }
    guard var page = journal.page(since: cursor, for: kiosk, at: clock()) else {
      throw DinasRefusal(.cursorExpired, "this cursor is not of this data; start without one")
    }
    // What it begins anew with may be lost on the way, and is then asked for without a cursor again:
    // rights are lent once it shows that it kept the first page.
    if cursor == nil, journal.isPickUpPlace(kiosk) { page.hasMore = true }
    if cursor == nil || !page.hasMore {
      page.queue = record.book.news(
        for: kiosk, isFresh: cursor == nil, office.queue, at: clock())
    }
    return page
  }

  /// What is lent, freed or received is written down before anybody hears of it; what cannot be written
  /// down has not happened.
  private func durably<Value>(_ work: () throws -> Value) throws -> Value {
    let before = (record: record, journal: journal)
    do {
      let value = try work()
      record.rights = journal.rights
      if record != before.record { try save(record) }
      return value
    } catch {
      (record, journal) = before
      throw error
    }
  }

  /// The first `count` invented applications change, or come to be.
  func invent(_ count: Int) {
    journal.invent(count, today: LocalTime(clock(), in: office.zone).date)
  }

  func tell(_ news: OfficeNews) { journal.tell(news) }

  func offer(_ list: [UInt8], as id: String) { journal.offer(list, as: id) }

  func revocationList(_ id: String) throws(DinasRefusal) -> [UInt8] {
    guard let bytes = journal.revocationList(id) else {
      throw DinasRefusal(.notFound, "no revocation list of this id is offered")
    }
    return bytes
  }

  /// Keeps all there is, for `restore`.
  func backUp() { backup = (journal, record) }

  /// Sets the changes back, or everything that kiosks told since. False while there is no backup.
  func restore(everything: Bool = false) throws -> Bool {
    guard let backup else { return false }
    try durably {
      journal.restore(backup.journal, forgetsRights: everything)
      if everything { record = backup.record }
    }
    return true
  }

  func document(_ id: String) throws(DinasRefusal) -> [UInt8] {
    guard let bytes = journal.sealedBytes(id) else {
      throw DinasRefusal(.notFound, "no document of this id waits here")
    }
    return bytes
  }

  func lease(_ request: LeaseRequest) throws -> LeaseAnswer {
    let now = clock()
    let answer = try durably {
      journal.lend(
        request.documentID, to: request.kiosk, as: request.id,
        for: .seconds(office.leases.selectionMinutes * 60), at: now)
    }
    switch answer {
    case .lent(let lease):
      return LeaseAnswer(
        documentID: request.documentID, serverTime: now,
        lease: PrintLease(id: lease.id, until: lease.until))
    case .refused(let refusal, let until):
      return LeaseAnswer(
        documentID: request.documentID, serverTime: now, refusal: refusal, heldUntil: until)
    case .idIsUsed:
      throw DinasRefusal(.conflict, "this lease was given back, or its id used before")
    }
  }

  /// See `PrintRights.free`.
  func free(_ documentID: String) throws {
    try durably { journal.free(documentID) }
  }

  /// The same steps whether the NIK is known or not: count, compare against the true or a dummy
  /// key, answer.
  func check(_ credential: CredentialCheck) throws(DinasRefusal) -> CredentialAnswer {
    checks += 1
    let now = clock()
    var found: LoadedOffice.Credential?
    switch credential {
    case .pin(let nikKey, let pinKey):
      if let until = tries.lockedUntil(nikKey, at: now) {
        return CredentialAnswer(accepted: false, triesLeft: 0, lockedUntil: until)
      }
      let candidates = office.credentials.filter { $0.nikKey == nikKey }
      for candidate in candidates.isEmpty ? [nil] : candidates.map(Optional.some) {
        let expected = candidate?.pinKey ?? String(repeating: "-", count: 43)
        if equalInConstantTime(expected, pinKey) { found = candidate }
      }
      if found == nil {
        let left = try tries.countWrong(nikKey, at: now)
        return CredentialAnswer(
          accepted: false, triesLeft: left, lockedUntil: tries.lockedUntil(nikKey, at: now))
      }
    case .qr(let qrKey):
      found = office.credentials.first { $0.qrKey.map { equalInConstantTime($0, qrKey) } ?? false }
    }
    guard let found else { return CredentialAnswer(accepted: false, triesLeft: tries.limit) }
    guard !found.isExpired else {
      return CredentialAnswer(accepted: false, triesLeft: tries.limit, expired: true)
    }
    if let id = found.documentID, journal.isPrinted(id) {
      return CredentialAnswer(accepted: false, triesLeft: tries.limit, spent: true)
    }
    // Who holds the print PIN of one document may still be guessing the access PIN; and a code that
    // was scanned says nothing of the PIN.
    if found.documentID == nil, case .pin(let nikKey, _) = credential { tries.clear(nikKey) }
    let documents = journal.documents(of: found.nikKey).filter {
      (found.documentID ?? $0.summary.id) == $0.summary.id
    }
    return CredentialAnswer(
      accepted: true, nikKey: found.nikKey, documents: documents, triesLeft: tries.limit,
      kind: found.documentID == nil ? .access : .print, validUntil: found.validUntil)
  }

  func receive(_ report: TicketReport) throws(DinasRefusal) -> TicketReceipt {
    try refuseWhenFull(record.book.entries.count)
    return try record.book.receive(report, at: clock())
  }

  func next(_ request: TicketRequest) throws(DinasRefusal) -> TicketAnswer {
    try refuseWhenFull(record.book.entries.count)
    return try record.book.next(request, office.queue, at: clock())
  }

  func void(_ void: TicketVoid) throws(DinasRefusal) -> VoidReceipt {
    try refuseWhenFull(record.book.voids.count)
    return record.book.void(void, at: clock())
  }

  func receive(_ report: KioskReport) throws(DinasRefusal) -> ReportReceipt {
    try refuseWhenFull(record.reports.count)
    record.reports.append(report)
    journal.apply(report)
    return ReportReceipt(id: report.id, receivedAt: clock())
  }

  private func refuseWhenFull(_ count: Int) throws(DinasRefusal) {
    guard count < Self.recordLimit else {
      throw DinasRefusal(.unavailable, "the simulator's record is full")
    }
  }

  /// Answers a request that may come twice: the first time by `work`, later from the record.
  /// Actor isolation makes looking up, working and recording one step.
  func once(
    key: String, path: String, body: [UInt8],
    _ work: @Sendable (isolated Dinas) throws -> [UInt8]
  ) throws -> (status: Int, body: [UInt8]) {
    let hash = WireHash.sha256(body)
    if let known = record.answers[key] {
      guard known.path == path, known.requestSHA256 == hash else {
        throw DinasRefusal(.conflict, "this idempotency key came with another request")
      }
      return (known.status, known.body)
    }
    return try durably {
      let answer = try work(self)
      record.answers[key] = DinasRecord.Answer(
        path: path, requestSHA256: hash, status: 201, body: answer)
      return (201, answer)
    }
  }

  func call(_ number: String, counter: String, isPriority: Bool) throws {
    try durably {
      journal.call(NowServingRow(number: number, counter: counter, isPriority: isPriority))
      record.book.call(number, on: LocalTime(clock(), in: office.queue.zone).date)
    }
  }

  func clear() throws {
    record = DinasRecord()
    tries = PINTries(office.tries)
    checks = 0
    journal.restart(office)
    try save(record)
  }

  var received: DinasRecord { record }
  var printsLeft: [String: Int] { journal.printsLeft }
  var lockedCredentials: Int { tries.locked(at: clock()) }
}

/// A request is refused, with the problem that says why.
struct DinasRefusal: Error, CustomStringConvertible {
  let problem: Problem
  var retryAfterSeconds: Int?

  init(_ code: Problem.Code, _ detail: String) {
    problem = Problem(code, title: Self.title(code), detail: detail)
  }

  var description: String { "\(problem.status) \(problem.code.rawValue)" }

  private static func title(_ code: Problem.Code) -> String {
    switch code {
    case .badRequest: "Bad Request"
    case .unauthorized: "Unauthorized"
    case .notFound: "Not Found"
    case .methodNotAllowed: "Method Not Allowed"
    case .conflict: "Conflict"
    case .cursorExpired: "Gone"
    case .tooLarge: "Content Too Large"
    case .unsupportedMediaType: "Unsupported Media Type"
    case .invalid: "Unprocessable Content"
    case .tooManyRequests: "Too Many Requests"
    case .unavailable: "Service Unavailable"
    }
  }
}
