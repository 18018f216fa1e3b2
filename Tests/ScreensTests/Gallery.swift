import Journey
import OfficeModel
import Screens
import SensitiveMemory

/// Every screen in every situation that looks different, with invented people in an invented office.
enum Gallery {
  static let now = Moment(
    wall: Timestamp(
      CivilDate(year: 2026, month: 11, day: 20)!, ClockTime(hour: 9, minute: 41)!, in: .wita),
    uptime: Uptime(milliseconds: 100_000))

  static func service(_ id: String, _ title: String, _ short: String) -> ServiceStandard {
    ServiceStandard(
      id: id, title: title, shortTitle: short, series: "A", ticketIdentity: .none,
      requirements: [
        RequirementGroup(items: [
          "Fotokopi Kartu Keluarga",
          "KTP-el lama yang rusak, atau surat kehilangan dari Kepolisian",
          "Mengisi formulir F-1.02 yang disediakan petugas di loket pendaftaran",
        ]),
        RequirementGroup(
          condition: "Untuk WNI yang datang dari luar negeri",
          items: [
            "Surat Keterangan Pindah Luar Negeri dari Perwakilan Republik Indonesia",
            "Dokumen perjalanan yang masih berlaku beserta fotokopinya sebanyak satu lembar",
          ]),
        RequirementGroup(
          condition: "Untuk orang asing yang memiliki izin tinggal tetap",
          items: ["Fotokopi dokumen perjalanan", "Kartu izin tinggal tetap", "SKCK"]),
      ],
      timeLimit: TimeLimit(
        amount: 1, unit: .workingDays, text: "1 hari kerja sejak berkas dinyatakan lengkap"),
      fee: "Tidak dipungut biaya", product: "KTP Elektronik",
      complaintChannels: [
        "Kotak saran di ruang pelayanan", "SMS 0800-0000-000", "WhatsApp 0800-0000-000",
        "Surel pengaduan@contoh.invalid", "SP4N-LAPOR! www.lapor.go.id",
      ])
  }

  static func office(demonstration: Bool = true) -> OfficeProfile {
    OfficeProfile(
      name: "Disdukcapil Kabupaten Contoh", kioskName: "ADM 01", zone: .wita,
      services: [
        service("ktp-el", "Penerbitan KTP-el", "KTP-el"),
        service("kia", "Kartu Identitas Anak", "Kartu Identitas Anak"),
        service("kk", "Kartu Keluarga", "Kartu Keluarga"),
        service("akta-lahir", "Akta Kelahiran", "Akta Kelahiran"),
        service("akta-mati", "Akta Kematian", "Akta Kematian"),
        service("pindah", "Surat Keterangan Pindah", "Pindah datang"),
        service("ikd", "Identitas Kependudukan Digital", "Aktivasi IKD"),
      ],
      languages: ["id", "en"], isDemonstration: demonstration,
      openingHours: ["Senin–Kamis 08.00–15.30", "Jumat 08.00–11.00, 13.30–15.00"])
  }

  static let complaint = Complaint(
    id: "c", number: "WM4Q-XH8W", kind: .access, filedAt: now.wall)

  static let ticket = IssuedTicket(
    id: "t", number: TicketNumber(series: "A", number: 1), serviceID: "ktp-el",
    serviceName: "KTP-el", lane: .priority, date: CivilDate(year: 2026, month: 11, day: 20)!,
    issuedAt: now.wall)

  static func wait(_ count: Int) -> WaitEstimate {
    WaitEstimate(waiting: count, secondsPerCall: 240, asOf: now.wall.adding(.seconds(-1740)))
  }

  static let opening = OfficeCalendar.Opening(
    date: CivilDate(year: 2026, month: 11, day: 23)!, minute: 8 * 60)

  static func document(
    _ id: String, _ kind: String, isCard: Bool = false, left: Int = 1
  ) -> DocumentSummary {
    DocumentSummary(
      id: id, kind: kind, holderMasked: "CONTOH S•••••",
      readySince: CivilDate(year: 2026, month: 11, day: 12)!, printsLeft: left, isCard: isCard)
  }

