internal import CLinux
internal import CardSession
internal import OfficeModel
internal import Ports
internal import SensitiveMemory

/// The commands and checks of the one thing a KTP-el shows without a SAM: that it has the
/// application, and the photo. File ids after public sources; neither says who holds the card.
enum KTPElCard {
  static let selectApplication: [UInt8] = [0x00, 0xA4, 0x00, 0x00, 0x02, 0x7F, 0x0A]
  static let selectPhoto: [UInt8] = [0x00, 0xA4, 0x00, 0x00, 0x02, 0x6F, 0xF2]
  /// Two bytes of length, big-endian, come before the JPEG.
  static let prefixBytes = 2
  /// What the cards' own programs read at once.
  static let chunkBytes = 250
  /// READ BINARY has 15 bits for the offset.
  static let photoLimitBytes = 0x8000 - prefixBytes
  /// An answer to READ BINARY with room to notice one that is too long.
  static let answerLimitBytes = chunkBytes + 2 + 8

  static func readBinary(offset: Int, count: Int) -> [UInt8] {
    precondition(offset < 0x8000 && count <= 256, "outside READ BINARY")
    return [0x00, 0xB0, UInt8(offset >> 8), UInt8(offset & 0xFF), UInt8(count & 0xFF)]
  }

  /// Recognised by SELECT of 7F0A and never by ATR: the ATR of a type B card carries its number.
  static func classify(_ card: borrowing SmartCard) throws(SmartCardError)
    -> CardSession
    .Classification
  {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 258, alignment: 1)
    defer {
      unsafe clinux_wipe(buffer.baseAddress, buffer.count)
      unsafe buffer.deallocate()
    }
    switch try unsafe status(card.transmit(selectApplication, into: buffer), in: buffer) {
    case 0x9000, 0x6100...0x61FF: return .ktpEl
    // What ISO 7816-4 lets a card say when it has no such file or no such command.
    case 0x6900...0x69FF, 0x6A00...0x6AFF, 0x6D00, 0x6E00, 0x6700, 0x6B00, 0x6800...0x68FF:
      return .other
    default: return .failed
    }
  }

  /// Reads the photo into the vault, in pieces; every copy outside it is wiped.
  static func readPhoto(
    _ card: borrowing SmartCard, into vault: SecretVault
  ) throws(SmartCardError) -> SecretHandle {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: answerLimitBytes, alignment: 1)
    defer {
      unsafe clinux_wipe(buffer.baseAddress, buffer.count)
      unsafe buffer.deallocate()
    }
    for command in [selectApplication, selectPhoto] {
      let word = try unsafe status(card.transmit(command, into: buffer), in: buffer)
      guard word == 0x9000 || word >> 8 == 0x61 else { throw refused("SELECT", word) }
    }
    var end = try unsafe readHead(card, into: buffer)
    let length = unsafe Int(buffer[0]) << 8 | Int(buffer[1])
    guard length >= 4, length <= photoLimitBytes else {
      throw SmartCardError("READ BINARY", answer: "photo length out of bounds")
    }
    let handle: SecretHandle
    do { handle = try vault.makeBulk(capacity: length) } catch {
      throw SmartCardError(error.call, answer: "no memory")
    }
    var isComplete = false
    defer { if !isComplete { vault.wipe(handle) } }
    // What came behind the length, then piece after piece.
    end = min(end, prefixBytes + length)
    try unsafe keep(buffer[prefixBytes..<end], in: vault, handle)
    while end < prefixBytes + length {
      let count = min(chunkBytes, prefixBytes + length - end)
      try unsafe read(card, offset: end, count: count, into: buffer)
      try unsafe keep(buffer[0..<count], in: vault, handle)
      end += count
    }
    guard unsafe vault.withBytes(of: handle, isJPEG) == true else {
      throw SmartCardError("READ BINARY", answer: "photo is not a whole JPEG")
    }
    isComplete = true
    return handle
  }

  /// Begins and ends as one; a card may fill up with zeros behind the end.
  private static func isJPEG(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let last = unsafe bytes.lastIndex(where: { $0 != 0 }), last > 2 else { return false }
    return unsafe bytes.starts(with: [0xFF, 0xD8, 0xFF]) && bytes[last - 1] == 0xFF
      && bytes[last] == 0xD9
  }

  private static func keep(
    _ piece: Slice<UnsafeMutableRawBufferPointer>, in vault: SecretVault, _ handle: SecretHandle
  ) throws(SmartCardError) {
    let isKept: Bool
    do {
      isKept = try unsafe vault.append(
        contentsOf: UnsafeRawBufferPointer(rebasing: piece), to: handle)
    } catch { throw SmartCardError("SecretVault", answer: "no memory") }
    if !isKept { throw SmartCardError("SecretVault", answer: "the session is over") }
  }

  /// The length and what fits behind it, in one command. Whose file is shorter, or who answers such a
  /// command with anything else, is asked for the length alone.
  /// - Returns: how many of the file's bytes are in `buffer`.
  private static func readHead(
    _ card: borrowing SmartCard, into buffer: UnsafeMutableRawBufferPointer
  ) throws(SmartCardError) -> Int {
    let command = readBinary(offset: 0, count: chunkBytes)
    let length = try unsafe card.transmit(command, into: buffer)
    if length == chunkBytes + 2, try unsafe status(length, in: buffer) == 0x9000 {
      return chunkBytes
    }
    try unsafe read(card, offset: 0, count: prefixBytes, into: buffer)
    return prefixBytes
  }

  /// Exactly `count` bytes, or an error: a short answer would shift everything behind it.
  private static func read(
    _ card: borrowing SmartCard, offset: Int, count: Int,
    into buffer: UnsafeMutableRawBufferPointer
  ) throws(SmartCardError) {
    let command = readBinary(offset: offset, count: count)
    let length = try unsafe card.transmit(command, into: buffer)
    let word = try unsafe status(length, in: buffer)
    guard word == 0x9000 else { throw refused("READ BINARY", word) }
    guard length == count + 2 else {
      throw SmartCardError("READ BINARY", answer: "answer of another length")
    }
  }

  private static func status(
    _ length: Int, in buffer: UnsafeMutableRawBufferPointer
  ) throws(SmartCardError) -> Int {
    guard length >= 2, length <= buffer.count else {
      throw SmartCardError("SCardTransmit", answer: SmartCardError.tornOut)
    }
    return unsafe Int(buffer[length - 2]) << 8 | Int(buffer[length - 1])
  }

  private static func refused(_ command: String, _ word: Int) -> SmartCardError {
    SmartCardError(command, answer: "SW " + String(word, radix: 16, uppercase: true))
  }
}
