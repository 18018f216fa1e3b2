import OfficeModel
import Synchronization

@testable import Printing

/// What may go wrong with an A4 printer while it has a job.
enum PrinterFault: CaseIterable, Sendable {
  case paperOut, jam, coverOpen, tonerOut, outputFull, paused
  case offline, hangs, unreadable, powerLoss
  case busy, notAccepting, tornDocument, lostAnswer
  case abort, cancelAtPanel, deafToCancel
  /// Somebody else prints a page, which the counter counts.
  case foreignSheet
}

/// An A4 printer in a simulated time that passes only when it is asked or slept through: its sheets,
/// its jobs and what it says of them, driven by the production driver.
final class SimulatedPrinter: Sendable {
  struct Job {
    var key: String
    var pages: Int
    /// Sheets that lie in the tray.
    var printed = 0
    var state = JobSnapshot.State.held
    var reasons = ["job-incoming"]
    var isOver: Bool { state.rawValue >= JobSnapshot.State.canceled.rawValue }
  }

  struct Machine: Sendable {
    /// Until one side is out.
    var pageTime = Duration.seconds(2)
    /// Sheets since it was built; nil for one that does not count.
    var counter: Int? = 4711
    /// Until a sheet that is out has been counted.
    var countsAfter = Duration.milliseconds(300)
    /// One that was already on its way when the job ended comes out.
    var hasLateSheets = true
  }

  struct State {
    var now = Duration.zero
    var jobs: [Job] = []
    var schedule: [(at: Duration, isFault: Bool, change: @Sendable (inout State) -> Void)] = []
    var machine: Machine
    var stops: Set<String> = []
    var isReachable = true, isHanging = false, isReadable = true, isPowered = true
    var isBusy = false, isAccepting = true, isDeaf = false
    var isNextTorn = false, isNextAnswerLost = false
    /// Jobs before this one are not known any more.
    var forgotten = 0
    /// Until the page in the printer is out.
    var pageLeft: Duration?
    var counted: [(at: Duration, count: Int)] = []
  }

  let state: Mutex<State>
  /// A question and its answer in a local network; a question that nobody answers.
  static let answer = Duration.milliseconds(5)
  static let silence = Duration.seconds(2)

  init(_ machine: Machine) { state = Mutex(State(machine: machine)) }

  var now: Duration { state.withLock { $0.now } }

  /// The fault comes so long from now, and goes by itself after as long again.
  func failNext(_ fault: PrinterFault, after: Duration, lasting: Duration) {
    state.withLock { state in
      let at = state.now + after
      state.plan(at: at, isFault: true) { fault.begin(&$0) }
      state.plan(at: at + lasting, isFault: true) { fault.end(&$0) }
    }
  }

  /// Whatever is wrong is mended, and nothing more goes wrong.
  func mend() {
    state.withLock { state in
      state.schedule.removeAll(where: \.isFault)
      for fault in PrinterFault.allCases { fault.end(&state) }
      state.isNextTorn = false
      state.isNextAnswerLost = false
    }
  }

  func pass(_ duration: Duration) { state.withLock { $0.pass(duration) } }

  /// Sheets of a key's jobs, and how many jobs of that name there were.
  func tray(_ key: String) -> (sheets: Int, jobs: Int, unfinished: Int) {
    state.withLock { state in
      let jobs = state.jobs.filter { $0.key == key }
      return (
        jobs.reduce(0) { $0 + $1.printed }, jobs.count, jobs.count { !$0.isOver }
      )
    }
  }

  /// Most jobs that had a document and were not over at the same time.
  var jobsUnderWay: Int {
    state.withLock { $0.jobs.count { !$0.isOver && $0.state != .held } }
  }
}

// MARK: The mechanism

extension SimulatedPrinter.State {
  mutating func plan(
    at moment: Duration, isFault: Bool = false, _ change: @escaping @Sendable (inout Self) -> Void
  ) {
    let index = schedule.firstIndex { $0.at > moment } ?? schedule.endIndex
    schedule.insert((moment, isFault, change), at: index)
  }

  var isStopped: Bool { !stops.isEmpty }

  var active: Int? { jobs.firstIndex { $0.state == .processing || $0.state == .stopped } }

