internal import Glibc
internal import KioskConfiguration
public import OfficeModel
public import Ports
internal import Printing
internal import ReadinessReport
internal import Screens
internal import SensitiveMemory

extension Doctor {
  /// The readiness report, drawn once: the same bytes go into a file and to the printer.
  public struct Report: Sendable {
    public let bytes: [UInt8]
    public let pages: Int
    let key: String
    let settings: KioskSettings?
  }

  /// How printing the report ended, as far as the printer itself says.
  public enum PrintAnswer: Sendable {
    case printed
    case notPrinted(DeviceFault?)
    case unknown(DeviceFault?)
    /// Nothing was sent.
    case refused(Wording)
  }

  /// Staff stand beside the printer; after this time the report is withdrawn rather than left in it.
  private static let heldLimit = Duration.seconds(120)

  /// - Parameter version: of this program.
  /// - Throws: `ReportProblem` or `KioskProblem` where fonts or strings are missing.
  public func report(on examination: Examination, version: String) throws -> Report {
    let settings = examination.settings
    let folder = try AssetSearch.folder(configured: settings?.display.assetsDirectory)
    let strings = try StringsFile.load(directory: folder + "/strings", languages: ["id", "en"])
    // Without a configuration nobody knows the zone: then it is the capital's.
    let zone = settings?.office.zone ?? .wib
    let now = LocalTime(Timestamp(seconds: Int64(Glibc.time(nil))), in: zone)
    func moment(_ language: String) -> String {
      let words = Strings(language: language, tables: strings)
      return "\(words.longDate(now.date)) \(words.clock(now.time)) \(zone.rawValue)"
    }
    let drawn = try ReportLayout.pdf(
      Readiness(
        office: settings?.office.name ?? "", kiosk: settings?.office.kioskName ?? "",
        version: version, moment: Wording(indonesian: moment("id"), english: moment("en")),
        isDemonstration: settings?.isDemonstration ?? false,
        findings: examination.findings.map(\.reported)), fontFolder: folder + "/fonts")
    let clock = now.time.text.filter(\.isNumber)
    return Report(
      bytes: drawn.bytes, pages: drawn.pages, key: "laporan-kesiapan-\(now.date)-\(clock)",
      settings: settings)
  }

  /// Prints the report on the A4 printer, by the kiosk's own driver and its evidence.
  /// - Parameter progress: what the printer is doing or waiting for.
  public func print(
    _ report: Report, progress: @Sendable (Wording) -> Void
  ) async -> PrintAnswer {
    guard let settings = report.settings else {
      return .refused(
        Wording(
          indonesian: "Konfigurasi salah: printernya tidak diketahui.",
          english: "The configuration is wrong: nobody knows the printer."))
    }
    let reservation: KioskReservation
    do { reservation = try KioskReservation(settings) } catch {
      return .refused(
        Wording(
          indonesian:
            "Anjungan sedang terbuka dan memakai printernya: tutup dulu, atau pakai --report.",
          english: "A kiosk is open and has the printer: end it first, or use --report."))
    }
    defer { withExtendedLifetime(reservation) {} }
    let vault = SecretVault()
    let devices = KioskDevices(settings, events: EventPort { _ in }, vault: vault)
    let answer = await Self.print(report, on: devices, vault, progress)
    vault.wipeAll()
    devices.close()
    return answer
  }

  private static func print(
    _ report: Report, on devices: KioskDevices, _ vault: SecretVault,
    _ progress: @Sendable (Wording) -> Void
  ) async -> PrintAnswer {
    let printers = devices.documentPrinters.map(\.named.port)
    var printer: DocumentPrinterPort?
    var fault: DeviceFault?
    for other in printers {
      let state = await other.state()
      if case .down(let why) = state { fault = fault ?? why }
      guard state.canPrint else { continue }
      printer = other
      break
    }
    // A report that waits in a printer would come out when nobody wants it any more.
    if printer == nil, let fault { return .notPrinted(fault) }
    guard let printer else {
      return .refused(
        Wording(
          indonesian: "Konfigurasi tidak menyebut printer dokumen.",
          english: "The configuration names no document printer."))
    }
    let document = unsafe report.bytes.withUnsafeBytes { unsafe try? vault.store($0) }
    guard let document else {
      return .refused(
        Wording(indonesian: "Memori tidak cukup.", english: "There is not enough memory."))
    }
    let order = PrintOrder(
      jobKey: report.key, document: document, byteCount: report.bytes.count,
      sha256: unsafe report.bytes.withUnsafeBytes { unsafe sha256Hex($0) },
      pageCount: report.pages)
    let patience = Task {
      try await Task.sleep(for: heldLimit)
      await printer.cancel(order.jobKey)
    }
    defer { patience.cancel() }
    for await step in printer.print(order) {
      switch step {
      case .sending:
        progress(Wording(indonesian: "Mengirim ke printer…", english: "Sending to the printer…"))
      case .printing:
        progress(Wording(indonesian: "Sedang dicetak…", english: "Printing…"))
      case .held(let fault):
        progress(
          Wording(
            indonesian: "Menunggu: \(fault.words.indonesian). \(fault.advice.indonesian)",
            english: "Waiting: \(fault.words.english). \(fault.advice.english)"))
      case .ended(.delivered, _): return .printed
      case .ended(.notPrinted, let fault): return .notPrinted(fault)
      case .ended(.unknown, let fault), .left(let fault): return .unknown(fault)
      }
    }
    return .unknown(nil)
  }
}
