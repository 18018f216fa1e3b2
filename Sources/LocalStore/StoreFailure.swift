internal import GRDB
internal import Ports

/// Turns what SQLite says into a port error. The statement's text may stand in a message of SQLite,
/// its arguments never do; only the result code is kept all the same.
enum StoreFailure {
  static func port(_ error: any Error, _ step: String) -> PortError {
    switch error {
    case let error as PortError: error
    case is CancellationError: PortError(.cancelled, step: step)
    case let error as DatabaseError: port(error, step)
    default: PortError(.internalFault, step: step, detail: "\(type(of: error))")
    }
  }

  private static func port(_ error: DatabaseError, _ step: String) -> PortError {
    let code: PortError.Code =
      switch error.resultCode {
      case .SQLITE_FULL: .storageFull
      case .SQLITE_READONLY, .SQLITE_PERM: .storageReadOnly
      case _ where StoreCheck.isDamage(error): .storageDamaged
      case .SQLITE_CONSTRAINT: .conflict
      case .SQLITE_INTERRUPT, .SQLITE_ABORT: .cancelled
      default: .storageFailed
      }
    return PortError(code, step: step, detail: "SQLite \(error.extendedResultCode)")
  }
}
