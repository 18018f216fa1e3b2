internal import Ports

/// The report as A4 pages: what it comes to, what has to be done, and what is in order. Indonesian
/// first, English smaller beneath.
public enum ReportLayout {
  /// - Parameter fontFolder: `fonts` of the assets.
  /// - Returns: a PDF with its fonts embedded, and how many pages it has.
  public static func pdf(
    _ readiness: Readiness, fontFolder: String
  ) throws(ReportProblem) -> (bytes: [UInt8], pages: Int) {
    let sheet = try Sheet(
      fontFolder: fontFolder, title: "Laporan kesiapan anjungan / Kiosk readiness report")
    let blocks = ReportBlocks(sheet: sheet).all(readiness)
    let pages = paginate(blocks)
    for (index, page) in pages.enumerated() {
      var y = Self.top
      for block in page {
        block.draw(y)
        y += block.height
      }
      footer(readiness, page: index + 1, of: pages.count, on: sheet)
      sheet.endPage()
    }
    return (try sheet.finish(), pages.count)
  }

  static let margin = 48.0
  static let top = 52.0
  /// Where the last block of a page ends; the footer is below.
  static let bottom = Sheet.height - 66

  /// A block is never torn, and a heading stays with what follows it.
  private static func paginate(_ blocks: [ReportBlock]) -> [[ReportBlock]] {
    var pages: [[ReportBlock]] = [[]]
    var y = top
    for (index, block) in blocks.enumerated() {
      let next = index + 1 < blocks.count ? blocks[index + 1].height : 0
      if y + block.height + (block.isHeading ? next : 0) > bottom, y > top {
        pages.append([])
        y = top
      }
      pages[pages.count - 1].append(block)
      y += block.height
    }
    return pages
  }

  private static func footer(
    _ readiness: Readiness, page: Int, of count: Int, on sheet: Sheet
  ) {
    let y = Sheet.height - 40
    sheet.fill(
      x: margin, y: y - 14, width: Sheet.width - 2 * margin, height: 0.7, Palette.line)
    sheet.text(
      "\(readiness.kiosk) · \(readiness.moment.indonesian)", x: margin, y: y, size: 9, Palette.quiet
    )
    let number = "\(page) / \(count)"
    let width = sheet.width(of: number, size: 9, .regular)
    sheet.text(number, x: Sheet.width - margin - width, y: y, size: 9, Palette.quiet)
  }
}

/// The few inks; dark enough on a cheap printer.
enum Palette {
  static let text = Sheet.Ink(0.08, 0.10, 0.13)
  static let quiet = Sheet.Ink(0.36, 0.39, 0.43)
  static let line = Sheet.Ink(0.78, 0.80, 0.82)
  static let paper = Sheet.Ink(0.95, 0.96, 0.96)

  static func ink(of mark: Readiness.Mark) -> Sheet.Ink {
    switch mark {
    case .good: Sheet.Ink(0.05, 0.45, 0.27)
    case .attention: Sheet.Ink(0.72, 0.42, 0.0)
    case .bad, .fatal: Sheet.Ink(0.72, 0.11, 0.11)
    }
  }
}
