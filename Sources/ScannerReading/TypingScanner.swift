/// One scanner as the office names it.
public struct TypingScanner: Sendable, Hashable {
  public enum Sign: Sendable, Hashable {
    /// Part of the name that the device tells.
    case name(String)
    case ids(vendor: UInt16, product: UInt16)
    case path(String)
  }

  /// How it is called in the log, in health and by `doctor`.
  public var label: String
  public var sign: Sign
  /// For scanners that are set to send nothing after the code.
  public var endsWithSilence: Bool

  public init(label: String, sign: Sign, endsWithSilence: Bool = false) {
    self.label = label
    self.sign = sign
    self.endsWithSilence = endsWithSilence
  }
}
