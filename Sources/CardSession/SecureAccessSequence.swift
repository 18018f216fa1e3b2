/// How a KTP-el and the Dukcapil's secure access module (SAM) prove themselves to one another, and how
/// a protected file is then read through both: the known steps as a state machine without I/O.
///
/// It holds no byte of an answer: it says which bytes of the last one to keep, and which to put aside for
/// a later command.
/// File ids and steps after public sources; whether a given generation of cards follows them is to be
/// tried with a real one.
public struct SecureAccessSequence: Sendable {
  public enum Target: Sendable, Equatable { case card, module }

  /// What a command carries besides its own bytes.
  public enum Body: Sendable, Equatable {
    case none
    /// The same for every card.
    case bytes([UInt8])
    /// The module's opening secret: CONF xor PCID, 32 bytes.
    case secret
    /// All that was put aside, which is of no use any more then.
    case aside
    /// The data of the answer before, as the command's data.
    case lastAnswer
    /// The data of the answer before is the whole command.
    case wholeLastAnswer
  }

  public enum Step: Sendable, Equatable {
    case send(Target, header: [UInt8], Body, answerLimit: Int)
    /// The card has proved itself to the module and the module to the card, and all is read.
    case finished
    /// Where it ended; names a step, carries no byte.
    case refused(String)
  }

  /// What to do with an answer, and what comes then.
  public struct Outcome: Sendable, Equatable {
    /// To be added to what was read.
    public var keep: Range<Int>?
    /// To be added to what is put aside: `asideLimitBytes` at most in all.
    public var aside: Aside?
    public var next: Step
  }

  public struct Aside: Sendable, Equatable {
    /// Comes before them.
    public var mark: UInt8?
    public var bytes: Range<Int>
  }

  private enum Phase: String {
    case open, reset, application, controlFile, control, typeA, typeB, challenge
    case calculate, externalAuthenticate, internalAuthenticate
    case wrapSelect, select, unwrapSelect, wrapRead, read, unwrapRead
    case over
  }

  /// EF biodata.
  static let biodataFile: [UInt8] = [0x6F, 0xF1]
  /// Two bytes of length, then 51 or 29 of content: the two generations of cards.
  static let controlLengths: Set<Int> = [51, 29]
  static let proofBytes = 40
  /// Control file, number and challenge of a card.
  public static let asideLimitBytes = 51 + 8 + 8
  /// A multiple of 8 that, wrapped, fits an answer of 256 bytes.
  static let chunkBytes = 224
  /// The whole card holds 8 KiB.
  static let fileLimitBytes = 8192
  private static let commandLimitBytes = 255

  private var phase = Phase.open
  /// 1 for cards with the longer control file.
  private var generation: UInt8 = 0
  /// Of the protected file, two bytes of length included; nil before they are read.
  private var total: Int?
  private var offset = 0
  private var asked = 0

  public init() {}

  /// The first command.
  public var first: Step { .send(.module, header: [0x00, 0xF0, 0, 0], .secret, answerLimit: 0) }

