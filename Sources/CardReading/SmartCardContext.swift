internal import CPCSC

/// A connection to pcscd. One is for watching (its GetStatusChange holds the context's lock), one
/// for each talk with a card.
struct SmartCardContext: ~Copyable {
  private let handle: SCARDCONTEXT

  /// More readers than one call of GetStatusChange takes (16 with the one for plug and play).
  static let readersLimit = 15
  /// Names of all readers, each ending in zero: 15 of at most 128 bytes.
  private static let namesLimitBytes = 4096

  init() throws(SmartCardError) {
    var handle = SCARDCONTEXT()
    try check(
      "SCardEstablishContext",
      unsafe SCardEstablishContext(DWORD(SCARD_SCOPE_SYSTEM), nil, nil, &handle))
    self.handle = handle
  }

  deinit { SCardReleaseContext(handle) }

  /// For `cancel(_:)`, from another thread.
  var token: SCARDCONTEXT { handle }

  /// Ends a `waitForChange` that is under way on that context.
  static func cancel(_ token: SCARDCONTEXT) { SCardCancel(token) }

  func readers() throws(SmartCardError) -> [String] {
    var names = [CChar](repeating: 0, count: Self.namesLimitBytes)
    var length = DWORD(names.count)
    let code = unsafe SCardListReaders(handle, nil, &names, &length)
    do throws(SmartCardError) { try check("SCardListReaders", code) } catch {
      if error.isNoReaders { return [] }
      throw error
    }
    let used = names.prefix(Int(min(length, DWORD(names.count)))).map { UInt8(bitPattern: $0) }
    return used.split(separator: 0).prefix(Self.readersLimit).map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  /// Waits until a reader is in another state than the one known, at most `milliseconds`.
  /// - Parameter known: reader and the state last seen (`SCARD_STATE_UNAWARE`: answer at once).
  /// - Returns: the states now; nil when the time ran out.
  func waitForChange(
    _ known: [(reader: String, state: DWORD)], milliseconds: Int
  ) throws(SmartCardError) -> [DWORD]? {
    // The notification of new readers makes the wait end when one comes.
    let names = known.map(\.reader) + ["\\\\?PnP?\\Notification"]
    let buffers = unsafe names.map { name in
      let bytes = name.utf8CString
      let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: bytes.count)
      _ = unsafe copy.initialize(from: bytes)
      return unsafe UnsafePointer(copy.baseAddress)
    }
    defer { for index in names.indices { unsafe buffers[index]?.deallocate() } }
    var states = unsafe names.indices.map { index in
      var state = unsafe SCARD_READERSTATE()
      unsafe state.szReader = unsafe buffers[index]
      unsafe state.dwCurrentState =
        index < known.count ? known[index].state : DWORD(SCARD_STATE_UNAWARE)
      return unsafe state
    }
    let code = unsafe SCardGetStatusChange(
      handle, DWORD(milliseconds), &states, DWORD(states.count))
    do throws(SmartCardError) { try check("SCardGetStatusChange", code) } catch {
      if error.isTimeout || error.isCancelled { return nil }
      throw error
    }
    return unsafe states.prefix(known.count).map { unsafe $0.dwEventState }
  }

  func connect(_ reader: String) throws(SmartCardError) -> SmartCard {
    var card = SCARDHANDLE()
    var protocolInUse = DWORD()
    let code = unsafe SCardConnect(
      handle, reader, DWORD(SCARD_SHARE_SHARED), DWORD(SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1),
      &card, &protocolInUse)
    try check("SCardConnect", code)
    return SmartCard(handle: card, protocolInUse: protocolInUse)
  }
}

/// A card one talks to. Letting it go leaves the card as it is: after an error a reset would make
/// pcscd 1.9.9 take a card that bounced for gone.
struct SmartCard: ~Copyable {
  private let handle: SCARDHANDLE
  private let protocolInUse: DWORD

  init(handle: SCARDHANDLE, protocolInUse: DWORD) {
    self.handle = handle
    self.protocolInUse = protocolInUse
  }

  deinit { SCardDisconnect(handle, DWORD(SCARD_LEAVE_CARD)) }

  /// Sends a command and leaves the answer, status word included, in `buffer`.
  ///
  /// May never return: a card that never answers has no time limit in PC/SC.
  /// - Returns: the answer's length, at least 2.
  func transmit(
    _ command: [UInt8], into buffer: UnsafeMutableRawBufferPointer
  ) throws(SmartCardError) -> Int {
    var header = SCARD_IO_REQUEST(
      dwProtocol: protocolInUse, cbPciLength: DWORD(MemoryLayout<SCARD_IO_REQUEST>.size))
    var length = DWORD(buffer.count)
    let code = unsafe SCardTransmit(
      handle, &header, command, DWORD(command.count), nil,
      buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), &length)
    try check("SCardTransmit", code)
    // With INSUFFICIENT_BUFFER the length is larger than the buffer; never trust it unchecked.
    guard length <= DWORD(buffer.count) else {
      throw SmartCardError("SCardTransmit", answer: "answer longer than the buffer")
    }
    guard length >= 2 else {
      throw SmartCardError("SCardTransmit", answer: SmartCardError.tornOut)
    }
    return Int(length)
  }
}
