/// Why staff can vouch that a job left at the printer cannot come out of it any more.
public enum PrinterClearing: String, Sendable, CaseIterable {
  /// They have emptied its queue, and looked.
  case emptied
  /// It was taken away, or another one stands in its place.
  case replaced
}