  static func status(
    _ step: ApplicationStep, _ condition: ApplicationCondition = .moving, note: String? = nil,
    due: Int = 24
  ) -> StatusAnswer {
    .found(
      ApplicationStatus(
        serviceID: "kk", product: "Kartu Keluarga", holderMasked: "CONTOH S•••••", step: step,
        condition: condition, note: note, receivedOn: CivilDate(year: 2026, month: 11, day: 16)!,
        dueOn: CivilDate(year: 2026, month: 11, day: due), pickUp: .kiosk),
      syncedAt: now.wall.adding(.seconds(-1740)))
  }

  static func preview(revealed: Bool = false, photo: Bool = false) -> Preview {
    var preview = Preview(
      document: document("d1", "Kartu Keluarga"), bitmap: SecretHandle(id: 900), width: 595,
      height: 842, pageCount: 1,
      signer: VerificationReport.Signer(
        commonName: "Drs. Ujang Contoh Rekaan, M.Si.",
        organization: "Pemerintah Kabupaten Contoh Rekaan",
        organizationalUnit: "Dinas Kependudukan dan Pencatatan Sipil", title: "Kepala Dinas",
        serial: "01", provenTime: 1_794_464_700, level: "B-T"))
    if photo {
      preview.coSigners = ["Made Rekaan, S.H.", "Siti Peraga Contoh, S.STP."].map {
        var other = preview.signer
        other.commonName = $0
        return other
      }
    }
    preview.revealed = revealed
    if photo { preview.cardPhoto = SecretHandle(id: 901) }
    return preview
  }

  static func entry(_ kind: Entry.Kind, _ count: Int, problem: Int? = nil) -> Entry {
    var entry = Entry(kind: kind, secret: SecretHandle(id: 5))
    entry.count = count
    entry.problem = problem.map { .form(group: $0) }
    return entry
  }

