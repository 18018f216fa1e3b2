internal import OfficeModel
public import Ports

extension IPPDocumentPrinter {
  /// For `doctor`: asks as often as it takes to tell a lost question from an absent printer.
  public func report() async -> DeviceReport {
    var fact = await state()
    for _ in 0..<2 where fact == .unknown { fact = await state() }
    return DeviceReport(
      printer: "document printer", fact: fact,
      detail: fact.canPrint && fact != .unknown ? nil : lastFailure)
  }
}

extension ESCPOSTicketPrinter {
  /// For `doctor`: asks as often as it takes to tell a lost question from an absent printer.
  public func report() async -> DeviceReport {
    var fact = state()
    for _ in 0..<2 where fact == .unknown { fact = state() }
    if fact.canPrint, fact != .unknown, !confirms() {
      return DeviceReport(
        name: "ticket printer", found: true, state: "it does not confirm (GS r)",
        advice: DeviceReport.Advice(
          indonesian: "Printer ini tidak memastikan cetakan: pakai jenis lain.",
          english: "It does not confirm what it printed: use another model."))
    }
    return DeviceReport(
      printer: "ticket printer", fact: fact,
      detail: fact.canPrint && fact != .unknown ? nil : lastFailure)
  }
}
