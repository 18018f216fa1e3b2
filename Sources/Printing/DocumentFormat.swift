internal import CCUPS

/// What a printer takes a document as. The signed bytes themselves wherever it can; otherwise our
/// own drawing of them. Never a filter of somebody else in between: it would rewrite the document.
enum DocumentFormat: Equatable {
  case pdf
  case raster(RasterFormat)

  var mimeType: String {
    switch self {
    case .pdf: "application/pdf"
    case .raster: "image/pwg-raster"
    }
  }

  /// The printer's attributes that decide.
  static let attributes = [
    "document-format-supported", "pwg-raster-document-resolution-supported",
    "pwg-raster-document-type-supported",
  ]

  /// Nil when it takes nothing that we can make.
  init?(_ printer: borrowing IPPAnswer) {
    let formats = printer.keywords("document-format-supported")
    // A printer that does not say is given what nearly all of them take.
    if formats.isEmpty || formats.contains("application/pdf") {
      self = .pdf
      return
    }
    self.init(drawnFor: printer)
  }

  /// Our own drawing also where PDF is taken: whoever takes it there would write it anew.
  init?(drawnFor printer: borrowing IPPAnswer) {
    guard printer.keywords("document-format-supported").contains("image/pwg-raster"),
      let raster = RasterFormat(
        types: printer.keywords("pwg-raster-document-type-supported"),
        resolutions: printer.resolutions("pwg-raster-document-resolution-supported"))
    else { return nil }
    self = .raster(raster)
  }
}

/// How a raster is to look (PWG 5102.4).
struct RasterFormat: Equatable {
  /// `srgb_8` or `sgray_8`.
  let isColor: Bool
  /// Dots per inch, both ways alike.
  let resolution: Int

  /// What the page is drawn at; each of its pixels becomes `repetition` squared dots.
  var drawnResolution: Int { resolution / repetition }
  var repetition: Int { Self.repetition(at: resolution) }

  private static func repetition(at resolution: Int) -> Int {
    (1...).first { resolution % $0 == 0 && resolution / $0 <= drawnResolutionLimit } ?? 1
  }

  /// An A4 page of this resolution fits the renderer's limit of pixels.
  static let drawnResolutionLimit = 400
  /// Below this, small print and QR codes are no longer legible.
  static let drawnResolutionLeast = 150
  static let resolutions = 150...2400
  /// Enough for a QR code and for small print, and the fastest that is.
  private static let wanted = 300

  /// Colour where there is colour, because seals are red; the resolution nearest to 300 dpi, above
  /// rather than below.
  init?(types: [String], resolutions: [(Int, Int)]) {
    guard types.contains("srgb_8") || types.contains("sgray_8") else { return nil }
    let usable = resolutions.filter { across, down in
      across == down && Self.resolutions.contains(across)
        && across / Self.repetition(at: across) >= Self.drawnResolutionLeast
    }.map(\.0).sorted()
    guard let resolution = usable.first(where: { $0 >= Self.wanted }) ?? usable.last else {
      return nil
    }
    isColor = types.contains("srgb_8")
    self.resolution = resolution
  }
}