  /// - Parameters:
  ///   - status: the answer's status word.
  ///   - count: how many bytes come before it.
  ///   - byte: one of them.
  public mutating func take(status: Int, count: Int, byte: (Int) -> UInt8) -> Outcome {
    // Only the reader's own command for the number of a card may fail: type B has another.
    // And the shorter of the two control files ends before what is asked for.
    let isFine =
      status == 0x9000 || phase == .typeA || phase == .control && status == 0x6282
    guard isFine else { return refuse() }
    switch phase {
    case .open: return go(.reset, .module, [0x00, 0xFF, 0, 0], .none)
    case .reset: return go(.application, .card, [0x00, 0xA4, 0, 0], .bytes([0x7F, 0x0A]), 256)
    case .application:
      return go(.controlFile, .card, [0x00, 0xA4, 0, 0], .bytes([0x6F, 0xF0]), 256)
    case .controlFile: return go(.control, .card, [0x00, 0xB0, 0, 0, 0x35], .none, 0x35)
    case .control:
      guard count >= 2 else { return refuse() }
      let length = Int(byte(0)) << 8 | Int(byte(1))
      guard Self.controlLengths.contains(length), count >= length + 2 else { return refuse() }
      generation = length == 51 ? 1 : 0
      return go(
        .typeA, .card, [0xFF, 0xCA, 0, 0, 0], .none, 256,
        aside: Aside(bytes: 2..<length + 2))
    case .typeA:
      guard status == 0x9000, count == 7 else {
        return go(.typeB, .card, [0x00, 0xDD, 0, 0, 8], .none, 8)
      }
      return go(
        .challenge, .card, [0x00, 0x84, 0, 0, 8], .none, 8,
        aside: Aside(mark: 0x80, bytes: 0..<7))
    case .typeB:
      guard count == 8 else { return refuse() }
      return go(
        .challenge, .card, [0x00, 0x84, 0, 0, 8], .none, 8,
        aside: Aside(bytes: 0..<8))
    case .challenge:
      guard count == 8 else { return refuse() }
      return go(
        .calculate, .module, [0x00, 0xF1, 0, generation], .aside, Self.proofBytes,
        aside: Aside(bytes: 0..<8))
    case .calculate:
      guard count == Self.proofBytes else { return refuse() }
      return go(.externalAuthenticate, .card, [0x00, 0x82, 0, 0], .lastAnswer, 256)
    case .externalAuthenticate:
      guard count > 0, count <= Self.commandLimitBytes else { return refuse() }
      return go(.internalAuthenticate, .module, [0x00, 0xF2, 0, 0], .lastAnswer)
    case .internalAuthenticate:
      return wrap(.wrapSelect, [0x00, 0xA4, 0, 0, 2] + Self.biodataFile)
    case .wrapSelect: return go(.select, .card, [], .wholeLastAnswer, 256)
    case .select: return unwrap(.unwrapSelect, count)
    case .unwrapSelect: return read(8)
    case .wrapRead: return go(.read, .card, [], .wholeLastAnswer, 256)
    case .read: return unwrap(.unwrapRead, count)
    case .unwrapRead: return took(count, byte)
    case .over: return refuse()
    }
  }

  private mutating func took(_ count: Int, _ byte: (Int) -> UInt8) -> Outcome {
    guard count >= asked else { return refuse() }
    var start = 0
    if total == nil {
      let length = Int(byte(0)) << 8 | Int(byte(1))
      guard length > 0, length + 2 <= Self.fileLimitBytes else { return refuse() }
      total = length + 2
      start = 2
    }
    let left = (total ?? 0) - offset
    let keep = start..<min(asked, left)
    offset += keep.upperBound
    guard left > asked else {
      phase = .over
      return Outcome(keep: keep, next: .finished)
    }
    var outcome = read(min(Self.chunkBytes, (left - asked + 7) / 8 * 8))
    outcome.keep = keep
    return outcome
  }

  private mutating func read(_ count: Int) -> Outcome {
    asked = count
    return wrap(
      .wrapRead, [0x00, 0xB0, UInt8(offset >> 8 & 0x7F), UInt8(offset & 0xFF), UInt8(count)])
  }

  private mutating func wrap(_ next: Phase, _ command: [UInt8]) -> Outcome {
    go(next, .module, [0x00, 0xF3, 0, 0], .bytes(command), 256)
  }

  private mutating func unwrap(_ next: Phase, _ count: Int) -> Outcome {
    guard count > 0, count <= Self.commandLimitBytes else { return refuse() }
    return go(next, .module, [0x00, 0xF4, 0, 0], .lastAnswer, 256)
  }

  private mutating func go(
    _ next: Phase, _ target: Target, _ header: [UInt8], _ body: Body, _ answerLimit: Int = 0,
    aside: Aside? = nil
  ) -> Outcome {
    phase = next
    return Outcome(
      keep: nil, aside: aside, next: .send(target, header: header, body, answerLimit: answerLimit))
  }

  private mutating func refuse() -> Outcome {
    defer { phase = .over }
    return Outcome(keep: nil, next: .refused(phase.rawValue))
  }
}
