public import OfficeModel

/// What is remembered of paper.
public struct SuppliesStore: Sendable {
  /// Notes that a tray was filled, with an entry on the record.
  public var refill: @Sendable (PaperRefill, _ who: String) async throws(PortError) -> Void
  /// The last refill of a printer, and what was printed in the weeks before this time.
  public var paper:
    @Sendable (_ printer: String, Timestamp) async throws(PortError) -> (PaperRefill?, RecentPrints)

  public init(
    refill: @escaping @Sendable (PaperRefill, _ who: String) async throws(PortError) -> Void,
    paper:
      @escaping @Sendable (_ printer: String, Timestamp) async throws(PortError) ->
      (PaperRefill?, RecentPrints)
  ) {
    self.refill = refill
    self.paper = paper
  }
}
