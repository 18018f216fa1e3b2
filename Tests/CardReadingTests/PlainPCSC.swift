import CPCSC
import Foundation
import Synchronization

/// libpcsclite without any of the driver's care: for the facts it rests on, and as the other program
/// that has a card for itself.
struct PlainContext: Sendable {
  let handle: SCARDCONTEXT

  struct Refused: Error { let code: Int }

  init() throws {
    var handle = SCARDCONTEXT()
    let code = SCardEstablishContext(DWORD(SCARD_SCOPE_SYSTEM), nil, nil, &handle)
    guard code == 0 else { throw Refused(code: Self.plain(code)) }
    self.handle = handle
  }

  static func plain(_ code: LONG) -> Int { Int(code) & 0xFFFF_FFFF }

  func release() { SCardReleaseContext(handle) }
  func cancel() { SCardCancel(handle) }
  var isValid: Bool { SCardIsValidContext(handle) == 0 }

  func list() -> Int {
    var names = [CChar](repeating: 0, count: 4096)
    var length = DWORD(names.count)
    return Self.plain(SCardListReaders(handle, nil, &names, &length))
  }

  struct Status: Sendable {
    var code: Int
    var states: [UInt]
    var atrLengths: [Int]
  }

  func change(_ known: [(String, UInt)], milliseconds: UInt) -> Status {
    let names = known.map { name, _ in
      name.utf8CString.withUnsafeBufferPointer { bytes in
        let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: bytes.count)
        _ = copy.initialize(from: bytes)
        return copy
      }
    }
    defer { for name in names { name.deallocate() } }
    var states = zip(known, names).map { known, name in
      var state = SCARD_READERSTATE()
      state.szReader = UnsafePointer(name.baseAddress)
      state.dwCurrentState = DWORD(known.1)
      return state
    }
    let code = SCardGetStatusChange(
      handle, DWORD(milliseconds), &states, DWORD(states.count))
    return Status(
      code: Self.plain(code), states: states.map { UInt($0.dwEventState) },
      atrLengths: states.map { Int($0.cbAtr) })
  }

  func connect(_ reader: String, share: Int32 = SCARD_SHARE_SHARED) -> (code: Int, PlainCard) {
    var card = SCARDHANDLE()
    var inUse = DWORD()
    let code = SCardConnect(
      handle, reader, DWORD(share), DWORD(SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1), &card, &inUse)
    return (Self.plain(code), PlainCard(handle: card, inUse: inUse))
  }
}

struct PlainCard: Sendable {
  static let exclusive = SCARD_SHARE_EXCLUSIVE
  static let reset = SCARD_RESET_CARD
  let handle: SCARDHANDLE
  let inUse: DWORD

  func transmit(_ command: [UInt8], room: Int = 300) -> (code: Int, length: Int, bytes: [UInt8]) {
    var header = SCARD_IO_REQUEST(dwProtocol: inUse, cbPciLength: 16)
    var buffer = [UInt8](repeating: 0, count: room)
    var length = DWORD(room)
    let code = SCardTransmit(
      handle, &header, command, DWORD(command.count), nil, &buffer, &length)
    return (PlainContext.plain(code), Int(length), Array(buffer.prefix(Int(length))))
  }

  func reconnect() -> Int {
    var now = DWORD()
    return PlainContext.plain(
      SCardReconnect(
        handle, DWORD(SCARD_SHARE_SHARED), DWORD(SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1),
        DWORD(SCARD_LEAVE_CARD), &now))
  }

  func begin() -> Int { PlainContext.plain(SCardBeginTransaction(handle)) }
  func end() -> Int { PlainContext.plain(SCardEndTransaction(handle, DWORD(SCARD_LEAVE_CARD))) }
  func status() -> Int {
    PlainContext.plain(SCardStatus(handle, nil, nil, nil, nil, nil, nil))
  }

  @discardableResult
  func disconnect(_ disposition: Int32 = SCARD_LEAVE_CARD) -> Int {
    PlainContext.plain(SCardDisconnect(handle, DWORD(disposition)))
  }
}

/// A call on a thread of its own, and whether it has come back.
final class Background<Value: Sendable>: Sendable {
  private let state = Mutex<Value?>(nil)
  var value: Value? { state.withLock { $0 } }

  init(_ body: @escaping @Sendable () -> Value) {
    let box = Box(self)
    Thread.detachNewThread {
      let value = body()
      box.background.state.withLock { $0 = value }
    }
  }

  private final class Box: Sendable {
    let background: Background
    init(_ background: Background) { self.background = background }
  }
}
