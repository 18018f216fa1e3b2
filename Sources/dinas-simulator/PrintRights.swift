import DinasProtocol
import OfficeModel

/// To whom the right to print each document is lent, and what was reported of the prints under it.
struct PrintRights: Sendable {
  struct Lease: Codable, Sendable, Hashable {
    var id: String
    var kiosk: String
    var until: Timestamp
  }

  private struct Job {
    var documentID: String
    var leaseID: String?
    /// Nil: reserved, and nothing was reported of its end.
    var outcome: PrintOutcome?
  }

  /// Added to a lease before its right goes to another kiosk: two clocks that are both trusted still
  /// differ a little.
  static let clockGrace = Duration.seconds(120)

  private(set) var leases: [String: Lease] = [:]
  private var jobs: [String: Job] = [:]

  init(leases: [String: Lease] = [:]) { self.leases = leases }

  enum Answer: Hashable {
    case lent(Lease)
    case refused(LeaseAnswer.Refusal, until: Timestamp? = nil)
  }

  func lease(of documentID: String) -> Lease? { leases[documentID] }

  func delivered(_ documentID: String) -> Int {
    jobs.values.count { $0.documentID == documentID && $0.outcome == .delivered }
  }

  /// Nobody knows whether a print of it came out.
  func isUnknown(_ documentID: String) -> Bool {
    jobs.values.contains { $0.documentID == documentID && $0.outcome == .unknown }
  }

  /// Lends a document's right, or prolongs the lease that the kiosk has. A right is never lent to
  /// another kiosk while a lease runs, nor while the end of a reported print is open.
  mutating func lend(
    _ documentID: String, to kiosk: String, for duration: Duration, at now: Timestamp
  ) -> Answer {
    let own = leases[documentID].flatMap { $0.kiosk == kiosk ? $0 : nil }
    if own == nil, let other = leases[documentID], other.until.adding(Self.clockGrace) > now {
      return .refused(.heldElsewhere, until: other.until.adding(Self.clockGrace))
    }
    let isOpen = jobs.values.contains { job in
      job.documentID == documentID
        && (job.outcome == .unknown
          || job.outcome == nil && (own == nil || job.leaseID != own?.id))
    }
    guard !isOpen else { return .refused(.undecided) }
    var lease = own ?? Lease(id: Self.id(documentID, kiosk, now), kiosk: kiosk, until: now)
    lease.until = max(lease.until, now.adding(duration))
    leases[documentID] = lease
    return .lent(lease)
  }

  /// True when what is left of a document may have changed.
  mutating func take(_ report: KioskReport) -> Bool {
    switch report.content {
    case .printReserved(let document, let job, let lease):
      // A report may come after its end, when an item of the stream was given up in between.
      if jobs[job] == nil { jobs[job] = Job(documentID: document, leaseID: lease) }
      return false
    case .printOutcome(let document, let job, let outcome, let finding):
      let known = jobs[job]?.outcome
      // Only staff change an end that was told, and only one that nobody knew.
      guard known == nil || known == .unknown && finding != nil else { return false }
      jobs[job, default: Job(documentID: document)].outcome = outcome
      return true
    case .leaseReturned(let document, let lease):
      if leases[document]?.id == lease { leases[document] = nil }
      return false
    default: return false
    }
  }

  /// The Dinas' own staff free a document whose kiosk will never answer again: its lease, and the
  /// prints that were begun and never ended count as not made.
  mutating func free(_ documentID: String) {
    leases[documentID] = nil
    for (key, job) in jobs where job.documentID == documentID && job.outcome != .delivered {
      jobs[key]?.outcome = .notPrinted
    }
  }

  private static func id(_ documentID: String, _ kiosk: String, _ now: Timestamp) -> String {
    String(
      WireHash.sha256(Array("\(documentID)|\(kiosk)|\(now.milliseconds)".utf8)).prefix(32))
  }
}
