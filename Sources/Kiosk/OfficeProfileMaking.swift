internal import Journey
internal import KioskConfiguration

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
        takePaper: settings.timing.takePaper, resultShown: settings.timing.resultShown),
      displayDiagonalMillimetres: settings.display.diagonalMillimetres)
  }
}
