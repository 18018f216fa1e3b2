/// What a page of changes tells of the office itself. Each part is whole: it replaces what was known of
/// it, and a part that is nil stays as it was.
public struct OfficeNews: Codable, Hashable, Sendable {
  /// The standards of all services this kiosk offers, in their order.
  public var services: [ServiceStandard]?
  public var hours: OfficeHours?
  /// All closures that are to come: holidays, cuti bersama, special ones.
  public var closures: [OfficeCalendar.Closure]?
  /// Newest first.
  public var announcements: [Announcement]?
  /// The newest revocation list of each issuer.
  public var revocationLists: [RevocationListOffer]?

  public init(
    services: [ServiceStandard]? = nil, hours: OfficeHours? = nil,
    closures: [OfficeCalendar.Closure]? = nil, announcements: [Announcement]? = nil,
    revocationLists: [RevocationListOffer]? = nil
  ) {
    self.services = services
    self.hours = hours
    self.closures = closures
    self.announcements = announcements
    self.revocationLists = revocationLists
  }
}

/// When the office serves people on days without a closure.
public struct OfficeHours: Codable, Hashable, Sendable {
  public var regular: OfficeCalendar.Week
  public var ramadan: OfficeCalendar.Week?
  public var ramadanPeriods: [OfficeCalendar.Period]
  /// The hours in the office's own words, a line each.
  public var shown: [String]

  public init(
    regular: OfficeCalendar.Week, ramadan: OfficeCalendar.Week? = nil,
    ramadanPeriods: [OfficeCalendar.Period] = [], shown: [String]
  ) {
    self.regular = regular
    self.ramadan = ramadan
    self.ramadanPeriods = ramadanPeriods
    self.shown = shown
  }
}

/// A sentence of the Dinas for the attract screen.
public struct Announcement: Codable, Hashable, Sendable {
  public var id: String
  public var text: String
  /// The last day it is shown; nil: until it disappears from the list.
  public var until: CivilDate?

  public init(id: String, text: String, until: CivilDate? = nil) {
    self.id = id
    self.text = text
    self.until = until
  }

  public func isShown(on date: CivilDate) -> Bool { until.map { date <= $0 } ?? true }
}

/// A revocation list that the server holds: fetched by its id, and judged by what it says itself.
public struct RevocationListOffer: Codable, Hashable, Sendable, Identifiable {
  public var id: String
  public var sizeBytes: Int
  /// Lower-case hexadecimal.
  public var sha256: String

  public init(id: String, sizeBytes: Int, sha256: String) {
    self.id = id
    self.sizeBytes = sizeBytes
    self.sha256 = sha256
  }
}
