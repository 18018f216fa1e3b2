public import OfficeModel
public import TicketPaper

/// Everything one kiosk is told, checked and with defaults filled in. Paths are resolved; secrets are
/// paths of files, never values.
public struct KioskSettings: Hashable, Sendable {
  public var office: OfficeSettings
  /// Language codes, Indonesian first.
  public var languages: [String]
  public var calendar: OfficeCalendar
  /// The hours in the office's own words, for the screen.
  public var openingHours: [String]
  public var display: DisplaySettings
  public var documentPrinter: DocumentPrinterSettings?
  /// Takes over when the first cannot print.
  public var secondDocumentPrinter: DocumentPrinterSettings?
  public var ticketPrinter: TicketPrinterSettings?
  public var cardReader: CardReaderSettings
  /// Scanners that type and are taken for the kiosk alone; what others type comes through its window.
  public var scanners: [ScannerSettings]
  public var server: ServerSettings
  public var storage: StorageSettings
  /// A machine that was off for longer does not know the time until the server or staff say it.
  public var clockJumpLimit: Duration
  public var staff: StaffSettings
  public var trust: TrustSettings
  public var healthAddress: NetworkAddress
  public var limits: LimitSettings
  public var timing: TimingSettings
  public var isDemonstration: Bool
  /// Socket on which a demonstration may be driven and looked into; nil outside demonstrations.
  public var sceneSocket: String?
  public var tools: ToolSettings
  /// In the order of their queue series.
  public var services: [ServiceStandard]
}

public struct OfficeSettings: Hashable, Sendable {
  public var name: String
  public var region: String
  public var kioskName: String
  public var zone: OfficeZone
}

public struct DisplaySettings: Hashable, Sendable {
  public enum Orientation: String, Hashable, Sendable, CaseIterable { case portrait, landscape }
  public var diagonalMillimetres: Int
  public var orientation: Orientation
  /// Folder with strings, fonts and icons; nil: beside the executable.
  public var assetsDirectory: String?
  public var sound: Bool
}

public struct DocumentPrinterSettings: Hashable, Sendable {
  public enum Way: Hashable, Sendable {
    /// IPP address of the printer itself.
    case printer(uri: String)
    /// A CUPS queue, for a printer that needs a driver; the server is a host and port or the path of
    /// a socket, nil as CUPS itself finds it.
    case queue(name: String, server: String?)
  }
  public var way: Way
  /// In the ledger and for staff; belongs to the machine.
  public var name: String
  /// Where it stands, in the office's words.
  public var place: String?
  /// Sheets that its tray takes.
  public var paperCapacity: Int?
}

public struct TicketPrinterSettings: Hashable, Sendable {
  public enum Address: Hashable, Sendable {
    case network(NetworkAddress)
    case device(path: String)
  }
  public var address: Address
  public var profile: TicketPrinterProfile
  public var template: TicketTemplate
  public var logo: MonochromeImage?
}

public struct CardReaderSettings: Hashable, Sendable {
  public var isEnabled: Bool
  /// Part of the reader's name in PC/SC; nil: the first reader.
  public var name: String?
  /// Nil: no KTP-el is authenticated.
  public var secureAccessModule: SecureAccessModuleSettings?
}

public struct SecureAccessModuleSettings: Hashable, Sendable {
  /// Part of the name of the reader or slot that the Dukcapil's module sits in.
  public var reader: String
  /// Files of 32 and 64 hexadecimal digits.
  public var pcidFile: String
  public var confFile: String
}

public struct ScannerSettings: Hashable, Sendable {
  public enum Sign: Hashable, Sendable {
    /// Part of the name that the device tells.
    case name(String)
    /// Of the USB device.
    case ids(vendor: UInt16, product: UInt16)
    case path(String)
  }
  /// What the scanner is set to send after a code.
  public enum Suffix: String, Hashable, Sendable, CaseIterable { case enter, none }
  /// The keyboard it plays.
  public enum Layout: String, Hashable, Sendable, CaseIterable { case us }
  public var sign: Sign
  public var suffix: Suffix
  public var layout: Layout

  /// How it is called in the log, in health and by `doctor`.
  public var label: String {
    switch sign {
    case .name(let name): name
    case .ids(let vendor, let product): HexID.text(vendor) + ":" + HexID.text(product)
    case .path(let path): path
    }
  }
}

public struct ServerSettings: Hashable, Sendable {
  public var url: String
  public var kioskID: String
  public var tokenFile: String?
  /// PEM file of roots; nil: those of the system.
  public var rootsFile: String?
  public var clientCertificateFile: String?
  public var clientKeyFile: String?
  /// What the QR codes of this Dinas begin with; empty: no code is turned away by its beginning.
  public var qrPrefixes: [String]
  public var syncInterval: Duration
  public var connectTimeout: Duration
  public var requestTimeout: Duration
  public var documentTimeout: Duration
}

public struct StorageSettings: Hashable, Sendable {
  public var directory: String
  /// Key of the encrypted columns.
  public var storeKeyFile: String
  /// Key of the keyed hashes that look-ups go by.
  public var lookupKeyFile: String
  public var minimumFreeMiB: Int
}

public struct StaffSettings: Hashable, Sendable {
  /// The staff's PINs; nil: nobody can sign in on the glass.
  public var file: String?
  public var triesPerHour: Int
  /// The first lock after them; further ones double.
  public var lock: Duration
}

public struct TrustSettings: Hashable, Sendable {
  /// `demonstration` trusts roots whose keys anybody could have.
  public enum Policy: String, Hashable, Sendable, CaseIterable { case production, demonstration }
  public var directory: String
  public var policy: Policy
  public var revocationDirectory: String?
}

public struct LimitSettings: Hashable, Sendable {
  public var pinTriesPerNIK: Int
  public var pinTriesPerKiosk: Int
  public var pinWindow: Duration
  public var ticketsPerSession: Int
  /// Of one NIK on one day, over all services.
  public var ticketsPerCitizen: Int
  public var printsPerSession: Int
  public var lookupsPerSession: Int
  public var documentMiB: Int
  public var documentPages: Int
  /// Answers without success after which an outbox item is a dead letter; outages do not count.
  public var outboxFailures: Int
}

/// Idle limits by screen class; the countdown follows the idle time.
public struct TimingSettings: Hashable, Sendable {
  public var plainIdle: Duration
  public var plainCountdown: Duration
  public var personalIdle: Duration
  public var personalCountdown: Duration
  public var takePaper: Duration
  public var resultShown: Duration
  public var staffIdle: Duration
}

public struct ToolSettings: Hashable, Sendable {
  /// The verifier; nil: `anjungan-verify` beside the executable.
  public var verifier: String?
  /// Poppler's renderer; nil: looked up in PATH.
  public var pdftoppm: String?
}
