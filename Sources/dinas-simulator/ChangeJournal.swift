import DinasProtocol
import OfficeModel

/// Every row with the number of its last change; a cursor is the number a kiosk has seen.
struct ChangeJournal: Sendable {
  private var generation: String
  private var sequence = 0
  /// How often it was restored: a number of another life of the server is not one of this.
  private var era = 0
  /// Grows with every restart, so that cursors from before it are recognised.
  private var restarts = 0
  private var applications: [(sequence: Int, row: ChangesBody.Application)] = []
  private var documents: [(sequence: Int, document: LoadedOffice.SealedDocument, isGone: Bool)] = []
  private(set) var rights: PrintRights
  private var offline = OfflineChecks()
  private var credentials: [LoadedOffice.Credential] = []
  private var bulletin = OfficeBulletin()
  private var board: [NowServingRow] = []
  /// Where the invented applications begin, and how often they were changed.
  private var invented: (start: Int, rounds: Int)?

  init(_ office: LoadedOffice, rights: PrintRights = PrintRights()) {
    generation = office.generation
    self.rights = rights
    load(office)
    recountAll()
  }

  private mutating func load(_ office: LoadedOffice) {
    sequence = 0
    applications = office.applications.map { (next(), $0) }
    documents = office.documents.map { (next(), $0, false) }
    credentials = office.credentials
    bulletin = OfficeBulletin()
    if !office.announcements.isEmpty { tell(OfficeNews(announcements: office.announcements)) }
    board = office.nowServing
    invented = nil
  }

  mutating func tell(_ news: OfficeNews) {
    var bulletin = bulletin
    bulletin.tell(news) { next() }
    self.bulletin = bulletin
  }

  mutating func offer(_ list: [UInt8], as id: String) {
    var bulletin = bulletin
    bulletin.offer(list, as: id) { next() }
    self.bulletin = bulletin
  }

  func revocationList(_ id: String) -> [UInt8]? { bulletin.list(id) }

  /// Goes back to what was known then, as a server does that is set up again from a backup; the changes
  /// that follow get numbers that were used before.
  /// - Parameter forgetsRights: Also what was lent and printed since, which otherwise stays known.
  mutating func restore(_ backup: ChangeJournal, forgetsRights: Bool) {
    let (rights, offline, eras) = (rights, offline, era + 1)
    self = backup
    if !forgetsRights { self.rights = rights }
    // Made slowly on purpose, and of nothing that the backup could change.
    self.offline = offline
    era = eras
    recountAll()
  }

  /// The first `count` invented applications are news: new ones, or one step on.
  mutating func invent(_ count: Int, today: CivilDate) {
    let (start, round) = invented ?? (applications.count, 0)
    for index in 0..<count {
      let row = InventedApplications.row(index, round: round, today: today)
      if start + index < applications.count {
        applications[start + index] = (next(), row)
      } else {
        applications.append((next(), row))
      }
    }
    invented = (start, round + 1)
  }

  private var name: String { era == 0 ? generation : "\(generation)_\(era)" }

  mutating func restart(_ office: LoadedOffice) {
    restarts += 1
    generation = "\(office.generation)-\(restarts)"
    rights = PrintRights()
    load(office)
  }

  private mutating func next() -> Int {
    sequence += 1
    return sequence
  }

  /// Nil when the cursor is not of this journal.
  func page(since cursor: String?, for kiosk: String = "", at now: Timestamp) -> ChangesBody? {
    var seen = 0
    if let cursor {
      let parts = cursor.split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count == 2, parts[0] == name, let number = Int(parts[1]),
        (0...sequence).contains(number)
      else { return nil }
      seen = number
    }
    let last = min(sequence, seen + DinasAPI.Limit.rowsPerPage)
    let range = seen + 1..<last + 1
    return ChangesBody(
      serverTime: now, cursor: "\(name).\(last)", hasMore: last < sequence,
      applications: applications.filter { range.contains($0.sequence) }.map(\.row),
      documents: documents.filter { range.contains($0.sequence) }.map {
        row($0.document, isGone: $0.isGone, for: kiosk)
      }, nowServing: board, office: bulletin.page(range))
  }

