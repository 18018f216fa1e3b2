internal import Ports

/// Something of a height that is drawn at a place.
struct ReportBlock {
  var height: Double
  var isHeading = false
  var draw: (_ y: Double) -> Void
}

/// The blocks of a report, top to bottom.
struct ReportBlocks {
  let sheet: Sheet
  private let margin = ReportLayout.margin
  private var width: Double { Sheet.width - 2 * margin }
  /// Between the marks' left edge and the texts beside them.
  private let indent = 32.0

  init(sheet: Sheet) { self.sheet = sheet }

  func all(_ readiness: Readiness) -> [ReportBlock] {
    let open = readiness.findings.filter { $0.mark != .good || $0.advice != nil }
    let closed = readiness.findings.filter { $0.mark == .good && $0.advice == nil }
    var blocks = [title(readiness), facts(readiness), verdict(readiness)]
    if !open.isEmpty {
      blocks.append(
        heading(Wording(indonesian: "Yang perlu ditangani", english: "What needs doing")))
      blocks += open.sorted { rank($0.mark) < rank($1.mark) }.map(finding)
    }
    if !closed.isEmpty {
      blocks.append(heading(Wording(indonesian: "Sudah baik", english: "In order")))
      blocks += closed.map(finding)
    }
    return blocks + [signature()]
  }

  private func rank(_ mark: Readiness.Mark) -> Int {
    switch mark {
    case .fatal: 0
    case .bad: 1
    case .attention: 2
    case .good: 3
    }
  }

  private func title(_ readiness: Readiness) -> ReportBlock {
    ReportBlock(height: 76) { [sheet, margin] y in
      sheet.text("Laporan kesiapan anjungan", x: margin, y: y + 24, size: 27, Palette.text, .bold)
      sheet.text("Kiosk readiness report", x: margin, y: y + 44, size: 13, Palette.quiet)
      guard readiness.isDemonstration else { return }
      let word = "PERAGAAN / DEMONSTRATION"
      let width = sheet.width(of: word, size: 10, .semiBold)
      sheet.text(
        word, x: Sheet.width - margin - width, y: y + 44, size: 10,
        Palette.ink(of: .attention), .semiBold)
    }
  }

  private func facts(_ readiness: Readiness) -> ReportBlock {
    let rows: [(Wording, String, String?)] = [
      (Wording(indonesian: "Kantor", english: "Office"), readiness.office, nil),
      (Wording(indonesian: "Anjungan", english: "Kiosk"), readiness.kiosk, nil),
      (
        Wording(indonesian: "Diperiksa", english: "Examined"), readiness.moment.indonesian,
        readiness.moment.english
      ),
      (Wording(indonesian: "Versi", english: "Version"), readiness.version, nil),
    ].filter { !$0.1.isEmpty }
    let value = margin + 112
    let laid = rows.map { row in
      (row, sheet.lines(row.1, width: Sheet.width - margin - value, size: 14, .semiBold))
    }
    func height(_ row: (Wording, String, String?), _ lines: [String]) -> Double {
      max(32, Double(lines.count) * 18 + (row.2 == nil ? 0 : 21))
    }
    return ReportBlock(height: laid.reduce(14) { $0 + height($1.0, $1.1) }) { [sheet, margin] y in
      var y = y
      for (row, lines) in laid {
        sheet.text(row.0.indonesian, x: margin, y: y + 13, size: 12, Palette.text)
        sheet.text(row.0.english, x: margin, y: y + 25, size: 9, Palette.quiet)
        for (index, line) in lines.enumerated() {
          sheet.text(
            line, x: value, y: y + 14 + Double(index) * 18, size: 14, Palette.text, .semiBold)
        }
        if let english = row.2 {
          sheet.text(
            english, x: value, y: y + 11 + Double(lines.count) * 18, size: 9, Palette.quiet)
        }
        y += height(row, lines)
      }
    }
  }

  private func verdict(_ readiness: Readiness) -> ReportBlock {
    ReportBlock(height: 80) { [sheet, margin, width] y in
      sheet.fill(x: margin, y: y, width: width, height: 62, Palette.paper)
      sheet.fill(x: margin, y: y, width: 5, height: 62, Palette.ink(of: readiness.mark))
      sheet.mark(readiness.mark, x: margin + 20, y: y + 16, side: 30)
      sheet.text(
        readiness.verdict.indonesian, x: margin + 66, y: y + 30, size: 20, Palette.text, .bold)
      sheet.text(readiness.verdict.english, x: margin + 66, y: y + 48, size: 11, Palette.quiet)
    }
  }

  private func heading(_ words: Wording) -> ReportBlock {
    ReportBlock(height: 38, isHeading: true) { [sheet, margin, width] y in
      sheet.text(words.indonesian, x: margin, y: y + 20, size: 15, Palette.text, .bold)
      let used = sheet.width(of: words.indonesian, size: 15, .bold)
      sheet.text(words.english, x: margin + used + 10, y: y + 20, size: 11, Palette.quiet)
      sheet.fill(x: margin, y: y + 28, width: width, height: 1, Palette.line)
    }
  }

  private func finding(_ finding: Readiness.Finding) -> ReportBlock {
    var lines: [(text: String, size: Double, weight: Sheet.Weight, ink: Sheet.Ink, down: Double)] =
      []
    func add(
      _ text: String, _ size: Double, _ weight: Sheet.Weight, _ ink: Sheet.Ink, _ gap: Double
    ) {
      for (index, line) in sheet.lines(text, width: width - indent, size: size, weight).enumerated()
      {
        lines.append((line, size, weight, ink, size * 1.28 + (index == 0 ? gap : 0)))
      }
    }
    add("\(finding.name.indonesian): \(finding.state.indonesian)", 13, .semiBold, Palette.text, 0)
    add("\(finding.name.english): \(finding.state.english)", 9.5, .regular, Palette.quiet, 0)
    if let advice = finding.advice {
      add(advice.indonesian, 12, .regular, Palette.text, 4)
      add(advice.english, 9.5, .regular, Palette.quiet, 0)
    }
    let height = lines.reduce(0) { $0 + $1.down }
    return ReportBlock(height: height + (finding.advice == nil ? 8 : 13)) {
      [sheet, margin, indent] y in
      sheet.mark(finding.mark, x: margin, y: y + 3, side: 17)
      var y = y
      for line in lines {
        y += line.down
        sheet.text(line.text, x: margin + indent, y: y, size: line.size, line.ink, line.weight)
      }
    }
  }

  private func signature() -> ReportBlock {
    ReportBlock(height: 74) { [sheet, margin] y in
      sheet.text("Diperiksa oleh", x: margin, y: y + 40, size: 11, Palette.text)
      sheet.text("Examined by", x: margin, y: y + 53, size: 9, Palette.quiet)
      sheet.fill(x: margin + 112, y: y + 42, width: 220, height: 0.8, Palette.quiet)
    }
  }
}
