/// What one grabbed scanner sends, judged event by event, as a value. Only whole scans come out: what
/// a hand types on such a device, and what is too long, torn or too often, does not.
public struct ScannerStream: Sendable {
  public enum Output: Equatable, Sendable {
    case collect(UInt8)
    case finished
    /// Wipe what was collected, if anything was.
    case discarded
    /// Why nothing came of it, for the log.
    case lost(ScanLoss)
  }

  /// Nobody holds up two codes within this time; a scanner whose trigger sticks sends twenty a second,
  /// and each scan may ask the Dinas.
  public static let spacingMilliseconds: Int64 = 500
  /// A loss is told once for as long as it goes on with shorter pauses than this: a trigger that sticks
  /// or a broken device must not fill the log.
  public static let tellingMilliseconds: Int64 = 2000

  private var decoder: KeyDecoder
  private var collector: ScanCollector
  private var lastScan: Int64?
  private var lastLost: [ScanLoss: Int64] = [:]

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
    outputs.flatMap { output -> [Output] in
      switch output {
      case .collect(let byte): [.collect(byte)]
      case .discarded(let loss): [.discarded] + tell(loss, at: at)
      case .finished: finish(at: at)
      case .typed, .enter: tell(.byHand, at: at)
      }
    }
  }

  private mutating func finish(at: Int64) -> [Output] {
    defer { lastScan = max(lastScan ?? at, at) }
    guard let lastScan, at - lastScan < Self.spacingMilliseconds else { return [.finished] }
    return [.discarded] + tell(.tooOften, at: at)
  }

  private mutating func tell(_ loss: ScanLoss, at: Int64) -> [Output] {
    let last = lastLost[loss]
    lastLost[loss] = max(last ?? at, at)
    guard let last, at - last < Self.tellingMilliseconds else { return [.lost(loss)] }
    return []
  }
}
