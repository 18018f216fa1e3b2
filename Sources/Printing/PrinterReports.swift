internal import OfficeModel
public import Ports

extension IPPDocumentPrinter {
  /// For `doctor`: asks as often as it takes to tell a lost question from an absent printer, and changes
  /// nothing, for the kiosk may be printing.
  public func report() async -> DeviceReport {
    let queue = queueFindings()
    if let queue, queue.isFinal { return queue.report }
    var fact = askState(mayMend: false)
    for _ in 0..<2 where fact == .unknown { fact = askState(mayMend: false) }
    if fact.canPrint, fact != .unknown, let use = use() { return use.report }
    var report = DeviceReport(
      printer: "document printer", fact: fact,
      detail: fact.canPrint && fact != .unknown ? nil : lastFailure)
    report.add(otherFaults)
    if let queue {
      report.state += ", " + queue.report.state
      report.advice = report.advice ?? queue.report.advice
      if let standstill = queue.standstill, fact == .down(standstill.fault) {
        report.advice = standstill.advice
      }
    }
    return report
  }

  /// Nil as well when it cannot be asked: its state has said so.
  private func use() -> PrinterUse? {
    guard case .printer(let uri) = settings.way else { return nil }
    do throws(IPPError) {
      return try PrinterUse(of: uri, limit: settings.statusLimit)
    } catch {
      return nil
    }
  }

  private func queueFindings() -> QueueFindings? {
    guard case .queue(let name, let server) = settings.way else { return nil }
    return QueueFindings(
      of: CUPSQueue(
        name: name, server: server, limit: settings.statusLimit, events: EventPort { _ in }))
  }
}

extension ESCPOSTicketPrinter {
  /// For `doctor`: asks as often as it takes to tell a lost question from an absent printer.
  /// - Parameter isKioskOpen: the printer may have a slip of the kiosk, so it gets nothing but questions
  ///   that it answers at once: clearing would destroy the slip, and the answer to `GS r` would prove it.
  public func report(isKioskOpen: Bool) async -> DeviceReport {
    var fact = state(mayMend: !isKioskOpen)
    for _ in 0..<2 where fact == .unknown { fact = state(mayMend: !isKioskOpen) }
    if isKioskOpen { return besideKiosk(fact) }
    if fact.canPrint, fact != .unknown {
      switch confirmation() {
      case .success(nil): break
      case .success(let fault?): fact = .down(fault)
      case .failure:
        return DeviceReport(
          name: Self.name, found: true, state: "it does not confirm (GS r)",
          advice: DeviceReport.Advice(
            indonesian: "Printer ini tidak memastikan cetakan: pakai jenis lain.",
            english: "It does not confirm what it printed: use another model."))
      }
    }
    return told(fact)
  }

  private static let name = "ticket printer"

  private func told(_ fact: DeviceFact) -> DeviceReport {
    DeviceReport(
      printer: Self.name, fact: fact,
      detail: fact.canPrint && fact != .unknown ? nil : lastFailure)
  }

  private func besideKiosk(_ fact: DeviceFact) -> DeviceReport {
    if fact == .down(.busy) { return DeviceReport(heldByKiosk: Self.name) }
    var report = told(fact)
    if fact == .unknown || fact == .down(.offline) {
      // One that serves a single connection, the kiosk's, looks like this for as long as a slip takes.
      report.advice?.indonesian += " Mungkin anjungan sedang mencetak: periksa lagi."
      report.advice?.english += " The kiosk may be printing on it: look again."
    } else if fact.canPrint {
      report.state += ", its confirmation was not tried: the kiosk is open"
      report.words.indonesian += "; konfirmasinya tidak dicoba karena anjungan terbuka"
      report.words.english += "; its confirmation was not tried, for the kiosk is open"
    }
    return report
  }
}
