import Journey
import OfficeModel
import Ports
import SensitiveMemory
import TestSupport
import Testing
import UseCases

@Suite("Without a store", .timeLimit(.minutes(1)))
struct BrokenStoreTests {
  @Test("every wish gets an answer, nothing is printed and no credential is judged")
  func answers() async throws {
    let parts = TestPorts()
    let told = Recorder<Action>()
    let vault = SecretVault()
    let service = ServiceStandard(
      id: "kia", title: "KIA", shortTitle: "KIA", series: "B", ticketIdentity: .none,
      requirements: [], timeLimit: TimeLimit(amount: 0, unit: .days, text: "-"), fee: "-",
      product: "KIA")
    let runner = UseCaseRunner(
      ports: parts.ports(store: .failing(PortError(.storageReadOnly, step: "test"))),
      vault: vault, keys: try #require(KioskKeys(lookupKey: Counter.lookupKey)),
      settings: UseCaseSettings(
        officeName: "Kantor Contoh", zone: .wit, isDemonstration: true, services: [service]),
      sink: { told.append($0) })
    await runner.recover()
    let session = SessionID(1)
    let typed = SecretHandle(id: 1)
    runner.run(.secret(.append(49, to: typed)))
    let wishes: [(Effect, Answer)] = [
      (
        .issueTicket(session, TicketOrder(serviceID: "kia", lane: .general)),
        .ticketRefused(.storeUnavailable)
      ),
      (.lookUpStatus(session, registration: typed, nik: typed), .status(.cacheEmpty)),
      (
        .checkCredential(session, nik: typed, pin: typed),
        .credentialRefused(.storeUnavailable)
      ),
      (.recordSurvey(session, score: 3), .surveyStored(false)),
      (.fileComplaint(session, .fee), .complaintNotFiled),
      (.callStaff(session, screen: "home"), .staffCalled(false)),
      (.printDocument(session, documentID: "d"), .printEnded(.notPrinted, fault: nil)),
    ]
    for (wish, answer) in wishes {
      runner.run(wish)
      _ = await told.first { $0 == .answer(session, answer) }
    }
    #expect(told.all.contains(.facts(.store(writable: false))))
    #expect(parts.credentialChecks.all.isEmpty)
    #expect(parts.ticketsPrinted.all.isEmpty)
    #expect(parts.documentsPrinted.all.isEmpty)
    runner.run(.endSession(session))
    #expect(vault.population == 0)
  }

  @Test("damage that SQLite finds while it serves takes the kiosk out of service")
  func damagedWhileServing() async throws {
    for (detail, isOut) in [("SQLite 11", true), ("seal does not fit its row", false)] {
      let parts = TestPorts()
      let told = Recorder<Action>()
      let runner = UseCaseRunner(
        ports: parts.ports(
          store: .failing(PortError(.storageDamaged, step: "test", detail: detail))),
        vault: SecretVault(), keys: try #require(KioskKeys(lookupKey: Counter.lookupKey)),
        settings: UseCaseSettings(
          officeName: "Kantor Contoh", zone: .wit, isDemonstration: true, services: []),
        sink: { told.append($0) })
      let session = SessionID(1)
      runner.run(.recordSurvey(session, score: 3))
      _ = await told.first { $0 == .answer(session, .surveyStored(false)) }
      #expect(told.all.contains(.facts(.outOfService(reason: "storage.damaged"))) == isOut)
    }
  }
}
