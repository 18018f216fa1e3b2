internal import CQREncode
internal import Glibc

/// A QR code as dark and light modules, without its quiet zone.
struct QRMatrix: Sendable, Equatable {
  let side: Int
  let dark: [Bool]

  /// Nil when the text does not fit (libqrencode: ERANGE) or is empty.
  init?(_ text: String) {
    // Level M: a quarter of a crumpled ticket may be missing only with higher levels, which make
    // the code larger than a 58 mm ticket likes.
    guard !text.isEmpty, !text.utf8.contains(0), text.utf8.count <= Self.textLimitBytes,
      let code = unsafe QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M)
    else { return nil }
    defer { unsafe QRcode_free(code) }
    side = Int(unsafe code.pointee.width)
    guard let data = unsafe code.pointee.data, side > 0, side <= 177 else { return nil }
    // The lowest bit of a module's byte is its colour.
    dark = (0..<side * side).map { unsafe data[$0] & 1 == 1 }
  }

  /// What a ticket's code may hold: beyond it, modules on 58 mm paper become too small to read.
  static let textLimitBytes = 300
}
