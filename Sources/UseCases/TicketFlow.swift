internal import Journey
internal import OfficeModel
internal import Ports
import Synchronization

/// How one number comes about, as a value: what is committed before what is asked, and what becomes of a
/// request that brings no number in time.
struct TicketFlow: Sendable, Equatable {
  enum Event: Sendable, Equatable {
    /// The rules that are known here allow the number. `serverIsAway`: it did not answer last time.
    case begin(serverIsAway: Bool)
    case requestCommitted
    case given(GivenNumber)
    case refused(TicketFinding)
    /// Too late, lost, or no answer of the Dinas.
    case noNumber
    case ticketCommitted(IssuedTicket, WaitEstimate?)
    /// The store knows the number or the end of the request already.
    case numberClashes
    case reserve(NumberIssue, WaitEstimate?)
    case storeFailed
  }

  enum Command: Sendable, Equatable {
    case commitRequest
    case ask
    case commitTicket(GivenNumber)
    case closeRequest
    case takeFromReserve(voidingRequest: Bool)
    case voidRequest
    case show(IssuedTicket, WaitEstimate?)
    case refuse(TicketFinding)
    case refuseForStore
  }

  enum State: Sendable, Equatable { case new, committing, asking, giving, reserving, over }

  private(set) var state = State.new

  mutating func handle(_ event: Event) -> [Command] {
    switch (state, event) {
    case (.new, .begin(serverIsAway: true)):
      state = .reserving
      return [.takeFromReserve(voidingRequest: false)]
    case (.new, .begin(serverIsAway: false)):
      state = .committing
      return [.commitRequest]
    case (.committing, .requestCommitted):
      state = .asking
      return [.ask]
    case (.asking, .given(let number)):
      state = .giving
      return [.commitTicket(number)]
    case (.asking, .refused(let finding)):
      state = .over
      return [.closeRequest, .refuse(finding)]
    case (.asking, .noNumber), (.giving, .numberClashes):
      state = .reserving
      return [.takeFromReserve(voidingRequest: true)]
    case (.giving, .ticketCommitted(let ticket, let wait)),
      (.reserving, .reserve(.given(let ticket), let wait)):
      state = .over
      return [.show(ticket, wait)]
    case (.reserving, .reserve(.refused(let finding), _)):
      state = .over
      return [.refuse(finding)]
    case (.committing, .storeFailed):
      state = .over
      return [.refuseForStore]
    case (.asking, .storeFailed), (.giving, .storeFailed), (.reserving, .storeFailed):
      state = .over
      // Nothing was shown, so whatever the server gave is taken back as soon as the store can say so.
      return [.voidRequest, .refuseForStore]
    default: return []
    }
  }
}

/// Whether the server answered last time; nil: nobody has asked yet.
final class ServerFact: Sendable {
  private let state = Mutex<Bool?>(nil)

  var isAway: Bool { state.withLock { $0 == false } }
  func set(_ reachable: Bool) { state.withLock { $0 = reachable } }
  func learn(_ change: FactsChange) { if case .server(let reachable) = change { set(reachable) } }
}
