import DinasProtocol
import OfficeModel

/// Every row with the number of its last change; a cursor is the number a kiosk has seen.
struct ChangeJournal: Sendable {
  private var generation: String
  private var sequence = 0
  /// Grows with every restart, so that cursors from before it are recognised.
  private var restarts = 0
  private var applications: [(sequence: Int, row: ChangesBody.Application)] = []
  private var documents: [(sequence: Int, document: LoadedOffice.SealedDocument, isGone: Bool)] = []
  private var announcements: [Announcement] = []
  private var board: [NowServingRow] = []
  /// Where the invented applications begin, and how often they were changed.
  private var invented: (start: Int, rounds: Int)?

  init(_ office: LoadedOffice) {
    generation = office.generation
    load(office)
  }

  private mutating func load(_ office: LoadedOffice) {
    sequence = 0
    applications = office.applications.map { (next(), $0) }
    documents = office.documents.map { (next(), $0, false) }
    announcements = office.announcements
    board = office.nowServing
    invented = nil
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

  mutating func restart(_ office: LoadedOffice) {
    restarts += 1
    generation = "\(office.generation)-\(restarts)"
    load(office)
  }

  private mutating func next() -> Int {
    sequence += 1
    return sequence
  }

  /// Nil when the cursor is not of this journal.
  func page(since cursor: String?, at now: Timestamp) -> ChangesBody? {
    var seen = 0
    if let cursor {
      let parts = cursor.split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count == 2, parts[0] == generation, let number = Int(parts[1]),
        (0...sequence).contains(number)
      else { return nil }
      seen = number
    }
    let last = min(sequence, seen + DinasAPI.Limit.rowsPerPage)
    let range = seen + 1..<last + 1
    return ChangesBody(
      serverTime: now, cursor: "\(generation).\(last)", hasMore: last < sequence,
      applications: applications.filter { range.contains($0.sequence) }.map(\.row),
      documents: documents.filter { range.contains($0.sequence) }.map {
        .init(
          id: $0.document.offer.summary.id, nikKey: $0.document.nikKey,
          offer: $0.isGone ? nil : $0.document.offer)
      }, announcements: announcements, nowServing: board)
  }

  func documents(of nikKey: String) -> [DocumentOffer] {
    documents.filter { $0.document.nikKey == nikKey && !$0.isGone }.map(\.document.offer)
  }

  func sealedBytes(_ id: String) -> [UInt8]? {
    documents.first { $0.document.offer.summary.id == id && !$0.isGone }?.document.bytes
  }

  /// A delivered print spends the right; with the last one the document is handed over. After an
  /// unknown end no print is offered: somebody would have to look for the paper first.
  mutating func apply(_ report: KioskReport) {
    guard case .printOutcome(let id, _, let outcome) = report.content, outcome != .notPrinted,
      let index = documents.firstIndex(where: { $0.document.offer.summary.id == id }),
      !documents[index].isGone
    else { return }
    guard outcome == .delivered else {
      documents[index].document.offer.summary.printsLeft = 0
      documents[index].sequence = next()
      return
    }
    documents[index].document.offer.summary.printsLeft -= 1
    if documents[index].document.offer.summary.printsLeft <= 0 {
      documents[index].isGone = true
      if let registration = documents[index].document.registrationKey,
        let place = applications.firstIndex(where: { $0.row.registrationKey == registration })
      {
        applications[place].row.status?.step = .handedOver
        applications[place].sequence = next()
      }
    }
    documents[index].sequence = next()
  }

  /// A counter calls a number; it takes the counter's place on the board.
  mutating func call(_ row: NowServingRow) {
    board.removeAll { $0.counter == row.counter }
    board.insert(row, at: 0)
    board = Array(board.prefix(DinasAPI.Limit.nowServing))
  }
}
