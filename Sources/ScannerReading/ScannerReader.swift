internal import CLinux
internal import DeviceThreads
internal import Glibc
public import OfficeModel
public import Ports
public import SensitiveMemory
internal import Synchronization

/// Reads the scanners of the kiosk that type like keyboards, on one thread for all of them. They are
/// grabbed, so that their Enter presses no button; a whole scan goes into the vault and its handle to
/// `scanned`.
public final class ScannerReader: Sendable {
  public struct Outlets: Sendable {
    /// Takes the secret of a scan over; false when it could not, and it is wiped here.
    public var scanned: @Sendable (SecretHandle) -> Bool
    /// A scanner, by its label, is found differently than before.
    public var changed: @Sendable (String, ScannerState) -> Void
    public init(
      scanned: @escaping @Sendable (SecretHandle) -> Bool,
      changed: @escaping @Sendable (String, ScannerState) -> Void
    ) {
      self.scanned = scanned
      self.changed = changed
    }
  }

  private let isStopped = Atomic(false)
  /// Wakes the thread to end it.
  private let wake: Int32

  /// Starts reading at once.
  /// - Parameters:
  ///   - acceptsPipes: a recorded stream may stand in for a device (demonstrations and tests).
  public init(
    _ scanners: [TypingScanner], vault: SecretVault, acceptsPipes: Bool = false, events: EventPort,
    outlets: Outlets
  ) {
    wake = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    guard !scanners.isEmpty else { return }
    let search = ScannerSearch(acceptsPipes: acceptsPipes)
    Threads.start(name: "scanners") { [self] in
      var loop = ScannerLoop(
        scanners, search: search, vault: vault, events: events, outlets: outlets)
      while !isStopped.load(ordering: .acquiring) { loop.turn(wake: wake) }
    }
  }

  deinit { close(wake) }

  /// Lets go of the devices; soon, not before it returns.
  public func stop() {
    isStopped.store(true, ordering: .releasing)
    eventfd_write(wake, 1)
  }

  /// For `doctor`: each scanner as it is now. Taken for a moment, and not read from.
  public static func reports(_ scanners: [TypingScanner], acceptsPipes: Bool = false)
    -> [DeviceReport]
  {
    let search = ScannerSearch(acceptsPipes: acceptsPipes)
    return scanners.map { scanner in
      var count = 0
      let obstacle = search.take(scanner, except: []) { _ in count += 1 }
      return DeviceReport(
        scanner: scanner.label, state: obstacle ?? (count > 0 ? .ready : .absent))
    }
  }
}
