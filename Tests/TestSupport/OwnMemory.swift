import Glibc

/// Looks through the memory of this very process for text that is never written down in it: the
/// pattern is kept with every bit turned, and compared so.
public enum OwnMemory {
  public struct Unreadable: Error {}

  /// How often the pattern is there.
  public static func count(turned pattern: [UInt8]) throws -> Int {
    let maps = try text("/proc/self/maps")
    guard maps.contains("[stack]") else { throw Unreadable() }
    let memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC)
    guard memory >= 0 else { throw Unreadable() }
    defer { close(memory) }
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: blockBytes, alignment: 16)
    defer { block.deallocate() }
    var found = 0
    for line in maps.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count > 1, fields[1].hasPrefix("rw"), !line.hasSuffix("[vvar]") else { continue }
      let ends = fields[0].split(separator: "-").compactMap { UInt64($0, radix: 16) }
      guard ends.count == 2, ends[1] - ends[0] < 1 << 30 else { continue }
      found += count(memory, block, from: ends[0], to: ends[1], pattern)
    }
    return found
  }

  /// A file of the kernel, whose size is told as zero.
  private static func text(_ path: String) throws -> String {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw Unreadable() }
    defer { close(file) }
    var text: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = read(file, &block, block.count)
      guard count > 0 else { break }
      text += block[..<count]
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static let blockBytes = 1 << 20

  private static func count(
    _ memory: Int32, _ block: UnsafeMutableRawBufferPointer, from start: UInt64, to end: UInt64,
    _ turned: [UInt8]
  ) -> Int {
    // The block's own pages hold a copy of what was read before.
    let own = UInt64(UInt(bitPattern: block.baseAddress))
    var found = 0
    var at = start
    while at < end {
      let length = Int(min(UInt64(blockBytes), end - at))
      let read = pread(memory, block.baseAddress, length, off_t(at))
      let overlaps = at < own + UInt64(blockBytes) && own < at + UInt64(length)
      if read > 0, !overlaps { found += matches(.init(rebasing: block[..<read]), turned) }
      block.initializeMemory(as: UInt8.self, repeating: 0)
      // Blocks overlap by a pattern less one byte.
      at += UInt64(length < blockBytes ? length : blockBytes - turned.count + 1)
    }
    return found
  }

  private static func matches(_ bytes: UnsafeMutableRawBufferPointer, _ turned: [UInt8]) -> Int {
    guard bytes.count >= turned.count else { return 0 }
    var found = 0
    for offset in 0...(bytes.count - turned.count) where bytes[offset] == ~turned[0] {
      var index = 1
      while index < turned.count, bytes[offset + index] == ~turned[index] { index += 1 }
      if index == turned.count { found += 1 }
    }
    return found
  }
}
