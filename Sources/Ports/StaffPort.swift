public import OfficeModel

/// Who a staff PIN belongs to. The PIN comes as keyed hash only.
public struct StaffPort: Sendable {
  /// Nil: nobody's. Throws `notFound` where no PIN was made for this kiosk.
  public var identify: @Sendable (_ pin: LookupKey) async throws(PortError) -> String?

  public init(identify: @escaping @Sendable (LookupKey) async throws(PortError) -> String?) {
    self.identify = identify
  }

  /// A kiosk whose configuration names no file of PINs.
  public static let nobody = StaffPort { _ throws(PortError) in
    throw PortError(.notFound, step: "staff PIN")
  }
}

/// Tries of staff PINs, counted durably before they are judged.
public struct StaffStore: Sendable {
  /// Locked once `limit` were wrong: for `firstLock`, and longer each time. `allowed` false: locked.
  public var countTry:
    @Sendable (_ limit: Int, _ firstLock: Duration, Timestamp) async throws(PortError) -> TryVerdict
  /// Somebody proved to be staff.
  public var clearTries: @Sendable () async throws(PortError) -> Void

  public init(
    countTry:
      @escaping @Sendable (_ limit: Int, _ firstLock: Duration, Timestamp) async throws(PortError)
      ->
      TryVerdict,
    clearTries: @escaping @Sendable () async throws(PortError) -> Void
  ) {
    self.countTry = countTry
    self.clearTries = clearTries
  }
}
