internal import CardReading
internal import DinasClient
internal import KioskConfiguration
internal import LocalStore
internal import Ports
internal import Printing
internal import SensitiveMemory
internal import VerifierClient

/// The live outside of one kiosk, opened from its configuration, and the ports made of it.
struct KioskParts: Sendable {
  let vault: SecretVault
  let store: LocalStore
  let lookupKey: [UInt8]
  let devices: KioskDevices
  let ports: Ports

  /// Opens everything that must be there to serve. Devices may be missing: they are watched.
  static func open(
    _ settings: KioskSettings, clock: LiveClock, events: EventPort, vault: SecretVault
  ) throws -> KioskParts {
    let storeKey = try SecretFile.key(at: settings.storage.storeKeyFile)
    let lookupKey = try SecretFile.key(at: settings.storage.lookupKeyFile)
    let store: LocalStore
    do {
      store = try LocalStore.open(directory: settings.storage.directory, storeKey: storeKey)
      let known = try store.clockAtOpening()
      clock.resume(known.memory, lastTicket: known.lastTicket)
    } catch { throw explain(error, directory: settings.storage.directory) }
    let devices = try KioskDevices(settings, events: events, vault: vault)
    return KioskParts(
      vault: vault, store: store, lookupKey: lookupKey, devices: devices,
      ports: Ports(
        clock: clock.port(), identifiers: LiveClock.identifiers(), store: store.port(),
        dinas: devices.dinas.port(), verifier: devices.verifier.port(vault: vault),
        preview: devices.preview.port(vault: vault),
        documentPrinter: devices.documentPrinter?.port ?? AbsentDevices.documentPrinter,
        ticketPrinter: devices.ticketPrinter?.port ?? AbsentDevices.ticketPrinter,
        cards: devices.cardReader?.port ?? AbsentDevices.cards, events: events,
        revocations: devices.revocations,
        staff: StaffRegister.port(settings.staff)))
  }

  private static func explain(_ error: PortError, directory: String) -> KioskProblem {
    switch error.code {
    case .refused:
      KioskProblem(
        "Another kiosk already runs on \(directory)",
        advice: "One kiosk per machine: end the other first.")
    case .unauthorized:
      KioskProblem(
        "The store's key does not open the data in \(directory)",
        advice: "Put the key back that the data was made with; a lost key is not replaced.")
    case .storageDamaged:
      KioskProblem(
        "The data in \(directory) is damaged (\(error))",
        advice: "Nothing was deleted. Save the folder and call support.")
    case .storageFull, .storageReadOnly:
      KioskProblem(
        "The store in \(directory) cannot be written (\(error))",
        advice: "Make room on the disk, or mount it writable.")
    default:
      KioskProblem(
        "The store in \(directory) cannot be opened (\(error))",
        advice: "Its folder must belong to the kiosk's user.")
    }
  }
}
