internal import Glibc
public import Ports

/// Keeps every kiosk from a store without opening it: for what must not happen beside a running kiosk.
public final class StoreReservation: Sendable {
  private let lock: StoreLock?

  /// A folder without a store has no kiosk either.
  /// - Throws: `refused` while a kiosk has the store open.
  public init(directory: String) throws(PortError) {
    let path = directory + "/" + StoreFiles.lockName
    lock = unsafe access(path, F_OK) == 0 ? try StoreLock(path: path) : nil
  }
}
