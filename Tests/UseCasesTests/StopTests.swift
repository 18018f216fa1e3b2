import Journey
import LocalStore
import OfficeModel
import Ports
import TestSupport
import Testing
import UseCases

@Suite("The end of the process", .timeLimit(.minutes(1)))
struct StopTests {
  private static let order = TicketOrder(serviceID: "ktp-el", lane: .general)

  /// Whose slips take until there is `paper`.
  private static func counter(waitingFor paper: Recorder<Void>) throws -> Counter {
    try Counter(adjust: { ports in
      ports.ticketPrinter.print = { _ in
        _ = await paper.first { _ in true }
        return nil
      }
    })
  }

  /// Starts a stop, and returns once it waits for something.
  private func waitingStop(_ counter: Counter) async -> Task<Void, Never> {
    let stop = Task { await counter.runner.awaitPrints() }
    _ = await counter.parts.clock.sleeps.first { $0 == StopLimits().grace }
    return stop
  }

  private func issued(_ counter: Counter) async throws -> IssuedTicket {
    let answer = await counter.answer { if case .ticketIssued = $0 { true } else { false } }
    guard case .ticketIssued(let ticket, _)? = answer else { throw NoNumber() }
    return ticket
  }
  private struct NoNumber: Error {}

  @Test("once a stop has begun a document reaches no printer, and uses up no right")
  func noDocument() async throws {
    let counter = try Counter()
    try await counter.openDocument()
    await counter.runner.awaitPrints()
    counter.runner.run(.printDocument(counter.session, documentID: Counter.documentID))
    #expect(await counter.answer { $0.printEnd != nil } == .printEnded(.notPrinted, fault: nil))
    #expect(counter.parts.documentsPrinted.all.isEmpty && !counter.runner.isPrinting)
    #expect(try await counter.store.port().ledger.unsettled().isEmpty)
    #expect(
      try await counter.store.port().cache.documents(counter.nikKey).first?.summary.printsLeft == 1)
  }

  @Test("nor is a number or a complaint taken; one that was taken stays, without another slip")
  func noSlip() async throws {
    let counter = try Counter()
    counter.parts.ticketFault.value = .mediaEmpty
    _ = await counter.takeNumber()
    let ticket = try await issued(counter)
    counter.parts.ticketFault.value = nil
    await counter.runner.awaitPrints()

    counter.runner.run(.printTicket(counter.session, ticket))
    let answer = Answer.ticketPaper(ticketID: ticket.id, .failed(.notAccepting))
    #expect(await counter.answer { $0 == answer } == answer)
    let next = SessionID(2)
    counter.runner.run(.issueTicket(next, Self.order))
    let refusal = await counter.answer(next) { if case .ticketRefused = $0 { true } else { false } }
    #expect(refusal == .ticketRefused(.storeUnavailable))
    counter.runner.run(.fileComplaint(next, .fee))
    _ = await counter.answer(next) { $0 == .complaintNotFiled }
    counter.runner.run(
      .printComplaint(next, Complaint(id: "c-1", number: "7KQ3-M9XT", kind: .fee, filedAt: nil)))
    _ = await counter.answer(next) {
      $0 == .complaintPaper(complaintID: "c-1", .failed(.notAccepting))
    }
    #expect(counter.parts.ticketsPrinted.all.count == 1)
    #expect(counter.parts.numbersAsked.all.count == 1)
    #expect(try await counter.due().isEmpty)
  }

  @Test("a stop waits for the slip that is being printed, also when its citizen has gone on")
  func waitsForSlip() async throws {
    let paper = Recorder<Void>()
    let counter = try Self.counter(waitingFor: paper)
    counter.runner.run(.issueTicket(counter.session, Self.order))
    counter.runner.run(.printTicket(counter.session, try await issued(counter)))
    counter.runner.run(.endSession(counter.session))
    #expect(counter.runner.isPrinting)
    let stop = await waitingStop(counter)
    #expect(counter.runner.isPrinting)
    paper.append(())
    await stop.value
    #expect(!counter.runner.isPrinting)
    #expect(counter.parts.events.all.contains { $0.name == "ticket.printed" })
    let records = try await counter.store.port().audit.page(0, 10).map(\.entry)
    #expect(records.contains { $0.what == .ticketPaper })
  }

  @Test("and for a complaint's")
  func waitsForComplaint() async throws {
    let paper = Recorder<Void>()
    let counter = try Self.counter(waitingFor: paper)
    let complaint = Complaint(id: "c-1", number: "7KQ3-M9XT", kind: .late, filedAt: nil)
    counter.runner.run(.printComplaint(counter.session, complaint))
    let stop = await waitingStop(counter)
    #expect(counter.runner.isPrinting)
    paper.append(())
    await stop.value
    _ = await counter.answer { $0 == .complaintPaper(complaintID: "c-1", .printed) }
  }

  @Test("a number that was being taken when the stop began is given and gets its slip")
  func owed() async throws {
    let (counter, stop) = try await stoppedWhileAsking()
    let ticket = try await issued(counter)
    #expect(counter.runner.isPrinting, "the glass has not asked for its paper yet")
    counter.runner.run(.printTicket(counter.session, ticket))
    await stop.value
    #expect(counter.parts.ticketsPrinted.all.map(\.subject) == [.ticket(ticket)])
  }

  @Test("a slip that nobody can ask for any more is not waited for")
  func notOwed() async throws {
    let (counter, stop) = try await stoppedWhileAsking()
    _ = try await issued(counter)
    counter.runner.run(.endSession(counter.session))
    await stop.value
    #expect(counter.parts.ticketsPrinted.all.isEmpty && !counter.runner.isPrinting)
  }

  /// A stop begins while the server is being asked for a number; then it answers.
  private func stoppedWhileAsking() async throws -> (Counter, Task<Void, Never>) {
    let counter = try Counter()
    let (give, answers) = (counter.parts.nextNumber.value, Recorder<Void>())
    counter.parts.nextNumber.value = { request in
      _ = await answers.first { _ in true }
      return await give(request)
    }
    counter.runner.run(.issueTicket(counter.session, Self.order))
    _ = await counter.parts.numbersAsked.first { _ in true }
    let stop = await waitingStop(counter)
    answers.append(())
    return (counter, stop)
  }

  @Test("a slip that never ends keeps the process no longer than the limit")
  func limit() async throws {
    let never = Recorder<Void>()
    let counter = try Counter(adjust: { ports in
      ports.ticketPrinter.print = { _ in
        _ = await never.first { _ in true }
        return .offline
      }
    })
    counter.runner.run(.issueTicket(counter.session, Self.order))
    counter.runner.run(.printTicket(counter.session, try await issued(counter)))
    let stop = await waitingStop(counter)
    counter.parts.clock.advance(by: StopLimits().grace)
    _ = await counter.parts.clock.sleeps.first { $0 == StopLimits().cancelling }
    counter.parts.clock.advance(by: StopLimits().cancelling)
    await stop.value
    #expect(counter.runner.isPrinting)
    never.append(())
  }
}
