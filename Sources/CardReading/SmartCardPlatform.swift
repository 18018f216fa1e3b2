/// PC/SC as the driver needs it: calls that give back what PC/SC gives back, unjudged. libpcsclite is
/// one (`system`); a simulation with the same faults is another. Codes are those of PC/SC, 0 for
/// success; contexts and cards are numbers that mean something only to the platform.
///
/// Every closure may be called from any thread, and any of them may block.
@safe public struct SmartCardPlatform: Sendable {
  /// A reader and what the caller knows of it, with PC/SC's flags (`ReaderFlags`).
  public struct ReaderState: Sendable, Equatable {
    public var reader: String
    public var state: UInt
    public init(reader: String, state: UInt) {
      self.reader = reader
      self.state = state
    }
  }

  public var establish: @Sendable () -> (code: Int, context: Int)
  public var release: @Sendable (_ context: Int) -> Void
  /// Ends a `waitForChange` that is under way in that context; from another thread.
  public var cancel: @Sendable (_ context: Int) -> Void
  /// Names of readers, each ending in a zero byte.
  public var listReaders: @Sendable (_ context: Int) -> (code: Int, names: [UInt8])
  /// Waits, for as long as it takes, until a reader is in another state than the one known.
  /// - Returns: the states now, in the same order.
  public var waitForChange:
    @Sendable (_ context: Int, _ known: [ReaderState]) -> (code: Int, states: [UInt])
  public var connect:
    @Sendable (_ context: Int, _ reader: String) -> (code: Int, card: Int, protocol: UInt)
  /// Nobody else talks to the card until `disconnect`; waits for somebody who does.
  public var begin: @Sendable (_ card: Int) -> Int
  /// May never return. The length may be less than two and more than the buffer's.
  public var transmit:
    @Sendable (
      _ card: Int, _ protocol: UInt, _ command: [UInt8], _ answer: UnsafeMutableRawBufferPointer
    ) -> (code: Int, length: Int)
  /// Leaves the card as it is. After an error a reset would make pcscd 1.9.9 take a card that bounced
  /// for gone.
  public var disconnect: @Sendable (_ card: Int) -> Void

  public init(
    establish: @escaping @Sendable () -> (code: Int, context: Int),
    release: @escaping @Sendable (Int) -> Void,
    cancel: @escaping @Sendable (Int) -> Void,
    listReaders: @escaping @Sendable (Int) -> (code: Int, names: [UInt8]),
    waitForChange: @escaping @Sendable (Int, [ReaderState]) -> (code: Int, states: [UInt]),
    connect: @escaping @Sendable (Int, String) -> (code: Int, card: Int, protocol: UInt),
    begin: @escaping @Sendable (Int) -> Int,
    transmit:
      @escaping @Sendable (Int, UInt, [UInt8], UnsafeMutableRawBufferPointer) -> (
        code: Int, length: Int
      ),
    disconnect: @escaping @Sendable (Int) -> Void
  ) {
    self.establish = establish
    self.release = release
    self.cancel = cancel
    self.listReaders = listReaders
    self.waitForChange = waitForChange
    self.connect = connect
    self.begin = begin
    unsafe self.transmit = unsafe transmit
    self.disconnect = disconnect
  }
}

/// PC/SC's flags of a reader's state; above them 16 bits count insertions and removals.
public enum ReaderFlags {
  public static let unaware: UInt = 0x0000
  public static let changed: UInt = 0x0002
  public static let unknown: UInt = 0x0004
  public static let unavailable: UInt = 0x0008
  public static let empty: UInt = 0x0010
  public static let present: UInt = 0x0020
  public static let mute: UInt = 0x0200
  public static let countShift: UInt = 16
}
