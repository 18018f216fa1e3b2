internal import CQREncode
internal import Glibc

/// A QR code as dark and light modules, without its quiet zone.
struct QRMatrix: Sendable, Equatable {
  let side: Int
  let dark: [Bool]

  /// Light modules that belong around a code.
  static let quiet = 4
  /// What a slip's code may hold: beyond it, modules on 58 mm paper become too small to read.
  static let textLimitBytes = 300

  /// Nil when the text does not fit (libqrencode: ERANGE) or is empty.
  init?(_ text: String, _ correction: TicketPrinterProfile.ErrorCorrection) {
    let level =
      switch correction {
      case .low: QR_ECLEVEL_L
      case .medium: QR_ECLEVEL_M
      case .quarter: QR_ECLEVEL_Q
      case .high: QR_ECLEVEL_H
      }
    guard !text.isEmpty, !text.utf8.contains(0), text.utf8.count <= Self.textLimitBytes,
      let code = unsafe QRcode_encodeString8bit(text, 0, level)
    else { return nil }
    defer { unsafe QRcode_free(code) }
    side = Int(unsafe code.pointee.width)
    guard let data = unsafe code.pointee.data, side > 0, side <= 177 else { return nil }
    // The lowest bit of a module's byte is its colour.
    dark = (0..<side * side).map { unsafe data[$0] & 1 == 1 }
  }

  /// With its quiet zone, each module `moduleDots` wide.
  func image(moduleDots: Int) -> MonochromeImage {
    let whole = (side + 2 * Self.quiet) * moduleDots
    var image = MonochromeImage(width: whole, height: whole)
    // Dark modules side by side are one rectangle.
    var index = 0
    while index < dark.count {
      let start = index
      let rowEnd = (index / side + 1) * side
      while index < rowEnd, dark[index] { index += 1 }
      image.fill(
        x: (start % side + Self.quiet) * moduleDots, y: (start / side + Self.quiet) * moduleDots,
        width: (index - start) * moduleDots, height: moduleDots)
      if index == start { index += 1 }
    }
    return image
  }
}
