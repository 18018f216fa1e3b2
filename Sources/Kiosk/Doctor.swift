internal import CardReading
internal import DinasClient
internal import Glibc
internal import Journey
internal import KioskConfiguration
internal import LocalStore
internal import Logging
internal import OfficeModel
internal import Ports
internal import Printing
internal import ScannerReading
internal import SensitiveMemory
internal import VerifierClient

/// Examines everything a kiosk needs, without opening it.
public struct Doctor: Sendable {
  public struct Finding: Sendable {
    public enum Grade: Sendable { case good, attention, bad, fatal }
    public var name: String
    public var state: String
    public var advice: String?
    public var grade: Grade

    /// Opens every line, so that a finding is seen without colour.
    public var mark: String {
      switch grade {
      case .good: "[ ok ]"
      case .attention: "[look]"
      case .bad: "[down]"
      case .fatal: "[STOP]"
      }
    }
    public var isFatal: Bool { grade == .fatal }
  }

  let config: String
  let overlay: String?

  public init(config: String, overlay: String?) {
    self.config = config
    self.overlay = overlay
  }

  public func examine() async -> [Finding] {
    let settings: KioskSettings
    do {
      settings = try KioskConfiguration.load(path: config, overlay: overlay).settings
    } catch {
      return error.problems.map {
        Finding(name: "configuration", state: $0.description, advice: nil, grade: .fatal)
      }
    }
    var findings = [
      Finding(
        name: "configuration", state: "\(settings.services.count) service(s), in order",
        advice: nil, grade: .good)
    ]
    findings += trust(settings)
    findings += secrets(settings)
    findings.append(storage(settings))
    findings += programs(settings)
    findings += trust(await KioskDevices.trustTool(settings).report(), settings)
    findings += await outside(settings)
    return findings
  }

  private func trust(_ settings: KioskSettings) -> [Finding] {
    let problems = TrustFolder.examine(
      settings.trust, isDemonstration: settings.isDemonstration)
    guard problems.isEmpty else {
      return problems.map {
        Finding(name: "trust", state: $0.state, advice: $0.advice, grade: .fatal)
      }
    }
    return [
      settings.isDemonstration
        ? Finding(
          name: "trust", state: "demonstration: its documents are worth nothing", advice: nil,
          grade: .attention)
        : Finding(name: "trust", state: settings.trust.directory, advice: nil, grade: .good)
    ]
  }

  private func secrets(_ settings: KioskSettings) -> [Finding] {
    func look(_ name: String, _ body: () throws(SecretFileProblem) -> Void) -> Finding {
      do throws(SecretFileProblem) {
        try body()
        return Finding(name: name, state: "found", advice: nil, grade: .good)
      } catch {
        return Finding(name: name, state: error.what, advice: error.advice, grade: .fatal)
      }
    }
    var findings = [
      look("store key") { () throws(SecretFileProblem) in
        let path = settings.storage.storeKeyFile
        // The first start makes both, the key and the store. What cannot be looked at may be one.
        if SecretFile.exists(path)
          || (try? LocalStore.isThere(settings.storage.directory)) != false
        {
          _ = try SecretFile.key(at: path)
        }
      },
      look("lookup key") { () throws(SecretFileProblem) in
        _ = try SecretFile.key(at: settings.storage.lookupKeyFile)
      },
    ]
    if let path = settings.server.tokenFile {
      findings.append(
        look("server token") { () throws(SecretFileProblem) in _ = try SecretFile.text(at: path) })
    }
    return findings
  }

  private func storage(_ settings: KioskSettings) -> Finding {
    let directory = settings.storage.directory
    guard let space = StorageSpace.measure(directory: directory) else {
      return Finding(
        name: "storage", state: "\(directory) is not there yet",
        advice: "It is made at the first start if its parent folder allows.", grade: .attention)
    }
    let free = space.freeBytes >> 20
    if space.isReadOnly || free < Int64(settings.storage.minimumFreeMiB) {
      return Finding(
        name: "storage",
        state: space.isReadOnly ? "\(directory) is read-only" : "\(free) MiB free",
        advice: "Tickets and prints cannot be recorded: make room or mount it writable.",
        grade: .bad)
    }
    return Finding(name: "storage", state: "\(free) MiB free", advice: nil, grade: .good)
  }

