/// One of the kiosk's A4 printers; the first of them is preferred.
public struct DocumentPrinter: Sendable {
  /// As the ledger knows it. It belongs to the machine: a job is asked for at the printer that it was
  /// sent to, whichever stands first by then.
  public var name: String
  /// Where it stands, in the office's words; nil: below the glass.
  public var place: String?
  /// Sheets that its tray takes; nil where nobody has said.
  public var paperCapacity: Int?
  public var port: DocumentPrinterPort

  public init(
    name: String = DocumentPrinter.defaultNames[0], place: String? = nil,
    paperCapacity: Int? = nil, port: DocumentPrinterPort
  ) {
    self.name = name
    self.place = place
    self.paperCapacity = paperCapacity
    self.port = port
  }

  /// Of the first and of the second, where the configuration names none.
  public static let defaultNames = ["utama", "cadangan"]
}
