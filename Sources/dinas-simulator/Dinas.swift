import DinasProtocol
import OfficeModel

/// The office behind the API: every rule of it is here, and nothing of HTTP.
actor Dinas {
  /// More than a demonstration ever sends; beyond it the answer is 503.
  static let recordLimit = 100_000
  static let tryKeysLimit = 10_000

  private let office: LoadedOffice
  private let clock: @Sendable () -> Timestamp
  private let save: @Sendable (DinasRecord) throws -> Void
  private var record: DinasRecord
  private var journal: ChangeJournal
  private var tries: [String: TryCount] = [:]
  private(set) var checks = 0

  init(
    office: LoadedOffice, record: DinasRecord = DinasRecord(),
    clock: @escaping @Sendable () -> Timestamp,
    save: @escaping @Sendable (DinasRecord) throws -> Void = { _ in }
  ) {
    self.office = office
    self.clock = clock
    self.save = save
    self.record = record
    journal = ChangeJournal(office)
    for report in record.reports { journal.apply(report) }
  }

  func ping() -> Pong { Pong(serverTime: clock()) }

  func changes(since cursor: String?) throws(DinasRefusal) -> ChangesBody {
    guard let page = journal.page(since: cursor, at: clock()) else {
      throw DinasRefusal(.cursorExpired, "this cursor is not of this data; start without one")
    }
    return page
  }

  /// The first `count` invented applications change, or come to be.
  func invent(_ count: Int) {
    journal.invent(count, today: LocalTime(clock(), in: office.zone).date)
  }

  func document(_ id: String) throws(DinasRefusal) -> [UInt8] {
    guard let bytes = journal.sealedBytes(id) else {
      throw DinasRefusal(.notFound, "no document of this id waits here")
    }
    return bytes
  }

  /// The same steps whether the NIK is known or not: count, compare against the true or a dummy
  /// key, answer.
  func check(_ credential: CredentialCheck) throws(DinasRefusal) -> CredentialAnswer {
    checks += 1
    let now = clock()
    let countedUnder: String
    let found: LoadedOffice.Credential?
    let isRight: Bool
    switch credential {
    case .pin(let nikKey, let pinKey):
      countedUnder = nikKey
      found = office.credentials.first { $0.nikKey == nikKey }
      let expected = found?.pinKey ?? String(repeating: "-", count: 43)
      isRight = equalInConstantTime(expected, pinKey) && found?.pinKey != nil
    case .qr(let qrKey):
      // A payload nobody knows belongs to nobody: all of them share one count.
      countedUnder = "qr"
      found = office.credentials.first { $0.qrKey.map { equalInConstantTime($0, qrKey) } ?? false }
      isRight = found != nil
    }
    var count = tries[countedUnder] ?? TryCount()
    if let until = count.lockedUntil {
      guard until <= now else {
        return CredentialAnswer(accepted: false, triesLeft: 0, lockedUntil: until)
      }
      count = TryCount()
    }
    guard isRight, let found else {
      count.failures += 1
      if count.failures >= office.tries.limit {
        count.lockedUntil = now.adding(.seconds(office.tries.lockMinutes * 60))
      }
      try remember(count, under: countedUnder, now: now)
      return CredentialAnswer(
        accepted: false, triesLeft: max(0, office.tries.limit - count.failures),
        lockedUntil: count.lockedUntil)
    }
    tries[countedUnder] = nil
    guard !found.isExpired else {
      return CredentialAnswer(accepted: false, triesLeft: office.tries.limit, expired: true)
    }
    return CredentialAnswer(
      accepted: true, nikKey: found.nikKey, documents: journal.documents(of: found.nikKey),
      triesLeft: office.tries.limit)
  }

  private func remember(
    _ count: TryCount, under key: String, now: Timestamp
  ) throws(DinasRefusal) {
    if tries[key] == nil, tries.count >= Self.tryKeysLimit {
      tries = tries.filter { $0.value.lockedUntil.map { $0 > now } ?? false }
      guard tries.count < Self.tryKeysLimit else {
        throw DinasRefusal(.tooManyRequests, "too many credentials are locked")
      }
    }
    tries[key] = count
  }

  func receive(_ ticket: IssuedTicket) throws(DinasRefusal) -> TicketReceipt {
    let isTaken = record.tickets.contains {
      $0.date == ticket.date && $0.number == ticket.number
    }
    guard !isTaken else {
      throw DinasRefusal(.conflict, "this number is already given on this day")
    }
    try refuseWhenFull(record.tickets.count)
    let waiting = record.tickets.count {
      $0.date == ticket.date && $0.lane == ticket.lane
        && $0.number.series == ticket.number.series
    }
    record.tickets.append(ticket)
    return TicketReceipt(id: ticket.id, receivedAt: clock(), waitingBefore: waiting)
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
    let before = (record: record, journal: journal)
    do {
      let answer = try work(self)
      record.answers[key] = DinasRecord.Answer(
        path: path, requestSHA256: hash, status: 201, body: answer)
      try save(record)
      return (201, answer)
    } catch {
      (record, journal) = before
      throw error
    }
  }

  func call(_ number: String, counter: String, isPriority: Bool) {
    journal.call(NowServingRow(number: number, counter: counter, isPriority: isPriority))
  }

  func clear() throws {
    record = DinasRecord()
    tries = [:]
    checks = 0
    journal.restart(office)
    try save(record)
  }

  var received: DinasRecord { record }
  var lockedCredentials: Int { tries.values.count { $0.lockedUntil.map { $0 > clock() } ?? false } }
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
