internal import OfficeModel

/// What an ESC/POS printer says of itself, asked in real time or told on its own.
struct ESCPOSStatus: Sendable, Equatable {
  var isOffline = false
  var isCoverOpen = false
  var isPaperOut = false
  var isPaperLow = false
  /// A blade in the way: gone when it is cleared and the printer is told to go on.
  var isCutterStuck = false
  /// Nothing but switching off and on helps.
  var isUnrecoverable = false
  /// Too hot, mostly: ends by itself.
  var isRecovering = false
  /// An error that it does not describe further.
  var isFaulty = false

  static func request(_ kind: UInt8) -> [UInt8] { [0x10, 0x04, kind] }

  /// Bits 1 and 4 are always set in the answers to DLE EOT, 0 and 7 never: what looks otherwise is
  /// something else on the line.
  static func isRealtimeAnswer(_ byte: UInt8) -> Bool { byte & 0x93 == 0x12 }

  /// The answers to DLE EOT 1...4.
  init(printer: UInt8, offlineCause: UInt8, error: UInt8, paper: UInt8) {
    isOffline = printer & 0x08 != 0
    isCoverOpen = offlineCause & 0x04 != 0
    isPaperOut = paper & 0x60 != 0 || offlineCause & 0x20 != 0
    isPaperLow = paper & 0x0C != 0
    take(error)
    isFaulty = error & 0x04 != 0 || offlineCause & 0x40 != 0
  }

  /// The four bytes of automatic status back; nil when they are not.
  init?(automatic bytes: [UInt8]) {
    guard bytes.count == 4, bytes[0] & 0x93 == 0x10, bytes[1...].allSatisfy({ $0 & 0x90 == 0 })
    else { return nil }
    isOffline = bytes[0] & 0x08 != 0
    isCoverOpen = bytes[0] & 0x20 != 0
    isPaperLow = bytes[2] & 0x03 != 0
    isPaperOut = bytes[2] & 0x0C != 0
    take(bytes[1])
    isFaulty = bytes[1] & 0x04 != 0
  }

  private mutating func take(_ error: UInt8) {
    isCutterStuck = error & 0x08 != 0
    isUnrecoverable = error & 0x20 != 0
    isRecovering = error & 0x40 != 0
  }

  /// What keeps it from printing. First what stays when the rest is cured; an open cover before paper,
  /// since the sensor sees no paper under it. Offline without a cause: somebody pressed a button.
  var fault: DeviceFault? {
    if isUnrecoverable { return .needsRestart }
    if isCutterStuck { return .cutterError }
    if isCoverOpen { return .coverOpen }
    if isPaperOut { return .mediaEmpty }
    if isRecovering { return .recovering }
    if isFaulty { return .other }
    return isOffline ? .stopped : nil
  }

  var fact: DeviceFact {
    if let fault { return .down(fault) }
    return isPaperLow ? .attention(.mediaLow) : .ready
  }
}

/// Tells apart what a printer sends while a slip is on its way.
struct ESCPOSAnswers {
  enum Answer: Equatable {
    /// To GS r 1: everything before it was taken. A printer whose sensor does not stop it goes on
    /// without paper, and says so here.
    case confirmation(isPaperOut: Bool)
    case status(ESCPOSStatus)
    /// To DLE EOT 1.
    case isOffline(Bool)
  }

  private var automatic: [UInt8] = []

  /// Nil for flow control and for what is not whole yet. The answer to GS r never has bits 4 and 7;
  /// automatic status begins with a byte that has bit 4 alone of 0, 1, 4 and 7, and its other three
  /// look like answers to GS r.
  mutating func take(_ byte: UInt8) -> Answer? {
    if ESCPOSStatus.isRealtimeAnswer(byte) { return .isOffline(byte & 0x08 != 0) }
    if byte & 0x93 == 0x10 {
      automatic = [byte]
      return nil
    }
    guard byte & 0x90 == 0 else { return nil }
    // Bits 0 and 1 tell that the roll is near its end, which keeps nothing from being printed.
    guard !automatic.isEmpty else { return .confirmation(isPaperOut: byte & 0x0C != 0) }
    automatic.append(byte)
    guard automatic.count == 4 else { return nil }
    defer { automatic = [] }
    return ESCPOSStatus(automatic: automatic).map(Answer.status)
  }
}

/// Commands that a printer obeys the moment they arrive, also while it cannot print.
enum ESCPOSRescue {
  /// DLE DC4 8: forget what is in the buffers.
  static let clearBuffers: [UInt8] = [0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08]
  /// The answer to it.
  static let cleared: [UInt8] = [0x37, 0x25, 0x00]
  /// DLE ENQ 2: leave an error that can be left, and forget what is in the buffers.
  static let leaveError: [UInt8] = [0x10, 0x05, 0x02]
}