  /// Name and screen of every picture.
  static var screens: [(String, Screen)] {
    let documents = [
      document("d1", "Kartu Keluarga"), document("d2", "KTP-el", isCard: true),
      document("d3", "Akta Kelahiran", left: 0), document("d4", "Akta Kematian", left: 2),
      document("d5", "Surat Keterangan Pindah"),
    ]
    var all: [(String, Screen)] = [
      ("attract", .attract), ("home", .home), ("languages", .languages),
      ("serviceList", .serviceList(.ticket)), ("serviceInfo", .serviceList(.information)),
      ("requirements", .requirements(serviceID: "ktp-el", purpose: .ticket, page: 0)),
      ("requirements2", .requirements(serviceID: "ktp-el", purpose: .information, page: 1)),
      ("requirementsGone", .requirements(serviceID: "gone", purpose: .information, page: 9)),
      ("lane", .lane(serviceID: "ktp-el")),
      (
        "ticketIdentity",
        .ticketIdentity(serviceID: "kia", lane: .general, entry: entry(.booking, 3))
      ),
      ("issuingTicket", .issuingTicket),
      ("ticketPrinting", .ticket(TicketShown(ticket: ticket, paper: .printing, wait: wait(12)))),
      ("ticketPrinted", .ticket(TicketShown(ticket: ticket, paper: .printed, wait: wait(0)))),
      ("ticketFailed", .ticket(TicketShown(ticket: ticket, paper: .failed(.mediaEmpty)))),
      ("ticketClosed", .ticketRefused(.closed(next: opening, reason: nil))),
      (
        "ticketHoliday",
        .ticketRefused(
          .closed(next: opening, reason: "Cuti bersama Hari Raya Rekaan, menurut keputusan bersama")
        )
      ),
      ("ticketBreak", .ticketRefused(.onBreak(until: 13 * 60 + 30))),
      ("ticketCitizenQuota", .ticketRefused(.citizenQuota)),
      ("ticketHalfDay", .ticketRefused(.halfDayUsedUp)),
      ("ticketSession", .ticketRefused(.sessionLimit)),
      ("ticketReserve", .ticketRefused(.reserveUsedUp)),
      ("ticketBookingTime", .ticketRefused(.bookingTime(from: 480, until: 1440))),
      ("ticketBookingUnchecked", .ticketRefused(.bookingUnchecked)),
      ("ticketHolding", .ticketRefused(.alreadyHolding(ticket.number))),
      ("ticketHoldingElsewhere", .ticketRefused(.alreadyHolding(nil))),
      ("ticketBookingUsed", .ticketRefused(.bookingUsed)),
      ("ticketClock", .ticketRefused(.clockNotTrusted)),
      ("ticketBooking", .ticketRefused(.bookingUnknown)),
      ("ticketQuota", .ticketRefused(.quotaUsedUp)),
      ("ticketStore", .ticketRefused(.storeUnavailable)),
      ("complaintKinds", .complaintKinds), ("filingComplaint", .filingComplaint),
      ("complaint", .complaint(ComplaintShown(complaint: complaint, paper: .printed))),
      (
        "complaintFailed",
        .complaint(ComplaintShown(complaint: complaint, paper: .failed(.notAccepting)))
      ),
      ("complaintRefused", .complaintRefused),
      ("statusRegistration", .statusRegistration(entry(.registration, 5))),
      (
        "statusNIK",
        .statusNIK(registration: SecretHandle(id: 4), entry: entry(.nik, 11))
      ),
      (
        "statusNIKDoubt",
        .statusNIK(registration: SecretHandle(id: 4), entry: entry(.nik, 16, problem: 1))
      ),
      ("statusSearching", .statusSearching),
      ("statusMoving", .statusResult(status(.verified))),
      ("statusLate", .statusResult(status(.received, due: 18))),
      (
        "statusReturned",
        .statusResult(
          status(.received, .returned, note: "fotokopi Kartu Keluarga kurang jelas, mohon diganti"))
      ),
      ("statusDelayed", .statusResult(status(.signed, .delayed, note: "antrean pusat data."))),
      ("statusCancelled", .statusResult(status(.verified, .cancelled))),
      ("statusReady", .statusResult(status(.ready))),
      ("statusHandedOver", .statusResult(status(.handedOver))),
      ("statusNotFound", .statusResult(.notFound(syncedAt: now.wall))),
      ("statusCacheEmpty", .statusResult(.cacheEmpty)),
      ("printNIK", .printNIK(entry(.nik, 0))),
      ("printNIKFull", .printNIK(entry(.nik, 16))),
      ("printPIN", .printPIN(nik: SecretHandle(id: 4), entry: entry(.pin, 3), triesLeft: nil)),
      (
        "printPINAgain",
        .printPIN(nik: SecretHandle(id: 4), entry: entry(.pin, 0), triesLeft: 2)
      ),
      ("checkingCredential", .checkingCredential),
      ("credentialWrong", .credentialRefused(.wrong(triesLeft: 0))),
      ("credentialUnknownCode", .credentialRefused(.unknownCode)),
      ("credentialLocked", .credentialRefused(.locked(until: now.wall.adding(.seconds(900))))),
      ("credentialExpired", .credentialRefused(.expired)),
      ("credentialOffline", .credentialRefused(.serverUnreachable)),
      ("credentialStore", .credentialRefused(.storeUnavailable)),
      ("documents", .documents(documents, page: 0)),
      ("documents2", .documents(documents, page: 1)),
      ("documentsNone", .documents([], page: 0)),
      ("verifying", .verifying(documents[0])),
      ("documentChanged", .documentRefused(.changed(code: "modified_after_signing"))),
      ("documentUncertain", .documentRefused(.signerUncertain(code: "issuer_not_pinned"))),
      ("documentRevocation", .documentRefused(.revocationUnknown(code: "revocation_unknown"))),
      ("documentUnreadable", .documentRefused(.unreadable(code: "no_signature"))),
      ("documentMachine", .documentRefused(.machineFailed(code: "helper_unavailable"))),
      ("documentUnavailable", .documentRefused(.unavailable)),
      ("documentCard", .documentRefused(.cardOnly(kind: "KTP-el"))),
      ("preview", .preview(preview())), ("previewOpen", .preview(preview(revealed: true))),
      ("previewPhoto", .preview(preview(photo: true))),
      ("takePaper", .takePaper(sheets: 1)), ("takePaper3", .takePaper(sheets: 3)),
      (
        "takePaperPlace",
        .takePaper(sheets: 12, place: "sebelah kiri mesin, di samping pintu 2")
      ),
      ("printNot", .printFailed(.notPrinted(.mediaJam))),
      ("printUnknown", .printFailed(.unknown)), ("printLeft", .printFailed(.leftAtPrinter)),
      ("printReported", .printFailed(.reportedByCitizen)), ("survey", .survey),
      ("thanks", .thanks), ("cardInfo", .cardInfo), ("complaints", .complaints(page: 0)),
      ("helpAsking", .help(.asking)), ("helpCalled", .help(.called)),
      ("helpFailed", .help(.failed)),
      ("outOfService", .outOfService(reason: "store: integrity check failed")),
    ]
    let stages: [(String, PrintProgress.Stage)] =
      [("printingSending", .sending), ("printing", .printing), ("printingCancelling", .cancelling)]
      + DeviceFault.allCases.map { ("printingHeld-\($0.rawValue)", .held($0)) }
    for (name, stage) in stages {
      all.append(
        (name, .printing(PrintProgress(documentID: "d1", stage: stage, pageCount: 1))))
    }
    return all + staff
  }

