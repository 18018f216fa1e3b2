internal import CPCSC

extension SmartCardPlatform {
  /// libpcsclite and, behind it, pcscd.
  public static let system = unsafe SmartCardPlatform(
    establish: {
      var context = SCARDCONTEXT()
      let code = unsafe SCardEstablishContext(DWORD(SCARD_SCOPE_SYSTEM), nil, nil, &context)
      return (plain(code), Int(context))
    },
    release: { SCardReleaseContext(SCARDCONTEXT($0)) },
    cancel: { SCardCancel(SCARDCONTEXT($0)) },
    listReaders: { context in
      var names = [CChar](repeating: 0, count: namesLimitBytes)
      var length = DWORD(names.count)
      let code = unsafe SCardListReaders(SCARDCONTEXT(context), nil, &names, &length)
      let used = names.prefix(Int(min(length, DWORD(names.count))))
      return (plain(code), used.map { UInt8(bitPattern: $0) })
    },
    waitForChange: { waitForChange($0, $1) },
    connect: { context, reader in
      var card = SCARDHANDLE()
      var inUse = DWORD()
      let code = unsafe SCardConnect(
        SCARDCONTEXT(context), reader, DWORD(SCARD_SHARE_SHARED),
        DWORD(SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1), &card, &inUse)
      return (plain(code), Int(card), UInt(inUse))
    },
    begin: { plain(SCardBeginTransaction(SCARDHANDLE($0))) },
    transmit: { card, inUse, command, answer in
      var header = SCARD_IO_REQUEST(
        dwProtocol: DWORD(inUse), cbPciLength: DWORD(MemoryLayout<SCARD_IO_REQUEST>.size))
      var length = DWORD(answer.count)
      let code = unsafe SCardTransmit(
        SCARDHANDLE(card), &header, command, DWORD(command.count), nil,
        answer.baseAddress?.assumingMemoryBound(to: UInt8.self), &length)
      return (plain(code), Int(clamping: length))
    },
    disconnect: { SCardDisconnect(SCARDHANDLE($0), DWORD(SCARD_LEAVE_CARD)) })

  /// Names of all readers: pcscd holds 16 at most, of 128 bytes each.
  private static let namesLimitBytes = 4096

  /// Linux's codes are positive 64-bit numbers; the upper half is never used.
  private static func plain(_ code: LONG) -> Int { Int(code) & 0xFFFF_FFFF }

  private static func waitForChange(
    _ context: Int, _ known: [ReaderState]
  ) -> (code: Int, states: [UInt]) {
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
        DWORD(index < known.count ? known[index].state : ReaderFlags.unaware)
      return unsafe state
    }
    let code = unsafe SCardGetStatusChange(
      SCARDCONTEXT(context), DWORD(INFINITE), &states, DWORD(states.count))
    return unsafe (plain(code), states.prefix(known.count).map { unsafe UInt($0.dwEventState) })
  }
}
