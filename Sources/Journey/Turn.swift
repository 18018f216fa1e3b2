internal import OfficeModel
internal import SensitiveMemory

/// One action being worked in: the state as it becomes, and the effects so far.
struct Turn {
  var state: JourneyState
  var effects: [Effect] = []

  var now: Uptime { state.now.uptime }

  mutating func take(_ action: Action) {
    switch action {
    case .activate(let control): activate(control)
    case .hold(let control, let isDown): hold(control, isDown: isDown)
    case .touchedNothing:
      if case .attract = state.screen { begin(at: .home) } else { touched() }
    case .deadline: deadlineCame()
    case .scanned(let payload): scanned(payload)
    case .facts(let change): learn(change)
    case .answer(let session, let answer):
      guard session == state.session else { return discard(answer) }
      take(answer)
    }
  }

  private mutating func activate(_ control: Control) {
    guard Journey.accepts(control, in: state) else { return touched() }
    touched()
    play(.key)
    if takeBar(control) { return }
    switch state.screen {
    case .attract, .home, .languages, .thanks, .cardInfo, .help, .survey:
      takeNavigation(control)
    case .complaints, .complaintKinds, .filingComplaint, .complaint, .complaintRefused:
      takeComplaint(control)
    case .serviceList, .requirements, .lane, .issuingTicket, .ticket, .ticketRefused:
      takeTicket(control)
    case .ticketIdentity, .statusRegistration, .statusNIK, .printNIK, .printPIN:
      takeEntry(control)
    case .statusSearching, .statusResult: takeStatus(control)
    case .checkingCredential, .credentialRefused, .documents, .verifying, .documentRefused,
      .preview, .printing, .takePaper, .printFailed:
      takePrint(control)
    case .staffPIN: takeEntry(control)
    case .staff: takeStaff(control)
    case .outOfService, .staffWorking: break
    }
  }

  private mutating func take(_ answer: Answer) {
    switch answer {
    case .ticketIssued, .ticketRefused, .ticketPaper: takeTicketAnswer(answer)
    case .entryRefused(let problem): entryRefused(problem)
    case .status(let status): statusAnswered(status)
    case .credentialAccepted, .credentialRefused, .documentReady, .documentRefused, .print,
      .printsAt, .printEnded:
      takePrintAnswer(answer)
    case .cardPhoto(let photo, let request): cardPhotoCame(photo, request: request)
    case .surveyStored: break
    case .complaintFiled, .complaintNotFiled, .complaintPaper: takeComplaintAnswer(answer)
    case .staffCalled(let done): staffAnswered(done)
    case .staff(let answer): staffAnswered(answer)
    }
  }

  /// An answer that nobody waits for any more; what it brought along is wiped.
  mutating func discard(_ answer: Answer) {
    switch answer {
    case .documentReady(let preview): effects.append(.secret(.wipe(preview.bitmap)))
    case .cardPhoto(let photo?, _): effects.append(.secret(.wipe(photo)))
    default: break
    }
  }

  /// The citizen is there.
  mutating func touched() {
    guard state.session != nil else { return }
    state.lastTouch = now
    state.stillHereUntil = nil
  }

  mutating func play(_ sound: Sound) {
    if state.preferences.sound { effects.append(.play(sound)) }
  }

  // MARK: Screens

  /// Shows another screen in place of this one.
  mutating func show(_ screen: Screen) {
    state.screen = screen
    state.screenSince = now
    state.lastTouch = now
    state.listPage = 0
    state.stillHereUntil = nil
    state.staffCall = nil
  }

  /// Shows another screen, with this one behind it for `Kembali`.
  mutating func advance(to screen: Screen) {
    if state.trail.count == JourneyLimits.depth { state.trail.removeFirst() }
    var left = state.screen
    left.entry?.revealed = false
    state.trail.append(left)
    show(screen)
  }

  mutating func goBack() {
    guard let previous = state.trail.popLast() else { return goHome() }
    if previous == .home { return goHome() }
    for secret in state.screen.ownSecrets { wipe(secret) }
    show(previous)
  }

  mutating func goHome() {
    if state.facts.outOfService != nil { return endSession() }
    wipeAll()
    state.trail = []
    state.staffCall = nil
    state.printedDocument = nil
    show(.home)
  }

  // MARK: Sessions and secrets

  mutating func begin(at screen: Screen) {
    guard state.session == nil, state.screen == .attract else { return }
    startSession()
    show(screen)
  }

  mutating func startSession() {
    state.session = SessionID(state.nextSessionID)
    state.nextSessionID &+= 1
    // Handles may start anew: all of the last session are wiped. The vault numbers its own from
    // `firstOwnID`.
    if state.nextSecretID > SecretVault.firstOwnID / 2 { state.nextSecretID = 1 }
  }

  mutating func endSession() {
    guard let session = state.session else { return }
    wipeAll()
    effects.append(.endSession(session))
    state.staffNote = nil
    state.session = nil
    state.trail = []
    state.staffCall = nil
    state.printedDocument = nil
    takeOffice()
    state.preferences = Preferences(language: state.office.languages.first ?? "id")
    show(state.facts.outOfService.map { .outOfService(reason: $0) } ?? .attract)
  }

  mutating func newEntry(_ kind: Entry.Kind) -> Entry {
    let secret = SecretHandle(id: state.nextSecretID)
    state.nextSecretID += 1
    own(secret)
    return Entry(kind: kind, secret: secret)
  }

  /// Takes a secret into the session, which wipes it at the latest when it ends.
  mutating func own(_ secret: SecretHandle) {
    if state.secrets.contains(secret) { return }
    if state.secrets.count == JourneyLimits.secrets {
      effects.append(.secret(.wipe(state.secrets.removeFirst())))
    }
    state.secrets.append(secret)
  }

  mutating func wipe(_ secret: SecretHandle) {
    state.secrets.removeAll { $0 == secret }
    effects.append(.secret(.wipe(secret)))
  }

  mutating func wipeAll() {
    for secret in state.secrets { effects.append(.secret(.wipe(secret))) }
    state.secrets = []
  }
}
