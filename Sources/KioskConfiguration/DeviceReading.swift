import OfficeModel
import TicketPaper

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
      // One that is there and wrong has been told already.
      if first == nil, !section.isWritten("documentPrinter") {
        section.problem(place, "\(section.name(of: "secondDocumentPrinter")) needs a first one")
      } else if first?.name == second.name {
        section.problem(place, "the two document printers have the same name")
      } else if first?.way == second.way {
        // A document left in it would come out before the next citizen's.
        section.problem(place, "the two document printers are one and the same")
      }
    }
    return Devices(
      documentPrinter: first, secondDocumentPrinter: second,
      ticketPrinter: section.optionalSection("ticketPrinter", ticketPrinter),
      cardReader: section.section("cardReader") {
        CardReaderSettings(
          isEnabled: $0.boolean("enabled", default: true),
          name: $0.optionalText("name", upTo: 128),
          secureAccessModule: $0.optionalSection("secureAccessModule", secureAccessModule))
      },
      scanners: ScannerListReading.read(section))
  }

  private static func secureAccessModule(_ section: Section) -> SecureAccessModuleSettings? {
    let reader = section.text("reader", upTo: 128)
    guard let pcid = section.secretFile("pcidFile", required: true),
      let conf = section.secretFile("confFile", required: true), !reader.isEmpty
    else { return nil }
    return SecureAccessModuleSettings(reader: reader, pcidFile: pcid, confFile: conf)
  }

  /// What documents of an office are on; sent with every job.
  private static let paper = "iso_a4_210x297mm"

  private static func documentPrinter(
    _ section: Section, name: String
  ) -> DocumentPrinterSettings? {
    if section.text("media", upTo: 64, default: Self.paper) != Self.paper {
      section.problem(
        section.place(of: "media"),
        "\(section.name(of: "media")) is \(Self.paper): nothing else is printed on")
    }
    let place = section.optionalText("place", upTo: 40)
    // From a single-sheet feeder to a high-capacity tray.
    let capacity = section.optionalInteger("paperCapacity", in: 1...10_000)
    let name = printerName(section) ?? name
    return way(to: section).map {
      DocumentPrinterSettings(
        way: $0, name: name, place: place, paperCapacity: capacity)
    }
  }

  private static func way(to section: Section) -> DocumentPrinterSettings.Way? {
    let uri = section.optionalText("uri", upTo: 512)
    let queue = section.optionalText("queue", upTo: 127)
    let server = section.optionalText("server", upTo: 107)
    func problem(_ key: String, _ what: String) {
      section.problem(section.place(of: key), "\(section.name(of: key)) \(what)")
    }
    switch (uri, queue) {
    case (let uri?, nil):
      if let parts = URLParts(uri), ["ipp", "ipps"].contains(parts.scheme) {
        if QueueAddress.isPathOfQueue(parts.path) {
          problem("uri", "is the printer's own address; name a queue of CUPS with 'queue'")
        }
      } else {
        problem("uri", "is an address such as ipp://printer.example/ipp/print")
      }
      if server != nil { problem("server", "goes with 'queue' only") }
      return .printer(uri: uri)
    case (nil, let queue?):
      if !QueueAddress.isName(queue) {
        problem("queue", "is the name of a queue, as lpstat -e lists it")
      }
      if let server, !QueueAddress.isServer(server) {
        problem("server", "is HOST, HOST:PORT or the path of a socket")
      }
      return .queue(name: queue, server: server)
    case (_?, _?):
      section.problem(
        section.place,
        "\(section.path) has either 'uri', the printer itself, or 'queue'; "
          + "an overlay takes the other away by leaving it empty")
      return nil
    case (nil, nil):
      section.problem(
        section.place, "\(section.path) has either 'uri', the printer itself, or 'queue'")
      return nil
    }
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
    let profile = section.shared("profile", .printers, default: "generic-80") { file, name in
      PrinterProfileReading.read(file, name: name)
    }
    let template = section.shared("layout", .tickets, default: "standard") { file, _ in
      TicketTemplateReading.read(file)
    }
    let logo = section.path("logo").flatMap { path in
      profile.flatMap { section.logo(path, "logo", on: $0) }
    }
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
    guard let profile, let template else { return nil }
    return TicketPrinterSettings(
      address: parsed, profile: profile, template: template, logo: logo)
  }
}

extension Section {
  /// A shared file by the name under a key.
  fileprivate func shared<Value>(
    _ key: String, _ kind: SharedFile.Kind, default fallback: String,
    _ read: (Section, String) -> Value
  ) -> Value? {
    let name = text(key, upTo: 40, default: fallback)
    guard isIdentifier(name, upTo: 40) else {
      problem(
        place(of: key),
        "\(self.name(of: key)) consists of small letters, digits and hyphens, at most 40")
      return nil
    }
    return SharedFile.read(
      kind, named: name, at: place(of: key), key: self.name(of: key), context: context
    ) { read($0, name) }
  }

  /// A picture that fits the printer. Sixty millimetres high it would be longer than the rest.
  fileprivate func logo(
    _ path: String, _ key: String, on profile: TicketPrinterProfile
  ) -> MonochromeImage? {
    let limit = 480
    do throws(BoundedFile.Failure) {
      let bytes = try BoundedFile.bytes(at: path)
      do throws(MonochromeImage.PNGProblem) {
        return try MonochromeImage(
          png: bytes, maxWidth: profile.widthDots, maxHeight: limit)
      } catch {
        switch error {
        case .unreadable: problem(place(of: key), "\(name(of: key)) is a picture in PNG")
        case .tooLarge(let width, let height):
          problem(
            place(of: key),
            "\(name(of: key)) is \(width) x \(height) dots; the printer has \(profile.widthDots) "
              + "across, and \(limit) are high enough")
        }
      }
    } catch {
      problem(place(of: key), "\(name(of: key)) \(error.message)")
    }
    return nil
  }
}
