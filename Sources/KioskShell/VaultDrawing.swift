internal import CSDL
internal import Screens
internal import SensitiveMemory

/// What comes from the vault: read in place, drawn, and kept nowhere else.
extension FrameRenderer {
  /// Draws from glyphs of all ten digits made beforehand: no text of the secret ever exists, and
  /// which glyphs are in memory says nothing about it.
  func secretDigits(
    _ handle: SecretHandle, _ cells: [SecretCell], _ style: TextStyle, on canvas: Bitmap
  ) throws(ShellError) {
    var glyphs: [Bitmap] = []
    for digit in 0...9 {
      let key = DigitKey(digit: digit, face: style.face, pixels: style.pixels)
      let glyph = try digits.mask(key) { () throws(ShellError) in
        fonts.mask(String(digit), style.face, style.pixels)
      }
      guard let glyph else { throw .sdl("TTF_RenderUTF8_Blended") }
      glyphs.append(glyph)
    }
    let side = max(4, style.pixels * 3 / 10)
    let dot = try ellipse(side, side)
    _ = unsafe vault.withBytes(of: handle) { bytes in
      for cell in cells {
        guard bytes.indices.contains(cell.index) else { continue }
        let byte = unsafe bytes[cell.index]
        let mask: Bitmap?
        switch cell.look {
        case .dot: mask = dot
        case .digit: mask = (0x30...0x39).contains(byte) ? glyphs[Int(byte - 0x30)] : dot
        }
        guard let mask else { continue }
        canvas.blend(
          mask, x: cell.rect.x + (cell.rect.width - mask.width) / 2,
          y: cell.rect.y + (cell.rect.height - mask.height) / 2, style.color)
      }
    }
  }

  func photo(
    _ handle: SecretHandle, _ rect: Rect, on canvas: Bitmap
  ) throws(ShellError) {
    let decoded = unsafe vault.withBytes(of: handle) { bytes -> Bitmap? in
      guard unsafe JPEGHeader(of: bytes) != nil, let base = bytes.baseAddress,
        let stream = unsafe SDL_RWFromConstMem(base, Int32(bytes.count))
      else { return nil }
      defer { _ = unsafe SDL_RWclose(stream) }
      return unsafe Bitmap(adopting: IMG_LoadJPG_RW(stream))
    }
    guard let decoded, let picture = decoded else {
      throw ShellError(call: "photo", message: "this is not a JPEG that may be decoded")
    }
    guard
      let converted = unsafe Bitmap(
        adopting: SDL_ConvertSurfaceFormat(picture.surface, SDL_PIXELFORMAT_XRGB8888.rawValue, 0))
    else { throw .sdl("SDL_ConvertSurfaceFormat") }
    var area = PixelScaling.fit(width: picture.width, height: picture.height, into: rect).sdl
    unsafe SDL_SetSurfaceBlendMode(converted.surface, SDL_BLENDMODE_NONE)
    guard unsafe SDL_UpperBlitScaled(converted.surface, nil, canvas.surface, &area) == 0 else {
      throw .sdl("SDL_UpperBlitScaled")
    }
  }
}
