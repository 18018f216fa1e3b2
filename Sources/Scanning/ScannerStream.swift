/// What one grabbed scanner sends, judged event by event, as a value. Only whole scans come out: what
/// a hand types on such a device, and what is too long, torn or too often, does not.
public struct ScannerStream: Sendable {
  public enum Output: Equatable, Sendable {
    case collect(UInt8)
    case finished
    /// Wipe what was collected, if anything was, and count it.
    case discarded(ScanLoss)
  }

  /// Nobody holds up two codes within this time; a scanner whose trigger sticks sends twenty a second,
  /// and each scan may ask the Dinas.
  public static let spacingMilliseconds: Int64 = 500
  /// Typing by hand is told once for as long as it goes on with shorter pauses than this.
  public static let handMilliseconds: Int64 = 2000

  private var decoder: KeyDecoder
  private var collector: ScanCollector
  private var lastScan: Int64?
  private var lastTyped: Int64?

  public init(endsWithSilence: Bool, held: KeyDecoder.Held = KeyDecoder.Held()) {
    decoder = KeyDecoder(held)
    collector = ScanCollector(endsWithSilence: endsWithSilence)
  }

  /// When `silence` must be asked, in the clock of `at` (milliseconds).
  public var deadline: Int64? { collector.deadline }

  public mutating func take(_ event: KeyEvent, at: Int64) -> [Output] {
    switch decoder.take(event) {
    case nil: []
    case .character(let byte): judge(collector.character(byte, at: at), at: at)
    case .end: judge(collector.enter(at: at), at: at)
    case .foreign: judge(collector.spoil(.foreignKey, at: at), at: at)
    }
  }

  public mutating func silence(at: Int64) -> [Output] { judge(collector.silence(at: at), at: at) }

  /// Events went missing: no scan that was under way is believed.
  /// - Parameter held: what the device says is held now.
  public mutating func lost(held: KeyDecoder.Held, at: Int64) -> [Output] {
    decoder = KeyDecoder(held)
    return judge(collector.spoil(.eventsLost, at: at), at: at)
  }

  private mutating func judge(_ outputs: [ScanCollector.Output], at: Int64) -> [Output] {
    outputs.compactMap { output in
      switch output {
      case .collect(let byte): .collect(byte)
      case .discarded(let loss): .discarded(loss)
      case .finished: finish(at: at)
      case .typed, .enter: typed(at: at)
      }
    }
  }

  private mutating func finish(at: Int64) -> Output {
    defer { lastScan = at }
    guard let lastScan, at - lastScan < Self.spacingMilliseconds else { return .finished }
    return .discarded(.tooOften)
  }

  private mutating func typed(at: Int64) -> Output? {
    defer { lastTyped = at }
    guard let lastTyped, at - lastTyped < Self.handMilliseconds else { return .discarded(.byHand) }
    return nil
  }
}
