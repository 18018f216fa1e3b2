public import OfficeModel

/// Tries of credentials, counted durably before they are judged.
public struct TryStore: Sendable {
  /// Counts a try before it is judged, per NIK and per kiosk, durably. `allowed` false: locked.
  public var count:
    @Sendable (_ nik: LookupKey, TryLimits, Timestamp) async throws(PortError) -> TryVerdict
  public var clear: @Sendable (_ nik: LookupKey) async throws(PortError) -> Void
  /// Takes back the latest try, when it is certain that nobody judged it.
  public var giveBack: @Sendable (_ nik: LookupKey) async throws(PortError) -> Void

  public init(
    count:
      @escaping @Sendable (_ nik: LookupKey, TryLimits, Timestamp) async throws(PortError) ->
      TryVerdict,
    clear: @escaping @Sendable (_ nik: LookupKey) async throws(PortError) -> Void,
    giveBack: @escaping @Sendable (_ nik: LookupKey) async throws(PortError) -> Void
  ) {
    self.count = count
    self.clear = clear
    self.giveBack = giveBack
  }
}

/// How many wrong PINs are taken in a window.
public struct TryLimits: Sendable, Equatable {
  public var perNIK: Int
  /// Of whatever NIK: who tries one common PIN on many NIKs never meets the limit of any. The tries of a
  /// holder who then proves to be one do not count, or the mistypes of a busy day would lock the kiosk;
  /// that gives nobody else's guesses back.
  public var perKiosk: Int
  /// Tries older than this no longer count.
  public var window: Duration
  public init(perNIK: Int, perKiosk: Int, window: Duration) {
    self.perNIK = perNIK
    self.perKiosk = perKiosk
    self.window = window
  }
}

public struct TryVerdict: Sendable, Equatable {
  public var allowed: Bool
  public var triesLeft: Int
  public var lockedUntil: Timestamp?
  public init(allowed: Bool, triesLeft: Int, lockedUntil: Timestamp?) {
    self.allowed = allowed
    self.triesLeft = triesLeft
    self.lockedUntil = lockedUntil
  }
}
