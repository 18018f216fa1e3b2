public import OfficeModel
public import SensitiveMemory

/// Everything that can happen to a session. Comes through one mailbox, in order.
public enum Action: Sendable, Equatable {
  /// A control was pressed and let go inside, or chosen by key.
  case activate(Control)
  /// A hold-to-see control went down or up.
  case hold(Control, isDown: Bool)
  /// A touch that hit no control: the citizen is still there.
  case touchedNothing
  /// The state's own deadline has come.
  case deadline
  /// A scanner typed a payload; it lies in the vault.
  case scanned(SecretHandle)
  case facts(FactsChange)
  case answer(SessionID, Answer)
}

/// News from outside the session.
public enum FactsChange: Sendable, Equatable {
  case ticketPrinter(DeviceFact)
  /// Whether a document can be printed: how the printer is that would get it.
  case documentPrinter(DeviceFact)
  /// Each A4 printer by itself, for staff.
  /// `looked` names the one whose look it was; nil: news without one.
  case documentPrinters([PrinterReading], looked: String? = nil)
  case card(CardReading)
  case server(reachable: Bool)
  case cacheSynced(at: Timestamp)
  case store(writable: Bool)
  case clock(trusted: Bool)
  case nowServing([CounterFact])
  case outOfService(reason: String?)
  case office(OfficeFacts)
  case queue(QueueFacts)
}

/// What a use case came to.
public enum Answer: Sendable, Equatable {
  case ticketIssued(IssuedTicket, wait: WaitEstimate?)
  case ticketRefused(TicketRefusal)
  case ticketPaper(ticketID: String, TicketShown.Paper)
  case entryRefused(Entry.Problem)
  case status(StatusAnswer)
  case credentialAccepted([DocumentSummary])
  case credentialRefused(CredentialRefusal)
  case documentReady(Preview)
  case documentRefused(DocumentRefusal)
  case cardPhoto(SecretHandle?, request: UInt64)
  /// Where the paper of this print comes out, in the office's words.
  case printsAt(place: String)
  case print(PrintProgress.Stage)
  case printEnded(PrintOutcome, fault: DeviceFault?)
  case surveyStored(Bool)
  case complaintFiled(Complaint)
  /// The store does not take it.
  case complaintNotFiled
  case complaintPaper(complaintID: String, TicketShown.Paper)
  case staffCalled(Bool)
  case staff(StaffAnswer)
}

/// A control of a screen, by what it means.
public enum Control: Hashable, Sendable {
  // The permanent bar.
  case back, finish, language, textSize, contrast, sound, lowReach, callStaff
  // Attract and home.
  case start, takeNumber, printDocument, checkStatus, requirements, complaints, rate
  case chooseLanguage(String)
  case service(String)
  case lane(Lane)
  case digit(UInt8)
  case deleteDigit, clearDigits, revealDigits
  case `continue`
  case nextPage, previousPage
  case document(String)
  case revealPreview
  case print
  case cancelPrint
  case paperTaken, paperMissing
  case retryTicketPaper
  case score(Int)
  case complain
  case complaintKind(ComplaintKind)
  /// What a card on the reader can and cannot do.
  case aboutCard
  case skip
  case stillHere
  case goHome
  case tryAgain
  // Staff.
  case staffDoor, staffClock, staffPrints, staffLetters, staffDevices, staffSupplies
  case staffClockRight, staffClockType
  case staffPrint(String)
  case staffFinding(PrintFinding)
  case staffPrinterCleared(PrinterClearing)
  /// Of the printer of this name.
  case staffPaperFilled(String)

  /// A stable name for tests, focus and the tour; carries no personal data.
  public var name: String {
    switch self {
    case .chooseLanguage(let code): "language:\(code)"
    case .service(let id): "service:\(id)"
    case .lane(let lane): "lane:\(lane.rawValue)"
    case .digit(let digit): "digit:\(digit)"
    case .document(let id): "document:\(id)"
    case .score(let score): "score:\(score)"
    case .complaintKind(let kind): "complaintKind:\(kind.rawValue)"
    case .staffPrint(let jobKey): "staffPrint:\(jobKey)"
    case .staffFinding(let finding): "staffFinding:\(finding.rawValue)"
    case .staffPrinterCleared(let clearing): "staffPrinterCleared:\(clearing.rawValue)"
    case .staffPaperFilled(let printer): "staffPaperFilled:\(printer)"
    case .continue: "continue"
    default: "\(self)"
    }
  }
}