  /// Lets time pass, from one thing that happens to the next.
  mutating func pass(_ duration: Duration) {
    let end = now + duration
    while true {
      begin()
      var next = end
      if let first = schedule.first?.at { next = min(next, first) }
      if let pageLeft, !isStopped, isPowered { next = min(next, now + pageLeft) }
      if let left = pageLeft, !isStopped, isPowered {
        pageLeft = left - (next - now)
      }
      now = next
      if pageLeft == .zero { finishPage() }
      while let first = schedule.first, first.at <= now {
        schedule.removeFirst()
        first.change(&self)
      }
      guard now < end else { return begin() }
    }
  }

  /// Takes the next job when there is none, and tells of the one there is.
  private mutating func begin() {
    if active == nil, isPowered, let next = jobs.firstIndex(where: { $0.state == .pending }) {
      jobs[next].state = .processing
      pageLeft = machine.pageTime
    }
    guard let active else { return }
    jobs[active].state = isStopped ? .stopped : .processing
    jobs[active].reasons = [isStopped ? "printer-stopped" : "job-printing"]
  }

  private mutating func finishPage() {
    guard let active else {
      pageLeft = nil
      return
    }
    sheet(of: active)
    pageLeft = jobs[active].printed < jobs[active].pages ? machine.pageTime : nil
    if pageLeft == nil { end(active, .completed, "job-completed-successfully") }
  }

  private mutating func sheet(of job: Int) {
    jobs[job].printed += 1
    count()
  }

  mutating func count() {
    guard let counter = machine.counter else { return }
    machine.counter = counter + 1
    counted.append((now + machine.countsAfter, counter + 1))
  }

  /// What the printer says of its counter.
  var toldCounter: Int? {
    guard let counter = machine.counter else { return nil }
    return counter - counted.count { $0.at > now }
  }

  mutating func end(_ job: Int, _ state: JobSnapshot.State, _ reason: String) {
    guard !jobs[job].isOver else { return }
    let wasActive = active == job
    jobs[job].state = state
    jobs[job].reasons = [reason]
    guard wasActive, state != .completed else { return }
    // The sheet between the rollers comes out all the same.
    if machine.hasLateSheets, isPowered, !isStopped, let left = pageLeft,
      left < machine.pageTime / 3
    {
      plan(at: now + left) { if $0.isPowered { $0.sheet(of: job) } }
    }
    pageLeft = nil
  }
}

extension PrinterFault {
  private var reason: String? {
    switch self {
    case .paperOut: "media-empty-error"
    case .jam: "media-jam-error"
    case .coverOpen: "cover-open-error"
    case .tonerOut: "marker-supply-empty-error"
    case .outputFull: "output-area-full-error"
    case .paused: "paused"
    default: nil
    }
  }

  fileprivate func begin(_ state: inout SimulatedPrinter.State) {
    if let reason { state.stops.insert(reason) }
    switch self {
    case .offline: state.isReachable = false
    case .hangs: state.isHanging = true
    case .unreadable: state.isReadable = false
    case .powerLoss:
      state.isPowered = false
      state.pageLeft = nil
      for job in state.jobs.indices { state.end(job, .aborted, "lost-power") }
      state.forgotten = state.jobs.count
    case .busy: state.isBusy = true
    case .notAccepting: state.isAccepting = false
    case .tornDocument: state.isNextTorn = true
    case .lostAnswer: state.isNextAnswerLost = true
    case .abort: if let job = state.active { state.end(job, .aborted, "aborted-by-system") }
    case .cancelAtPanel:
      if let job = state.active { state.end(job, .canceled, "job-canceled-at-device") }
    case .deafToCancel: state.isDeaf = true
    case .foreignSheet: if state.isPowered { state.count() }
    case .paperOut, .jam, .coverOpen, .tonerOut, .outputFull, .paused: break
    }
  }

  fileprivate func end(_ state: inout SimulatedPrinter.State) {
    if let reason { state.stops.remove(reason) }
    switch self {
    case .offline: state.isReachable = true
    case .hangs: state.isHanging = false
    case .unreadable: state.isReadable = true
    case .powerLoss: state.isPowered = true
    case .busy: state.isBusy = false
    case .notAccepting: state.isAccepting = true
    case .deafToCancel: state.isDeaf = false
    default: break
    }
  }
}
