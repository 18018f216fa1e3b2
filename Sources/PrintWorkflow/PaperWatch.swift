public import OfficeModel

/// Notices by a printer's own word that somebody has put paper in: it was out of it, and can print
/// again. A drawer that is opened for that, or a printer that is switched off meanwhile, is no refill.
public struct PaperWatch: Sendable, Equatable {
  private var isEmpty = false

  public init() {}

  /// True when the tray was filled.
  public mutating func looked(_ fact: DeviceFact) -> Bool {
    switch fact {
    case .down(.mediaEmpty): isEmpty = true
    case .ready, .attention:
      defer { isEmpty = false }
      return isEmpty
    case .down, .unknown, .absent: break
    }
    return false
  }

  /// Staff have said what is in the tray: the printer's word adds nothing to it.
  public mutating func told() { isEmpty = false }
}
