public import OfficeModel
public import SensitiveMemory

/// What staff see at the kiosk itself. Nothing of a citizen is in it.
public enum StaffPage: Sendable, Equatable {
  case menu
  case clock
  /// Day, month, year, hour and minute, typed.
  case clockEntry(Entry)
  case prints(page: Int)
  case print(StaffOverview.Print)
  case letters(page: Int)
  case devices
  /// Paper and toner of every A4 printer, as `KioskFacts` has them.
  case supplies
  /// How many sheets lie in a printer's tray now, typed.
  case paperEntry(printer: String, Entry)
}

/// The open questions of a kiosk, as they were when staff asked.
public struct StaffOverview: Sendable, Equatable {
  /// A print of which nobody knows whether paper came out.
  public struct Print: Sendable, Equatable {
    public var jobKey: String
    public var documentID: String
    public var at: Timestamp
    /// The printer has not called it over: nothing is found out before it has, or has been cleared.
    public var isAtPrinter: Bool
    /// Where it was sent; nil where nobody wrote it down.
    public var printer: String?
    public init(
      jobKey: String, documentID: String, at: Timestamp, isAtPrinter: Bool = false,
      printer: String? = nil
    ) {
      self.printer = printer
      self.jobKey = jobKey
      self.documentID = documentID
      self.at = at
      self.isAtPrinter = isAtPrinter
    }
  }
  /// A report that the server refused for good.
  public struct Letter: Sendable, Equatable {
    public var kind: String
    public var at: Timestamp
    /// Codes of the server; nothing of a person.
    public var reason: String
    public init(kind: String, at: Timestamp, reason: String) {
      self.kind = kind
      self.at = at
      self.reason = reason
    }
  }

  public var clock: ClockTrust
  /// What the machine's own clock says; nil when it cannot be right.
  public var machineTime: Timestamp?
  public var prints: [Print]
  public var letters: [Letter]
  /// Reports on their way to the server, and since when the oldest waits.
  public var waiting: Int
  public var oldestWaiting: Timestamp?

  public init(
    clock: ClockTrust, machineTime: Timestamp?, prints: [Print], letters: [Letter], waiting: Int,
    oldestWaiting: Timestamp?
  ) {
    self.clock = clock
    self.machineTime = machineTime
    self.prints = Array(prints.prefix(JourneyLimits.staffRows))
    self.letters = Array(letters.prefix(JourneyLimits.staffRows))
    self.waiting = waiting
    self.oldestWaiting = oldestWaiting
  }
}

public enum StaffRefusal: Sendable, Equatable {
  case wrong(triesLeft: Int)
  case locked(until: Timestamp?)
  /// No PIN was ever made for this kiosk, or its file cannot be read.
  case nobodyKnown
  /// A try that cannot be counted is not judged.
  case storeUnavailable
}

/// What came of the last thing that staff did.
public enum StaffNote: Sendable, Equatable {
  case clockConfirmed
  case clockRefused
  case printSettled
  case printerCleared
  case lettersSent(Int)
  case paperNoted(sheets: Int)
  /// No number of sheets that a tray can hold.
  case paperRefused
  case notDone
}

/// What staff ask of the kiosk.
public enum StaffRequest: Sendable, Equatable {
  case signIn(pin: SecretHandle)
  case overview
  /// The machine's own clock is right.
  case confirmMachineClock
  /// `DDMMYYYYhhmm` in the office's zone.
  case confirmClock(typed: SecretHandle)
  case settle(jobKey: String, PrintFinding)
  /// A job that was left at the printer cannot come out any more.
  case printerCleared(jobKey: String, PrinterClearing)
  case retryLetters
  /// The tray was filled; `typed` is what lies in it now.
  case paperFilled(printer: String, typed: SecretHandle)
}

public enum StaffAnswer: Sendable, Equatable {
  case refused(StaffRefusal)
  case overview(StaffOverview, StaffNote?)
}
