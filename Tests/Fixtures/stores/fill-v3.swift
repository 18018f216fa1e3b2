// Fills a store through the code of version 3. Everything in it is invented.
import LocalStore
import OfficeModel
import Ports

let directory = CommandLine.arguments[1]
let now = Timestamp(seconds: 1_800_000_000)
let today = LocalTime(now, in: .wita).date
func key(_ letter: String) -> LookupKey { LookupKey(value: String(repeating: letter, count: 43)) }

func document(_ id: String) -> ChangesPage.Document {
  ChangesPage.Document(
    id: id, nik: key("n"),
    document: CachedDocument(
      summary: DocumentSummary(
        id: id, kind: "Kartu Keluarga", holderMasked: "S*** R*****", readySince: today,
        printsLeft: 1, isCard: false),
      sealedBytes: 3, sealedSHA256: String(repeating: "a", count: 64),
      lease: PrintLease(id: "lease-" + id, until: now.adding(.seconds(86_400))), offline: nil))
}

let store = try LocalStore.open(directory: directory, storeKey: [UInt8](repeating: 7, count: 32))
let port = store.port()
try await port.cache.pullBegins()
try await port.cache.apply(
  ChangesPage(
    cursor: "c1", hasMore: false, serverTime: now, applications: [],
    documents: ["doc-kept", "doc-done", "doc-unknown", "doc-running"].map(document),
    nowServing: []), now)
try await port.cache.keepSealedDocument("doc-kept", [1, 2, 3])
func reserve(_ job: String, _ id: String, _ counter: Int) async throws {
  let isReserved = try await port.ledger.reserve(
    PrintReservation(
      jobKey: job, documentID: id, at: now, endsBy: now.adding(.seconds(240)), who: "run-1",
      sheetCounter: counter))
  precondition(isReserved)
  try await port.ledger.submit(job, now)
}
try await reserve("job-done", "doc-done", 1204)
try await port.ledger.settle("job-done", .delivered, now)
try await reserve("job-unknown", "doc-unknown", 1205)
try await port.ledger.settle("job-unknown", .unknown, now)
try await reserve("job-running", "doc-running", 1206)
try await port.outbox.enqueue(
  OutboxItem(id: "survey-1", kind: .survey, stream: "survey", body: [1], createdAt: now))
try store.close()
