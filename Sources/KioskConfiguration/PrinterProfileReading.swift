import TicketPaper

/// A file of `printers/`: what differs from one ticket printer to the next.
enum PrinterProfileReading {
  static func read(_ section: Section, name: String) -> TicketPrinterProfile {
    var profile = TicketPrinterProfile(name: name)
    section.section("paper", required: true) { paper in
      // The widths of rolls that are sold, 48 to 112 mm.
      profile.paperWidthMillimetres = paper.integer("widthMillimetres", in: 48...112)
      profile.widthDots = paper.integer("widthDots", in: TicketPrinterProfile.widths)
      profile.columns = paper.integer("columns", in: TicketPrinterProfile.columnsAllowed)
      check(profile, paper)
    }
    section.section("codePage") {
      profile.codePage = $0.choice("name", CodePage.self, default: .ascii) ?? .ascii
      profile.codePageNumber = UInt8(clamping: $0.integer("number", in: 0...255, default: 0))
    }
    section.section("qr") {
      profile.qrMode =
        $0.choice("mode", TicketPrinterProfile.QRMode.self, default: .bitmap) ?? .bitmap
      profile.qrModuleDots = $0.integer(
        "moduleDots", in: TicketPrinterProfile.moduleDots, default: 6)
      profile.qrErrorCorrection =
        $0.choice(
          "errorCorrection", TicketPrinterProfile.ErrorCorrection.self, default: .medium)
        ?? .medium
    }
    profile.logo =
      section.choice("logo", TicketPrinterProfile.Logo.self, default: .raster) ?? .raster
    profile.cut =
      section.choice("cut", TicketPrinterProfile.Cut.self, default: .partial) ?? .partial
    // Twenty lines are 75 mm: no knife is further from its head.
    profile.feedBeforeCut = UInt8(
      clamping: section.integer("feedBeforeCut", in: 0...20, default: 4))
    profile.hasAutomaticStatus = section.boolean("automaticStatus", default: false)
    profile.clearsBuffers = section.boolean("clearsBuffers", default: false)
    section.section("serial") { serial(&profile, $0) }
    return profile
  }

  private static func check(_ profile: TicketPrinterProfile, _ paper: Section) {
    // Two printers may be of 180 or 203 dpi; none has more than 8 dots to the millimetre.
    if paper.isWritten("widthDots"), profile.widthDots > profile.paperWidthMillimetres * 8 {
      paper.problem(paper.place(of: "widthDots"), "paper.widthDots is wider than the paper")
    }
    if paper.isWritten("columns"),
      profile.columns * TicketPrinterProfile.characterWidth > profile.widthDots
    {
      paper.problem(
        paper.place(of: "columns"),
        "paper.columns are characters of \(TicketPrinterProfile.characterWidth) dots: "
          + "fewer fit into paper.widthDots")
    }
  }

  private static func serial(_ profile: inout TicketPrinterProfile, _ section: Section) {
    profile.baud = section.integer("baud", in: 9600...115200, default: 9600)
    if !TicketPrinterProfile.bauds.contains(profile.baud) {
      let bauds = TicketPrinterProfile.bauds.map(String.init).joined(separator: ", ")
      section.problem(section.place(of: "baud"), "serial.baud is one of \(bauds)")
    }
    profile.flowControl =
      section.choice(
        "flowControl", TicketPrinterProfile.FlowControl.self, default: .hardware) ?? .hardware
  }
}
