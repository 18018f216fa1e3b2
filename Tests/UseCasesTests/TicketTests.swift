import DinasProtocol
import Journey
import LocalStore
import OfficeModel
import Ports
import SensitiveMemory
import TestSupport
import Testing
import UseCases

@Suite("Giving numbers", .timeLimit(.minutes(1)))
struct TicketTests {
  @Test("a ticket is committed before it is printed, and stays when the printer fails")
  func committedFirst() async throws {
    let counter = try Counter()
    counter.parts.ticketFault.value = .mediaEmpty
    let paper = await counter.takeNumber()
    let number = TicketNumber(series: "A", number: 1)
    guard case .ticketIssued(let ticket, _)? = counter.allAnswers.first else {
      Issue.record("the number comes before its paper")
      return
    }
    #expect(ticket.number == number)
    #expect(paper == .ticketPaper(ticketID: ticket.id, .failed(.mediaEmpty)))
    let due = try await counter.store.port().outbox.due(counter.parts.clock.now.wall, 10)
    #expect(due.map(\.id) == [ticket.id])
    #expect(try Wire.decode(IssuedTicket.self, from: due[0].body) == ticket)
    // Tried again: the same number.
    counter.parts.ticketFault.value = nil
    counter.runner.run(.printTicket(counter.session, ticket))
    _ = await counter.answer { $0 == .ticketPaper(ticketID: ticket.id, .printed) }
    #expect(counter.parts.ticketsPrinted.all.map(\.ticket) == [ticket, ticket])
  }

  @Test("touching twice gives one number in a session, and priority counts on its own")
  func doubleIssue() async throws {
    let counter = try Counter()
    let order = TicketOrder(serviceID: "ktp-el", lane: .priority)
    _ = await counter.takeNumber(lane: .priority)
    counter.runner.run(.issueTicket(counter.session, order))
    _ = await counter.answer {
      $0 == .ticketRefused(.alreadyHolding(TicketNumber(series: "PA", number: 1)))
    }
    #expect(try await counter.store.port().outbox.state().waiting == 1)
  }

  @Test("who has a number for a service is told it again, in a later session too")
  func oneForEachHolder() async throws {
    let counter = try Counter(identity: .nik)
    let first = counter.type(Counter.nikDigits, 1)
    _ = await counter.takeNumber(identity: first)
    counter.runner.run(.endSession(counter.session))
    #expect(counter.vault.population == 0)
    let later = SessionID(2)
    let second = counter.type(Counter.nikDigits, 2)
    counter.runner.run(
      .issueTicket(later, TicketOrder(serviceID: "ktp-el", lane: .general, identity: second)))
    let refused = await counter.answer(later) { _ in true }
    #expect(refused == .ticketRefused(.alreadyHolding(TicketNumber(series: "A", number: 1))))
  }

  @Test("what cannot be a NIK is pointed at, and no number is used")
  func doubtfulNIK() async throws {
    let counter = try Counter(identity: .nik)
    let typed = counter.type("6309019913900001", 1)
    counter.runner.run(
      .issueTicket(
        counter.session, TicketOrder(serviceID: "ktp-el", lane: .general, identity: typed)))
    let refused = await counter.answer { _ in true }
    #expect(refused == .entryRefused(.form(group: 1)))
    #expect(try await counter.store.port().outbox.state().waiting == 0)
  }

  @Test("a clock that cannot be right gives no number")
  func clock() async throws {
    let counter = try Counter()
    counter.parts.clock.setWall(Timestamp(seconds: 3600))
    counter.runner.run(
      .issueTicket(counter.session, TicketOrder(serviceID: "ktp-el", lane: .general)))
    #expect(await counter.answer { _ in true } == .ticketRefused(.clockNotTrusted))
  }

  @Test("on a full disk no number is shown that is not committed")
  func diskFull() async throws {
    let counter = try Counter(pagesLimit: 36)
    var refused: Answer?
    var session: UInt64 = 1
    while refused == nil, session < 2000 {
      let id = SessionID(session)
      let answer = await counter.takeNumber(id)
      if case .ticketRefused? = answer { refused = answer }
      counter.runner.run(.endSession(id))
      session += 1
    }
    #expect(refused == .ticketRefused(.storeUnavailable))
    #expect(counter.answers.all.contains(.facts(.store(writable: false))))
    let issued = counter.allAnswers.filter { if case .ticketIssued = $0 { true } else { false } }
    #expect(try await counter.store.port().outbox.state().waiting == issued.count)
  }
}
