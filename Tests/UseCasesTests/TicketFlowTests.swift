import OfficeModel
import Ports
import Testing

@testable import UseCases

@Suite("How one number comes about")
struct TicketFlowTests {
  static let ticket = IssuedTicket(
    id: "t", number: TicketNumber(series: "A", number: 1), serviceID: "s", serviceName: "S",
    lane: .general, date: CivilDate(daysSinceEpoch: 20_777),
    issuedAt: Timestamp(seconds: 1_795_150_000))
  static let given = GivenNumber(
    number: ticket.number, date: ticket.date, issuedAt: ticket.issuedAt, waiting: 0)
  static let events: [TicketFlow.Event] = [
    .begin(serverIsAway: false), .begin(serverIsAway: true), .requestCommitted, .given(given),
    .refused(.dayQuota), .noNumber, .ticketCommitted(ticket, nil), .numberClashes,
    .reserve(.given(ticket), nil), .reserve(.refused(.reserveUsedUp), nil), .storeFailed,
  ]

  /// Every order of six events, also those that make no sense.
  @Test("no order of events shows a number that is not committed, or leaves a request open unseen")
  func everyOrder() {
    var seen = 0
    func go(
      _ flow: TicketFlow, _ said: [TicketFlow.Command], _ last: TicketFlow.Event?, _ left: Int
    ) {
      check(said, last)
      guard left > 0 else { return }
      for event in Self.events {
        var next = flow
        let commands = next.handle(event)
        // What changes nothing is what was checked before.
        guard next != flow else {
          #expect(commands.isEmpty)
          continue
        }
        seen += 1
        go(next, said + commands, event, left - 1)
      }
    }
    func check(_ said: [TicketFlow.Command], _ last: TicketFlow.Event?) {
      let answers = said.filter { command in
        switch command {
        case .show, .refuse, .refuseForStore: true
        default: false
        }
      }
      #expect(answers.count <= 1, "one answer for one touch")
      if case .show? = said.last {
        switch last {
        case .ticketCommitted, .reserve(.given, _): break
        default: Issue.record("shown before it was committed")
        }
      }
      // Whoever asked closes, commits, or voids.
      if said.contains(.ask), answers.count == 1 {
        let isSettled = said.contains { command in
          switch command {
          case .closeRequest, .voidRequest, .takeFromReserve(voidingRequest: true), .commitTicket:
            true
          default: false
          }
        }
        #expect(isSettled)
      }
      if let asked = said.firstIndex(of: .ask) {
        #expect(said[..<asked].contains(.commitRequest), "the key is durable before it leaves")
      }
    }
    go(TicketFlow(), [], nil, 6)
    #expect(seen > 10)
  }
}
