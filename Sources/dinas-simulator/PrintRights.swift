import DinasProtocol
import OfficeModel

/// To whom the right to print each document is lent, and what was reported of the prints under it. A
/// part of the record, so it is written down before anybody is told.
struct PrintRights: Codable, Hashable, Sendable {
  /// A promise to one kiosk that holds until its time is over or that kiosk gives it back, whatever
  /// else it asks for. It is never prolonged: who wants more time gets another one beside it, so that
  /// what is given back late takes nothing from what was granted since.
  struct Lease: Codable, Sendable, Hashable {
    var id: String
    /// Empty: it was given back before it was asked for.
    var kiosk: String
    var until: Timestamp
    /// Lent with a page of changes, because the kiosk is the pick-up place.
    var isInAdvance = false
    var isReturned = false
    /// The store that had it may be gone, and with it what was printed under it: for the one that came
    /// in its place it is another kiosk's.
    var isOrphaned = false

    func runs(at now: Timestamp) -> Bool {
      !isReturned && until.adding(PrintRights.clockGrace) > now
    }
  }

  private struct Job: Codable, Hashable {
    var documentID: String
    /// Nil where the lease it was printed under is not known here.
    var kiosk: String?
    /// Nil: reserved, and nothing was reported of its end.
    var outcome: PrintOutcome?
    /// Staff of the Dinas wait for its end no more. It has none for all that: when its kiosk comes back
    /// and tells one, that counts.
    var isFreed = false
    /// See `Lease.isOrphaned`.
    var isOrphaned = false

    /// Nobody knows whether paper came out, and somebody will find out.
    var isUndecided: Bool { !isFreed && outcome == .unknown }
  }

  /// Added to a lease before its right goes to another kiosk: two clocks that are both trusted still
  /// differ a little.
  static let clockGrace = Duration.seconds(120)

  /// By document, in the order they were granted; also those that are over, whose ids stay used.
  private(set) var leases: [String: [Lease]] = [:]
  private var jobs: [String: Job] = [:]

  enum Answer: Hashable {
    case lent(Lease)
    case refused(LeaseAnswer.Refusal, until: Timestamp? = nil)
    /// The id was given back, or used for something else.
    case idIsUsed
  }

  /// What the pages tell a kiosk of a document.
  func leaseInAdvance(of documentID: String, to kiosk: String) -> Lease? {
    leases[documentID]?.last {
      $0.isInAdvance && $0.kiosk == kiosk && !$0.isReturned && !$0.isOrphaned
    }
  }

  func delivered(_ documentID: String) -> Int {
    jobs.values.count { $0.documentID == documentID && $0.outcome == .delivered }
  }

  /// Nobody knows whether a print of it came out.
  func isUnknown(_ documentID: String) -> Bool {
    jobs.values.contains { $0.documentID == documentID && $0.isUndecided }
  }

  /// Lends a document's right under an id that the kiosk made. Never while a lease of another kiosk
  /// runs, nor while the end of a print is open that another reported. A request that comes twice gets
  /// the same lease; one that comes after its return gets none.
  mutating func lend(
    _ documentID: String, to kiosk: String, as id: String, for duration: Duration,
    at now: Timestamp, isInAdvance: Bool = false
  ) -> Answer {
    if let known = leases.values.joined().first(where: { $0.id == id }) {
      let isRepeated = known.kiosk == kiosk && known.runs(at: now)
      return isRepeated && leases[documentID]?.contains(known) == true ? .lent(known) : .idIsUsed
    }
    let elsewhere = (leases[documentID] ?? []).filter {
      $0.runs(at: now) && ($0.kiosk != kiosk || $0.isOrphaned)
    }
    if let until = elsewhere.map(\.until).max() {
      return .refused(.heldElsewhere, until: until.adding(Self.clockGrace))
    }
    let isOpen = jobs.values.contains { job in
      job.documentID == documentID
        && (job.isUndecided
          || job.outcome == nil && !job.isFreed && (job.kiosk != kiosk || job.isOrphaned))
    }
    guard !isOpen else { return .refused(.undecided) }
    let lease = Lease(
      id: id, kiosk: kiosk, until: now.adding(duration), isInAdvance: isInAdvance)
    leases[documentID, default: []].append(lease)
    return .lent(lease)
  }

  /// Lends it with a page of changes, where less than half of the time is left of what the kiosk has;
  /// nil: nothing new.
  mutating func lendInAdvance(
    _ documentID: String, to kiosk: String, for duration: Duration, at now: Timestamp
  ) -> Lease? {
    if let known = leaseInAdvance(of: documentID, to: kiosk),
      known.until.since(now) >= duration / 2
    {
      return nil
    }
    let count = leases[documentID]?.count ?? 0
    let id = WireHash.sha256(Array("\(documentID)|\(kiosk)|\(now.milliseconds)|\(count)".utf8))
    guard
      case .lent(let lease) = lend(
        documentID, to: kiosk, as: String(id.prefix(32)), for: duration, at: now,
        isInAdvance: true)
    else { return nil }
    return lease
  }

  /// True when what is left of a document may have changed.
  mutating func take(_ report: KioskReport) -> Bool {
    switch report.content {
    case .printReserved(let document, let job, let lease):
      // A report may come after its end, when an item of the stream was given up in between.
      guard jobs[job] == nil else { return false }
      let known = leases[document]?.first { $0.id == lease && !$0.kiosk.isEmpty }
      jobs[job] = Job(
        documentID: document, kiosk: known?.kiosk, isOrphaned: known?.isOrphaned ?? false)
      return false
    case .printOutcome(let document, let job, let outcome, let finding):
      let known = jobs[job]?.outcome
      // Only staff change an end that was told, and only one that nobody knew.
      guard known == nil || known == .unknown && finding != nil else { return false }
      jobs[job, default: Job(documentID: document)].outcome = outcome
      return true
    case .leaseReturned(let document, let lease):
      giveBack(lease, of: document)
      return false
    default: return false
    }
  }

  /// Ends the lease of this id and no other. One that was not asked for yet will not be granted.
  private mutating func giveBack(_ id: String, of documentID: String) {
    if let place = leases[documentID]?.firstIndex(where: { $0.id == id }) {
      leases[documentID]?[place].isReturned = true
    } else {
      leases[documentID, default: []].append(
        Lease(id: id, kiosk: "", until: Timestamp(milliseconds: 0), isReturned: true))
    }
  }

  /// The kiosk has nothing: its store may be a new one, which knows nothing of what the old one printed.
  /// Nobody is lent what the old one had before its time is over or it was given back, nor what it began
  /// to print before that has an end: a kiosk that only starts over tells both.
  mutating func orphan(_ kiosk: String) {
    for (document, known) in leases where known.contains(where: { $0.kiosk == kiosk }) {
      for place in known.indices where known[place].kiosk == kiosk {
        leases[document]?[place].isOrphaned = true
      }
    }
    for (key, job) in jobs where job.kiosk == kiosk { jobs[key]?.isOrphaned = true }
  }

  /// The Dinas' own staff free a document whose kiosk does not answer: its leases are over, and prints
  /// that were begun and did not end are no longer waited for.
  mutating func free(_ documentID: String) {
    for place in (leases[documentID] ?? []).indices {
      leases[documentID]?[place].isReturned = true
    }
    for (key, job) in jobs where job.documentID == documentID && job.outcome != .delivered {
      jobs[key]?.isFreed = true
    }
  }
}
