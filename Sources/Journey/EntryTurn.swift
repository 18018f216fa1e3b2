internal import OfficeModel
internal import SensitiveMemory

extension Turn {
  mutating func takeEntry(_ control: Control) {
    guard var entry = state.screen.entry else { return }
    switch control {
    case .digit(let digit):
      // More digits than the number has are a slip of the finger, not part of it.
      guard entry.count < entry.limit, digit <= 9 else { return }
      effects.append(.secret(.append(UInt8(ascii: "0") + digit, to: entry.secret)))
      entry.count += 1
      entry.problem = nil
      state.screen.entry = entry
    case .deleteDigit:
      guard entry.count > 0 else { return }
      effects.append(.secret(.removeLast(entry.secret)))
      entry.count -= 1
      entry.problem = nil
      state.screen.entry = entry
    case .clearDigits:
      effects.append(.secret(.wipe(entry.secret)))
      entry.count = 0
      entry.problem = nil
      state.screen.entry = entry
    case .continue:
      guard entry.isComplete else { return }
      entry.revealed = false
      state.screen.entry = entry
      entryComplete(entry)
    default: break
    }
  }

  private mutating func entryComplete(_ entry: Entry) {
    guard let session = state.session else { return }
    switch state.screen {
    case .ticketIdentity(let service, let lane, _):
      order(TicketOrder(serviceID: service, lane: lane, identity: entry.secret))
    case .statusRegistration:
      let nik = newEntry(.nik)
      advance(to: .statusNIK(registration: entry.secret, entry: nik))
    case .statusNIK(let registration, _):
      effects.append(.lookUpStatus(session, registration: registration, nik: entry.secret))
      advance(to: .statusSearching)
    case .printNIK:
      // Its form is checked beside the citizen, who goes on typing; a doubt brings them back.
      effects.append(.checkNIK(session, entry.secret))
      let pin = newEntry(.pin)
      advance(to: .printPIN(nik: entry.secret, entry: pin, triesLeft: nil))
    case .staffPIN: ask(.signIn(pin: entry.secret))
    case .staff(.clockEntry, _): ask(.confirmClock(typed: entry.secret))
    case .staff(.paperEntry(let printer, _), _):
      ask(.paperFilled(printer: printer, typed: entry.secret))
    case .printPIN(let nik, _, _):
      effects.append(.checkCredential(session, nik: nik, pin: entry.secret))
      advance(to: .checkingCredential)
    default: break
    }
  }

  /// Brings the citizen back to the number in doubt, its digits kept.
  mutating func entryRefused(_ problem: Entry.Problem) {
    let waits =
      switch state.screen {
      case .printPIN, .checkingCredential, .statusSearching, .issuingTicket: true
      default: false
      }
    guard waits, state.trail.contains(where: { $0.entry?.kind == .nik }) else { return }
    while let screen = state.trail.popLast() {
      for secret in state.screen.ownSecrets where secret != screen.entry?.secret { wipe(secret) }
      state.screen = screen
      guard var entry = screen.entry, entry.kind == .nik else { continue }
      entry.problem = problem
      entry.revealed = false
      state.screen.entry = entry
      break
    }
    state.screenSince = now
    play(.error)
  }

  mutating func hold(_ control: Control, isDown: Bool) {
    if control == .staffDoor, state.session == nil { return holdStaffDoor(isDown: isDown) }
    // Letting go always hides, whatever lies over the screen by now.
    guard !isDown || Journey.accepts(control, in: state) else { return touched() }
    touched()
    switch (state.screen, control) {
    case (_, .revealDigits): state.screen.entry?.revealed = isDown
    case (.preview(var preview), .revealPreview):
      preview.revealed = isDown
      state.screen = .preview(preview)
    default: break
    }
  }

  mutating func hideWhatIsHeld() {
    state.screen.entry?.revealed = false
    if case .preview(var preview) = state.screen {
      preview.revealed = false
      state.screen = .preview(preview)
    }
  }
}
