/// Tells a scanner that types from a person who types, as a value. A scanner sends characters
/// within milliseconds of each other and ends with Enter; its bytes go to the vault one at a time.
/// What a person types comes out again as single characters.
struct ScanCollector {
  enum Output: Equatable {
    /// Another byte of a scan: add it to the secret of this scan.
    case collect(UInt8)
    /// The scan is complete.
    case finished
    /// Not a scan, or too long, or cut off: wipe what was collected.
    case discarded
    /// A person typed this.
    case typed(UInt8)
    case enter
  }

  /// Characters further apart than this come from a person.
  static let gapMilliseconds: Int64 = 80
  /// Shorter than this is a person's quick fingers.
  static let shortestScan = 6
  static let limitBytes = 512
  /// After a scan that was cut off or too long, its rest must not type digits nor press Enter.
  static let restMilliseconds: Int64 = 500

  /// The first characters, until it is clear who types; overwritten when they have gone.
  private var pending: [UInt8] = []
  private var scanned = 0
  private var lastAt: Int64 = 0
  private var deafUntil = Int64.min

  /// When `silence` must be asked, in the clock of `at`.
  var deadline: Int64? {
    pending.isEmpty && scanned == 0 ? nil : lastAt + Self.gapMilliseconds
  }

  mutating func character(_ byte: UInt8, at: Int64) -> [Output] {
    var outputs = silence(at: at)
    lastAt = at
    if isRest(at: at) { return outputs }
    if scanned > 0 {
      guard scanned < Self.limitBytes else { return outputs + discard(at: at) }
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

  mutating func enter(at: Int64) -> [Output] {
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
  mutating func silence(at: Int64) -> [Output] {
    guard let deadline, at >= deadline else { return [] }
    if scanned > 0 { return discard(at: at) }
    let typed = pending.map { Output.typed($0) }
    clearPending()
    return typed
  }

  private mutating func discard(at: Int64) -> [Output] {
    scanned = 0
    deafUntil = at + Self.restMilliseconds
    return [.discarded]
  }

  /// Each further character of the rest keeps the ears shut.
  private mutating func isRest(at: Int64) -> Bool {
    guard at < deafUntil else { return false }
    deafUntil = at + Self.restMilliseconds
    return true
  }

  private mutating func clearPending() {
    for index in pending.indices { pending[index] = 0 }
    pending.removeAll(keepingCapacity: true)
  }
}
