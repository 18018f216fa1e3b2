import DinasClient
import DinasProtocol
import Foundation
import Journey
import LocalStore
import OfficeModel
import Ports
import SensitiveMemory
import TestSupport
import Testing
import UseCases

/// Two kiosks of one office, each with its own store, and the real simulator as its own process.
@Suite("One document at two kiosks", .timeLimit(.minutes(3)))
struct TwoKiosksTests {
  struct Status: Decodable, Sendable { var events: [KioskReport] }

  private static let token = "token-untuk-pengujian"
  private static let printPIN = "654321"

  /// One citizen with one document.
  private static func office(_ folder: String, pickUp: String) throws {
    let data = folder + "/data"
    try FileManager.default.createDirectory(
      atPath: data + "/documents", withIntermediateDirectories: true)
    try Data(Counter.plain).write(to: URL(filePath: data + "/documents/kk.pdf"))
    try """
    office:
      name: Kantor Contoh
      zone: WITA
      tries: { limit: 5, lockMinutes: 15 }
    citizens:
      - name: WARGA REKAAN
        nik: "\(Counter.nikDigits)"
        pin: "123456"
        shows: uji
        documents:
          - { id: \(Counter.documentID), kind: Kartu Keluarga, file: kk.pdf, readyDaysAgo: 1,
              prints: 1, printPIN: "\(printPIN)", kiosk: \(pickUp) }
    """.write(toFile: data + "/citizens.yaml", atomically: true, encoding: .utf8)
    try Data(Counter.lookupKey).write(to: URL(filePath: folder + "/key"))
    try Data((token + "\n").utf8).write(to: URL(filePath: folder + "/token"))
  }

