/// Bytes as a ticket printer understands them, one command after the other: what is sent while an image
/// is under way is part of the image.
struct SlipCommands {
  private var pending: [UInt8] = []
  /// Bytes that the pending command still needs; nil while its length is not known.
  private var missing: Int?

  /// ESC @, by which every slip begins.
  static let start: [UInt8] = [0x1B, 0x40]

  /// Questions and settings of answers leave nothing there.
  static func isOnPaper(_ command: [UInt8]) -> Bool {
    switch command.first {
    case 0x10, 0x11, 0x13: false
    case 0x1D: command.count > 1 && command[1] != 0x72 && command[1] != 0x61
    default: true
    }
  }

  /// Where a slip ends: cut off, or moved on to where a person tears it off.
  static func isEnd(_ command: [UInt8], hasKnife: Bool) -> Bool {
    command.starts(with: hasKnife ? [0x1D, 0x56] : [0x1B, 0x64])
  }

  /// Something that a citizen could read: letters, a code, an image that is not white.
  static func isReadable(_ command: [UInt8]) -> Bool {
    guard let first = command.first else { return false }
    if first == 0x1D, command.count > 8, command[1] == 0x76 {
      return command[8...].contains { $0 != 0 }
    }
    return first >= 0x20 || command.starts(with: [0x1D, 0x28, 0x6B])
  }

  /// The commands that these bytes complete, without NUL, which is none.
  mutating func take(_ bytes: ArraySlice<UInt8>) -> [[UInt8]] {
    var whole: [[UInt8]] = []
    var index = bytes.startIndex
    while index < bytes.endIndex {
      if let left = missing {
        let count = min(left, bytes.endIndex - index)
        pending += bytes[index..<index + count]
        index += count
        missing = left - count
      } else {
        let byte = bytes[index]
        index += 1
        if byte == 0, pending.isEmpty { continue }
        pending.append(byte)
        missing = Self.left(after: pending)
      }
      guard missing == 0 else { continue }
      whole.append(pending)
      reset()
    }
    return whole
  }

  /// How many bytes are to come; nil where that is told by those to come.
  private static func left(after head: [UInt8]) -> Int? {
    guard head[0] == 0x1B || head[0] == 0x1D || head[0] == 0x10 || head[0] == 0x1C else { return 0 }
    guard head.count > 1 else { return nil }
    switch (head[0], head[1]) {
    case (0x1B, 0x40): return 0  // ESC @
    case (0x1C, 0x70): return 2  // FS p
    case (0x10, 0x14): return 8  // DLE DC4
    case (0x1D, 0x28):  // GS ( k
      return head.count < 5 ? nil : Int(head[3]) | Int(head[4]) << 8
    case (0x1D, 0x76):  // GS v 0
      guard head.count == 8 else { return nil }
      return (Int(head[4]) | Int(head[5]) << 8) * (Int(head[6]) | Int(head[7]) << 8)
    default: return 1
    }
  }

  /// The printer was switched off.
  mutating func reset() {
    pending = []
    missing = nil
  }
}
