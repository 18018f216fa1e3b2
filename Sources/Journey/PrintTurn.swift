internal import OfficeModel
internal import SensitiveMemory

extension Turn {
  mutating func takePrint(_ control: Control) {
    guard let session = state.session else { return }
    switch (state.screen, control) {
    case (.credentialRefused, .tryAgain): askForCredential()
    case (.documents(let list, let page), .nextPage):
      state.screen = .documents(list, page: page + 1)
    case (.documents(let list, let page), .previousPage):
      state.screen = .documents(list, page: page - 1)
    case (.documents(let list, _), .document(let id)):
      guard let document = list.first(where: { $0.id == id }) else { return }
      if document.isCard { return advance(to: .documentRefused(.cardOnly(kind: document.kind))) }
      effects.append(.openDocument(session, document))
      advance(to: .verifying(document))
    case (.preview(let preview), .print):
      // From here on nothing of the citizen is on the glass.
      for secret in state.screen.ownSecrets { wipe(secret) }
      effects.append(.printDocument(session, documentID: preview.document.id))
      show(
        .printing(
          PrintProgress(
            documentID: preview.document.id, stage: .sending, pageCount: preview.pageCount)))
    case (.printing(var progress), .cancelPrint):
      progress.stage = .cancelling
      state.screen = .printing(progress)
      effects.append(.cancelPrint(session))
    case (.takePaper, .paperTaken):
      if let document = state.printedDocument {
        effects.append(.paperTaken(session, documentID: document))
      }
      state.printedDocument = nil
      show(.survey)
    case (.takePaper, .paperMissing):
      if let document = state.printedDocument {
        effects.append(.paperMissing(session, documentID: document))
      }
      state.printedDocument = nil
      effects.append(.callStaff(session, screen: state.screen.name))
      show(.printFailed(.reportedByCitizen))
    case (.printFailed, .tryAgain), (.documentRefused, .tryAgain): goBack()
    default: break
    }
  }

  private mutating func askForCredential() {
    wipeAll()
    state.trail = [.home]
    let entry = newEntry(.nik)
    show(.printNIK(entry))
  }

  /// A scanner's payload takes the place of NIK and PIN, where those would be asked.
  mutating func scanned(_ payload: SecretHandle) {
    switch state.screen {
    case .attract where Journey.obstacle(to: .printDocument, in: state) == nil: begin(at: .home)
    case .home where Journey.obstacle(to: .printDocument, in: state) == nil: break
    case .printNIK, .printPIN: break
    default: return effects.append(.secret(.wipe(payload)))
    }
    guard let session = state.session else { return effects.append(.secret(.wipe(payload))) }
    touched()
    wipeAll()
    own(payload)
    state.trail = [.home]
    effects.append(.checkScannedCredential(session, payload: payload))
    show(.checkingCredential)
    play(.ok)
  }

  mutating func takePrintAnswer(_ answer: Answer) {
    switch (state.screen, answer) {
    case (.checkingCredential, .credentialAccepted(let documents)):
      // What proved who this is has done its work.
      wipeAll()
      state.trail = [.home]
      show(.documents(Array(documents.prefix(JourneyLimits.documents)), page: 0))
      play(.ok)
    case (.checkingCredential, .credentialRefused(let refusal)): credentialRefused(refusal)
    case (.verifying(let document), .documentReady(let preview))
    where preview.document.id == document.id:
      own(preview.bitmap)
      show(.preview(preview))
      askForCardPhoto()
      play(.ok)
    case (_, .documentReady): discard(answer)
    case (.verifying, .documentRefused(let refusal)):
      show(.documentRefused(refusal))
      play(.error)
    case (.printing, .documentRefused(let refusal)) where refusal != .unavailable:
      // Judged once more before the first byte left: the same words as at opening it.
      state.staffCall = nil
      show(.documentRefused(refusal))
      play(.error)
    case (.printing(var progress), .printsAt(let place)):
      progress.place = place
      state.screen = .printing(progress)
    case (.printing(var progress), .print(let stage)):
      // Once asked to cancel, only the end of the job is news.
      if progress.stage == .cancelling { return }
      if case .held = stage, progress.stage != stage { play(.attention) }
      progress.stage = stage
      state.screen = .printing(progress)
    case (.printing(let progress), .printEnded(let outcome, let fault)):
      printEnded(progress, outcome, fault)
    default: break
    }
  }

  private mutating func credentialRefused(_ refusal: CredentialRefusal) {
    play(.error)
    if case .wrong(let tries) = refusal, tries > 0,
      case .printPIN(let nik, let typed, _)? = state.trail.last
    {
      state.trail.removeLast()
      wipe(typed.secret)
      let entry = newEntry(.pin)
      return show(.printPIN(nik: nik, entry: entry, triesLeft: tries))
    }
    wipeAll()
    state.trail = [.home]
    show(.credentialRefused(refusal))
  }

  private mutating func printEnded(
    _ progress: PrintProgress, _ outcome: PrintOutcome, _ fault: DeviceFault?
  ) {
    state.staffCall = nil
    switch outcome {
    case .delivered:
      wipeAll()
      state.trail = []
      state.printedDocument = progress.documentID
      state.remindedAt = now
      show(.takePaper(sheets: progress.pageCount, place: progress.place))
      play(.attention)
    case .notPrinted:
      // The right to print is kept, so the list stays behind this screen.
      show(.printFailed(.notPrinted(fault)))
      play(.error)
    case .unknown:
      wipeAll()
      state.trail = []
      show(.printFailed(fault == .jobLeft ? .leftAtPrinter : .unknown))
      play(.error)
    }
  }
}
