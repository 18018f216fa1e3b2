internal import Journey
internal import KioskConfiguration
internal import Observability
internal import OfficeModel
internal import Ports
internal import UseCases

extension OfficeProfile {
  /// What the glass needs of the configuration.
  init(_ settings: KioskSettings) {
    self.init(
      name: settings.office.name, kioskName: settings.office.kioskName,
      zone: settings.office.zone, services: settings.services, languages: settings.languages,
      isDemonstration: settings.isDemonstration, openingHours: settings.openingHours,
      timing: Timing(
        plainIdle: settings.timing.plainIdle, plainCountdown: settings.timing.plainCountdown,
        personalIdle: settings.timing.personalIdle,
        personalCountdown: settings.timing.personalCountdown,
        takePaper: settings.timing.takePaper, resultShown: settings.timing.resultShown,
        staffIdle: settings.timing.staffIdle),
      displayDiagonalMillimetres: settings.display.diagonalMillimetres)
  }
}

extension UseCaseSettings {
  init(_ settings: KioskSettings) {
    self.init(
      officeName: settings.office.name, zone: settings.office.zone,
      isDemonstration: settings.isDemonstration, services: settings.services,
      calendar: settings.calendar, openingHours: settings.openingHours,
      tryLimits: TryLimits(
        perNIK: settings.limits.pinTriesPerNIK, perKiosk: settings.limits.pinTriesPerKiosk,
        window: settings.limits.pinWindow),
      qrForm: QRForm(prefixes: settings.server.qrPrefixes),
      useLimits: UseLimits(
        ticketsPerSession: settings.limits.ticketsPerSession,
        ticketsPerCitizen: settings.limits.ticketsPerCitizen,
        printsPerSession: settings.limits.printsPerSession,
        lookupsPerSession: settings.limits.lookupsPerSession,
        documentBytes: settings.limits.documentMiB << 20,
        documentPages: settings.limits.documentPages),
      pullInterval: settings.server.syncInterval,
      devicePollInterval: .seconds(3), outboxFailuresLimit: settings.limits.outboxFailures,
      staffTriesPerHour: settings.staff.triesPerHour, staffLock: settings.staff.lock)
  }
}

extension KioskIdentity {
  init(_ settings: KioskSettings, version: String) {
    self.init(
      office: settings.office.name, kiosk: settings.office.kioskName, version: version,
      demonstration: settings.isDemonstration,
      cardReaderConfigured: settings.cardReader.isEnabled)
  }
}

extension HealthBoard {
  /// Notes what was found by a look at a device or the server.
  func take(_ change: FactsChange, at uptime: Uptime) {
    switch change {
    case .ticketPrinter(let fact): ticketPrinter(fact, at: uptime)
    case .documentPrinter(let fact): documentPrinter(fact, at: uptime)
    case .documentPrinters(let readings, let name):
      documentPrinters(readings, looked: name, at: uptime)
    case .card(let reading): card(reading, at: uptime)
    case .server(let reachable): server(reachable: reachable, at: uptime)
    case .cacheSynced(let moment): cacheSynced(at: moment)
    case .outOfService(let reason): outOfService(reason)
    case .store(let writable): store(writable: writable, at: uptime)
    // Health asks the clock itself.
    case .clock, .nowServing, .office, .queue: break
    }
  }
}
