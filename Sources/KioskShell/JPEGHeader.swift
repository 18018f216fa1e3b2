/// What a JPEG announces, read before any decoder sees the file: a few bytes may announce a picture that
/// fills all memory, and a progressive one may let the decoder go over it a thousand times.
struct JPEGHeader: Equatable {
  var width: Int
  var height: Int

  /// A photo on a card is about 240 x 320; no side may be longer than this.
  static let sideLimit = 1_024
  /// One scan for each component, and some in a thumbnail.
  static let scansLimit = 8
  static let fileLimitBytes = 1 << 20
  /// Segments before the frame header; a real file has fewer than twenty.
  private static let segmentsLimit = 200

  /// Nil when this is no JPEG that may be decoded.
  init?(of bytes: UnsafeRawBufferPointer) {
    guard bytes.count >= 4, bytes.count <= Self.fileLimitBytes,
      unsafe bytes[0] == 0xFF, unsafe bytes[1] == 0xD8
    else { return nil }
    var at = 2
    for _ in 0..<Self.segmentsLimit {
      guard at + 4 <= bytes.count, unsafe bytes[at] == 0xFF else { return nil }
      let marker = unsafe bytes[at + 1]
      if marker == 0xFF {
        at += 1
        continue
      }
      let length = unsafe Int(bytes[at + 2]) << 8 | Int(bytes[at + 3])
      guard length >= 2, at + 2 + length <= bytes.count else { return nil }
      // C4, C8 and CC lie in the range of frame headers but are tables. C0 and C1 are sequential.
      if (0xC0...0xCF).contains(marker), ![0xC4, 0xC8, 0xCC].contains(marker) {
        guard length >= 8, marker <= 0xC1, unsafe Self.scans(in: bytes) <= Self.scansLimit else {
          return nil
        }
        height = unsafe Int(bytes[at + 5]) << 8 | Int(bytes[at + 6])
        width = unsafe Int(bytes[at + 7]) << 8 | Int(bytes[at + 8])
        let sides = 1...Self.sideLimit
        guard sides.contains(width), sides.contains(height) else { return nil }
        return
      }
      // The picture's data begins without a frame header.
      guard marker != 0xDA, marker != 0xD9 else { return nil }
      at += 2 + length
    }
    return nil
  }

  /// In a scan's data FF is never followed by anything but zero or a marker.
  private static func scans(in bytes: UnsafeRawBufferPointer) -> Int {
    unsafe zip(bytes, bytes.dropFirst()).count { $0 == 0xFF && $1 == 0xDA }
  }
}
