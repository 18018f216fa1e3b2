internal import CardReading
internal import DinasClient
internal import Glibc
internal import KioskConfiguration
internal import OfficeModel
internal import Ports
internal import Printing
internal import ScannerReading
internal import SensitiveMemory
internal import VerifierClient

// Devices and server, through the same drivers that the kiosk uses. The store is left alone: it may
// belong to a kiosk that is running.
extension Doctor {
  func outside(_ settings: KioskSettings) async -> [Finding] {
    let devices = KioskDevices(settings, events: EventPort { _ in }, vault: SecretVault())
    defer { devices.close() }
    let isOpen = KioskReservation.isKioskRunning(settings)
    var findings: [Finding] = []
    if devices.documentPrinters.isEmpty { findings.append(absent("document printer")) }
    for printer in devices.documentPrinters {
      var report = await printer.driver.report()
      if devices.documentPrinters.count > 1 { report.name += " " + printer.settings.name }
      findings.append(device(report))
    }
    findings.append(
      await devices.ticketPrinter?.report(isKioskOpen: isOpen).map(device)
        ?? absent("ticket printer"))
    findings.append(await devices.cardReader?.report().map(device) ?? absent("card reader"))
    findings.append(
      device(DeviceReport(secureAccessModule: await devices.secureAccess.state())))
    findings += scanners(settings, isKioskOpen: isOpen)
    findings.append(confinement(await devices.verifier.confinement()))
    return await findings + server(settings)
  }

  private func server(_ settings: KioskSettings) async -> [Finding] {
    // Told among the secrets.
    if let path = settings.server.tokenFile, (try? SecretFile.text(at: path)) == nil { return [] }
    let dinas: DinasConnection
    do { dinas = try DinasConnection(settings) } catch {
      return [
        Finding(
          FindingName.kiosk, Wording("\(error)"),
          advice: Wording(
            indonesian: "Perbaiki alamat atau berkas server di konfigurasi.",
            english: "Correct the server's address or files in the configuration."), .fatal)
      ]
    }
    var findings = dinas.certificates.map(certificate)
    do {
      try await dinas.client.ping()
      findings.append(
        Finding(FindingName.server, Wording(indonesian: "menjawab", english: "answers"), .good))
    } catch {
      findings.append(
        Finding(
          FindingName.server, Wording("\(error)"),
          advice: Wording(
            indonesian: "Periksa jaringan. Status dari data tersimpan dan nomor tetap dilayani.",
            english: "Check the network. Status from the cache and queue numbers still work."), .bad
        ))
    }
    await dinas.client.shutdown()
    return findings
  }

  private func scanners(_ settings: KioskSettings, isKioskOpen: Bool) -> [Finding] {
    ScannerReader.reports(
      KioskDevices.scanners(settings), acceptsPipes: settings.isDemonstration
    ).map { report in
      let isHeld = isKioskOpen && report.state == ScannerState.busy.rawValue
      return device(isHeld ? DeviceReport(heldByKiosk: report.name) : report)
    }
  }

  private func device(_ report: DeviceReport) -> Finding {
    Finding(
      FindingName.device(report.name), report.words, detail: report.state, advice: report.advice,
      report.advice == nil ? .good : report.isDown ? .bad : .attention)
  }

  private func absent(_ name: String) -> Finding {
    Finding(
      FindingName.device(name), DeviceFact.absent.words,
      advice: Wording(
        indonesian: "Bila memang ada, tulis di bagian devices konfigurasi.",
        english: "If there is one, write it into devices of the configuration."), .attention)
  }

  private func certificate(_ dates: CertificateDates) -> Finding {
    let days =
      dates.validUntil.since(Timestamp(seconds: Int64(time(nil)))).wholeMilliseconds
      / 86_400_000
    let name = dates.role == .kiosk ? FindingName.kioskCertificate : FindingName.dinasRoot
    guard days < 30 else {
      return Finding(
        name,
        Wording(indonesian: "berlaku \(days) hari lagi", english: "good for \(days) days"), .good)
    }
    return Finding(
      name,
      days < 0
        ? Wording(indonesian: "kedaluwarsa", english: "expired")
        : Wording(indonesian: "habis \(days) hari lagi", english: "expires in \(days) day(s)"),
      advice: Wording(
        indonesian: "Mintakan perpanjangan, lalu jalankan ulang anjungan.",
        english: "Have it renewed and restart the kiosk."), days < 0 ? .bad : .attention)
  }

  private func confinement(_ found: String?) -> Finding {
    guard let found, found.contains("seccomp") else {
      return Finding(
        FindingName.confinement,
        found.map { Wording($0) }
          ?? Wording(indonesian: "tidak menjawab", english: "it does not answer"),
        advice: Wording(
          indonesian:
            "Dokumen diperiksa tanpa saringan panggilan sistem: pakai kernel dengan seccomp.",
          english: "Documents are judged without a system call filter: use a kernel with seccomp."),
        found == nil ? .bad : .attention)
    }
    return Finding(FindingName.confinement, Wording(found), .good)
  }
}

extension DeviceReport {
  fileprivate func map(_ body: (DeviceReport) -> Doctor.Finding) -> Doctor.Finding { body(self) }
}
