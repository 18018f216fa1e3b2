public import SensitiveMemory

/// The bytes of one scan on their way into the vault; nothing else ever holds them together.
public struct ScanBasket: Sendable {
  private let vault: SecretVault
  private var handle: SecretHandle?
  private var count = 0

  public init(vault: SecretVault) { self.vault = vault }

  /// When there is no memory to be had the scan comes to nothing and the citizen types.
  public mutating func collect(_ byte: UInt8) {
    if handle == nil { handle = try? vault.makeBulk(capacity: ScanCollector.limitBytes) }
    count += 1
    if let handle { try? vault.append(byte, to: handle) }
  }

  /// The whole scan; nil when a part of it is missing, as after a session that ended meanwhile and
  /// took what there was with it.
  public mutating func finish() -> SecretHandle? {
    guard let whole = handle, vault.count(of: whole) == count else {
      wipe()
      return nil
    }
    handle = nil
    count = 0
    return whole
  }

  public mutating func wipe() {
    if let handle { vault.wipe(handle) }
    handle = nil
    count = 0
  }
}
