/// A call of PC/SC that did not succeed: the call's name and the name of its status. Carries no
/// APDU, ATR or answer.
public struct SmartCardError: Error, Sendable, Equatable, CustomStringConvertible {
  public var call: String
  /// The status as the header names it, e.g. `SCARD_W_REMOVED_CARD`.
  public var status: String
  let code: Int

  init(_ call: String, code: Int) {
    self.call = call
    self.code = code
    status = Self.names[code] ?? "0x" + String(code, radix: 16, uppercase: true)
  }

  /// Something that is wrong in the answer itself, not in the call.
  init(_ call: String, answer: String) {
    self.call = call
    code = 0
    status = answer
  }

  public var description: String { "\(call): \(status)" }

  /// The daemon or the context is gone: drop everything and begin anew. Which of these comes
  /// depends on the moment at which pcscd died, so they are treated alike.
  var isServiceLost: Bool {
    [0x8010_0003, 0x8010_0013, 0x8010_001D, 0x8010_001E].contains(code)
  }

  var isUnknownReader: Bool { code == 0x8010_0009 || code == 0x8010_0017 }
  var isTimeout: Bool { code == 0x8010_000A }
  var isCancelled: Bool { code == 0x8010_0002 }
  var isNoReaders: Bool { code == 0x8010_002E }
  /// Another program has reset the card: select again.
  var isReset: Bool { code == 0x8010_0068 }
  /// There is no card to talk to, or it went while we talked.
  var isCardGone: Bool {
    [0x8010_000C, 0x8010_0016, 0x8010_0069, 0x8010_002F].contains(code) || status == Self.tornOut
  }
  var isSharingViolation: Bool { code == 0x8010_000B }

  /// A transmit that succeeds with less than a status word: the card left while it was answering.
  static let tornOut = "answer without status word"

  private static let names: [Int: String] = [
    0x8010_0001: "SCARD_F_INTERNAL_ERROR", 0x8010_0002: "SCARD_E_CANCELLED",
    0x8010_0003: "SCARD_E_INVALID_HANDLE", 0x8010_0004: "SCARD_E_INVALID_PARAMETER",
    0x8010_0006: "SCARD_E_NO_MEMORY", 0x8010_0008: "SCARD_E_INSUFFICIENT_BUFFER",
    0x8010_0009: "SCARD_E_UNKNOWN_READER", 0x8010_000A: "SCARD_E_TIMEOUT",
    0x8010_000B: "SCARD_E_SHARING_VIOLATION", 0x8010_000C: "SCARD_E_NO_SMARTCARD",
    0x8010_000F: "SCARD_E_PROTO_MISMATCH", 0x8010_0010: "SCARD_E_NOT_READY",
    0x8010_0011: "SCARD_E_INVALID_VALUE", 0x8010_0013: "SCARD_F_COMM_ERROR",
    0x8010_0016: "SCARD_E_NOT_TRANSACTED", 0x8010_0017: "SCARD_E_READER_UNAVAILABLE",
    0x8010_001D: "SCARD_E_NO_SERVICE", 0x8010_001E: "SCARD_E_SERVICE_STOPPED",
    0x8010_002E: "SCARD_E_NO_READERS_AVAILABLE", 0x8010_002F: "SCARD_E_COMM_DATA_LOST",
    0x8010_0065: "SCARD_W_UNSUPPORTED_CARD", 0x8010_0066: "SCARD_W_UNRESPONSIVE_CARD",
    0x8010_0067: "SCARD_W_UNPOWERED_CARD", 0x8010_0068: "SCARD_W_RESET_CARD",
    0x8010_0069: "SCARD_W_REMOVED_CARD", 0x8010_006A: "SCARD_W_SECURITY_VIOLATION",
  ]
}

func check(_ call: String, _ code: Int) throws(SmartCardError) {
  if code != 0 { throw SmartCardError(call, code: code) }
}
