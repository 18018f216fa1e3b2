/// What differs from one ticket printer to the next; as `kiosk-config/printers/*.yaml`.
public struct TicketPrinterProfile: Sendable, Equatable, Codable {
  /// A code page and the number by which ESC t selects it.
  public enum CodePage: String, Sendable, Codable {
    /// Every printer's; letters lose their accents.
    case ascii
    case windows1252 = "windows-1252"
  }
  public enum QRMode: String, Sendable, Codable {
    /// The printer draws the code itself (GS ( k).
    case native
    /// Sent as an image: for printers without QR.
    case bitmap
  }
  public enum Cut: String, Sendable, Codable {
    case none, partial, full
  }

  public var name: String
  /// Printable dots across: 576 on 80 mm paper, 384 on 58 mm, at 203 dpi.
  public var widthDots: Int
  /// Characters of font A across.
  public var columns: Int
  public var codePage: CodePage
  /// The n of ESC t n; 16 is Windows-1252 with Epson and those that follow it.
  public var codePageNumber: UInt8
  public var qr: QRMode
  /// Dots a module of a QR code is wide; 6 make a code that phones read at arm's length.
  public var qrModuleDots: Int
  public var cut: Cut
  /// Lines from the print head to the knife.
  public var feedBeforeCut: UInt8

  public init(
    name: String, widthDots: Int, columns: Int, codePage: CodePage, codePageNumber: UInt8 = 16,
    qr: QRMode, qrModuleDots: Int = 6, cut: Cut = .partial, feedBeforeCut: UInt8 = 4
  ) {
    self.name = name
    self.widthDots = widthDots
    self.columns = columns
    self.codePage = codePage
    self.codePageNumber = codePageNumber
    self.qr = qr
    self.qrModuleDots = qrModuleDots
    self.cut = cut
    self.feedBeforeCut = feedBeforeCut
  }

  /// Epson TM-T20, TM-T82 and relatives on 80 mm paper.
  public static let epson80 = TicketPrinterProfile(
    name: "epson-tm-80", widthDots: 576, columns: 48, codePage: .windows1252, qr: .native)
  /// The least that any ESC/POS printer on 80 mm paper does.
  public static let generic80 = TicketPrinterProfile(
    name: "generic-80", widthDots: 576, columns: 48, codePage: .ascii, codePageNumber: 0,
    qr: .bitmap)
  /// The least that any ESC/POS printer on 58 mm paper does; most have no cutter.
  public static let generic58 = TicketPrinterProfile(
    name: "generic-58", widthDots: 384, columns: 32, codePage: .ascii, codePageNumber: 0,
    qr: .bitmap, qrModuleDots: 5, cut: .none)

  public static let builtIn = [epson80, generic80, generic58]

  /// What is wrong with it, for `config check`; empty when it can be used.
  public var problems: [String] {
    var problems: [String] = []
    if !(128...832).contains(widthDots) || widthDots % 8 != 0 {
      problems.append("widthDots is a multiple of 8 from 128 to 832")
    }
    if !(12...64).contains(columns) { problems.append("columns lies in 12...64") }
    if !(2...16).contains(qrModuleDots) { problems.append("qrModuleDots lies in 2...16") }
    return problems
  }
}
