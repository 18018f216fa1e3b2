import OfficeModel

/// The `devices` section. A printer that is left out is absent, which is not an error: the kiosk then
/// says that it cannot print.
enum DeviceReading {
  struct Devices {
    var documentPrinter: DocumentPrinterSettings?
    var secondDocumentPrinter: DocumentPrinterSettings?
    var ticketPrinter: TicketPrinterSettings?
    var cardReader: CardReaderSettings
    var scanners: [ScannerSettings]
  }

  static func read(_ section: Section) -> Devices {
    let first = section.optionalSection("documentPrinter") {
      documentPrinter($0, name: "utama")
    }
    let second = section.optionalSection("secondDocumentPrinter") {
      documentPrinter($0, name: "cadangan")
    }
    if let second {
      let place = section.place(of: "secondDocumentPrinter")
      if first == nil {
        section.problem(place, "\(section.name(of: "secondDocumentPrinter")) needs a first one")
      } else if first?.name == second.name {
        section.problem(place, "the two document printers have the same name")
      }
    }
    return Devices(
      documentPrinter: first, secondDocumentPrinter: second,
      ticketPrinter: section.optionalSection("ticketPrinter", ticketPrinter),
      cardReader: section.section("cardReader") {
        CardReaderSettings(
          isEnabled: $0.boolean("enabled", default: true), name: $0.optionalText("name", upTo: 128))
      },
      scanners: ScannerListReading.read(section))
  }

  private static func documentPrinter(
    _ section: Section, name: String
  ) -> DocumentPrinterSettings? {
    let uri = section.text("uri", upTo: 512)
    if !uri.isEmpty, URLParts(uri).map({ !["ipp", "ipps"].contains($0.scheme) }) ?? true {
      section.problem(
        section.place(of: "uri"),
        "\(section.name(of: "uri")) is an address such as ipp://printer.example/ipp/print")
    }
    return DocumentPrinterSettings(
      uri: uri, media: section.text("media", upTo: 64, default: "iso_a4_210x297mm"),
      name: printerName(section) ?? name,
      place: section.optionalText("place", upTo: 40),
      // From a single-sheet feeder to a high-capacity tray.
      paperCapacity: section.optionalInteger("paperCapacity", in: 1...10_000))
  }

  private static func printerName(_ section: Section) -> String? {
    guard let name = section.optionalText("name", upTo: 16) else { return nil }
    if !section.isIdentifier(name, upTo: 16) {
      section.problem(
        section.place(of: "name"),
        "\(section.name(of: "name")) consists of small letters, digits and hyphens, at most 16")
    }
    return name
  }

  private static func ticketPrinter(_ section: Section) -> TicketPrinterSettings? {
    let address = section.text("address", upTo: 512)
    let profile = section.text("profile", upTo: 40, default: "generic")
    let width = section.integer("paperWidthMillimetres", in: 48...112, default: 80)
    guard !address.isEmpty else { return nil }
    let parsed: TicketPrinterSettings.Address
    if address.hasPrefix("/") {
      parsed = .device(path: address)
    } else if let network = NetworkAddress(address) {
      parsed = .network(network)
    } else {
      section.problem(
        section.place(of: "address"),
        "\(section.name(of: "address")) is HOST:PORT or the path of a device")
      return nil
    }
    return TicketPrinterSettings(address: parsed, profile: profile, paperWidthMillimetres: width)
  }
}
