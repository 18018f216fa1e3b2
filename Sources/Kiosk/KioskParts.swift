internal import CardReading
internal import DinasClient
internal import Glibc
internal import KioskConfiguration
internal import LocalStore
internal import Logging
internal import OfficeModel
internal import Ports
internal import Printing
internal import SensitiveMemory
internal import VerifierClient

/// The live outside of one kiosk, opened from its configuration, and the ports made of it.
struct KioskParts: Sendable {
  let vault: SecretVault
  let store: LocalStore
  let dinas: DinasClient
  let lookupKey: [UInt8]
  let verifier: DocumentVerifier
  let documentPrinter: IPPDocumentPrinter?
  let ticketPrinter: ESCPOSTicketPrinter?
  let cardReader: CardReader?
  let ports: Ports

  /// Opens everything that must be there to serve. Devices may be missing: they are watched.
  static func open(
    _ settings: KioskSettings, clock: ClockPort, events: EventPort, vault: SecretVault
  ) throws -> KioskParts {
    let storeKey = try SecretFile.key(at: settings.storage.storeKeyFile)
    let lookupKey = try SecretFile.key(at: settings.storage.lookupKeyFile)
    let store: LocalStore
    do {
      store = try LocalStore.open(directory: settings.storage.directory, storeKey: storeKey)
    } catch { throw explain(error, directory: settings.storage.directory) }

    let dinas = try DinasClient(dinasSettings(settings))
    let helper = settings.tools.verifier ?? ProgramFolder.path(of: "anjungan-verify")
    var verifierSettings = DocumentVerifier.Settings(trust: settings.trust.directory)
    verifierSettings.revocationLists = settings.trust.revocationDirectory
    let verifier = DocumentVerifier(helper: helper, settings: verifierSettings)

    let documentPrinter = settings.documentPrinter.map {
      IPPDocumentPrinter(settings: .init(uri: $0.uri), vault: vault, events: events)
    }
    let ticketPrinter = settings.ticketPrinter.map {
      ESCPOSTicketPrinter(address: address(of: $0), profile: profile(of: $0), events: events)
    }
    let cardReader =
      settings.cardReader.isEnabled
      ? CardReader(vault: vault, reader: settings.cardReader.name, events: events) : nil

    return KioskParts(
      vault: vault, store: store, dinas: dinas, lookupKey: lookupKey, verifier: verifier,
      documentPrinter: documentPrinter, ticketPrinter: ticketPrinter, cardReader: cardReader,
      ports: Ports(
        clock: clock, identifiers: LiveClock.identifiers(), store: store.port(),
        dinas: dinas.port(),
        verifier: verifier.port(vault: vault),
        preview: PreviewRenderer(
          helper: helper, renderer: settings.tools.pdftoppm ?? "/usr/bin/pdftoppm"
        ).port(vault: vault),
        documentPrinter: documentPrinter?.port ?? AbsentDevices.documentPrinter,
        ticketPrinter: ticketPrinter?.port ?? AbsentDevices.ticketPrinter,
        cards: cardReader?.port ?? AbsentDevices.cards, events: events))
  }

  private static func dinasSettings(_ settings: KioskSettings) throws -> DinasClient.Settings {
    let server = settings.server
    let token = try server.tokenFile.map { Array(try SecretFile.text(at: $0).utf8) } ?? []
    var tls: DinasClient.TLSFiles?
    if let roots = server.rootsFile, let certificate = server.clientCertificateFile,
      let key = server.clientKeyFile
    {
      tls = DinasClient.TLSFiles(roots: roots, certificate: certificate, key: key)
    }
    return DinasClient.Settings(
      address: try DinasAddress(server.url, isDemonstration: settings.isDemonstration),
      kiosk: server.kioskID, token: token, tls: tls, connectLimit: server.connectTimeout,
      answerLimit: server.requestTimeout, documentLimit: server.documentTimeout)
  }

  private static func address(of printer: TicketPrinterSettings) -> TicketPrinterAddress {
    switch printer.address {
    case .network(let address): .network(host: address.host, port: UInt16(clamping: address.port))
    case .device(let path): .device(path: path)
    }
  }

  private static func profile(of printer: TicketPrinterSettings) -> TicketPrinterProfile {
    TicketPrinterProfile.builtIn.first { $0.name == printer.profile }
      ?? (printer.paperWidthMillimetres < 80 ? .generic58 : .generic80)
  }

  private static func explain(_ error: PortError, directory: String) -> KioskProblem {
    switch error.code {
    case .refused:
      KioskProblem(
        "Another kiosk already runs on \(directory)",
        advice: "One kiosk per machine: end the other first.")
    case .unauthorized:
      KioskProblem(
        "The store's key does not open the data in \(directory)",
        advice: "Put the key back that the data was made with; a lost key is not replaced.")
    case .storageDamaged:
      KioskProblem(
        "The data in \(directory) is damaged (\(error))",
        advice: "Nothing was deleted. Save the folder and call support.")
    case .storageFull, .storageReadOnly:
      KioskProblem(
        "The store in \(directory) cannot be written (\(error))",
        advice: "Make room on the disk, or mount it writable.")
    default:
      KioskProblem(
        "The store in \(directory) cannot be opened (\(error))",
        advice: "Its folder must belong to the kiosk's user.")
    }
  }
}

/// What stands in where the configuration has no such device: it says so, and nothing more.
enum AbsentDevices {
  static let documentPrinter = DocumentPrinterPort(
    print: { _ in
      AsyncStream { continuation in
        continuation.yield(.ended(.notPrinted, fault: .offline))
        continuation.finish()
      }
    }, cancel: { _ in }, state: { .absent })

  static let ticketPrinter = TicketPrinterPort(print: { _ in .offline }, state: { .absent })

  static let cards = CardPort(
    changes: { AsyncStream { $0.finish() } },
    readPhoto: { () async throws(PortError) in nil })
}

/// Where the program itself lies; its helper and its assets lie near it.
public enum ProgramFolder {
  public static let path: String = {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count - 1)
    guard count > 0 else { return "." }
    let text = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard let slash = text.lastIndex(of: "/") else { return "." }
    return String(text[..<slash])
  }()

  public static func path(of name: String) -> String { path + "/" + name }
}