  private func withOffice(
    pickUp: String = "uji-1",
    _ body: (LabProgram, _ here: Counter, _ there: Counter) async throws -> Void
  ) async throws {
    let executable = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appending(path: "dinas-simulator").path
    let place = URL(filePath: "/tmp/two-" + UUID().uuidString.prefix(13))
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: place) }
    try Self.office(place.path, pickUp: pickUp)
    let simulator = try await LabProgram.start(
      "dinas-simulator", executable: executable, folder: place
    ) { folder, control in
      [
        "--data", folder + "/data", "--lookup-key", folder + "/key", "--token",
        folder + "/token", "--control", control,
      ]
    }
    let address = try DinasAddress(
      "http://127.0.0.1:\(simulator.values["PORT"] ?? "0")", isDemonstration: true)
    let clients = try ["uji-1", "uji-2"].map {
      try DinasClient(.init(address: address, kiosk: $0, token: Array(Self.token.utf8)))
    }
    let result: Result<Void, any Error>
    do {
      let kiosks = try clients.map { client in
        let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        let kiosk = try Counter(clock: ManualClock(wall: now)) {
          $0.dinas = client.port()
          $0.identifiers.make = { UUID().uuidString.lowercased() }
        }
        kiosk.answerDocuments()
        return kiosk
      }
      result = .success(try await body(simulator, kiosks[0], kiosks[1]))
    } catch { result = .failure(error) }
    for client in clients { await client.shutdown() }
    await simulator.stop()
    try result.get()
  }

  /// Runs the kiosk's loops until something is so.
  private func serve(
    _ kiosk: Counter, until what: String, _ condition: () async throws -> Bool
  ) async throws {
    let loops = Task { await kiosk.runner.serve() }
    let result: Result<Void, any Error>
    do {
      result = .success(
        try await eventually(what, within: .seconds(60)) {
          kiosk.parts.clock.advance(by: .seconds(1))
          return try await condition()
        })
    } catch { result = .failure(error) }
    loops.cancel()
    await loops.value
    try result.get()
  }

  private func prove(_ kiosk: Counter, _ pin: String, _ id: UInt64) async -> Answer? {
    let session = SessionID(id)
    kiosk.runner.run(
      .checkCredential(
        session, nik: kiosk.type(Counter.nikDigits, id * 10), pin: kiosk.type(pin, id * 10 + 1)))
    return await kiosk.answer(session) { answer in
      switch answer {
      case .credentialAccepted, .credentialRefused: true
      default: false
      }
    }
  }

  private func open(_ kiosk: Counter, _ id: UInt64) async -> Answer? {
    kiosk.runner.run(.openDocument(SessionID(id), Counter.summary))
    return await kiosk.answer(SessionID(id)) { answer in
      switch answer {
      case .documentReady, .documentRefused: true
      default: false
      }
    }
  }

  private func print(_ kiosk: Counter, _ id: UInt64) async -> PrintOutcome? {
    kiosk.runner.run(.printDocument(SessionID(id), documentID: Counter.documentID))
    let end = await kiosk.answer(SessionID(id)) { $0.printEnd != nil }?.printEnd
    if end == .delivered {
      _ = await kiosk.parts.events.first { $0.name == "print.finished" }
    }
    return end
  }

  @Test("both offline, only the pick-up place prints it; told of that, neither does any more")
  func bothOffline() async throws {
    try await withOffice { simulator, here, there in
      let cache = here.store.port().cache
      try await serve(here, until: "the document is fetched ahead") {
        try await cache.sealedDocument(Counter.documentID) != nil
      }
      let ledger = there.store.port().ledger
      try await serve(there, until: "the other kiosk knows it") {
        try await there.store.port().cache.documents(there.nikKey).count == 1
      }
      #expect(try await ledger.lease(Counter.documentID) == nil)
      // A citizen has shown a credential at the other kiosk when the cable goes.
      guard case .credentialAccepted? = await prove(there, "123456", 1) else {
        Issue.record("not accepted")
        return
      }
      try await simulator.tell("offline")
      #expect(await open(there, 1) == .documentRefused(.noRightOffline))
      #expect(await print(there, 1) == .notPrinted)
      there.runner.run(.endSession(SessionID(1)))
      #expect(await prove(there, "123456", 2) == .credentialRefused(.serverUnreachable))
      #expect(there.parts.documentsPrinted.all.isEmpty)
      // Here it lies ready, for the holder of the print PIN.
      guard case .credentialAccepted? = await prove(here, Self.printPIN, 1),
        case .documentReady? = await open(here, 1)
      else {
        Issue.record("not opened offline")
        return
      }
      #expect(await print(here, 1) == .delivered)
      here.runner.run(.endSession(SessionID(1)))
      // Spent, though nobody knows of it yet.
      #expect(await prove(here, Self.printPIN, 2) == .credentialRefused(.spent))
      // The server is back and has not heard of the print: the right is still lent to the other.
      try await simulator.tell("online")
      _ = await prove(there, "123456", 3)
      guard case .documentRefused(.heldElsewhere)? = await open(there, 3) else {
        Issue.record("lent twice")
        return
      }
      try await serve(here, until: "the print is reported") {
        try await here.store.port().outbox.state().waiting == 0
      }
      there.runner.run(.endSession(SessionID(3)))
      _ = await prove(there, "123456", 4)
      #expect(await open(there, 4) == .documentRefused(.unavailable))
      #expect(await prove(there, Self.printPIN, 5) == .credentialRefused(.spent))
      let outcomes = try await simulator.ask("status", as: Status.self).events.filter {
        $0.kind == .printOutcome
      }
      #expect(outcomes.count == 1)
      #expect(here.parts.documentsPrinted.all.count + there.parts.documentsPrinted.all.count == 1)
    }
  }

  @Test("a right given back late takes nothing from the same kiosk that asked for it again")
  func givenBackLate() async throws {
    try await withOffice(pickUp: "uji-9") { _, here, there in
      for kiosk in [here, there] {
        try await serve(kiosk, until: "the document is known") {
          try await kiosk.store.port().cache.documents(kiosk.nikKey).count == 1
        }
      }
      // Nothing is sent from here on: the return waits in the outbox.
      _ = await prove(here, "123456", 1)
      _ = await open(here, 1)
      here.runner.run(.endSession(SessionID(1)))
      try await eventually("the lease is given back") {
        try await here.store.port().ledger.lease(Counter.documentID) == nil
      }
      _ = await prove(here, "123456", 2)
      guard case .documentReady? = await open(here, 2) else {
        Issue.record("not lent again")
        return
      }
      try await serve(here, until: "the Dinas has the return") {
        try await here.store.port().outbox.state().waiting == 0
      }
      _ = await prove(there, "123456", 1)
      guard case .documentRefused(.heldElsewhere)? = await open(there, 1) else {
        Issue.record("lent twice")
        return
      }
      #expect(await print(here, 2) == .delivered)
    }
  }

  @Test("a Dinas that is set back to a backup learns again what was printed, and lends it nobody")
  func setBack() async throws {
    try await withOffice { simulator, here, there in
      try await serve(here, until: "the document is fetched ahead") {
        try await here.store.port().cache.sealedDocument(Counter.documentID) != nil
      }
      try await simulator.tell("backup")
      _ = await prove(here, "123456", 1)
      _ = await open(here, 1)
      #expect(await print(here, 1) == .delivered)
      here.runner.run(.endSession(SessionID(1)))
      try await serve(here, until: "the print is confirmed") {
        try await here.store.port().outbox.state().waiting == 0
      }
      try await simulator.tell("restore everything")
      let forgotten = try await simulator.ask("status", as: Status.self).events
      #expect(!forgotten.contains { $0.kind == .printOutcome })
      try await serve(here, until: "it is told again") {
        let events = try await simulator.ask("status", as: Status.self).events
        let waiting = try await here.store.port().outbox.state().waiting
        return waiting == 0 && events.contains { $0.kind == .printOutcome }
      }
      #expect(
        try await here.store.port().cache.documents(here.nikKey).allSatisfy {
          $0.summary.printsLeft == 0
        })
      try await serve(there, until: "the other kiosk is told") {
        try await there.store.port().cache.state() != nil
      }
      #expect(try await there.store.port().cache.documents(there.nikKey).isEmpty)
      #expect(await prove(there, Self.printPIN, 1) == .credentialRefused(.spent))
    }
  }

  @Test("a right that one kiosk asked for and did not use goes back, and the other prints")
  func handedBack() async throws {
    try await withOffice(pickUp: "uji-9") { _, here, there in
      for kiosk in [here, there] {
        try await serve(kiosk, until: "the document is known") {
          try await kiosk.store.port().cache.documents(kiosk.nikKey).count == 1
        }
      }
      _ = await prove(here, "123456", 1)
      guard case .documentReady? = await open(here, 1) else {
        Issue.record("not lent")
        return
      }
      _ = await prove(there, "123456", 1)
      guard case .documentRefused(.heldElsewhere)? = await open(there, 1) else {
        Issue.record("lent twice")
        return
      }
      here.runner.run(.endSession(SessionID(1)))
      try await eventually("the lease is given back") {
        try await here.store.port().ledger.lease(Counter.documentID) == nil
      }
      try await serve(here, until: "the Dinas has it") {
        try await here.store.port().outbox.state().waiting == 0
      }
      there.runner.run(.endSession(SessionID(1)))
      _ = await prove(there, "123456", 2)
      guard case .documentReady? = await open(there, 2) else {
        Issue.record("not lent")
        return
      }
      #expect(await print(there, 2) == .delivered)
    }
  }
}
