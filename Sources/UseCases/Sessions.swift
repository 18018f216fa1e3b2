internal import Journey
internal import OfficeModel
internal import Ports
internal import SensitiveMemory
import Synchronization

/// What belongs to whom: the secrets, tasks and rights of each session, so that its end is one step.
/// A running print holds on to its document beyond that end.
final class Sessions: Sendable {
  /// More at once than any citizen can start by hand.
  static let tasksLimit = 64

  /// An accepted credential: whose documents may be opened in this session.
  struct Grant: Sendable {
    var documents: [String: DocumentSummary]
    var holder: LookupKey
    /// A PIN was typed. A code that was scanned may be a slip that somebody found.
    var byPIN: Bool
  }

  /// The document a citizen has opened.
  struct OpenDocument: Sendable {
    var summary: DocumentSummary
    var document: SecretHandle
    var report: VerificationReport
  }

  /// What a session may do only so often.
  enum Countable: Hashable { case ticket, print, lookup }

  private struct Session {
    var tasks: [UInt64: Task<Void, Never>] = [:]
    var secrets: Set<SecretHandle> = []
    var grant: Grant?
    var open: OpenDocument?
    /// Tickets given in this session, by service.
    var tickets: [String: IssuedTicket] = [:]
    var counts: [Countable: Int] = [:]
    /// Documents whose print right was asked for in this session.
    var leases: Set<String> = []
  }

  private struct State {
    var sessions: [SessionID: Session] = [:]
    var lastEnded: UInt64 = 0
    var nextTask: UInt64 = 0
    /// Secrets typed on the glass; they have no session of their own and end with the next one.
    var typed: Set<SecretHandle> = []
    var holds: [SecretHandle: Int] = [:]
    /// To be wiped as soon as nobody holds them.
    var doomed: Set<SecretHandle> = []

    func isOver(_ session: SessionID) -> Bool { session.value <= lastEnded }
  }

  private let state = Mutex(State())
  private let vault: SecretVault

  init(vault: SecretVault) { self.vault = vault }

  /// Runs work that ends with its session. False when the session is over or has too much to do.
  @discardableResult
  func start(
    _ session: SessionID, _ work: @escaping @Sendable () async -> Void
  ) -> Bool {
    state.withLock { state in
      guard !state.isOver(session),
        state.sessions[session]?.tasks.count ?? 0 < Self.tasksLimit
      else { return false }
      state.nextTask += 1
      let id = state.nextTask
      // The task cannot reach the lock before it is entered here.
      state.sessions[session, default: Session()].tasks[id] = Task {
        await work()
        self.finished(session, id)
      }
      return true
    }
  }

  private func finished(_ session: SessionID, _ task: UInt64) {
    state.withLock { _ = $0.sessions[session]?.tasks.removeValue(forKey: task) }
  }

  func isOver(_ session: SessionID) -> Bool { state.withLock { $0.isOver(session) } }

  func typed(_ handle: SecretHandle) { state.withLock { _ = $0.typed.insert(handle) } }

  /// Makes a secret part of a session. When that is over the secret is wiped and false returned.
  func adopt(_ handle: SecretHandle, _ session: SessionID) -> Bool {
    let isAdopted = state.withLock { state in
      guard !state.isOver(session) else { return false }
      state.sessions[session, default: Session()].secrets.insert(handle)
      return true
    }
    if !isAdopted { vault.wipe(handle) }
    return isAdopted
  }

  /// Wipes one secret now, or when nobody holds it any more.
  func wipe(_ handle: SecretHandle) {
    let isFree = state.withLock { state in
      state.typed.remove(handle)
      for session in state.sessions.keys { state.sessions[session]?.secrets.remove(handle) }
      guard state.holds[handle] == nil else {
        state.doomed.insert(handle)
        return false
      }
      return true
    }
    if isFree { vault.wipe(handle) }
  }

  func hold(_ handle: SecretHandle) { state.withLock { $0.holds[handle, default: 0] += 1 } }

  func release(_ handle: SecretHandle) {
    let isDoomed = state.withLock { state in
      let left = (state.holds[handle] ?? 1) - 1
      guard left <= 0 else {
        state.holds[handle] = left
        return false
      }
      state.holds[handle] = nil
      return state.doomed.remove(handle) != nil
    }
    if isDoomed { vault.wipe(handle) }
  }

  func grant(_ grant: Grant, _ session: SessionID) {
    state.withLock { state in
      guard !state.isOver(session) else { return }
      state.sessions[session, default: Session()].grant = grant
    }
  }
  func grant(of session: SessionID) -> Grant? { state.withLock { $0.sessions[session]?.grant } }

  /// The document that is open from now on; the one before is wiped.
  func open(_ document: OpenDocument?, _ session: SessionID) {
    let before = state.withLock { state in
      guard !state.isOver(session) else { return OpenDocument?.none }
      let before = state.sessions[session]?.open
      state.sessions[session, default: Session()].open = document
      return before
    }
    if let before, before.document != document?.document { wipe(before.document) }
  }
  func openDocument(_ session: SessionID) -> OpenDocument? {
    state.withLock { $0.sessions[session]?.open }
  }

  /// Counts one more of its kind; false when the session is over or has had as many as it may.
  func count(_ kind: Countable, _ session: SessionID, limit: Int) -> Bool {
    state.withLock { state in
      guard !state.isOver(session) else { return false }
      let had = state.sessions[session]?.counts[kind] ?? 0
      guard had < limit else { return false }
      state.sessions[session, default: Session()].counts[kind] = had + 1
      return true
    }
  }

  /// Takes back what was counted for something that did not come about.
  func uncount(_ kind: Countable, _ session: SessionID) {
    state.withLock { state in
      guard let had = state.sessions[session]?.counts[kind], had > 0 else { return }
      state.sessions[session]?.counts[kind] = had - 1
    }
  }

  /// Notes a document whose lease goes back at the end; false when the session is over.
  func tookLease(_ documentID: String, _ session: SessionID) -> Bool {
    state.withLock { state in
      guard !state.isOver(session) else { return false }
      state.sessions[session, default: Session()].leases.insert(documentID)
      return true
    }
  }

  /// Whether a session has asked for the right to print it.
  func holds(_ documentID: String) -> Bool {
    state.withLock { $0.sessions.values.contains { $0.leases.contains(documentID) } }
  }

  func given(_ ticket: IssuedTicket, _ session: SessionID) {
    state.withLock { state in
      guard !state.isOver(session) else { return }
      state.sessions[session, default: Session()].tickets[ticket.serviceID] = ticket
    }
  }
  func ticket(_ serviceID: String, _ session: SessionID) -> IssuedTicket? {
    state.withLock { $0.sessions[session]?.tickets[serviceID] }
  }

  /// Cancels what the session still does and wipes what it knew.
  /// - Returns: the documents whose leases it has no more use for.
  func end(_ session: SessionID) -> [String] {
    let (tasks, free, leases) = state.withLock { state in
      state.lastEnded = max(state.lastEnded, session.value)
      var tasks: [Task<Void, Never>] = []
      var secrets = state.typed
      var leases: Set<String> = []
      state.typed.removeAll()
      for (id, ended) in state.sessions where state.isOver(id) {
        tasks += ended.tasks.values
        secrets.formUnion(ended.secrets)
        leases.formUnion(ended.leases)
        state.sessions[id] = nil
      }
      let held = secrets.filter { state.holds[$0] != nil }
      state.doomed.formUnion(held)
      return (tasks, secrets.subtracting(held), leases)
    }
    for task in tasks { task.cancel() }
    for handle in free { vault.wipe(handle) }
    return leases.sorted()
  }
}