  private func row(
    _ document: LoadedOffice.SealedDocument, isGone: Bool, for kiosk: String
  ) -> ChangesBody.Document {
    let id = document.offer.summary.id
    guard !isGone else { return .init(id: id, nikKey: document.nikKey, offer: nil) }
    var offer = document.offer
    if document.kiosk == kiosk, let lease = rights.leaseInAdvance(of: id, to: kiosk) {
      offer.lease = PrintLease(id: lease.id, until: lease.until)
      offer.offline = offline.made[id]
    }
    return .init(id: id, nikKey: document.nikKey, offer: offer)
  }

  func documents(of nikKey: String) -> [DocumentOffer] {
    documents.filter { $0.document.nikKey == nikKey && !$0.isGone }.map(\.document.offer)
  }

  func sealedBytes(_ id: String) -> [UInt8]? {
    documents.first { $0.document.offer.summary.id == id && !$0.isGone }?.document.bytes
  }

  /// What is counted of each document, also of those that were handed over.
  var printsLeft: [String: Int] {
    documents.reduce(into: [:]) { counts, entry in
      counts[entry.document.offer.summary.id] =
        entry.isGone ? 0 : entry.document.offer.summary.printsLeft
    }
  }

  /// Whether its last print was delivered.
  func isPrinted(_ id: String) -> Bool {
    documents.contains { $0.document.offer.summary.id == id && $0.isGone }
  }

  /// A delivered print spends the right; with the last one the document is handed over. After an
  /// unknown end no print is offered before staff have looked for the paper.
  mutating func apply(_ report: KioskReport) {
    guard rights.take(report), case .printOutcome(let id, _, _, _) = report.content else { return }
    recount(id)
  }

  /// See `PrintRights.free`.
  mutating func free(_ id: String) {
    rights.free(id)
    recount(id)
  }

  private mutating func recountAll() {
    for id in documents.map(\.document.offer.summary.id) { recount(id) }
  }

  private mutating func recount(_ id: String) {
    guard let index = documents.firstIndex(where: { $0.document.offer.summary.id == id }),
      // A card has no print to count.
      !documents[index].isGone, !documents[index].document.offer.summary.isCard
    else { return }
    let left = documents[index].document.granted - rights.delivered(id)
    documents[index].isGone = left <= 0
    let offered = rights.isUnknown(id) ? 0 : max(0, left)
    guard documents[index].isGone || documents[index].document.offer.summary.printsLeft != offered
    else { return }
    documents[index].document.offer.summary.printsLeft = offered
    documents[index].sequence = next()
    guard documents[index].isGone,
      let registration = documents[index].document.registrationKey,
      let place = applications.firstIndex(where: { $0.row.registrationKey == registration })
    else { return }
    applications[place].row.status?.step = .handedOver
    applications[place].sequence = next()
  }

  /// The right to print a document, for a kiosk that asks for it.
  mutating func lend(
    _ id: String, to kiosk: String, as leaseID: String, for duration: Duration,
    at now: Timestamp
  ) -> PrintRights.Answer {
    guard
      let entry = documents.first(where: { $0.document.offer.summary.id == id && !$0.isGone }),
      !entry.document.offer.summary.isCard
    else { return .refused(.gone) }
    return rights.lend(id, to: kiosk, as: leaseID, for: duration, at: now)
  }

  /// See `PrintRights.orphan`.
  mutating func orphan(_ kiosk: String) { rights.orphan(kiosk) }

  func isPickUpPlace(_ kiosk: String) -> Bool {
    documents.contains { $0.document.kiosk == kiosk && !$0.isGone }
  }

  /// Lends the rights of all documents that wait at this kiosk.
  mutating func lendInAdvance(
    to kiosk: String, for duration: Duration, at now: Timestamp
  ) {
    for index in documents.indices {
      let entry = documents[index]
      let id = entry.document.offer.summary.id
      guard entry.document.kiosk == kiosk, !entry.isGone, !entry.document.offer.summary.isCard,
        entry.document.offer.summary.printsLeft > 0
      else { continue }
      offline.make(of: id, nikKey: entry.document.nikKey, credentials)
      guard rights.lendInAdvance(id, to: kiosk, for: duration, at: now) != nil else { continue }
      documents[index].sequence = next()
    }
  }

  /// A counter calls a number; it takes the counter's place on the board.
  mutating func call(_ row: NowServingRow) {
    board.removeAll { $0.counter == row.counter }
    board.insert(row, at: 0)
    board = Array(board.prefix(DinasAPI.Limit.nowServing))
  }
}
