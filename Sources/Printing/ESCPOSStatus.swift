internal import OfficeModel

/// The four answers to DLE EOT 1...4. Bits 1 and 4 are always set in them, 0 and 7 never: an
/// answer that looks otherwise is something else on the line.
struct ESCPOSStatus: Sendable, Equatable {
  var printer: UInt8
  var offlineCause: UInt8
  var error: UInt8
  var paper: UInt8

  static func request(_ kind: UInt8) -> [UInt8] { [0x10, 0x04, kind] }
  static func isRealtimeAnswer(_ byte: UInt8) -> Bool { byte & 0x93 == 0x12 }

  var isOffline: Bool { printer & 0x08 != 0 }

  /// What keeps it from printing; the cutter before all, for it stays when the rest is cured, and
  /// an open cover before paper, since the sensor sees no paper under it.
  var fault: DeviceFault? {
    if error & 0x08 != 0 { return .cutterError }
    if offlineCause & 0x04 != 0 { return .coverOpen }
    if paper & 0x60 != 0 || offlineCause & 0x20 != 0 { return .mediaEmpty }
    if error & 0x60 != 0 || offlineCause & 0x40 != 0 { return .other }
    return isOffline ? .offline : nil
  }

  var fact: DeviceFact {
    if let fault { return .down(fault) }
    return paper & 0x0C != 0 ? .attention(.mediaLow) : .ready
  }
}

/// Finds the answer to GS r 1 among what else a printer may send.
struct ESCPOSConfirmation {
  private var automaticBytesLeft = 0

  /// Whether this byte is the answer: bits 4 and 7 are never set in it, as they are in flow control
  /// and real-time answers. Automatic status (four bytes, the first with bit 4 alone of 0, 1, 4 and
  /// 7) is passed over as a whole.
  mutating func accepts(_ byte: UInt8) -> Bool {
    if automaticBytesLeft > 0 {
      automaticBytesLeft -= 1
      return false
    }
    if byte & 0x93 == 0x10 {
      automaticBytesLeft = 3
      return false
    }
    return byte & 0x90 == 0
  }
}