  private static var staff: [(String, Screen)] {
    let overview = StaffOverview(
      clock: .untrusted(reason: .tooFarAhead), machineTime: now.wall,
      prints: (0..<6).map {
        .init(
          jobKey: "job-\($0)", documentID: "dok-contoh-000\($0)", at: now.wall,
          isAtPrinter: $0 == 1)
      },
      letters: (0..<6).map { _ in
        .init(
          kind: "printOutcome", at: now.wall.adding(.seconds(-200_000)),
          reason: "refused at POST /v1/events: 422 unprocessable: documentID is not known here")
      }, waiting: 12, oldestWaiting: now.wall.adding(.seconds(-90_000)))
    var calm = StaffOverview(
      clock: .trusted, machineTime: nil, prints: [], letters: [], waiting: 0, oldestWaiting: nil)
    calm.clock = .trusted
    return [
      ("staffPIN", .staffPIN(entry(.staffPIN, 3), nil)),
      ("staffPINWrong", .staffPIN(entry(.staffPIN, 0), .wrong(triesLeft: 4))),
      (
        "staffPINLocked",
        .staffPIN(entry(.staffPIN, 0), .locked(until: now.wall.adding(.seconds(3000))))
      ),
      ("staffPINLockedOpen", .staffPIN(entry(.staffPIN, 0), .locked(until: nil))),
      ("staffPINNobody", .staffPIN(entry(.staffPIN, 0), .nobodyKnown)),
      ("staffPINStore", .staffPIN(entry(.staffPIN, 0), .storeUnavailable)),
      ("staffWorking", .staffWorking), ("staffMenu", .staff(.menu, overview)),
      ("staffMenuCalm", .staff(.menu, calm)), ("staffClock", .staff(.clock, overview)),
      ("staffClockNone", .staff(.clock, calm)),
      ("staffClockEntry", .staff(.clockEntry(entry(.clock, 7)), overview)),
      ("staffPrints", .staff(.prints(page: 0), overview)),
      ("staffPrints2", .staff(.prints(page: 1), overview)),
      ("staffPrint", .staff(.print(overview.prints[0]), overview)),
      ("staffPrintLeft", .staff(.print(overview.prints[1]), overview)),
      ("staffLetters", .staff(.letters(page: 0), overview)),
      ("staffLetters2", .staff(.letters(page: 1), overview)),
      ("staffDevices", .staff(.devices, overview)), ("staffDevicesCalm", .staff(.devices, calm)),
      ("staffSupplies", .staff(.supplies, overview)),
      (
        "staffPaperEntry",
        .staff(.paperEntry(printer: "utama", entry(.sheets, 2)), overview)
      ),
    ]
  }

