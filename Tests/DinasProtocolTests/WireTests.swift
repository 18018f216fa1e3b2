import DinasProtocol
import OfficeModel
import Testing

@Suite("Nothing is used before it keeps the rules")
struct WireTests {
  let key = String(repeating: "k", count: 43)

  func decode<Body: WireBody>(_ type: Body.Type, _ json: String) throws(WireProblem) -> Body {
    try Wire.decode(type, from: Array(json.utf8))
  }

  @Test("reports of every kind come back as they went")
  func reports() throws {
    let contents: [KioskReport.Content] = [
      .printReserved(documentID: "d", jobKey: "j"),
      .printReserved(documentID: "d", jobKey: "j", leaseID: "l"),
      .printOutcome(documentID: "d", jobKey: "j", outcome: .unknown),
      .printOutcome(documentID: "d", jobKey: "j", outcome: .delivered, finding: .handedOver),
      .leaseReturned(documentID: "d", leaseID: "l"), .survey(score: 4),
      .complaint(number: "7KQ3-M9XT", about: .fee),
      .staffCall(screen: "home"),
    ]
    #expect(Set(contents.map { KioskReport(id: "x", at: now, content: $0).kind }).count == 6)
    for content in contents {
      let report = KioskReport(id: "x", at: now, content: content)
      #expect(try Wire.decode(KioskReport.self, from: Wire.encode(report)) == report)
    }
  }

  let now = Timestamp(seconds: 1_795_000_000)

