import DinasClient
import DinasProtocol
import OfficeModel
import Ports
import Testing

@testable import dinas_simulator

@Suite("A kiosk and its Dinas")
struct ConversationTests {
  let now = Timestamp(seconds: 1_795_150_000)

  func ticket(_ id: String, _ number: Int) throws -> OutboxItem {
    let ticket = IssuedTicket(
      id: id, number: TicketNumber(series: "A", number: number), serviceID: "ktp-el",
      serviceName: "Penerbitan KTP-el", lane: .general,
      date: try #require(CivilDate("2026-11-20")), issuedAt: now)
    return OutboxItem(
      id: id, kind: .ticket, stream: "tickets", body: try Wire.encode(ticket), createdAt: now)
  }

  func item(_ id: String, _ kind: OutboxItem.Kind, _ json: String) -> OutboxItem {
    OutboxItem(id: id, kind: kind, stream: "s", body: Array(json.utf8), createdAt: now)
  }

  @Test("the first pull brings everything, the next one only what has changed since")
  func pull() async throws {
    try await RunningSimulator.with { simulator, client in
      let port = client.port()
      let first = try await port.fetchChanges(nil)
      #expect(first.applications.count == 9)
      #expect(first.documents.count == 5)
      #expect(first.nowServing.count == 3)
      #expect(!first.hasMore)
      #expect(first.serverTime == simulator.clock.now)
      let idle = try await port.fetchChanges(first.cursor)
      #expect(idle.applications.isEmpty && idle.documents.isEmpty)

      try await port.send(
        item(
          "p1", .printOutcome,
          #"{"documentID":"kk-budi","jobKey":"j1","outcome":"delivered"}"#))
      let delta = try await port.fetchChanges(idle.cursor)
      #expect(delta.documents.map(\.id) == ["kk-budi"])
      #expect(delta.documents.first?.document == nil)
      #expect(delta.applications.map(\.status?.step) == [.handedOver])
      #expect(
        await code { _ = try await port.fetchDocument("kk-budi", 1 << 20) } == .notFound)
    }
  }

  @Test("a document has the size and hash that the page named, and opens to a PDF")
  func documents() async throws {
    try await RunningSimulator.with { simulator, client in
      let port = client.port()
      let seal = DocumentSeal(simulator.secret)
      for row in try await port.fetchChanges(nil).documents {
        let document = try #require(row.document)
        guard !document.summary.isCard else { continue }
        let bytes = try await port.fetchDocument(row.id, document.sealedBytes)
        #expect(bytes.count == document.sealedBytes)
        #expect(WireHash.sha256(bytes) == document.sealedSHA256)
        let start = try seal.open(bytes, id: row.id) { Array($0.prefix(5)) }
        #expect(start == Array("%PDF-".utf8))
        #expect(
          await code { _ = try await port.fetchDocument(row.id, document.sealedBytes - 1) }
            == .malformed)
      }
    }
  }

  @Test("an unknown NIK and a wrong PIN get the same answers in the same order")
  func sameAnswers() async throws {
    try await RunningSimulator.with { simulator, client in
      let port = client.port()
      var answers: [[CredentialVerdict]] = []
      for nik in ["9999991203900001", "9999990000000000"] {
        var sequence: [CredentialVerdict] = []
        for _ in 0..<6 {
          sequence.append(try await port.checkCredential(simulator.proof(nik, "000000")))
        }
        answers.append(sequence)
      }
      #expect(answers[0] == answers[1])
      let until = simulator.clock.now.adding(.seconds(15 * 60))
      #expect(
        answers[0] == [
          .wrong(triesLeft: 4), .wrong(triesLeft: 3), .wrong(triesLeft: 2),
          .wrong(triesLeft: 1), .locked(until: until), .locked(until: until),
        ])
      let right = simulator.proof("9999991203900001", "135790")
      let stillLocked = try await port.checkCredential(right)
      #expect(stillLocked == .locked(until: until))
      simulator.clock.advance(by: .seconds(15 * 60))
      guard case .accepted = try await port.checkCredential(right) else {
        Issue.record("the lock should have ended")
        return
      }
    }
  }

  @Test("PIN and QR lead to the same documents; an old PIN is called expired only when right")
  func credentials() async throws {
    try await RunningSimulator.with { simulator, client in
      let port = client.port()
      let byPIN = try await port.checkCredential(simulator.proof("9999991203900001", "135790"))
      let qr = LookupKey(value: simulator.secret.qr(Array("CONTOH-ADM-5QX7M2KD9WTR".utf8)))
      let byQR = try await port.checkCredential(.qr(qr))
      #expect(byQR == byPIN)
      guard case .accepted(let nik, let documents, _, _) = byPIN else {
        Issue.record("the PIN should be right")
        return
      }
      #expect(nik == simulator.nik("9999991203900001"))
      #expect(documents.map(\.id) == ["kk-budi"])
      #expect(documents.first?.holderMasked == "BUDI R••••• S•••••")
      let old = simulator.proof("9999991710660009", "913579")
      let oldAnswer = try await port.checkCredential(old)
      #expect(oldAnswer == .expired)
      let guessed = simulator.proof("9999991710660009", "000000")
      let guessedAnswer = try await port.checkCredential(guessed)
      #expect(guessedAnswer == .wrong(triesLeft: 4))
    }
  }

