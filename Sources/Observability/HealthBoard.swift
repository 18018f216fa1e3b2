public import OfficeModel
public import Ports
import Synchronization

/// What the parts of the kiosk last measured, each stamped with when. Written from anywhere, read by
/// the health endpoint; holds no personal data.
public final class HealthBoard: Sendable {
  public struct Stamped<Value: Sendable>: Sendable {
    public var value: Value
    public var at: Uptime
  }

  struct State {
    var ticketPrinter: Stamped<DeviceFact>?
    /// Whether a document can be printed, and each A4 printer by itself.
    var documentPrinter: Stamped<DeviceFact>?
    var documentPrinters: [PrinterReading] = []
    /// When each A4 printer was last looked at, by name.
    var documentPrinterLooks: [String: Uptime] = [:]
    var card: Stamped<CardReading>?
    /// By their labels.
    var scanners: [String: Stamped<ScannerState>] = [:]
    var serverReachable: Stamped<Bool>?
    var cacheSyncedAt: Timestamp?
    var storeWritable: Stamped<Bool>?
    /// What the verifier last said of its confinement; a nil value: it does not work.
    var verifier: Stamped<String?>?
    var securityEvents = 0
    /// The reason code of the last one.
    var lastSecurityEvent: Stamped<String>?
    /// When wrong staff PINs last locked the door.
    var staffLockedAt: Uptime?
    var trust: TrustHealth?
    var connection: ConnectionHealth?
    var outOfService: String?
    var cardTalksHang = false
    /// Why the store did not open.
    var storeTrouble: HealthReport.Reason?
  }
  private let state = Mutex(State())

  public init() {}

  public func ticketPrinter(_ fact: DeviceFact, at: Uptime) {
    state.withLock { $0.ticketPrinter = Stamped(value: fact, at: at) }
  }
  public func documentPrinter(_ fact: DeviceFact, at: Uptime) {
    state.withLock { $0.documentPrinter = Stamped(value: fact, at: at) }
  }
  /// - Parameter looked: the name of the one whose look it was.
  public func documentPrinters(_ readings: [PrinterReading], looked: String?, at: Uptime) {
    state.withLock { state in
      state.documentPrinters = readings
      if let looked { state.documentPrinterLooks[looked] = at }
    }
  }
  public func card(_ reading: CardReading, at: Uptime) {
    state.withLock { $0.card = Stamped(value: reading, at: at) }
  }
  public func scanner(_ label: String, _ state: ScannerState, at: Uptime) {
    self.state.withLock { $0.scanners[label] = Stamped(value: state, at: at) }
  }
  public func server(reachable: Bool, at: Uptime) {
    state.withLock { $0.serverReachable = Stamped(value: reachable, at: at) }
  }
  public func cacheSynced(at: Timestamp) { state.withLock { $0.cacheSyncedAt = at } }
  /// Whether the last commit went through.
  public func store(writable: Bool, at: Uptime) {
    state.withLock { $0.storeWritable = Stamped(value: writable, at: at) }
  }
  /// - Parameter confinement: the walls around the verifier; nil when it gives no answer.
  public func verifier(confinement: String?, at: Uptime) {
    state.withLock { $0.verifier = Stamped(value: confinement, at: at) }
  }
  public func staffLocked(at: Uptime) { state.withLock { $0.staffLockedAt = at } }
  public func trust(_ found: TrustHealth) { state.withLock { $0.trust = found } }
  public func connection(_ found: ConnectionHealth) { state.withLock { $0.connection = found } }
  public func securityEvent(reason: String, at: Uptime) {
    state.withLock { state in
      state.securityEvents += 1
      state.lastSecurityEvent = Stamped(value: reason, at: at)
    }
  }
  /// - Parameter code: `storage.damaged`, `storage.not-writable` or `storage.not-opened`.
  public func storeTrouble(code: String, advice: String) {
    state.withLock { $0.storeTrouble = HealthReport.Reason(code: code, advice: advice) }
  }
  public func storeOpened() { state.withLock { $0.storeTrouble = nil } }
  /// Whether cards are left alone because earlier talks with them hang.
  public func cardTalksHang(_ hang: Bool) { state.withLock { $0.cardTalksHang = hang } }
  public func outOfService(_ reason: String?) { state.withLock { $0.outOfService = reason } }

  func snapshot() -> State { state.withLock { $0 } }
}

/// What is asked anew for every report.
public struct HealthMeasurement: Sendable {
  public var moment: Moment
  /// Whether that moment may be built on.
  public var clockTrusted: Bool
  /// When the loop of the glass last came round; nil before its first time.
  public var loop: Uptime?
  public var frame: Uptime?
  public var touch: Uptime?
  public var frames: Int
  public var cache: CacheState?
  /// Nil: the store could not be read.
  public var outbox: OutboxState?
  /// The disk takes writes, as far as its mount says.
  public var diskWritable: Bool
  /// Less room than the configuration asks for.
  public var spaceLow: Bool
  public var freeBytes: Int64?

  public init(
    moment: Moment, clockTrusted: Bool, loop: Uptime?, frame: Uptime?, touch: Uptime?,
    frames: Int, cache: CacheState?, outbox: OutboxState?, diskWritable: Bool, spaceLow: Bool,
    freeBytes: Int64?
  ) {
    self.moment = moment
    self.clockTrusted = clockTrusted
    self.loop = loop
    self.frame = frame
    self.touch = touch
    self.frames = frames
    self.cache = cache
    self.outbox = outbox
    self.diskWritable = diskWritable
    self.spaceLow = spaceLow
    self.freeBytes = freeBytes
  }
}

/// What never changes while the kiosk runs.
public struct KioskIdentity: Sendable {
  public var office: String
  public var kiosk: String
  public var version: String
  public var demonstration: Bool
  /// The event loop must have turned within this time; a hung screen is a failure.
  public var heartbeatLimit: Duration
  public var cardReaderConfigured: Bool

  public init(
    office: String, kiosk: String, version: String, demonstration: Bool,
    heartbeatLimit: Duration = .seconds(20), cardReaderConfigured: Bool = true
  ) {
    self.office = office
    self.kiosk = kiosk
    self.version = version
    self.demonstration = demonstration
    self.heartbeatLimit = heartbeatLimit
    self.cardReaderConfigured = cardReaderConfigured
  }
}
