/// Tells a scanner that types from a person who types, as a value. A scanner sends characters
/// within milliseconds of each other and ends with Enter; its bytes go to the vault one at a time.
/// What a person types comes out again as single characters.
public struct ScanCollector: Sendable {
  public enum Output: Equatable, Sendable {
    /// Another byte of a scan: add it to the secret of this scan.
    case collect(UInt8)
    /// The scan is complete.
    case finished
    /// Wipe what was collected.
    case discarded(ScanLoss)
    /// A person typed this.
    case typed(UInt8)
    case enter
  }

  /// Characters further apart than this come from a person.
  public static let gapMilliseconds: Int64 = 80
  /// Shorter than this is a person's quick fingers.
  public static let shortestScan = 6
  /// A QR code of the Dinas has some dozens; more than this is none of theirs.
  public static let limitBytes = 512
  /// After a scan that was cut off or too long, its rest must not type digits nor press Enter.
  public static let restMilliseconds: Int64 = 500

  /// For scanners that are set to send nothing after the code.
  private let endsWithSilence: Bool
  /// The first characters, until it is clear who types; overwritten when they have gone.
  private var pending: [UInt8] = []
  private var scanned = 0
  private var lastAt: Int64 = 0
  private var deafUntil = Int64.min

  public init(endsWithSilence: Bool = false) { self.endsWithSilence = endsWithSilence }

  /// When `silence` must be asked, in the clock of `at` (milliseconds).
  public var deadline: Int64? {
    pending.isEmpty && scanned == 0 ? nil : lastAt + Self.gapMilliseconds
  }

  public mutating func character(_ byte: UInt8, at: Int64) -> [Output] {
    var outputs = silence(at: at)
    lastAt = at
    if isRest(at: at) { return outputs }
    if scanned > 0 {
      guard scanned < Self.limitBytes else { return outputs + discard(.tooLong, at: at) }
      scanned += 1
      outputs.append(.collect(byte))
      return outputs
    }
    pending.append(byte)
    if pending.count == Self.shortestScan {
      outputs += pending.map { .collect($0) }
      scanned = pending.count
      clearPending()
    }
    return outputs
  }

  public mutating func enter(at: Int64) -> [Output] {
    var outputs = silence(at: at)
    if isRest(at: at) { return outputs }
    if scanned > 0 {
      scanned = 0
      return outputs + [.finished]
    }
    outputs += pending.map { .typed($0) }
    clearPending()
    return outputs + [.enter]
  }

  /// To be asked when the deadline has come: a person's characters come out, half a scan goes.
  public mutating func silence(at: Int64) -> [Output] {
    guard let deadline, at >= deadline else { return [] }
    if scanned > 0 {
      guard endsWithSilence else { return discard(.cutOff, at: at) }
      scanned = 0
      return [.finished]
    }
    let typed = pending.map { Output.typed($0) }
    clearPending()
    return typed
  }

  /// Something came that no code holds: what was collected goes, and the rest of it is not heard.
  public mutating func spoil(_ loss: ScanLoss, at: Int64) -> [Output] {
    let outputs = silence(at: at)
    lastAt = at
    if isRest(at: at) { return outputs }
    clearPending()
    return outputs + discard(loss, at: at)
  }

  private mutating func discard(_ loss: ScanLoss, at: Int64) -> [Output] {
    scanned = 0
    beDeaf(from: at)
    return [.discarded(loss)]
  }

  /// Each further character of the rest keeps the ears shut.
  private mutating func isRest(at: Int64) -> Bool {
    guard at < deafUntil else { return false }
    beDeaf(from: at)
    return true
  }

  /// A device whose times jump back opens no ears.
  private mutating func beDeaf(from at: Int64) {
    deafUntil = max(deafUntil, at + Self.restMilliseconds)
  }

  private mutating func clearPending() {
    for index in pending.indices { pending[index] = 0 }
    pending.removeAll(keepingCapacity: true)
  }
}

/// Why a scan came to nothing. The words go into the log; what was scanned does not.
public enum ScanLoss: String, Sendable, CaseIterable {
  case tooLong = "too-long"
  /// Its end did not come.
  case cutOff = "cut-off"
  /// A key that types none of the allowed characters, or Ctrl, Alt or Meta held with one.
  case foreignKey = "foreign-key"
  /// The kernel's buffer ran over, or what came was no key event.
  case eventsLost = "events-lost"
  /// At a person's pace, or shorter than any code.
  case byHand = "by-hand"
  /// Sooner after the last one than anybody can hold up the next code.
  case tooOften = "too-often"
}
