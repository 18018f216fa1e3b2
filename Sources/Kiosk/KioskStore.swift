internal import KioskConfiguration
internal import LocalStore
internal import OfficeModel
internal import Ports
internal import Synchronization

/// The kiosk's store as far as it opens: whatever is wrong with it must not leave the glass dark. One
/// that only cannot be opened now leaves what needs no store, and may open later.
final class KioskStore: Sendable {
  enum Trouble: Error, Sendable, Equatable {
    /// Something is damaged that cannot be fetched again: the kiosk is out of service.
    case damaged(PortError)
    /// The disk is full or read-only: what has to be recorded is not offered.
    case notWritable(PortError)
    /// Anything else that may pass, such as a disk that is not mounted.
    case notOpened(PortError)
  }

  struct Opened: Sendable {
    let store: LocalStore
    let port: StorePort
    /// What the last run knew of the time.
    let clock: ClockMemory?
    let lastTicket: Timestamp?
  }

  private enum State {
    case open(Opened)
    case closed(Trouble)
  }

  private let settings: StorageSettings
  private let lookupKey: [UInt8]
  private let state: Mutex<State>

  /// Opens the store, or finds out why it does not open.
  ///
  /// Throws `KioskProblem` or `SecretFileProblem` for what only a person at the machine can mend: a
  /// second kiosk, a missing or a wrong key, data of a later kiosk.
  init(_ settings: StorageSettings, lookupKey: [UInt8]) throws {
    self.settings = settings
    self.lookupKey = lookupKey
    state = Mutex(try Self.attempt(settings, lookupKey))
  }

  /// Nil as long as it is not open.
  var opened: Opened? {
    if case .open(let opened) = state.withLock({ $0 }) { opened } else { nil }
  }

  /// Nil once it is open.
  var trouble: Trouble? {
    if case .closed(let trouble) = state.withLock({ $0 }) { trouble } else { nil }
  }

  /// The store's own port where it is open, else one that fails until it is.
  var port: StorePort {
    if let opened { return opened.port }
    return .late { [self] () throws(PortError) in
      switch state.withLock({ $0 }) {
      case .open(let opened): return opened.port
      case .closed(let trouble): throw trouble.error
      }
    }
  }

  /// Tries again to open it. Blocks; one at a time.
  func reopen() {
    guard let trouble, !trouble.isDamage, let found = try? Self.attempt(settings, lookupKey) else {
      return
    }
    state.withLock { $0 = found }
  }

  private static func attempt(_ settings: StorageSettings, _ lookupKey: [UInt8]) throws -> State {
    do {
      let store = try LocalStore.open(
        directory: settings.directory, storeKey: try key(settings), lookupKey: lookupKey,
        mark: mark(settings), reserveBytes: Int64(settings.minimumFreeMiB) << 20)
      let known = try store.clockAtOpening()
      return .open(
        Opened(
          store: store, port: store.port(), clock: known.memory, lastTicket: known.lastTicket))
    } catch let error as PortError {
      switch error.code {
      case .storageDamaged: return .closed(.damaged(error))
      case .storageFull, .storageReadOnly: return .closed(.notWritable(error))
      case .refused, .unauthorized: throw problem(error, settings.directory)
      default: return .closed(.notOpened(error))
      }
    }
  }

  /// Makes the key where there is neither key nor data.
  private static func key(_ settings: StorageSettings) throws -> [UInt8] {
    if !SecretFile.exists(settings.storeKeyFile) {
      guard try !LocalStore.isThere(settings.directory, mark: mark(settings)) else {
        throw KioskProblem(
          "The store's key \(settings.storeKeyFile) is gone, and \(settings.directory) is sealed "
            + "with it",
          advice: "Put the key back that the data was made with; a lost key is not replaced.")
      }
      try SecretFile.makeKey(at: settings.storeKeyFile)
    }
    return try SecretFile.key(at: settings.storeKeyFile)
  }

  /// Says which store belongs to the key. Beside a key that systemd hands over nothing can stay.
  private static func mark(_ settings: StorageSettings) -> String? {
    SecretFile.isCredential(settings.storeKeyFile) ? nil : settings.storeKeyFile + ".store"
  }

  private static func problem(_ error: PortError, _ directory: String) -> KioskProblem {
    switch error.step {
    case "lock":
      KioskProblem(
        "Another kiosk already runs on \(directory)",
        advice: "One kiosk per machine: end the other first.")
    case "store key":
      KioskProblem(
        "The store's key does not open the data in \(directory)",
        advice: "Put the key back that the data was made with; a lost key is not replaced.")
    case "lookup key":
      KioskProblem(
        "The lookup key is not the one that the data in \(directory) was made with",
        advice: "Put the old one back: with another nobody's data is found.")
    default:
      KioskProblem(
        "The store in \(directory) cannot be opened (\(error))",
        advice: "The kiosk must be no older than its data.")
    }
  }
}

extension KioskStore.Trouble {
  var isDamage: Bool { if case .damaged = self { true } else { false } }

  var error: PortError {
    switch self {
    case .damaged(let error), .notWritable(let error), .notOpened(let error): error
    }
  }

  /// In the health report, and on a glass that is out of service.
  var code: String {
    switch self {
    case .damaged: "storage.damaged"
    case .notWritable: "storage.not-writable"
    case .notOpened: "storage.not-opened"
    }
  }

  /// For whoever reads the health report.
  var advice: String {
    switch self {
    case .damaged(let error):
      "The store is damaged (\(error)). Nothing was deleted: save its folder and call support."
    case .notWritable(let error):
      "The store cannot be opened (\(error)). Make room on the disk or mount it writable; the kiosk "
        + "then goes on by itself."
    case .notOpened(let error):
      "The store cannot be opened (\(error)). See that its disk is there and its folder belongs to "
        + "the kiosk's user; the kiosk then goes on by itself."
    }
  }
}