  @Test("a ticket sent twice is one ticket; a number given twice is a conflict")
  func tickets() async throws {
    try await RunningSimulator.with { simulator, client in
      let port = client.port()
      try await port.send(try ticket("t1", 1))
      try await port.send(try ticket("t1", 1))
      try await port.send(try ticket("t2", 2))
      #expect(await simulator.dinas.received.tickets.map(\.id) == ["t1", "t2"])
      #expect(await code { try await port.send(try ticket("t3", 1)) } == .conflict)
      #expect(await code { try await port.send(try ticket("t1", 3)) } == .conflict)
      #expect(await simulator.dinas.received.tickets.count == 2)
    }
  }

  private func request(_ id: String, holder: LookupKey? = nil) -> NumberRequest {
    NumberRequest(
      TicketDraft(
        id: id, serviceID: "ktp-el", serviceName: "KTP-el", lane: .general,
        identity: holder == nil ? .none : .nik, date: CivilDate(daysSinceEpoch: 20_777),
        issuedAt: now, holder: holder), run: "run-1")
  }

  private func void(_ id: String) throws -> OutboxItem {
    OutboxItem(
      id: TicketVoid.key(of: id), kind: .ticketVoid, stream: "void:" + id,
      body: try Wire.encode(TicketVoid(id: id, at: now)), createdAt: now)
  }

  @Test("asking again under one key is one number, and its rules come as they are")
  func nextNumber() async throws {
    try await RunningSimulator.with { simulator, client in
      let port = client.port()
      let citizen = simulator.nik("9999991203900001")
      let first = try await port.nextNumber(request("r1", holder: citizen))
      guard case .given(let given) = first else {
        Issue.record("no number: \(first)")
        return
      }
      #expect(given.number.description == "A-001" && given.secondsPerCall == 240)
      #expect(try await port.nextNumber(request("r1", holder: citizen)) == first)
      #expect(
        try await port.nextNumber(request("r2", holder: citizen))
          == .refused(.holding(given.number)))
      #expect(await simulator.dinas.received.tickets.map(\.id) == ["r1"])
      let page = try await port.fetchChanges(nil)
      #expect(page.queue?.reserves.count == 4 * 2 * 3)
      #expect(page.queue?.lines.first?.waiting == 1)
    }
  }

  @Test("a number whose answer was lost is taken back, also when the void comes first")
  func voidedNumber() async throws {
    try await RunningSimulator.with { simulator, client in
      let port = client.port()
      simulator.faults.spoilNext(1, .drop)
      #expect(await code { _ = try await port.nextNumber(request("r1")) } == .unreachable)
      #expect(await simulator.dinas.received.tickets.map(\.id) == ["r1"])
      try await port.send(try void("r1"))
      try await port.send(try void("r1"))
      #expect(await simulator.dinas.received.tickets.isEmpty)
      try await port.send(try void("r2"))
      #expect(await code { _ = try await port.nextNumber(request("r2")) } == .conflict)
      #expect(await simulator.dinas.received.tickets.isEmpty)
      guard case .given(let next) = try await port.nextNumber(request("r3")) else {
        Issue.record("no number")
        return
      }
      #expect(next.number.number == 2)
    }
  }

  @Test("a reply that is lost after the server wrote it down does no harm")
  func lostReply() async throws {
    try await RunningSimulator.with { simulator, client in
      let port = client.port()
      simulator.faults.spoilNext(1, .drop)
      #expect(await code { try await port.send(try ticket("t1", 1)) } == .unreachable)
      #expect(await simulator.dinas.received.tickets.count == 1)
      try await port.send(try ticket("t1", 1))
      #expect(await simulator.dinas.received.tickets.count == 1)
    }
  }

  @Test("every kind of event arrives, and what is not one never leaves")
  func events() async throws {
    try await RunningSimulator.with { simulator, client in
      let port = client.port()
      try await port.send(
        item("e1", .printReserved, #"{"documentID":"kk-budi","jobKey":"j1"}"#))
      try await port.send(
        item(
          "e2", .printOutcome,
          #"{"documentID":"kk-budi","jobKey":"j1","outcome":"notPrinted"}"#))
      try await port.send(item("e3", .survey, #"{"score":4}"#))
      try await port.send(item("e5", .complaint, #"{"number":"7KQ3-M9XT","about":"fee"}"#))
      try await port.send(item("e4", .staffCall, #"{"screen":"home"}"#))
      let reports = await simulator.dinas.received.reports
      #expect(
        reports.map(\.kind) == [.printReserved, .printOutcome, .survey, .complaint, .staffCall])
      #expect(reports.allSatisfy { $0.at == now })
      // Nothing came out, so the right is still there.
      let page = try await port.fetchChanges(nil)
      #expect(page.documents.first?.document != nil)
      for (kind, json) in [
        (OutboxItem.Kind.survey, #"{"score":9}"#),
        (.complaint, #"{"number":"0000-0000","about":"fee"}"#),
        (.complaint, #"{"number":"7KQ3-M9XT","about":"somebody"}"#), (.survey, "{}"),
        (.ticket, "{}"),
        (.printReserved, #"{"documentID":"../x","jobKey":"j"}"#), (.staffCall, "["),
      ] {
        #expect(await code { try await port.send(item("e9", kind, json)) } == .refused)
      }
      #expect(await simulator.dinas.received.reports.count == 5)
    }
  }
}
