internal import Journey
internal import OfficeModel
internal import Ports
internal import SensitiveMemory
import Synchronization

/// What was last told of the store; tells only changes.
final class StoreFact: Sendable {
  private let isWritable = Mutex(true)

  func set(_ writable: Bool, _ sink: @Sendable (Action) -> Void) {
    let isNews = isWritable.withLock { known in
      defer { known = writable }
      return known != writable
    }
    if isNews { sink(.facts(.store(writable: writable))) }
  }

  var isGood: Bool { isWritable.withLock { $0 } }
}

/// How many revocation lists were put in place in this run: what was judged without them may be judged
/// otherwise now.
final class ListsInPlace: Sendable {
  private let state = Mutex(0)

  var count: Int { state.withLock { $0 } }
  func increase() { state.withLock { $0 += 1 } }
}

/// What every desk works with.
struct Desk: Sendable {
  let ports: Ports
  let vault: SecretVault
  let keys: KioskKeys
  let settings: UseCaseSettings
  let rules: OfficeRules
  /// Names this run of the kiosk in the audit log.
  let runID: String
  let sessions: Sessions
  let sink: @Sendable (Action) -> Void
  let outboxNudge: Nudge
  let syncNudge: Nudge
  /// The time may have become trusted, or no longer is.
  let clockNudge = Nudge()
  let printers: PrinterRoom
  let underway = Underway()
  let storeFact: StoreFact
  let listsInPlace = ListsInPlace()
  /// Told of every look, also of those that find nothing new: for the age of what health reports.
  let looked: @Sendable (FactsChange) -> Void

  /// The session as the audit log names it: nothing of the citizen is in it.
  func who(_ session: SessionID) -> String { "\(runID)-\(session.value)" }

  /// Puts an entry on the record that belongs to no other change of the store.
  /// - Returns: False when the store did not take it.
  @discardableResult
  func audit(
    _ what: AuditEntry.What, who: String, subject: String = "", result: String = "ok"
  ) async -> Bool {
    do throws(PortError) {
      try await ports.store.audit.record(
        AuditEntry(
          at: ports.clock.now().wall, who: who, what: what, subject: subject, result: result))
      return true
    } catch {
      record("audit.not-recorded", error)
      return false
    }
  }

  func answer(_ session: SessionID, _ answer: Answer) { sink(.answer(session, answer)) }

  func record(
    _ name: String, _ level: KioskEvent.Level = .info, _ fields: [String: String] = [:]
  ) {
    record(KioskEvent(name, level: level, fields))
  }

  func record(_ event: KioskEvent) { ports.events.record(event) }

  func record(_ name: String, _ error: PortError) {
    record(
      name, .warning,
      ["code": error.code.rawValue, "step": error.step, "detail": error.detail])
    if error.code == .storageFull || error.code == .storageReadOnly {
      storeFact.set(false, sink)
    }
    // What SQLite itself finds damaged while it serves: the next start tells what, and repairs what it
    // may.
    if error.code == .storageDamaged, error.detail.hasPrefix("SQLite") {
      sink(.facts(.outOfService(reason: "storage.damaged")))
    }
  }
}