  private func programs(_ settings: KioskSettings) -> [Finding] {
    let verifier = settings.tools.verifier ?? ProgramFolder.path(of: "anjungan-verify")
    let renderer = settings.tools.pdftoppm ?? "/usr/bin/pdftoppm"
    return [("verifier", verifier), ("preview renderer", renderer)].map { name, path in
      unsafe access(path, X_OK) == 0
        ? Finding(name: name, state: path, advice: nil, grade: .good)
        : Finding(
          name: name, state: "\(path) cannot be run",
          advice: "Without it no document is printed. Install it or set tools.", grade: .bad)
    }
  }

  /// Devices and server, through the same drivers that the kiosk uses. The store is left alone:
  /// it may belong to a kiosk that is running.
  private func outside(_ settings: KioskSettings) async -> [Finding] {
    let devices: KioskDevices
    do {
      devices = try KioskDevices(settings, events: EventPort { _ in }, vault: SecretVault())
    } catch {
      return [Finding(name: "kiosk", state: "\(error)", advice: nil, grade: .fatal)]
    }
    var findings: [Finding] = []
    if devices.documentPrinters.isEmpty { findings.append(device(nil, "document printer")) }
    for printer in devices.documentPrinters {
      var report = await printer.driver.report()
      if devices.documentPrinters.count > 1 { report.name += " " + printer.settings.name }
      findings.append(device(report, report.name))
    }
    findings.append(device(await devices.ticketPrinter?.report(), "ticket printer"))
    findings.append(device(await devices.cardReader?.report(), "card reader"))
    let scanners = ScannerReader.reports(
      KioskDevices.scanners(settings), acceptsPipes: settings.isDemonstration)
    findings += scanners.map { device($0, $0.name) }
    findings.append(confinement(await devices.verifier.confinement()))
    findings += devices.certificates.map(certificate)
    do {
      try await devices.dinas.ping()
      findings.append(
        Finding(name: "Dinas server", state: "answers", advice: nil, grade: .good))
    } catch {
      findings.append(
        Finding(
          name: "Dinas server", state: "\(error)",
          advice: "Status from the cache and queue numbers still work.", grade: .bad))
    }
    await devices.close()
    return findings
  }

  /// What the verifier itself makes of the trust folder, and how old its revocation lists are.
  private func trust(_ report: TrustReport?, _ settings: KioskSettings) -> [Finding] {
    // That the verifier does not answer or has no roots is said elsewhere.
    guard let report, !report.roots.isEmpty else { return [] }
    let now = Int64(time(nil))
    let remarks = report.remarks(now: now, isDemonstration: settings.isDemonstration)
    guard remarks.isEmpty else {
      return remarks.map {
        Finding(
          name: "trust", state: $0.text, advice: $0.advice,
          grade: $0.weight == .error ? .bad : .attention)
      }
    }
    return [
      Finding(
        name: "revocation lists", state: "\(report.lists.count), none too old", advice: nil,
        grade: .good)
    ]
  }

  private func device(_ report: DeviceReport?, _ name: String) -> Finding {
    guard let report else {
      return Finding(name: name, state: "not configured", advice: nil, grade: .attention)
    }
    return Finding(
      name: report.name, state: report.state, advice: report.advice?.english,
      grade: report.advice == nil ? .good : report.found ? .attention : .bad)
  }

  private func certificate(_ dates: CertificateDates) -> Finding {
    let days =
      dates.validUntil.since(Timestamp(seconds: Int64(time(nil)))).wholeMilliseconds
      / 86_400_000
    let name = dates.role == .kiosk ? "kiosk's certificate" : "root of the Dinas"
    guard days < 30 else {
      return Finding(name: name, state: "good for \(days) days", advice: nil, grade: .good)
    }
    return Finding(
      name: name, state: days < 0 ? "expired" : "expires in \(days) day(s)",
      advice: "Have it renewed and restart the kiosk.", grade: days < 0 ? .bad : .attention)
  }

  private func confinement(_ found: String?) -> Finding {
    guard let found, found.contains("seccomp") else {
      return Finding(
        name: "verifier's confinement", state: found ?? "it does not answer",
        advice: "Documents are judged without a system call filter: use a kernel with seccomp.",
        grade: found == nil ? .bad : .attention)
    }
    return Finding(name: "verifier's confinement", state: found, advice: nil, grade: .good)
  }
}
