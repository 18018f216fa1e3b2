public import OfficeModel
public import SensitiveMemory

/// The screens of a session, each with just what it shows.
public enum Screen: Sendable, Equatable {
  case attract
  case home
  case languages
  case serviceList(ServicePurpose)
  case requirements(serviceID: String, purpose: ServicePurpose, page: Int)
  case lane(serviceID: String)
  /// NIK or booking code for a service that asks for one before giving a number.
  case ticketIdentity(serviceID: String, lane: Lane, entry: Entry)
  case issuingTicket
  case ticket(TicketShown)
  case ticketRefused(TicketRefusal)
  case statusRegistration(Entry)
  case statusNIK(registration: SecretHandle, entry: Entry)
  case statusSearching
  case statusResult(StatusAnswer)
  case printNIK(Entry)
  case printPIN(nik: SecretHandle, entry: Entry, triesLeft: Int?)
  case checkingCredential
  case credentialRefused(CredentialRefusal)
  case documents([DocumentSummary], page: Int)
  case verifying(DocumentSummary)
  case documentRefused(DocumentRefusal)
  case preview(Preview)
  case printing(PrintProgress)
  case takePaper(sheets: Int, place: String? = nil)
  case printFailed(PrintFailure)
  case survey
  case thanks
  case cardInfo
  case complaints(page: Int)
  case complaintKinds
  case filingComplaint
  case complaint(ComplaintShown)
  case complaintRefused
  case help(StaffCall)
  case outOfService(reason: String)
  case staffPIN(Entry, StaffRefusal?)
  case staffWorking
  case staff(StaffPage, StaffOverview)
}

public enum ServicePurpose: Sendable, Equatable { case ticket, information }

/// A number being typed. Its digits are in the vault; the state knows only how many there are.
public struct Entry: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    case nik, pin, registration, booking
    case staffPIN
    /// `DDMMYYYYhhmm`.
    case clock
    /// A number of sheets.
    case sheets
  }
  public enum Problem: Sendable, Equatable {
    /// Not the form of a NIK; the digits are kept. `group` is the four-digit group in doubt.
    case form(group: Int)
  }
  public var kind: Kind
  public var secret: SecretHandle
  public var count: Int
  /// The citizen holds the eye: all digits are shown.
  public var revealed: Bool
  public var problem: Problem?

  public init(kind: Kind, secret: SecretHandle) {
    self.kind = kind
    self.secret = secret
    count = 0
    revealed = false
    problem = nil
  }

  /// Digits wanted; a registration number may be shorter.
  public var limit: Int {
    switch kind {
    case .nik: 16
    case .pin, .staffPIN: 6
    case .clock: 12
    case .sheets: 4
    case .registration: 16
    case .booking: 8
    }
  }
  public var minimum: Int {
    switch kind {
    case .registration: 4
    case .sheets: 1
    default: limit
    }
  }
  public var isComplete: Bool { count >= minimum && count <= limit }
}

public struct TicketShown: Sendable, Equatable {
  public enum Paper: Sendable, Equatable {
    case printing
    case printed
    /// The number stays valid; the screen shows it large.
    case failed(DeviceFault)
  }
  public var ticket: IssuedTicket
  public var paper: Paper
  /// How long it will be, where the server said so, and when it did.
  public var wait: WaitEstimate?
  public init(ticket: IssuedTicket, paper: Paper, wait: WaitEstimate? = nil) {
    self.ticket = ticket
    self.paper = paper
    self.wait = wait
  }
}

public enum TicketRefusal: Sendable, Equatable {
  case closed(next: OfficeCalendar.Opening?, reason: String?)
  /// Between two halves of a day; until this minute after midnight.
  case onBreak(until: Int)
  /// The number only to whom it was given in this session.
  case alreadyHolding(TicketNumber?)
  /// This citizen has had as many numbers today as the office gives to one.
  case citizenQuota
  case quotaUsedUp
  /// All numbers of this half of the day are given.
  case halfDayUsedUp
  case sessionLimit
  /// The server cannot be asked, and the numbers it lent this kiosk are given.
  case reserveUsedUp
  case bookingUnknown
  /// A number was given for it today.
  case bookingUsed
  /// Outside the booking's window, in minutes after midnight.
  case bookingTime(from: Int, until: Int)
  /// The server cannot be asked, and it did not lend this booking.
  case bookingUnchecked
  case clockNotTrusted
  case storeUnavailable
}

