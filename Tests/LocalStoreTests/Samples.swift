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

  static func draft(
    _ id: String, series: String = "A", date: CivilDate = today, holder: LookupKey? = nil
  ) -> TicketDraft {
    TicketDraft(
      id: id, serviceID: "ktp-el", serviceName: "KTP-el", series: series, lane: .general,
      date: date, issuedAt: now, holder: holder)
  }

  static func status(_ step: ApplicationStep = .signed) -> ApplicationStatus {
    ApplicationStatus(
      serviceID: "ktp-el", product: "KTP-el", holderMasked: "S*** C*****", step: step,
      condition: .moving, receivedOn: today, dueOn: nil, pickUp: .kiosk)
  }

  static func document(_ id: String = "doc-1", prints: Int = 1) -> CachedDocument {
    CachedDocument(
      summary: DocumentSummary(
        id: id, kind: "Kartu Keluarga", holderMasked: "S*** C*****", readySince: today,
        printsLeft: prints, isCard: false),
      sealedBytes: 100, sealedSHA256: String(repeating: "a", count: 64))
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
