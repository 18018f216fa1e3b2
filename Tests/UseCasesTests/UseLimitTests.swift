import Journey
import LocalStore
import OfficeModel
import Ports
import SensitiveMemory
import TestSupport
import Testing
import UseCases

@Suite("What a session may take", .timeLimit(.minutes(1)))
struct UseLimitTests {
  private func accept(_ counter: Counter) async throws {
    try await counter.offerDocument()
    counter.runner.run(
      .checkCredential(
        counter.session, nik: counter.type(Counter.nikDigits, 1), pin: counter.type("123456", 2)))
    _ = await counter.answer { if case .credentialAccepted = $0 { true } else { false } }
  }

  private func refusal(_ counter: Counter) async -> Answer? {
    counter.runner.run(.openDocument(counter.session, Counter.summary))
    return await counter.answer { answer in
      switch answer {
      case .documentReady, .documentRefused: true
      default: false
      }
    }
  }

  @Test("a session gets its tickets and no more; the next one gets its own")
  func tickets() async throws {
    let counter = try Counter(identity: .nik, useLimits: UseLimits(ticketsPerSession: 1))
    let first = counter.type(Counter.nikDigits, 1)
    _ = await counter.takeNumber(identity: first)
    let other = counter.type("6309010202920002", 2)
    counter.runner.run(
      .issueTicket(
        counter.session, TicketOrder(serviceID: "ktp-el", lane: .general, identity: other)))
    _ = await counter.answer { $0 == .ticketRefused(.sessionLimit) }
    #expect(counter.parts.numbersAsked.all.count == 1)
    counter.runner.run(.endSession(counter.session))
    let later = SessionID(2)
    let again = counter.type("6309010202920002", 3)
    let paper = await counter.takeNumber(later, identity: again)
    guard case .ticketPaper(_, .printed)? = paper else {
      Issue.record("the next session has its own count: \(String(describing: paper))")
      return
    }
  }

  @Test("a ticket that was not committed is not counted")
  func uncommittedTicket() async throws {
    let counter = try Counter(identity: .nik, useLimits: UseLimits(ticketsPerSession: 2))
    _ = await counter.takeNumber(identity: counter.type(Counter.nikDigits, 1))
    // The holder has one already: told so, and nothing is used up.
    counter.runner.run(
      .issueTicket(
        counter.session,
        TicketOrder(
          serviceID: "ktp-el", lane: .general, identity: counter.type(Counter.nikDigits, 2))))
    _ = await counter.answer {
      $0 == .ticketRefused(.alreadyHolding(TicketNumber(series: "A", number: 1)))
    }
    counter.runner.run(
      .issueTicket(
        counter.session,
        TicketOrder(
          serviceID: "ktp-el", lane: .general, identity: counter.type("6309010202920002", 3))))
    _ = await counter.answer { answer in
      if case .ticketIssued(let ticket, _) = answer { ticket.number.number == 2 } else { false }
    }
    #expect(counter.parts.numbersAsked.all.count == 2)
  }

  @Test("beyond the limit every look-up finds nothing, the right one too")
  func lookups() async throws {
    let counter = try Counter(useLimits: UseLimits(lookupsPerSession: 1))
    let keys = try #require(KioskKeys(lookupKey: Counter.lookupKey))
    let typed = counter.type("REG-1", 10)
    let registration = try #require(keys.registration(typed, in: counter.vault))
    let today = Counter.summary.readySince
    let now = counter.parts.clock.now.wall
    let status = ApplicationStatus(
      serviceID: "ktp-el", product: "KTP-el", holderMasked: "S*** C*****", step: .signed,
      condition: .moving, receivedOn: today, dueOn: nil, pickUp: .kiosk)
    try await counter.store.port().cache.apply(
      ChangesPage(
        cursor: "1", hasMore: false, serverTime: now,
        applications: [
          .init(registration: registration, nik: try counter.nikKey, status: status)
        ], documents: [], nowServing: []), now)
    func lookUp(_ session: SessionID, _ handles: UInt64) {
      counter.runner.run(
        .lookUpStatus(
          session, registration: counter.type("REG-1", handles),
          nik: counter.type(Counter.nikDigits, handles + 1)))
    }
    lookUp(counter.session, 20)
    let found = await counter.answer { _ in true }
    #expect(found == .status(.found(status, syncedAt: now)))
    lookUp(counter.session, 30)
    _ = await counter.answer { $0 == .status(.notFound(syncedAt: now)) }
    #expect(counter.parts.events.all.filter { $0.name == "status.limit-reached" }.count == 1)
    #expect(counter.parts.events.all.filter { $0.name == "status.looked-up" }.count == 1)
    counter.runner.run(.endSession(counter.session))
    let later = SessionID(2)
    lookUp(later, 40)
    #expect(await counter.answer(later) { _ in true } == found)
  }

  @Test("prints beyond the limit reach neither ledger nor printer")
  func prints() async throws {
    let counter = try Counter(useLimits: UseLimits(printsPerSession: 1))
    // Nothing comes out, so the right is still there for the second.
    counter.parts.printScript.value = [.ended(.notPrinted, fault: .mediaEmpty)]
    try await counter.openDocument()
    counter.runner.run(.printDocument(counter.session, documentID: Counter.documentID))
    _ = await counter.parts.events.first { $0.name == "print.finished" }
    let told = try await counter.store.port().outbox.state().waiting
    counter.runner.run(.printDocument(counter.session, documentID: Counter.documentID))
    _ = await counter.answer { $0 == .documentRefused(.unavailable) }
    #expect(counter.parts.events.all.contains { $0.name == "print.limit-reached" })
    #expect(counter.parts.documentsPrinted.all.count == 1)
    #expect(try await counter.store.port().outbox.state().waiting == told)
  }

  @Test("a document larger than the limit is not even fetched")
  func documentSize() async throws {
    let counter = try Counter(useLimits: UseLimits(documentBytes: Counter.plain.count - 1))
    try await accept(counter)
    counter.parts.document.value = { _ in
      Issue.record("fetched")
      return .failure(PortError(.notFound, step: "test"))
    }
    #expect(await refusal(counter) == .documentRefused(.unreadable(code: "too_large")))
    counter.runner.run(.endSession(counter.session))
    #expect(counter.vault.population == 0)
  }

  @Test("a document of just the size that is allowed opens")
  func documentOfTheSize() async throws {
    let counter = try Counter(useLimits: UseLimits(documentBytes: Counter.plain.count))
    try await counter.openDocument()
  }

  @Test("a document with more pages than the limit is neither drawn nor printed")
  func documentPages() async throws {
    let counter = try Counter(useLimits: UseLimits(documentPages: 2))
    try await accept(counter)
    var report = Counter.valid
    report.pageCount = 3
    counter.parts.report.value = { [report] _ in report }
    counter.parts.preview.value = {
      Issue.record("drawn")
      return .failure(PortError(.internalFault, step: "test"))
    }
    #expect(await refusal(counter) == .documentRefused(.unreadable(code: "too_many_pages")))
    counter.runner.run(.endSession(counter.session))
    #expect(counter.vault.population == 0)
  }
}
