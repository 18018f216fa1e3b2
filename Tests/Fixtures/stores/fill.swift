// Fills a store through the code of the version it is built with. Everything in it is invented.
import LocalStore
import OfficeModel
import Ports

let directory = CommandLine.arguments[1]
let now = Timestamp(seconds: 1_800_000_000)
let today = LocalTime(now, in: .wita).date
func key(_ letter: String) -> LookupKey { LookupKey(value: String(repeating: letter, count: 43)) }

func draft(_ id: String, _ series: String, holder: LookupKey? = nil) -> TicketDraft {
  TicketDraft(
    id: id, serviceID: "ktp-el", serviceName: "KTP-el", series: series, lane: .general,
    date: today, issuedAt: now, holder: holder)
}

func document(_ id: String, prints: Int) -> ChangesPage.Document {
  ChangesPage.Document(
    id: id, nik: key("n"),
    document: CachedDocument(
      summary: DocumentSummary(
        id: id, kind: "Kartu Keluarga", holderMasked: "S*** R*****", readySince: today,
        printsLeft: prints, isCard: false),
      sealedBytes: 3, sealedSHA256: String(repeating: "a", count: 64)))
}

let store = try LocalStore.open(directory: directory, storeKey: [UInt8](repeating: 7, count: 32))
let port = store.port()
try await port.pullBegins()
try await port.applyChanges(
  ChangesPage(
    cursor: "c1", hasMore: false, serverTime: now,
    applications: [
      .init(
        registration: key("r"), nik: key("n"),
        status: ApplicationStatus(
          serviceID: "ktp-el", product: "KTP-el", holderMasked: "S*** R*****", step: .signed,
          condition: .moving, receivedOn: today, dueOn: nil, pickUp: .kiosk))
    ],
    documents: ["doc-kept", "doc-done", "doc-unknown", "doc-running"].map {
      document($0, prints: 1)
    }, nowServing: []), now)
try await port.keepSealedDocument("doc-kept", [1, 2, 3])
for number in 1...3 {
  _ = try await port.issueTicket(draft("t\(number)", "A", holder: number == 1 ? key("n") : nil))
}
_ = try await port.issueTicket(draft("tp", "PA"))
try await port.ticketPaper("t1", true)
let limits = TryLimits(perNIK: 3, perKiosk: 30, window: .seconds(3600))
_ = try await port.countTry(key("n"), limits, now)
_ = try await port.countTry(key("n"), limits, now)
func reserve(_ job: String, _ id: String) async throws {
  let isReserved = try await port.reservePrint(
    PrintReservation(jobKey: job, documentID: id, at: now))
  precondition(isReserved)
}
try await reserve("job-done", "doc-done")
try await port.submitPrint("job-done", now)
try await port.settlePrint("job-done", .delivered, now)
try await reserve("job-unknown", "doc-unknown")
try await port.submitPrint("job-unknown", now)
try await port.settlePrint("job-unknown", .unknown, now)
try await reserve("job-running", "doc-running")
try await port.submitPrint("job-running", now)
try await port.enqueue(
  OutboxItem(id: "survey-1", kind: .survey, stream: "survey", body: [1], createdAt: now))
try await port.enqueue(
  OutboxItem(id: "survey-2", kind: .survey, stream: "other", body: [1], createdAt: now))
try await port.settleOutbox("t1", .delivered, now)
try await port.settleOutbox("t2", .retry(at: now.adding(.seconds(60))), now)
try await port.settleOutbox("survey-2", .dead(reason: "422"), now)
try store.close()
