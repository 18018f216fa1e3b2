internal import KioskConfiguration
internal import LocalStore

/// Keeps every kiosk of this configuration from opening, or finds that one is open: what uses its
/// printers beside it could be taken for one of its documents by their counters.
final class KioskReservation: Sendable {
  private let machine: MachineLock?
  private let store: StoreReservation

  /// Throws `KioskProblem` or `PortError` while a kiosk is open.
  init(_ settings: KioskSettings) throws {
    // As at opening a kiosk: demonstrations may stand side by side.
    machine = settings.isDemonstration ? nil : try MachineLock()
    store = try StoreReservation(directory: settings.storage.directory)
  }

  static func isKioskRunning(_ settings: KioskSettings) -> Bool {
    (try? KioskReservation(settings)) == nil
  }
}