  /// Two with all that can be told of them; or one that says nothing.
  static func printers(troubled: Bool) -> [PrinterReading] {
    guard troubled else { return [PrinterReading(name: "utama", fact: .ready)] }
    func supplies(_ names: [String], _ level: PrinterSupplies.Marker.Level) -> PrinterSupplies {
      PrinterSupplies(
        markers: names.map { .init(name: $0, level: level, lowLevel: 10) }, sheetCounter: 4711)
    }
    func paper(_ sheets: Int) -> PaperForecast {
      PaperForecast(
        refill: PaperRefill(
          printer: "utama", at: now.wall, sheets: sheets, isEstimate: false, counter: 4000),
        supplies: supplies([], .some), recent: RecentPrints(documents: 20, sheets: 60),
        isEmpty: false)
    }
    return [
      PrinterReading(
        name: "utama", place: "sebelah kiri mesin", fact: .down(.markerSupplyEmpty),
        supplies: supplies(
          ["Toner hitam HP 207A", "Toner biru HP 207A", "Toner kuning", "Toner merah"],
          .percent(9)),
        paper: paper(900)),
      PrinterReading(
        name: "cadangan", place: "di loket 2", fact: .attention(.mediaLow),
        supplies: supplies(["Toner"], .some), paper: paper(724)),
    ]
  }

  /// A short one, one as long as there may be, and one whose day is over.
  static let announcements = [
    Announcement(id: "a", text: "Hari Jumat loket buka pukul 08.30 sampai 10.30 WITA."),
    Announcement(
      id: "b",
      text: String(
        String(repeating: "Pengumuman contoh yang panjang sekali. ", count: 6).prefix(200))),
    Announcement(
      id: "c", text: "Sudah lewat", until: CivilDate(year: 2026, month: 11, day: 19)),
  ]

  /// The state that shows a screen; `troubled`: everything around it is broken.
  static func state(
    _ screen: Screen, _ preferences: Preferences, troubled: Bool = false
  ) -> JourneyState {
    var state = JourneyState(office: office(), now: now)
    state.preferences = preferences
    state.screen = screen
    switch screen {
    case .attract, .outOfService: break
    default:
      state.session = SessionID(1)
      state.trail = screen == .home ? [] : [.home, .home]
    }
    state.facts.documentPrinter = troubled ? .down(.markerSupplyEmpty) : .ready
    state.facts.documentPrinters = printers(troubled: troubled)
    state.facts.ticketPrinter = troubled ? .down(.offline) : .ready
    state.facts.serverReachable = !troubled
    state.facts.queue = QueueFacts(
      lines: Lane.allCases.map {
        QueueLine(
          serviceID: "ktp-el", lane: $0, waiting: $0 == .general ? 112 : 3, secondsPerCall: 240)
      }, asOf: now.wall.adding(.seconds(troubled ? -90_000 : -1740)))
    state.facts.cacheSyncedAt = now.wall.adding(.seconds(-1740))
    if troubled {
      state.facts.storeWritable = false
      state.facts.cardReader = .present(.ktpEl)
      state.staffCall = .failed
    } else {
      state.facts.nowServing = [
        CounterFact(number: "A-042", counter: "Loket 1", isPriority: false),
        CounterFact(number: "B-017", counter: "Loket 3", isPriority: false),
        CounterFact(number: "P-008", counter: "Loket 5", isPriority: true),
      ]
      state.facts.office = OfficeFacts(
        services: state.office.services, openingHours: state.office.openingHours,
        announcements: announcements)
    }
    return state
  }
}
