internal import Journey
internal import OfficeModel
internal import Ports

/// Keeps count of paper and toner: what the printers say, what staff put in, what was printed since.
struct PaperDesk: Sendable {
  /// Levels move by a sheet at a time; a look a minute at the usual pace is soon enough.
  static let looksApart = 20

  let desk: Desk

  /// Looks again and again until the task is cancelled, and at once after a print or a refill.
  func watch(_ printer: DocumentPrinter) async {
    while !Task.isCancelled {
      await look(printer)
      let pause = desk.settings.devicePollInterval * Self.looksApart
      guard
        (try? await desk.printers.paperNudge(printer.name).wait(atMost: pause, desk.ports.clock))
          != nil
      else { return }
    }
  }

  func look(_ printer: DocumentPrinter) async {
    let supplies = await printer.port.supplies()
    do throws(PortError) {
      let (refill, recent) = try await desk.ports.store.supplies.paper(
        printer.name, desk.ports.clock.now().wall)
      desk.printers.counted(printer.name, supplies) { isEmpty in
        PaperForecast(refill: refill, supplies: supplies, recent: recent, isEmpty: isEmpty)
      }
    } catch {
      if error.code != .cancelled { desk.record("paper.not-counted", error) }
      // What the printer itself says needs no store.
      desk.printers.counted(printer.name, supplies) { isEmpty in
        PaperForecast(refill: nil, supplies: supplies, recent: RecentPrints(), isEmpty: isEmpty)
      }
    }
  }

  /// The printer was out of paper and can print again: how much is in it nobody has said.
  func noticed(_ printer: DocumentPrinter) async {
    do throws(PortError) {
      try await fill(printer, printer.paperCapacity, isEstimate: true, who: "kiosk")
    } catch { desk.record("paper.not-noted", error) }
  }

  /// Staff say what is in the tray now.
  func told(_ name: String, sheets: Int, who: String) async throws(PortError) {
    guard let printer = desk.printers.named(name) else {
      throw PortError(.notFound, step: "paper filled", detail: "no such printer")
    }
    try await fill(printer, sheets, isEstimate: false, who: who)
    desk.printers.paperTold(name)
    await look(printer)
  }

  private func fill(
    _ printer: DocumentPrinter, _ sheets: Int?, isEstimate: Bool, who: String
  ) async throws(PortError) {
    let counter = await printer.port.sheetCounter()
    try await desk.ports.store.supplies.refill(
      PaperRefill(
        printer: printer.name, at: desk.ports.clock.now().wall, sheets: sheets,
        isEstimate: isEstimate, counter: counter), who)
    desk.record(
      "paper.filled", .notice,
      [
        "printer": printer.name, "sheets": sheets.map(String.init) ?? "unknown",
        "counted": isEstimate ? "no" : "yes",
      ])
    desk.printers.paperNudge(printer.name).nudge()
  }
}
