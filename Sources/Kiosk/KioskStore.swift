internal import KioskConfiguration
internal import LocalStore
internal import Ports

/// The kiosk's store as far as it opens: a damaged one must not leave the glass dark, and one that
/// cannot be written now leaves what needs no store.
struct KioskStore: Sendable {
  enum Trouble: Sendable, Equatable {
    /// Something is damaged that cannot be fetched again: the kiosk is out of service.
    case damaged(PortError)
    /// The disk is full or read-only: what has to be recorded is not offered.
    case notWritable(PortError)
  }

  let store: LocalStore?
  let port: StorePort
  let trouble: Trouble?

  /// Throws `KioskProblem` or `SecretFileProblem` for what only a person at the machine can mend: a
  /// second kiosk, a missing or a wrong key.
  static func open(_ settings: StorageSettings) throws -> KioskStore {
    let directory = settings.directory
    if !SecretFile.exists(settings.storeKeyFile) {
      guard !LocalStore.isThere(directory) else {
        throw KioskProblem(
          "The store's key \(settings.storeKeyFile) is gone, and \(directory) is sealed with it",
          advice: "Put the key back that the data was made with; a lost key is not replaced.")
      }
      try SecretFile.makeKey(at: settings.storeKeyFile)
    }
    let key = try SecretFile.key(at: settings.storeKeyFile)
    do throws(PortError) {
      let store = try LocalStore.open(
        directory: directory, storeKey: key,
        reserveBytes: Int64(settings.minimumFreeMiB) << 20)
      return KioskStore(store: store, port: store.port(), trouble: nil)
    } catch {
      switch error.code {
      case .storageDamaged:
        return KioskStore(store: nil, port: .failing(error), trouble: .damaged(error))
      case .storageFull, .storageReadOnly:
        return KioskStore(store: nil, port: .failing(error), trouble: .notWritable(error))
      default: throw explain(error, directory: directory)
      }
    }
  }

  private static func explain(_ error: PortError, directory: String) -> KioskProblem {
    switch error.code {
    case .refused where error.step == "lock":
      KioskProblem(
        "Another kiosk already runs on \(directory)",
        advice: "One kiosk per machine: end the other first.")
    case .unauthorized:
      KioskProblem(
        "The store's key does not open the data in \(directory)",
        advice: "Put the key back that the data was made with; a lost key is not replaced.")
    default:
      KioskProblem(
        "The store in \(directory) cannot be opened (\(error))",
        advice:
          "Its folder must belong to the kiosk's user, and the kiosk be no older than its data.")
    }
  }
}

extension KioskStore.Trouble {
  var isDamage: Bool { if case .damaged = self { true } else { false } }

  var error: PortError {
    switch self {
    case .damaged(let error), .notWritable(let error): error
    }
  }

  /// In the health report, and on a glass that is out of service.
  var code: String {
    switch self {
    case .damaged: "storage.damaged"
    case .notWritable: "storage.not-writable"
    }
  }

  /// For whoever reads the health report.
  var advice: String {
    switch self {
    case .damaged(let error):
      "The store is damaged (\(error)). Nothing was deleted: save its folder and call support."
    case .notWritable(let error):
      "The store cannot be opened (\(error)). Make room on the disk or mount it writable, then "
        + "restart the service."
    }
  }
}
