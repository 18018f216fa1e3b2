internal import Journey
internal import OfficeModel

/// Paper and toner, for staff.
extension Canvas {
  /// The menu's line: the printer that runs out of paper first.
  func suppliesInShort() -> String {
    let printers = state.facts.documentPrinters
    guard !printers.isEmpty else { return strings[.staffAbsent] }
    let left = printers.compactMap(\.paper.documentsLeft).min()
    return left.map { strings(.staffPaperShort, ["documents": String($0)]) } ?? ""
  }

  /// How each A4 printer is; with one there is nothing to tell apart.
  func documentPrinterLines() -> [(String, Icon)] {
    let printers = state.facts.documentPrinters
    guard printers.count > 1 else {
      return [
        (strings(.staffDocumentPrinter, ["state": words(state.facts.documentPrinter)]), .printer)
      ]
    }
    return printers.map { printer in
      (
        strings(
          .staffNamedPrinter, ["printer": printerWords(printer), "state": words(printer.fact)]),
        .printer
      )
    }
  }

  /// Where staff have to look for a print; nothing where there is one printer only.
  func printPlace(_ print: StaffOverview.Print) -> String {
    guard state.facts.documentPrinters.count > 1, let name = print.printer else { return "" }
    let reading = state.facts.documentPrinters.first { $0.name == name }
    return (reading.map(printerWords) ?? name) + ": "
  }

  private func printerWords(_ printer: PrinterReading) -> String {
    printer.place.map { "\(printer.name) (\($0))" } ?? printer.name
  }

  mutating func staffSupplies() {
    let printers = state.facts.documentPrinters
    let (title, body, buttons) = zones.page(titleHeight: 200, buttonRows: max(1, printers.count))
    heading(strings[.staffSuppliesTitle], step: strings[.staffMode], in: title)
    var lines: [(String, NoticeKind, Icon)] = []
    for printer in printers {
      if printers.count > 1 {
        lines.append(
          (
            strings(
              .staffNamedPrinter,
              ["printer": printerWords(printer), "state": words(printer.fact)]),
            printer.fact.canPrint ? .info : .warn, .printer
          ))
      }
      lines.append((paperWords(printer.paper), printer.paper.isLow ? .warn : .info, .document))
      let isLow = printer.supplies?.markers.contains(where: \.isLow) ?? false
      lines.append((markerWords(printer.supplies), isLow ? .warn : .info, .info))
    }
    var area = body
    area.height = min(area.height, lines.count * 190)
    for (row, (line, kind, icon)) in zip(area.rows(lines.count), lines) {
      notice(line, kind, icon: icon, in: row, role: .body)
    }
    for (row, printer) in zip(buttons.rows(max(1, printers.count)), printers) {
      let words =
        printers.count > 1
        ? strings(.staffPaperFilledAt, ["printer": printer.name]) : strings[.staffPaperFilled]
      button(.staffPaperFilled(printer.name), words, icon: .check, row)
    }
  }

  private func paperWords(_ paper: PaperForecast) -> String {
    var words: [String] = []
    switch (paper.sheetsLeft, paper.documentsLeft) {
    case (let sheets?, let documents?):
      words.append(
        strings(
          .staffPaperForecast, ["sheets": String(sheets), "documents": String(documents)]))
    case (let sheets?, nil): words.append(strings(.staffPaperLeft, ["sheets": String(sheets)]))
    case (nil, _): words.append(strings[.staffPaperUnknown])
    }
    if let used = paper.sheetsSinceRefill {
      words.append(strings(.staffPaperUsed, ["sheets": String(used)]))
    }
    return words.joined(separator: " ")
  }

  private func markerWords(_ supplies: PrinterSupplies?) -> String {
    guard let markers = supplies?.markers, !markers.isEmpty else {
      return strings[.staffTonerSilent]
    }
    return markers.map { marker in
      let level =
        switch marker.level {
        case .percent(let percent): "\(percent)%"
        case .some: strings[.staffTonerSome]
        case .unknown: strings[.staffUnknown]
        }
      return "\(marker.name ?? strings[.staffToner]): \(level)"
    }.joined(separator: ", ")
  }
}
