import Journey
import OfficeModel
import SensitiveMemory

/// An invented office and invented answers, for sessions that never touch a device.
enum Invented {
  static func office(services: Int = 8) -> OfficeProfile {
    OfficeProfile(
      name: "Disdukcapil Kabupaten Contoh", kioskName: "ADM 01", zone: .wib,
      services: (0..<services).map { index in
        ServiceStandard(
          id: "service-\(index)", title: "Layanan contoh \(index)", shortTitle: "Contoh \(index)",
          series: "A", ticketIdentity: TicketIdentity.allCases[index % 3],
          requirements: [RequirementGroup(items: ["Fotokopi KK"])],
          timeLimit: TimeLimit(amount: 1, unit: .days, text: "1 hari"), fee: "Gratis",
          product: "Contoh")
      },
      languages: ["id", "en"], isDemonstration: true, openingHours: ["Senin–Jumat 08.00–15.00"])
  }

  static let start = Moment(
    wall: Timestamp(milliseconds: 1_795_142_460_500), uptime: Uptime(milliseconds: 1_000))

  static let wait = WaitEstimate(
    waiting: 3, secondsPerCall: 60, asOf: Timestamp(seconds: 1_795_150_000))

  static let ticket = IssuedTicket(
    id: "t-1", number: TicketNumber(series: "A", number: 1), serviceID: "service-0",
    serviceName: "Layanan contoh 0", lane: .general, date: CivilDate(daysSinceEpoch: 20_777),
    issuedAt: start.wall)

  static let complaint = Complaint(
    id: "c-1", number: "7KQ3-M9XT", kind: .fee, filedAt: start.wall)

  static func document(_ id: String, isCard: Bool = false, prints: Int = 1) -> DocumentSummary {
    DocumentSummary(
      id: id, kind: isCard ? "KTP-el" : "Kartu Keluarga", holderMasked: "CONTOH S•••••",
      readySince: CivilDate(daysSinceEpoch: 20_770), printsLeft: prints, isCard: isCard)
  }

  static let signer = VerificationReport.Signer(
    commonName: "KEPALA DINAS CONTOH", organization: nil, organizationalUnit: nil, title: nil,
    serial: "01", provenTime: 1_795_000_000, level: "B-T")

  static func preview(_ document: DocumentSummary, bitmap: UInt64) -> Preview {
    Preview(
      document: document, bitmap: SecretHandle(id: bitmap), width: 595, height: 842, pageCount: 1,
      signer: signer)
  }

  static let status = ApplicationStatus(
    serviceID: "service-0", product: "Contoh", holderMasked: "CONTOH S•••••", step: .verified,
    condition: .moving, receivedOn: CivilDate(daysSinceEpoch: 20_770),
    dueOn: CivilDate(daysSinceEpoch: 20_790), pickUp: .counter)
}

/// Drives the reducer with a clock of its own and remembers what it asked for.
struct Player {
  var state: JourneyState
  var moment: Moment
  var effects: [Effect] = []
  var last: [Effect] = []

  init(services: Int = 8) {
    moment = Invented.start
    state = JourneyState(office: Invented.office(services: services), now: moment)
  }

  mutating func act(_ action: Action) {
    last = Journey.reduce(into: &state, action, at: moment)
    effects += last
  }

  mutating func tap(_ controls: Control...) { for control in controls { act(.activate(control)) } }
  mutating func type(_ count: Int) {
    for index in 0..<count { tap(.digit(UInt8(index % 10))) }
  }

  mutating func answer(_ answer: Answer) {
    if let session = state.session { act(.answer(session, answer)) }
  }

  /// The request for a card's photo that the last action led to.
  var photoAsked: UInt64? {
    for case .readCardPhoto(_, let request) in last { return request }
    return nil
  }

  /// The photo on the glass.
  var cardPhoto: SecretHandle? {
    if case .preview(let preview) = state.screen { preview.cardPhoto } else { nil }
  }

  mutating func wait(_ duration: Duration) {
    moment = Moment(
      wall: moment.wall.adding(duration), uptime: moment.uptime.adding(duration))
  }

  /// Waits for the state's own deadlines until `duration` has passed.
  mutating func idle(_ duration: Duration) {
    let end = moment.uptime.adding(duration)
    while let next = state.nextDeadline, next <= end {
      wait(max(next.since(moment.uptime), .zero))
      act(.deadline)
    }
    wait(end.since(moment.uptime))
  }

  mutating func reachPIN() {
    tap(.start, .printDocument)
    type(16)
    tap(.continue)
  }

  mutating func reachDocuments(_ documents: [DocumentSummary] = [Invented.document("d1")]) {
    reachPIN()
    type(6)
    tap(.continue)
    answer(.credentialAccepted(documents))
  }

  mutating func reachPrinting() {
    reachDocuments()
    tap(.document("d1"))
    answer(.documentReady(Invented.preview(Invented.document("d1"), bitmap: 1 << 33)))
    tap(.print)
  }
}
