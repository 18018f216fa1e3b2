internal import Journey
internal import OfficeModel
import Synchronization

/// The office's rules as they are now: those of the configuration, with what the server told since.
final class OfficeRules: Sendable {
  struct Values: Sendable {
    var services: [ServiceStandard]
    /// Nil: numbers are given around the clock.
    var calendar: OfficeCalendar?
  }

  private let configured: UseCaseSettings
  private let state: Mutex<(values: Values, told: OfficeFacts)>

  init(_ settings: UseCaseSettings) {
    configured = settings
    state = Mutex(
      (
        Values(services: settings.services, calendar: settings.calendar),
        OfficeFacts(services: settings.services, openingHours: settings.openingHours)
      ))
  }

  var now: Values { state.withLock { $0.values } }

  func service(_ id: String) -> ServiceStandard? { now.services.first { $0.id == id } }

  /// Takes over everything that is known from the server; where it says nothing the configuration
  /// counts. Answers what the glass must know, nil when it knows.
  func adopt(_ news: OfficeNews) -> OfficeFacts? {
    let values = Values(
      services: news.services ?? configured.services, calendar: calendar(news))
    let facts = OfficeFacts(
      services: values.services, openingHours: news.hours?.shown ?? configured.openingHours,
      announcements: news.announcements ?? [])
    return state.withLock { state in
      state.values = values
      guard state.told != facts else { return nil }
      state.told = facts
      return facts
    }
  }

  private func calendar(_ news: OfficeNews) -> OfficeCalendar? {
    var calendar = configured.calendar
    if let hours = news.hours {
      calendar = OfficeCalendar(
        regular: hours.regular, ramadan: hours.ramadan, ramadanPeriods: hours.ramadanPeriods,
        closures: calendar?.closures ?? [])
    }
    if let closures = news.closures { calendar?.closures = closures }
    return calendar
  }
}
