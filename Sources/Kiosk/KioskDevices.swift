internal import CardReading
internal import KioskConfiguration
internal import OfficeModel
internal import Ports
internal import Printing
internal import ScannerReading
internal import SensitiveMemory
internal import VerifierClient

/// The drivers of one kiosk: everything outside but its own store and the server.
struct KioskDevices: Sendable {
  let verifier: DocumentVerifier
  let trust: TrustTool
  let revocations: RevocationPort
  let preview: PreviewRenderer
  /// The preferred one first.
  let documentPrinters: [A4Printer]
  let ticketPrinter: ESCPOSTicketPrinter?
  let cardReader: CardReader?
  let secureAccess: SecureAccessModule

  init(_ settings: KioskSettings, events: EventPort, vault: SecretVault) {
    let helper = Self.helper(settings)
    verifier = DocumentVerifier(helper: helper, settings: Self.trustSettings(settings))
    trust = Self.trustTool(settings)
    let lists = RevocationListImport(helper: helper, settings: Self.trustSettings(settings))
    revocations = lists?.port ?? .none
    preview = PreviewRenderer(
      helper: helper, renderer: settings.tools.pdftoppm ?? "/usr/bin/pdftoppm")
    let pages = preview.port(vault: vault)
    documentPrinters = [settings.documentPrinter, settings.secondDocumentPrinter].compactMap {
      $0.map { A4Printer($0, vault: vault, pages: pages, events: events) }
    }
    ticketPrinter = settings.ticketPrinter.map {
      ESCPOSTicketPrinter(
        address: Self.address(of: $0), profile: $0.profile, template: $0.template,
        logo: $0.logo, events: events)
    }
    cardReader =
      settings.cardReader.isEnabled
      ? CardReader(
        vault: vault, reader: settings.cardReader.name,
        without: settings.cardReader.secureAccessModule?.reader, events: events) : nil
    secureAccess = Self.secureAccess(settings, cardReader)
  }

  /// The module's secrets are read anew each time and stay nowhere.
  private static func secureAccess(
    _ settings: KioskSettings, _ reader: CardReader?
  ) -> SecureAccessModule {
    guard let reader, let module = settings.cardReader.secureAccessModule else { return .off }
    return SecureAccess(
      cards: reader, reader: module.reader,
      secret: {
        do throws(SecretFileProblem) {
          let advice = "It comes with the module, from the Dukcapil."
          let local = "Berkas ini diberikan Dukcapil bersama modulnya."
          let pcid = try SecretFile.bytes(
            16, at: module.pcidFile, advice: advice, indonesian: local)
          let conf = try SecretFile.bytes(
            32, at: module.confFile, advice: advice, indonesian: local)
          return .success(zip(conf, pcid + pcid).map { $0 ^ $1 })
        } catch {
          return .failure(SecureAccess.SecretMissing(why: error.what))
        }
      }
    ).port
  }

  static func scanners(_ settings: KioskSettings) -> [TypingScanner] {
    settings.scanners.map { scanner in
      let sign: TypingScanner.Sign =
        switch scanner.sign {
        case .name(let name): .name(name)
        case .ids(let vendor, let product): .ids(vendor: vendor, product: product)
        case .path(let path): .path(path)
        }
      return TypingScanner(
        label: scanner.label, sign: sign, endsWithSilence: scanner.suffix == .none)
    }
  }

  /// Ends what has threads and connections of its own.
  func close() { cardReader?.stop() }

  /// What asks the verifier about the trust folder; needs nothing else of the outside.
  static func trustTool(_ settings: KioskSettings) -> TrustTool {
    TrustTool(helper: helper(settings), settings: trustSettings(settings))
  }

  private static func helper(_ settings: KioskSettings) -> String {
    settings.tools.verifier ?? ProgramFolder.path(of: "anjungan-verify")
  }

  private static func trustSettings(_ settings: KioskSettings) -> DocumentVerifier.Settings {
    var trust = DocumentVerifier.Settings(trust: settings.trust.directory)
    trust.revocationLists = settings.trust.revocationDirectory
    return trust
  }

  private static func address(of printer: TicketPrinterSettings) -> TicketPrinterAddress {
    switch printer.address {
    case .network(let address): .network(host: address.host, port: UInt16(clamping: address.port))
    case .device(let path): .device(path: path)
    }
  }
}

/// An A4 printer as the configuration names it, and the driver that talks to it.
struct A4Printer: Sendable {
  let settings: DocumentPrinterSettings
  let driver: IPPDocumentPrinter

  init(
    _ settings: DocumentPrinterSettings, vault: SecretVault, pages: PreviewPort, events: EventPort
  ) {
    self.settings = settings
    let way: IPPDocumentPrinter.Way =
      switch settings.way {
      case .printer(let uri): .printer(uri: uri)
      case .queue(let name, let server): .queue(name: name, server: server)
      }
    driver = IPPDocumentPrinter(
      settings: .init(way), vault: vault, pages: pages, events: events)
  }

  var named: DocumentPrinter {
    DocumentPrinter(
      name: settings.name, place: settings.place, paperCapacity: settings.paperCapacity,
      port: driver.port)
  }
}

/// What stands in where the configuration has no such device: it says so, and nothing more.
enum AbsentDevices {
  static let ticketPrinter = TicketPrinterPort(print: { _ in .offline }, state: { .absent })

  static let cards = CardPort(
    changes: { AsyncStream { $0.finish() } },
    readPhoto: { () async throws(PortError) in nil })
}
