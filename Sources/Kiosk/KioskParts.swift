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
  let store: KioskStore
  let lookupKey: [UInt8]
  let dinas: DinasConnection
  let devices: KioskDevices
  let ports: Ports

  /// Opens everything that must be there to serve. Devices may be missing: they are watched.
  static func open(
    _ settings: KioskSettings, clock: LiveClock, events: EventPort, vault: SecretVault
  ) throws -> KioskParts {
    let lookupKey = try SecretFile.key(at: settings.storage.lookupKeyFile)
    let store = try KioskStore(settings.storage, lookupKey: lookupKey)
    let dinas = try DinasConnection(settings)
    let devices = KioskDevices(settings, events: events, vault: vault)
    return KioskParts(
      vault: vault, store: store, lookupKey: lookupKey, dinas: dinas, devices: devices,
      ports: Ports(
        clock: clock.port(), identifiers: LiveClock.identifiers(), store: store.port,
        dinas: dinas.client.port(), verifier: devices.verifier.port(vault: vault),
        preview: devices.preview.port(vault: vault),
        documentPrinters: devices.documentPrinters.map(\.named),
        ticketPrinter: devices.ticketPrinter?.port ?? AbsentDevices.ticketPrinter,
        cards: devices.cardReader?.port ?? AbsentDevices.cards, events: events,
        revocations: devices.revocations,
        staff: StaffRegister.port(settings.staff)))
  }
}
