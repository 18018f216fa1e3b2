internal import OfficeModel
internal import SensitiveMemory

extension Turn {
  /// The permanent bar and the question "Masih di sini?"; true when the control was one of them.
  mutating func takeBar(_ control: Control) -> Bool {
    switch control {
    case .stillHere: break  // Touching was the answer.
    case .finish: endSession()
    case .back: goBack()
    case .goHome: goHome()
    case .language:
      leaveAttract()
      advance(to: .languages)
    case .textSize:
      leaveAttract()
      let next = state.preferences.textSize.rawValue + 1
      state.preferences.textSize = Preferences.TextSize(rawValue: next) ?? .normal
      restartPages()
    case .contrast:
      leaveAttract()
      let next = state.preferences.contrast.rawValue + 1
      state.preferences.contrast = Preferences.Contrast(rawValue: next) ?? .light
    case .sound:
      leaveAttract()
      state.preferences.sound.toggle()
    case .lowReach:
      leaveAttract()
      state.preferences.lowReach.toggle()
      restartPages()
    case .callStaff: callStaff()
    case .aboutCard: advance(to: .cardInfo)
    default: return false
    }
    return true
  }

  /// Preferences belong to a session, so touching one of them begins it.
  private mutating func leaveAttract() { begin(at: .home) }

  /// Another size makes other pages; the first is always there.
  private mutating func restartPages() {
    switch state.screen {
    case .requirements(let service, let purpose, _):
      state.screen = .requirements(serviceID: service, purpose: purpose, page: 0)
    case .complaints: state.screen = .complaints(page: 0)
    default: break
    }
  }

  private mutating func callStaff() {
    leaveAttract()
    guard let session = state.session else { return }
    effects.append(.callStaff(session, screen: state.screen.name))
    switch state.screen {
    case .printing, .takePaper: state.staffCall = .asking
    case _ where state.screen.isWorking: state.staffCall = .asking
    default: advance(to: .help(.asking))
    }
  }

  mutating func staffAnswered(_ done: Bool) {
    let call: StaffCall = done ? .called : .failed
    if state.staffCall != nil { state.staffCall = call }
    if case .help = state.screen {
      state.screen = .help(call)
      play(done ? .ok : .error)
    }
  }

  mutating func takeNavigation(_ control: Control) {
    switch (state.screen, control) {
    case (.attract, .start): begin(at: .home)
    case (.languages, .chooseLanguage(let code)):
      state.preferences.language = code
      goBack()
    case (.home, .takeNumber): advance(to: .serviceList(.ticket))
    case (.home, .requirements): advance(to: .serviceList(.information))
    case (.home, .checkStatus): advance(to: .statusRegistration(newEntry(.registration)))
    case (.home, .printDocument): advance(to: .printNIK(newEntry(.nik)))
    case (.home, .complaints): advance(to: .complaints(page: 0))
    case (.home, .rate): advance(to: .survey)
    case (.survey, .score(let score)):
      guard let session = state.session else { return }
      effects.append(.recordSurvey(session, score: score))
      thank()
    case (.survey, .skip): thank()
    default: break
    }
  }

  private mutating func thank() {
    wipeAll()
    state.trail = []
    state.printedDocument = nil
    state.staffCall = nil
    show(.thanks)
  }

  /// Services and hours as the server told them last; only while nobody is being served.
  mutating func takeOffice() {
    guard let office = state.facts.office else { return }
    state.office.services = office.services
    state.office.openingHours = office.openingHours
  }

  mutating func learn(_ change: FactsChange) {
    switch change {
    case .ticketPrinter(let fact): state.facts.ticketPrinter = fact
    case .documentPrinter(let fact): state.facts.documentPrinter = fact
    case .documentPrinters(let printers, _): state.facts.documentPrinters = printers
    case .card(let reading): cardChanged(to: reading)
    case .server(let reachable): state.facts.serverReachable = reachable
    case .cacheSynced(let at): state.facts.cacheSyncedAt = at
    case .store(let writable): state.facts.storeWritable = writable
    case .clock(let trusted): state.facts.clockTrusted = trusted
    case .nowServing(let counters):
      state.facts.nowServing = Array(counters.prefix(JourneyLimits.counters))
    case .queue(let queue): state.facts.queue = queue
    case .office(let office):
      state.facts.office = office
      if state.session == nil { takeOffice() }
    case .outOfService(let reason):
      state.facts.outOfService = reason
      switch state.screen {
      case .attract, .outOfService:
        show(reason.map { .outOfService(reason: $0) } ?? .attract)
      case .home where reason != nil: endSession()
      default: break  // Whoever is being served is served to the end.
      }
    }
  }
}
