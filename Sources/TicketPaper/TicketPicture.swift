/// A slip drawn as its printer would draw it, dot by dot at 203 dpi (8 to the millimetre), on paper of
/// its width. The letters are DejaVu Sans Mono's in the printer's own grid, not the printer's typeface.
public struct TicketPicture {
  public let image: MonochromeImage

  /// Throws when the font is not installed.
  public init(
    _ layout: TicketLayout, profile: TicketPrinterProfile, logo: MonochromeImage?
  ) throws(PrinterFont.Missing) {
    let plain = try PrinterFont(.plain)
    let bold = try PrinterFont(.bold)
    let composition = TicketComposition(layout, profile, logo: logo)
    let margin = max(0, profile.paperWidthMillimetres * 8 - profile.widthDots) / 2
    let feed = Int(profile.feedBeforeCut) * TicketPrinterProfile.lineDots
    let height = composition.lines.map(\.heightDots).reduce(0, +)
    var paper = MonochromeImage(
      width: profile.widthDots + 2 * margin, height: feed + height + feed)
    // What lies between head and knife stays white above the first line of each slip.
    var y = feed
    for line in composition.lines {
      switch line {
      case .text(let bytes, let size, let isBold):
        let advance = TicketPrinterProfile.characterWidth * size
        var x = margin + (profile.widthDots - bytes.count * advance) / 2
        for byte in bytes {
          let character = profile.codePage.character(of: byte)
          paper.draw(isBold ? bold[character] : plain[character], x: x, y: y, scale: size)
          x += advance
        }
      case .blank: break
      case .qr(_, let matrix, let moduleDots):
        let code = matrix.image(moduleDots: moduleDots)
        paper.draw(code, x: margin + (profile.widthDots - code.width) / 2, y: y)
      case .logo(let logo):
        paper.draw(logo, x: margin + (profile.widthDots - logo.width) / 2, y: y)
      }
      y += line.heightDots
    }
    image = paper
  }
}

extension TicketComposition.Line {
  /// Dots of paper that the line takes.
  var heightDots: Int {
    switch self {
    case .text(_, let size, _):
      max(TicketPrinterProfile.lineDots, TicketPrinterProfile.characterHeight * size)
    case .blank: TicketPrinterProfile.lineDots
    case .qr(_, let matrix, let moduleDots): (matrix.side + 2 * QRMatrix.quiet) * moduleDots
    case .logo(let image): image.height
    }
  }
}
