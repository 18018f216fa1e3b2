internal import CLinux
internal import CSDL
internal import Screens

/// An SDL surface with one owner. Its pixels are zeroed before its memory is given back, because
/// any of them may have shown a name or a number.
///
/// Unchecked because the compiler cannot see it: a bitmap is made in one place and handed over
/// whole; after that only the main actor touches it.
@safe final class Bitmap: @unchecked Sendable {
  let surface: UnsafeMutablePointer<SDL_Surface>

  var width: Int { unsafe Int(surface.pointee.w) }
  var height: Int { unsafe Int(surface.pointee.h) }
  var pitch: Int { unsafe Int(surface.pointee.pitch) }
  var byteCount: Int { pitch * height }
  var pixels: UnsafeMutableRawPointer? { unsafe surface.pointee.pixels }

  /// A bitmap larger than this side is refused: no panel has it.
  static let sideLimit = 16_384

  /// Takes over a surface that SDL made; nil stays nil.
  init?(adopting surface: UnsafeMutablePointer<SDL_Surface>?) {
    guard let surface = unsafe surface else { return nil }
    unsafe self.surface = surface
  }

  /// Opaque pixels (for a screen) or white ones with an alpha channel (for a mask), all zero.
  init(width: Int, height: Int, isMask: Bool) throws(ShellError) {
    let format = isMask ? SDL_PIXELFORMAT_ARGB8888 : SDL_PIXELFORMAT_XRGB8888
    guard (1...Self.sideLimit).contains(width), (1...Self.sideLimit).contains(height) else {
      throw ShellError(call: "Bitmap", message: "no bitmap of \(width) x \(height) pixels")
    }
    guard
      let surface = unsafe SDL_CreateRGBSurfaceWithFormat(
        0, Int32(width), Int32(height), 32, format.rawValue)
    else { throw .sdl("SDL_CreateRGBSurfaceWithFormat") }
    unsafe self.surface = surface
  }

  /// A mask from coverage values, row by row, 0 (nothing) to 255 (all).
  convenience init(coverage: [UInt8], width: Int, height: Int) throws(ShellError) {
    try self.init(width: width, height: height, isMask: true)
    guard coverage.count == width * height, let base = unsafe pixels else { return }
    for y in 0..<height {
      let row = unsafe (base + y * pitch).assumingMemoryBound(to: UInt32.self)
      for x in 0..<width {
        unsafe row[x] = UInt32(coverage[y * width + x]) << 24 | 0x00FF_FFFF
      }
    }
  }

  deinit {
    wipe()
    unsafe SDL_FreeSurface(surface)
  }

  func wipe() {
    guard let pixels = unsafe pixels else { return }
    unsafe clinux_wipe(pixels, byteCount)
  }

  /// Everything drawn later stays inside `rect`; nil lifts the limit.
  func clip(to rect: Rect?) {
    guard let rect else {
      unsafe SDL_SetClipRect(surface, nil)
      return
    }
    var clip = rect.sdl
    unsafe SDL_SetClipRect(surface, &clip)
  }

  func fill(_ rect: Rect, _ color: Color) {
    guard rect.width > 0, rect.height > 0 else { return }
    var area = rect.sdl
    unsafe SDL_FillRect(surface, &area, color.rgb | 0xFF00_0000)
  }

  /// Lays `color` through a part of `mask`, its top left at `x`,`y`.
  func blend(_ mask: Bitmap, part: Rect? = nil, x: Int, y: Int, _ color: Color) {
    let red = UInt8(color.rgb >> 16 & 0xFF)
    let green = UInt8(color.rgb >> 8 & 0xFF)
    unsafe SDL_SetSurfaceColorMod(mask.surface, red, green, UInt8(color.rgb & 0xFF))
    unsafe SDL_SetSurfaceBlendMode(mask.surface, SDL_BLENDMODE_BLEND)
    var source = (part ?? Rect(x: 0, y: 0, width: mask.width, height: mask.height)).sdl
    var target = Rect(x: x, y: y, width: 0, height: 0).sdl
    unsafe SDL_UpperBlit(mask.surface, &source, surface, &target)
  }

  /// Copies one area to the same place of another surface, without blending.
  func copy(_ rect: Rect, to target: UnsafeMutablePointer<SDL_Surface>) {
    unsafe SDL_SetSurfaceBlendMode(surface, SDL_BLENDMODE_NONE)
    var source = rect.sdl
    var place = rect.sdl
    unsafe SDL_UpperBlit(surface, &source, target, &place)
  }

  /// The colour at a pixel of an opaque bitmap; black outside.
  func color(x: Int, y: Int) -> Color {
    guard (0..<width).contains(x), (0..<height).contains(y), let base = unsafe pixels else {
      return Color(0)
    }
    let row = unsafe (base + y * pitch).assumingMemoryBound(to: UInt32.self)
    return Color(unsafe row[x] & 0x00FF_FFFF)
  }
}

extension Rect {
  /// Frames are made by our own layout; the clamp keeps a mistake there from trapping here.
  var sdl: SDL_Rect {
    func clamped(_ value: Int) -> Int32 { Int32(min(max(value, -100_000), 100_000)) }
    return SDL_Rect(x: clamped(x), y: clamped(y), w: clamped(width), h: clamped(height))
  }

  func intersection(_ other: Rect) -> Rect {
    let left = max(x, other.x)
    let top = max(y, other.y)
    return Rect(
      x: left, y: top, width: max(0, min(maxX, other.maxX) - left),
      height: max(0, min(maxY, other.maxY) - top))
  }

  func union(_ other: Rect) -> Rect {
    if isEmpty { return other }
    if other.isEmpty { return self }
    let left = min(x, other.x)
    let top = min(y, other.y)
    return Rect(
      x: left, y: top, width: max(maxX, other.maxX) - left, height: max(maxY, other.maxY) - top)
  }

  func intersects(_ other: Rect) -> Bool { !intersection(other).isEmpty }
  var isEmpty: Bool { width <= 0 || height <= 0 }
}