  @Test("a credential is a NIK with a PIN, or a QR, never a mixture")
  func credentials() throws {
    #expect(
      try decode(CredentialCheck.self, #"{"qrKey":"\#(key)"}"#) == .qr(qrKey: key))
    for wrong in [
      "{}", #"{"nikKey":"\#(key)"}"#,
      #"{"nikKey":"\#(key)","pinKey":"\#(key)","qrKey":"\#(key)"}"#,
      #"{"qrKey":"9999991203900001"}"#, #"{"qrKey":7}"#, "[]", "", "{",
      String(repeating: "[", count: 10_000),
    ] {
      #expect(throws: WireProblem.self) { try decode(CredentialCheck.self, wrong) }
    }
  }

  @Test("a problem names the field and never repeats what was in it")
  func noEcho() {
    let secret = "9999991203900001"
    for json in [
      #"{"qrKey":"\#(secret)"}"#, #"{"nikKey":\#(secret),"pinKey":"x"}"#, secret,
      #"{"id":"\#(secret) ","kind":"survey","at":1,"score":1}"#,
    ] {
      for problem in [
        problem(CredentialCheck.self, json), problem(KioskReport.self, json),
        problem(IssuedTicket.self, json),
      ] {
        #expect(!problem.isEmpty && !problem.contains(secret))
      }
    }
  }

  /// What decoding complains of; empty when it does not.
  func problem<Body: WireBody>(_ type: Body.Type, _ json: String) -> String {
    do {
      _ = try Wire.decode(type, from: Array(json.utf8))
      return ""
    } catch { return error.description }
  }

  @Test("an answer cannot be accepted and refused at once")
  func answers() {
    let wrong = [
      CredentialAnswer(accepted: true, triesLeft: 1),
      CredentialAnswer(accepted: false, nikKey: key, triesLeft: 1),
      CredentialAnswer(accepted: true, nikKey: key, triesLeft: 1, expired: true),
      CredentialAnswer(accepted: true, nikKey: key, triesLeft: 1, lockedUntil: now),
      CredentialAnswer(accepted: false, triesLeft: -1),
      CredentialAnswer(accepted: true, nikKey: key, triesLeft: 1, spent: true),
      CredentialAnswer(accepted: false, triesLeft: 1, kind: .access),
    ]
    for answer in wrong { #expect(throws: WireProblem.self) { try answer.check() } }
  }

  @Test("a lease answer is a lease or a refusal, and offline hashes cost the same for everybody")
  func leases() throws {
    let lease = PrintLease(id: "l", until: now)
    #expect(throws: Never.self) {
      try LeaseAnswer(documentID: "d", serverTime: now, lease: lease).check()
    }
    for wrong in [
      LeaseAnswer(documentID: "d", serverTime: now),
      LeaseAnswer(documentID: "d", serverTime: now, lease: lease, refusal: .gone),
      LeaseAnswer(documentID: "d/", serverTime: now, lease: lease),
      LeaseAnswer(
        documentID: "d", serverTime: now, lease: PrintLease(id: "l", until: .init(seconds: 1))),
    ] { #expect(throws: WireProblem.self) { try wrong.check() } }
    let salt = [UInt8](repeating: 1, count: SlowHash.saltBytes)
    let cheap = try SlowHash(of: Array("x".utf8), salt: salt, rounds: 1 << 12).description
    let hash = try SlowHash(of: Array("x".utf8), salt: salt).description
    func offer(_ hash: String, _ lease: PrintLease?, tag: String? = nil) -> ChangesBody {
      ChangesBody(
        serverTime: now, cursor: "c", hasMore: false, applications: [],
        documents: [
          .init(
            id: "d", nikKey: key,
            offer: DocumentOffer(
              summary: DocumentSummary(
                id: "d", kind: "KK", holderMasked: "B•••••",
                readySince: LocalTime(now, in: .wib).date, printsLeft: 1, isCard: false),
              sealed: SealedBlob(sizeBytes: 100, sha256: String(repeating: "a", count: 64)),
              lease: lease,
              offline: OfflineCheck([.init(kind: .access, qrTag: tag, hash: hash)])))
        ])
    }
    #expect(throws: Never.self) { try offer(hash, lease).check() }
    for wrong in [
      offer(hash, nil), offer(cheap, lease), offer("x", lease), offer(hash, lease, tag: "short"),
    ] { #expect(throws: WireProblem.self) { try wrong.check() } }
  }

  @Test("a document's identifier carries no NIK: it stands in records and logs as it is")
  func documentIdentifiers() {
    for good in ["kk-budi", "123456789012345", "1234567890-123456-789012345678901"] {
      #expect(throws: Never.self) { try Check.documentID(good, "id") }
    }
    for bad in ["1234567890123456", "kk-1234567890123456-1", "a12345678901234567", ""] {
      #expect(throws: WireProblem.self) { try Check.documentID(bad, "id") }
    }
  }

  @Test("identifiers fit into a path and a file name as they are")
  func identifiers() {
    for good in ["a", "kk-budi", "A_1", String(repeating: "x", count: 64)] {
      #expect(throws: Never.self) { try Check.identifier(good, "id") }
    }
    for bad in ["", ".", "../x", "a b", "a/b", "é", "a\n", String(repeating: "x", count: 65)] {
      #expect(throws: WireProblem.self) { try Check.identifier(bad, "id") }
    }
  }

  @Test("text that is shown holds no control characters")
  func text() {
    for bad in ["", "a\u{1b}[2J", "a\nb", "\0", String(repeating: "x", count: 201)] {
      #expect(throws: WireProblem.self) { try Check.text(bad, "text") }
    }
  }

  @Test("a page with more rows than the limit is refused")
  func pageLimit() {
    let row = ChangesBody.Application(registrationKey: key, nikKey: key, status: nil)
    var page = ChangesBody(
      serverTime: now, cursor: "c", hasMore: false,
      applications: Array(repeating: row, count: DinasAPI.Limit.rowsPerPage), documents: [])
    #expect(throws: Never.self) { try page.check() }
    page.applications.append(row)
    #expect(throws: WireProblem.self) { try page.check() }
  }

  @Test("every problem code has the status it is sent with")
  func problems() throws {
    for code in Problem.Code.allCases {
      let problem = Problem(code, title: "t", detail: "d")
      #expect(try Wire.decode(Problem.self, from: Wire.encode(problem)) == problem)
      #expect((400...599).contains(problem.status))
    }
  }
}