/// The answer to Cek status; `notFound` is the same for a wrong NIK and an unknown number.
public enum StatusAnswer: Sendable, Equatable {
  case found(ApplicationStatus, syncedAt: Timestamp?)
  case notFound(syncedAt: Timestamp?)
  /// The cache has never been filled.
  case cacheEmpty
}

/// Why a credential was not taken. An unknown NIK and a wrong PIN are one case on purpose.
public enum CredentialRefusal: Sendable, Equatable {
  case wrong(triesLeft: Int)
  /// A scanned code that is none of the Dinas.
  case unknownCode
  case locked(until: Timestamp?)
  case expired
  /// A credential of one print whose document was printed.
  case spent
  /// The server cannot be asked, and nothing that was left here for this case fits: wrong, or not for
  /// this kiosk. The same whoever the NIK belongs to.
  case notKnownOffline(triesLeft: Int)
  case serverUnreachable
  case storeUnavailable
}

public enum DocumentRefusal: Sendable, Equatable {
  /// Changed after signing: a security event.
  case changed(code: String)
  /// Signer, time or revocation cannot be proven.
  case signerUncertain(code: String)
  /// Nothing says yet whether a certificate was revoked: newer lists can change that.
  case revocationUnknown(code: String)
  /// The file itself is none that is printed here.
  case unreadable(code: String)
  /// The kiosk could not judge it; nothing is known about the document.
  case machineFailed(code: String)
  case unavailable
  /// Its print right is lent to another kiosk, until then at the latest.
  case heldElsewhere(until: Timestamp?)
  /// An earlier print of it is not cleared up.
  case undecided
  /// The server cannot be asked for the print right, and none was lent in advance.
  case noRightOffline
  /// A card (KTP-el, KIA): only the counter hands it over.
  case cardOnly(kind: String)
}

public struct Preview: Sendable, Equatable {
  public var document: DocumentSummary
  /// Top-down RGB24 rows of page 1 of the signed revision.
  public var bitmap: SecretHandle
  public var width: Int
  public var height: Int
  public var pageCount: Int
  /// The last person who signed: his revision is what is shown and printed.
  public var signer: VerificationReport.Signer
  /// Who signed before him, in order.
  public var coSigners: [VerificationReport.Signer]
  /// The citizen holds "Tahan untuk melihat isi".
  public var revealed: Bool
  /// JPEG photo from the citizen's own card, shown only after the PIN.
  public var cardPhoto: SecretHandle?

  public init(
    document: DocumentSummary, bitmap: SecretHandle, width: Int, height: Int, pageCount: Int,
    signer: VerificationReport.Signer, coSigners: [VerificationReport.Signer] = []
  ) {
    self.document = document
    self.bitmap = bitmap
    self.width = width
    self.height = height
    self.pageCount = pageCount
    self.signer = signer
    self.coSigners = coSigners
    revealed = false
    cardPhoto = nil
  }
}

public struct PrintProgress: Sendable, Equatable {
  public enum Stage: Sendable, Equatable {
    case sending
    case printing
    /// The printer waits for a person; the job and the right to print are kept.
    case held(DeviceFault)
    /// The citizen or the clock asked to cancel; the printer has not answered yet.
    case cancelling
  }
  public var documentID: String
  public var stage: Stage
  public var pageCount: Int
  /// Where the paper comes out, in the office's words; nil: below the glass.
  public var place: String?
  public init(documentID: String, stage: Stage, pageCount: Int, place: String? = nil) {
    self.place = place
    self.documentID = documentID
    self.stage = stage
    self.pageCount = pageCount
  }
}

public enum PrintFailure: Sendable, Equatable {
  /// Nothing came out, nothing is used up.
  case notPrinted(DeviceFault?)
  /// It may have come out; staff decide.
  case unknown
  /// The printer has not let go of it; the kiosk cancels it, and staff look.
  case leftAtPrinter
  /// "Tidak keluar atau rusak" after a delivered job.
  case reportedByCitizen
}

public enum StaffCall: Sendable, Equatable { case asking, called, failed }
