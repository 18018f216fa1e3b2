internal import OfficeModel
import Synchronization

/// The office's rules as they are now: those of the configuration, with what the server told since.
final class OfficeRules: Sendable {
  struct Values: Sendable {
    var services: [ServiceStandard]
    /// Nil: numbers are given around the clock.
    var calendar: OfficeCalendar?
  }

  private let state: Mutex<Values>

  init(_ settings: UseCaseSettings) {
    state = Mutex(Values(services: settings.services, calendar: settings.calendar))
  }

  var now: Values { state.withLock { $0 } }

  func set(_ values: Values) { state.withLock { $0 = values } }

  func service(_ id: String) -> ServiceStandard? { now.services.first { $0.id == id } }
}
