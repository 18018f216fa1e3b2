import Glibc

/// What came out of a ticket printer: the commands that left something there, in their order.
struct SlipPaper: Sendable {
  private(set) var commands: [[UInt8]] = []
  private var bytes: [UInt8] = []
  /// Where a slip may begin.
  private var starts: [(command: Int, byte: Int)] = []
  var byteCount: Int { bytes.count }

  init() {}

  /// - Parameter sent: what a driver sends.
  init(of sent: [UInt8]) {
    var all = SlipCommands()
    for command in all.take(sent[...]) where SlipCommands.isOnPaper(command) { add(command) }
  }

  mutating func add(_ command: [UInt8]) {
    if command == SlipCommands.start { starts.append((commands.count, bytes.count)) }
    commands.append(command)
    bytes += command
  }

  /// Where a slip's commands stand, one behind the other. The same bytes from the beginning of a command
  /// on are the same commands.
  func positions(of slip: SlipPaper) -> [Int] {
    bytes.withUnsafeBytes { mine in
      slip.bytes.withUnsafeBytes { wanted in
        starts.filter { start in
          guard start.byte + wanted.count <= mine.count, let mine = mine.baseAddress,
            let wanted = wanted.baseAddress
          else { return false }
          return memcmp(mine + start.byte, wanted, slip.bytes.count) == 0
        }.map(\.command)
      }
    }
  }
}
