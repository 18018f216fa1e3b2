import LocalStore
import OfficeModel
import Ports
import TestSupport

enum Sample {
  static let now = Timestamp(seconds: 1_800_000_000)
  static let today = LocalTime(now, in: .wita).date
  static let key = [UInt8](repeating: 7, count: 32)
  static let nik = LookupKey(value: String(repeating: "n", count: 43))
  static let otherNIK = LookupKey(value: String(repeating: "o", count: 43))
  static let registration = LookupKey(value: String(repeating: "r", count: 43))

  static func open(_ directory: String) throws(PortError) -> LocalStore {
    try LocalStore.open(directory: directory, storeKey: key)
  }

  /// - Parameter series: Of the reserve that `give` lends the draft's line.
  static func draft(
    _ id: String, series: String = "A2", date: CivilDate = today, holder: LookupKey? = nil
  ) -> TicketDraft {
    TicketDraft(
      id: id, serviceID: "service-" + series, serviceName: "KTP-el", lane: .general,
      identity: holder == nil ? .none : .nik, date: date, issuedAt: now, holder: holder)
  }

  /// A run of the series of `draft`, for its line and day.
  static func reserve(
    _ draft: TicketDraft, first: Int = 1, last: Int = 9999
  ) -> NumberReserve {
    NumberReserve(
      series: String(draft.serviceID.dropFirst("service-".count)), serviceID: draft.serviceID,
      lane: draft.lane, date: draft.date, first: first, last: last)
  }

  static func page(_ cursor: String, queue: QueueNews) -> ChangesPage {
    var page = page(cursor)
    page.queue = queue
    return page
  }

  static func status(_ step: ApplicationStep = .signed) -> ApplicationStatus {
    ApplicationStatus(
      serviceID: "ktp-el", product: "KTP-el", holderMasked: "S*** C*****", step: step,
      condition: .moving, receivedOn: today, dueOn: nil, pickUp: .kiosk)
  }

  static let lease = PrintLease(id: "lease-1", until: now.adding(.seconds(86_400)))

  static func document(
    _ id: String = "doc-1", prints: Int = 1, lease: PrintLease? = lease,
    offline: OfflineCheck? = nil
  ) -> CachedDocument {
    CachedDocument(
      summary: DocumentSummary(
        id: id, kind: "Kartu Keluarga", holderMasked: "S*** C*****", readySince: today,
        printsLeft: prints, isCard: false),
      sealedBytes: 100, sealedSHA256: String(repeating: "a", count: 64), lease: lease,
      offline: offline)
  }

  static func page(
    _ cursor: String, hasMore: Bool = false, applications: [ChangesPage.Application] = [],
    documents: [CachedDocument] = []
  ) -> ChangesPage {
    ChangesPage(
      cursor: cursor, hasMore: hasMore, serverTime: now, applications: applications,
      documents: documents.map { .init(id: $0.summary.id, nik: nik, document: $0) },
      nowServing: [])
  }
}

extension StorePort {
  /// A number of the reserve, which is lent where there is none yet.
  func give(_ draft: TicketDraft) async throws(PortError) -> IssuedTicket {
    if case .given(let ticket) = try await tickets.issue(draft, nil) { return ticket }
    try await cache.apply(
      Sample.page("r", queue: QueueNews(asOf: Sample.now, reserves: [Sample.reserve(draft)])),
      Sample.now)
    guard case .given(let ticket) = try await tickets.issue(draft, nil) else {
      throw PortError(.conflict, step: "test", detail: "no number")
    }
    return ticket
  }
}
