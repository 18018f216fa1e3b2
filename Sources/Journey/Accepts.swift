public import OfficeModel

/// Why a tile of the home screen cannot be used now.
public enum Obstacle: Sendable, Equatable {
  case printer(DeviceFault)
  case noPrinter
  /// Nobody can say what day it is.
  case clock
  case store
}

extension Journey {
  /// What stands in the way of a journey; nil when it can be begun.
  public static func obstacle(to control: Control, in state: JourneyState) -> Obstacle? {
    switch control {
    case .takeNumber:
      if !state.facts.storeWritable { return .store }
      return state.facts.clockTrusted ? nil : .clock
    case .rate, .complain: return state.facts.storeWritable ? nil : .store
    case .printDocument, .print:
      if !state.facts.storeWritable { return .store }
      if !state.facts.clockTrusted { return .clock }
      switch state.facts.documentPrinter {
      case .down(let fault): return .printer(fault)
      case .absent: return .noPrinter
      case .unknown, .ready, .attention: return nil
      }
    default: return nil
    }
  }

  /// The controls of the permanent bar, in their order.
  public static func bar(for state: JourneyState) -> [Control] {
    switch state.screen {
    case .attract, .home:
      let rest: [Control] = [.textSize, .contrast, .sound, .lowReach, .callStaff]
      return state.office.languages.count > 1 ? [.language] + rest : rest
    case .outOfService: return []
    case .printing, .takePaper, .issuingTicket, .filingComplaint:
      return [.textSize, .contrast, .sound, .callStaff]
    case .staffPIN, .staffWorking: return [.textSize, .contrast, .finish]
    case .staff:
      let rest: [Control] = [.textSize, .contrast, .finish]
      return state.trail.isEmpty ? rest : [.back] + rest
    case .help: return [.back, .textSize, .contrast, .sound, .finish]
    case .ticket, .complaint, .thanks, .statusSearching, .checkingCredential, .verifying:
      return [.textSize, .contrast, .sound, .callStaff, .finish]
    default:
      let rest: [Control] = [.textSize, .contrast, .sound, .callStaff, .finish]
      return state.trail.isEmpty ? rest : [.back] + rest
    }
  }

  /// Whether a control is on the screen now; all others are ignored.
  public static func accepts(_ control: Control, in state: JourneyState) -> Bool {
    if state.stillHereUntil != nil { return control == .stillHere || control == .finish }
    if bar(for: state).contains(control) { return true }
    if let entry = state.screen.entry { return accepts(control, entry, state.screen) }
    if case .staff(let page, let overview) = state.screen {
      return accepts(control, page, overview, state.facts.documentPrinters)
    }
    switch (state.screen, control) {
    case (.attract, .start), (.attract, .staffDoor), (.outOfService, .staffDoor): return true
    case (.home, .takeNumber), (.home, .printDocument), (.home, .checkStatus),
      (.home, .requirements), (.home, .complaints), (.home, .rate):
      return obstacle(to: control, in: state) == nil
    case (.languages, .chooseLanguage(let code)): return state.office.languages.contains(code)
    case (.serviceList, .service(let id)):
      return servicesShown(in: state).contains { $0.id == id }
    case (.serviceList, .nextPage): return state.listPage + 1 < servicePages(in: state)
    case (.serviceList, .previousPage): return state.listPage > 0
    case (.requirements(_, .ticket, _), .continue),
      (.requirements(_, .information, _), .takeNumber):
      return obstacle(to: .takeNumber, in: state) == nil
    case (.requirements(_, _, let page), .nextPage), (.complaints(let page), .nextPage):
      return page + 1 < JourneyLimits.textPages
    case (.requirements(_, _, let page), .previousPage), (.complaints(let page), .previousPage):
      return page > 0
    case (.complaints, .complain): return obstacle(to: .complain, in: state) == nil
    case (.complaintKinds, .complaintKind): return true
    case (.lane, .lane): return true
    case (.ticket(let shown), .retryTicketPaper):
      if case .failed = shown.paper { return true }
      return false
    case (.complaint(let shown), .retryTicketPaper):
      if case .failed = shown.paper { return true }
      return false
    case (.ticketRefused, .tryAgain), (.credentialRefused, .tryAgain): return true
    case (.statusResult(let answer), .tryAgain):
      if case .found = answer { return false }
      return true
    case (.documents(let list, let page), .document(let id)):
      return documentsShown(list, page: page).contains {
        $0.id == id && ($0.isCard || $0.printsLeft > 0)
      }
    case (.documents(let list, let page), .nextPage):
      return (page + 1) * JourneyLimits.documentsPerPage < list.count
    case (.documents(_, let page), .previousPage): return page > 0
    case (.documentRefused, .tryAgain): return !state.trail.isEmpty
    case (.preview, .revealPreview): return true
    case (.preview, .print): return obstacle(to: .print, in: state) == nil
    case (.printing(let progress), .cancelPrint):
      if case .held = progress.stage { return true }
      return false
    case (.takePaper, .paperTaken), (.takePaper, .paperMissing): return true
    case (.printFailed(.notPrinted), .tryAgain): return state.trail.count > 1
    case (.survey, .score(let score)): return (1...4).contains(score)
    case (.survey, .skip): return true
    case (.complaint, .goHome), (.complaintRefused, .goHome), (.ticket, .goHome),
      (.ticketRefused, .goHome), (.statusResult, .goHome),
      (.credentialRefused, .goHome), (.documents([], _), .goHome), (.documentRefused, .goHome),
      (.printFailed, .goHome), (.thanks, .goHome), (.cardInfo, .goHome), (.help, .goHome):
      return true
    default: return false
    }
  }

  private static func accepts(_ control: Control, _ entry: Entry, _ screen: Screen) -> Bool {
    switch control {
    case .digit(let digit): digit <= 9 && entry.count < entry.limit
    case .deleteDigit, .clearDigits: entry.count > 0
    case .revealDigits: true
    case .continue: entry.isComplete
    case .aboutCard: if case .printNIK = screen { true } else { false }
    default: false
    }
  }

  public static func servicePages(in state: JourneyState) -> Int {
    let perPage = JourneyLimits.servicesPerPage
    return max(1, (state.office.services.count + perPage - 1) / perPage)
  }

  public static func servicesShown(in state: JourneyState) -> ArraySlice<ServiceStandard> {
    state.office.services.dropFirst(state.listPage * JourneyLimits.servicesPerPage)
      .prefix(JourneyLimits.servicesPerPage)
  }

  public static func documentsShown(
    _ list: [DocumentSummary], page: Int
  ) -> ArraySlice<DocumentSummary> {
    list.dropFirst(page * JourneyLimits.documentsPerPage).prefix(JourneyLimits.documentsPerPage)
  }
}
