/// A connection to pcscd. One is for watching (its wait holds the context's lock), one for looking
/// after new readers, one for talking.
@safe struct SmartCardContext: ~Copyable {
  private let platform: SmartCardPlatform
  /// For `SmartCardPlatform.cancel`, from another thread.
  let token: Int

  /// More readers than one wait for a change takes (16 with the one that stands for new readers).
  static let readersLimit = 15
  /// PC/SC's MAX_READERNAME.
  static let nameLimitBytes = 128

  init(_ platform: SmartCardPlatform) throws(SmartCardError) {
    let (code, context) = platform.establish()
    try check("SCardEstablishContext", code)
    self.platform = platform
    token = context
  }

  deinit { platform.release(token) }

  /// The readers' names, at most as many as one wait takes.
  /// - Parameters:
  ///   - part: only those whose name contains it.
  ///   - other: none whose name contains it.
  func readers(
    named part: String?, without other: String? = nil
  ) throws(SmartCardError) -> [String] {
    let (code, names) = platform.listReaders(token)
    do throws(SmartCardError) { try check("SCardListReaders", code) } catch {
      if error.isNoReaders { return [] }
      throw error
    }
    return Array(
      names.split(separator: 0).compactMap(Self.name)
        .filter { name in
          (part.map(name.contains) ?? true) && !(other.map(name.contains) ?? false)
        }.prefix(Self.readersLimit))
  }

  /// A name comes from the reader itself: one that is no text cannot be told back to PC/SC.
  private static func name(_ bytes: ArraySlice<UInt8>) -> String? {
    guard bytes.count < nameLimitBytes, !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
      return nil
    }
    return String(validating: bytes, as: UTF8.self)
  }

  /// Waits until a reader is in another state than the one known (`unaware`: answers at once).
  /// - Returns: the states now; nil when it was ended from outside.
  func waitForChange(
    _ known: [SmartCardPlatform.ReaderState]
  ) throws(SmartCardError) -> [SmartCardPlatform.ReaderState]? {
    let (code, states) = platform.waitForChange(token, known)
    do throws(SmartCardError) { try check("SCardGetStatusChange", code) } catch {
      if error.isTimeout || error.isCancelled { return nil }
      throw error
    }
    return zip(known, states).map { known, state in
      .init(reader: known.reader, state: state & ~ReaderFlags.changed)
    }
  }

  func connect(_ reader: String) throws(SmartCardError) -> SmartCard {
    let (code, card, inUse) = platform.connect(token, reader)
    try check("SCardConnect", code)
    return SmartCard(platform: platform, handle: card, protocolInUse: inUse)
  }
}

/// A card one talks to; letting it go leaves it as it is.
@safe struct SmartCard: ~Copyable {
  private let platform: SmartCardPlatform
  private let handle: Int
  private let protocolInUse: UInt

  init(platform: SmartCardPlatform, handle: Int, protocolInUse: UInt) {
    self.platform = platform
    self.handle = handle
    self.protocolInUse = protocolInUse
  }

  deinit { platform.disconnect(handle) }

  /// Keeps other programs from selecting files between our commands; ends with the connection.
  func begin() throws(SmartCardError) {
    try check("SCardBeginTransaction", platform.begin(handle))
  }

  /// Sends a command and leaves the answer, status word included, in `buffer`.
  ///
  /// May never return: a card that never answers has no time limit in PC/SC.
  /// - Returns: the answer's length, at least 2.
  func transmit(
    _ command: [UInt8], into buffer: UnsafeMutableRawBufferPointer
  ) throws(SmartCardError) -> Int {
    let (code, length) = unsafe platform.transmit(handle, protocolInUse, command, buffer)
    try check("SCardTransmit", code)
    // With INSUFFICIENT_BUFFER the length is larger than the buffer; never trust it unchecked.
    guard length <= buffer.count else {
      throw SmartCardError("SCardTransmit", answer: "answer longer than the buffer")
    }
    guard length >= 2 else {
      throw SmartCardError("SCardTransmit", answer: SmartCardError.tornOut)
    }
    return length
  }
}
