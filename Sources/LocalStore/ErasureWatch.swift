internal import GRDB
internal import Synchronization

/// Notices that a transaction overwrote a document's key, whoever made it: then what the journal still
/// holds of the key has to go as well.
final class ErasureWatch: TransactionObserver, Sendable {
  private struct State {
    var isInTransaction = false
    /// Transactions that erased, counted: one that commits while the journal is being emptied of
    /// those before it is not taken for one of them.
    var committed = 0
    var emptied = 0
  }
  private let state = Mutex(State())

  func observes(eventsOfKind kind: DatabaseEventKind) -> Bool {
    if case .update(tableName: "document_key", columnNames: _) = kind { true } else { false }
  }
  func databaseDidChange(with event: DatabaseEvent) {
    state.withLock { $0.isInTransaction = true }
  }
  func databaseDidCommit(_ db: Database) {
    state.withLock { state in
      if state.isInTransaction { state.committed += 1 }
      state.isInTransaction = false
    }
  }
  func databaseDidRollback(_ db: Database) { state.withLock { $0.isInTransaction = false } }

  /// What an earlier run left in the journal counts as erased by this one.
  func note() { state.withLock { $0.committed += 1 } }

  /// To be handed to `done` once the journal was emptied; nil when nothing waits for that.
  var waiting: Int? { state.withLock { $0.committed > $0.emptied ? $0.committed : nil } }

  /// - Parameter mark: What `waiting` said before the journal was emptied.
  func done(upTo mark: Int) { state.withLock { $0.emptied = max($0.emptied, mark) } }
}
