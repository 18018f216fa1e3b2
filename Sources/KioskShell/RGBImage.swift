internal import CSDL

/// Finished pixels: three bytes each, top row first. For tests and for whoever designs screens;
/// it is ordinary memory, so it must only ever show demonstration data.
public struct RGBImage: Equatable, Sendable {
  public let width: Int
  public let height: Int
  public let bytes: [UInt8]

  /// The colour 0xRRGGBB at a pixel; nil outside.
  public func pixel(x: Int, y: Int) -> UInt32? {
    guard (0..<width).contains(x), (0..<height).contains(y) else { return nil }
    let at = (y * width + x) * 3
    return UInt32(bytes[at]) << 16 | UInt32(bytes[at + 1]) << 8 | UInt32(bytes[at + 2])
  }

  /// FNV-1a over size and bytes: the same picture has the same number on every machine.
  public var fingerprint: UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    for value in [width, height] {
      for shift in stride(from: 0, to: 32, by: 8) { add(UInt8(truncatingIfNeeded: value >> shift)) }
    }
    for byte in bytes { add(byte) }
    return hash
  }

  /// Writes a PNG file.
  /// - Throws: `ShellError` when SDL_image cannot write it.
  public func savePNG(_ path: String) throws(ShellError) {
    let bitmap = try Bitmap(width: width, height: height, isMask: false)
    guard let base = unsafe bitmap.pixels else { throw .sdl("SDL_Surface") }
    for y in 0..<height {
      let row = unsafe (base + y * bitmap.pitch).assumingMemoryBound(to: UInt32.self)
      for x in 0..<width { unsafe row[x] = pixel(x: x, y: y) ?? 0 }
    }
    guard unsafe IMG_SavePNG(bitmap.surface, path) == 0 else { throw .sdl("IMG_SavePNG") }
  }
}

extension Bitmap {
  /// A copy of an opaque bitmap's pixels.
  var rgbImage: RGBImage {
    var bytes = [UInt8]()
    bytes.reserveCapacity(width * height * 3)
    if let base = unsafe pixels {
      for y in 0..<height {
        let row = unsafe (base + y * pitch).assumingMemoryBound(to: UInt32.self)
        for x in 0..<width {
          let pixel = unsafe row[x]
          bytes.append(UInt8(truncatingIfNeeded: pixel >> 16))
          bytes.append(UInt8(truncatingIfNeeded: pixel >> 8))
          bytes.append(UInt8(truncatingIfNeeded: pixel))
        }
      }
    }
    return RGBImage(width: width, height: height, bytes: bytes)
  }
}
