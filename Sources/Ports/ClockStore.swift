public import OfficeModel

/// What the kiosk remembers of the time from run to run.
public struct ClockStore: Sendable {
  public var save: @Sendable (ClockMemory) async throws(PortError) -> Void

  public init(save: @escaping @Sendable (ClockMemory) async throws(PortError) -> Void) {
    self.save = save
  }
}
