internal import CFreeType

/// Glyphs in the grid of a ticket printer's font A: 12 dots wide, 24 high.
@safe public struct PrinterFont: ~Copyable {
  enum Weight: String {
    case plain = "DejaVuSansMono.ttf"
    case bold = "DejaVuSansMono-Bold.ttf"
  }

  public struct Missing: Error, CustomStringConvertible {
    let path: String
    public var description: String {
      "The font \(path) cannot be opened: install the package fonts-dejavu-core."
    }
  }

  static let folder = "/usr/share/fonts/truetype/dejavu/"
  private let library: FT_Library
  private let face: FT_Face

  init(_ weight: Weight) throws(Missing) {
    let path = Self.folder + weight.rawValue
    var library: FT_Library?
    guard unsafe FT_Init_FreeType(&library) == 0, let opened = unsafe library else {
      throw Missing(path: path)
    }
    var face: FT_Face?
    // At 20 pixels its characters are just 12 wide, and accents and tails lie within 24.
    guard unsafe FT_New_Face(opened, path, 0, &face) == 0, let found = unsafe face,
      unsafe FT_Set_Pixel_Sizes(found, 0, 20) == 0
    else {
      unsafe FT_Done_FreeType(opened)
      throw Missing(path: path)
    }
    unsafe self.library = opened
    unsafe self.face = found
  }

  deinit {
    unsafe FT_Done_Face(face)
    unsafe FT_Done_FreeType(library)
  }

  /// White where the font has no such glyph.
  subscript(_ character: Unicode.Scalar) -> MonochromeImage {
    var image = MonochromeImage(
      width: TicketPrinterProfile.characterWidth, height: TicketPrinterProfile.characterHeight)
    guard unsafe freetype_draw_monochrome(face, FT_ULong(character.value)) == 0,
      let slot = unsafe face.pointee.glyph
    else { return image }
    let bitmap = unsafe slot.pointee.bitmap
    guard let dots = unsafe bitmap.buffer, unsafe bitmap.pitch > 0 else { return image }
    let baseline = 19
    let left = Int(unsafe slot.pointee.bitmap_left)
    let top = baseline - Int(unsafe slot.pointee.bitmap_top)
    for y in 0..<Int(unsafe bitmap.rows) {
      for x in 0..<Int(unsafe bitmap.width)
      where unsafe dots[y * Int(bitmap.pitch) + x / 8] & 0x80 >> UInt8(x % 8) != 0 {
        image.fill(x: left + x, y: top + y, width: 1, height: 1)
      }
    }
    return image
  }
}
