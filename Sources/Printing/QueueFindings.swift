internal import OfficeModel
internal import Ports

/// What `doctor` finds out about a queue beside the state of its printer.
struct QueueFindings {
  var report: DeviceReport
  /// There is no printer to be asked behind it.
  var isFinal = false
  /// The queue itself keeps documents back, whatever its printer's panel says.
  var standstill: (fault: DeviceFault, advice: DeviceReport.Advice)?

  /// A finished job is of no use to the kiosk after this long.
  static let historyLimitSeconds = 600

  init(of queue: CUPSQueue) {
    let way = "through the CUPS queue \(queue.name)"
    do throws(IPPError) {
      let snapshot = try queue.snapshot()
      let state =
        [way, snapshot.printerURI.map { "to \($0)" } ?? "to a device without IPP"]
        + (snapshot.isRaw && snapshot.printerURI == nil ? ["without a driver"] : [])
      report = DeviceReport(
        name: "document printer", found: true, state: state.joined(separator: ", "),
        advice: try Self.advice(queue, snapshot))
      standstill = Self.standstill(queue.name, snapshot.printer)
    } catch {
      let found = error.isNotFound
      let (indonesian, english) =
        found
        ? (
          "Antrean CUPS itu tidak ada: buat dengan lpadmin atau perbaiki namanya.",
          "There is no such CUPS queue: make it with lpadmin or correct its name."
        )
        : (
          "Server CUPS tidak menjawab: jalankan layanan cups.",
          "The CUPS server does not answer: start the service cups."
        )
      report = DeviceReport(
        name: "document printer", found: false, state: "\(way) (\(error))",
        advice: .init(indonesian: indonesian, english: english))
      isFinal = true
    }
  }

  private static func standstill(
    _ name: String, _ queue: PrinterSnapshot
  ) -> (DeviceFault, DeviceReport.Advice)? {
    if queue.state == .stopped {
      return (
        .stopped,
        .init(
          indonesian:
            "Antrean CUPS dihentikan: kiosk melanjutkannya sendiri bila printer siap, atau "
            + "jalankan cupsenable \(name).",
          english: "The CUPS queue is stopped: the kiosk resumes it by itself once the printer can "
            + "print, or run cupsenable \(name).")
      )
    }
    guard !queue.isAccepting else { return nil }
    return (
      .notAccepting,
      .init(
        indonesian: "Antrean CUPS menolak pekerjaan: jalankan cupsaccept \(name).",
        english: "The CUPS queue refuses jobs: run cupsaccept \(name).")
    )
  }

  /// The most telling one.
  private static func advice(
    _ queue: CUPSQueue, _ snapshot: QueueSnapshot
  ) throws(IPPError) -> DeviceReport.Advice? {
    if let kept = try kept(queue, snapshot) { return kept }
    guard let uri = snapshot.printerURI else {
      return DeviceReport.Advice(
        indonesian: "Printer ini tidak bisa ditanya apa yang keluar: setiap cetakan diperiksa "
          + "petugas. Pakai printer IPP, atau ipp-usb untuk printer USB.",
        english: "This printer cannot be asked what came out: staff check every print. Use an IPP "
          + "printer, or ipp-usb for one on USB.")
    }
    guard try DirectPrinter(uri: uri, limit: queue.limit).form() != nil else { return nil }
    return DeviceReport.Advice(
      indonesian: "Printer ini menerima IPP langsung: isi uri: \(uri) sebagai ganti queue.",
      english: "This printer takes IPP itself: set uri: \(uri) in place of queue.")
  }

  /// Documents of citizens or a list of what was printed lie on the disk.
  private static func kept(
    _ queue: CUPSQueue, _ snapshot: QueueSnapshot
  ) throws(IPPError) -> DeviceReport.Advice? {
    let jobs = try queue.connect().jobs(over: true, limit: queue.limit)
    if jobs.contains(where: { ($0.documents ?? 0) > 0 }) {
      return DeviceReport.Advice(
        indonesian: "CUPS menyimpan dokumen yang sudah dicetak: tulis PreserveJobFiles No di "
          + "cupsd.conf.",
        english: "CUPS keeps documents that were printed: put PreserveJobFiles No into cupsd.conf.")
    }
    let isOld = jobs.contains {
      $0.ended.map { snapshot.upTime - $0 > historyLimitSeconds } ?? false
    }
    guard isOld else { return nil }
    return DeviceReport.Advice(
      indonesian: "CUPS menyimpan riwayat cetak: tulis PreserveJobHistory 120 di cupsd.conf.",
      english: "CUPS keeps a history of jobs: put PreserveJobHistory 120 into cupsd.conf.")
  }
}
