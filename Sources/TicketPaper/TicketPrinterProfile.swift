/// What differs from one ticket printer to the next: a file of `kiosk-config/printers/`.
public struct TicketPrinterProfile: Hashable, Sendable {
  public enum QRMode: String, Sendable, CaseIterable {
    /// The printer draws the code itself (GS ( k).
    case native
    /// Sent as an image: for printers without QR.
    case bitmap
  }
  /// How much of a code may be missing: about 7, 15, 25 and 30 percent.
  public enum ErrorCorrection: String, Sendable, CaseIterable {
    case low = "L"
    case medium = "M"
    case quarter = "Q"
    case high = "H"
  }
  public enum Logo: String, Sendable, CaseIterable {
    /// Sent with every slip (GS v 0).
    case raster
    /// The first image that the maker's program put into the printer's own memory (FS p).
    case stored
  }
  public enum Cut: String, Sendable, CaseIterable {
    case none, partial, full
  }
  public enum FlowControl: String, Sendable, CaseIterable {
    case none, software, hardware
  }

  /// The file's name without its ending.
  public var name: String
  public var paperWidthMillimetres: Int
  /// Printable dots across: 576 on 80 mm paper, 384 on 58 mm, at 203 dpi.
  public var widthDots: Int
  /// Characters of font A (12 dots each) across.
  public var columns: Int
  public var codePage: CodePage
  /// The n of ESC t n by which this printer selects the code page.
  public var codePageNumber: UInt8
  public var qrMode: QRMode
  /// Dots a module of a QR code is wide, where the paper allows.
  public var qrModuleDots: Int
  public var qrErrorCorrection: ErrorCorrection
  public var logo: Logo
  public var cut: Cut
  /// Lines from the print head to the knife.
  public var feedBeforeCut: UInt8
  /// It tells of changes by itself when asked to (GS a).
  public var hasAutomaticStatus: Bool
  /// It forgets what is in its buffers when told to, also while it cannot print (DLE DC4 8).
  public var clearsBuffers: Bool
  /// Of a serial line; other device files have no speed.
  public var baud: Int
  public var flowControl: FlowControl

  public static let bauds = [9600, 19200, 38400, 57600, 115200]
  public static let widths = 128...832
  public static let columnsAllowed = 12...64
  /// Below two dots no phone reads a module; above sixteen no printer draws one.
  public static let moduleDots = 2...16
  /// Font A in dots.
  public static let characterWidth = 12
  public static let characterHeight = 24
  /// Dots from one line of plain text to the next, set by ESC 3.
  public static let lineDots = 30

  public init(
    name: String, paperWidthMillimetres: Int = 80, widthDots: Int = 576, columns: Int = 48,
    codePage: CodePage = .ascii, codePageNumber: UInt8 = 0, qrMode: QRMode = .bitmap,
    qrModuleDots: Int = 6, qrErrorCorrection: ErrorCorrection = .medium, logo: Logo = .raster,
    cut: Cut = .partial, feedBeforeCut: UInt8 = 4, hasAutomaticStatus: Bool = false,
    clearsBuffers: Bool = false, baud: Int = 9600, flowControl: FlowControl = .hardware
  ) {
    self.name = name
    self.paperWidthMillimetres = paperWidthMillimetres
    self.widthDots = widthDots
    self.columns = columns
    self.codePage = codePage
    self.codePageNumber = codePageNumber
    self.qrMode = qrMode
    self.qrModuleDots = qrModuleDots
    self.qrErrorCorrection = qrErrorCorrection
    self.logo = logo
    self.cut = cut
    self.feedBeforeCut = feedBeforeCut
    self.hasAutomaticStatus = hasAutomaticStatus
    self.clearsBuffers = clearsBuffers
    self.baud = baud
    self.flowControl = flowControl
  }
}
