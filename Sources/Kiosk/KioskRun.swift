internal import CardReading
internal import DinasClient
internal import Dispatch
internal import Glibc
internal import HealthServer
internal import Journey
internal import KioskConfiguration
package import KioskShell
internal import LocalStore
internal import Logging
internal import Metrics
internal import Observability
internal import OfficeModel
internal import Ports
internal import ScannerReading
internal import Screens
package import SensitiveMemory
internal import ServiceLifecycle
internal import UseCases
internal import VerifierClient

/// One kiosk from its configuration to its end. `run` owns the main thread, which belongs to the
/// glass; everything else runs in one service group beside it.
public struct KioskRun: Sendable {
  private let settings: KioskSettings
  private let strings: [String: [String: String]]
  private let assets: AssetFolder
  private let window: WindowMode
  private let version: String
  private let youngestRestart: Duration

  /// Reads configuration and strings, and tells every problem of them at once.
  /// - Parameters:
  ///   - window: width and height in pixels; nil for the full screen.
  ///   - youngestRestart: how old the process must be to start itself anew; nil: an hour.
  public init(
    config: String, overlay: String?, window: (width: Int, height: Int)?, version: String,
    youngestRestart: Duration? = nil
  ) throws {
    self.youngestRestart = youngestRestart ?? RestartRule.youngest
    settings = try KioskConfiguration.load(path: config, overlay: overlay).settings
    let folder = try AssetSearch.folder(configured: settings.display.assetsDirectory)
    assets = AssetFolder(path: folder)
    strings = try StringsFile.load(directory: folder + "/strings", languages: settings.languages)
    self.window = window.map { .window(Size(width: $0.width, height: $0.height)) } ?? .fullScreen
    self.version = version
  }

  /// Opens the kiosk and stays until SIGTERM, SIGINT or the window's closing.
  @discardableResult
  @MainActor public func run() throws -> KioskEnd {
    try run { vault in
      try Shell(
        title: "Anjungan", mode: window, assets: assets, vault: vault,
        isSoundOn: settings.display.sound)
    }
  }

  /// Opens the kiosk on another glass than its window and stays until that ends.
  @discardableResult
  @MainActor package func run(on glass: (SecretVault) throws -> any Glass) throws -> KioskEnd {
    let registry = PrometheusRegistry()
    MetricsSystem.bootstrap(registry)
    var logger = Logger(label: "anjungan") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = .info
    let board = HealthBoard()
    let liveClock = LiveClock(jumpLimit: settings.clockJumpLimit)
    let clock = liveClock.port()
    let events = EventRecorder(logger: logger, board: board, uptime: { clock.now().uptime }).port()
    let vault = SecretVault()
    // Demonstrations may stand side by side; each has its store, which has a lock of its own.
    let lock = settings.isDemonstration ? nil : try MachineLock()
    defer { withExtendedLifetime(lock) {} }
    let parts = try KioskParts.open(settings, clock: liveClock, events: events, vault: vault)
    guard let keys = KioskKeys(lookupKey: parts.lookupKey) else {
      throw KioskProblem("The lookup key has not 32 bytes", advice: "See the README on secrets.")
    }

    let shell = try glass(vault)
    let mailbox = shell.mailbox
    let useCases = UseCaseRunner(
      ports: parts.ports, vault: vault, keys: keys, settings: UseCaseSettings(settings),
      sink: { action in
        if case .facts(let change) = action { board.take(change, at: clock.now().uptime) }
        mailbox.send(action)
      },
      looked: { board.take($0, at: clock.now().uptime) })
    let scene = try settings.sceneSocket.map { path throws(KioskProblem) in
      try SceneSocket(path: path)
    }

    let scanners = ScannerReader(
      KioskDevices.scanners(settings), vault: vault, acceptsPipes: settings.isDemonstration,
      events: events,
      outlets: .init(
        scanned: { mailbox.send(.scanned($0)) },
        changed: { board.scanner($0, $1, at: clock.now().uptime) }))

    board.connection(
      ConnectionHealth(
        certificates: parts.dinas.certificates.map {
          .init(role: $0.role.rawValue, validUntil: $0.validUntil)
        }))
    let news = StoreNews(clock: liveClock, board: board, events: events) { mailbox.send($0) }
    news.tell(parts.store)
    let gate = IdleGate()
    let services = KioskServices(
      health: HealthSource(
        identity: KioskIdentity(settings, version: version), board: board,
        heartbeat: shell.heartbeat, clock: clock, store: parts.ports.store,
        storeDirectory: settings.storage.directory,
        minimumFreeBytes: Int64(settings.storage.minimumFreeMiB) << 20, registry: registry),
      address: settings.healthAddress,
      // Nothing is served or sent from a damaged store, and nothing fetched into it.
      useCases: parts.store.trouble?.isDamage == true
        ? PrinterKeptClear(useCases: useCases) : UseCaseService(useCases: useCases),
      lateOpening: parts.store.opened == nil ? LateOpening(store: parts.store, news: news) : nil,
      verifierWatch: VerifierWatch(
        verifier: parts.devices.verifier, trust: parts.devices.trust,
        isDemonstration: settings.isDemonstration, board: board, clock: clock),
      idleRestart: parts.devices.cardReader.map { cards in
        IdleRestart(
          cards: cards, gate: gate, board: board, clock: clock, events: events,
          youngest: youngestRestart,
          isPrinting: { useCases.isPrinting },
          nudge: { mailbox.send(.facts(.clock(trusted: clock.trust() == .trusted))) })
      },
      devices: parts.devices, dinas: parts.dinas, logger: logger)
    // From the first frame on no time is shown that nobody vouches for.
    mailbox.send(.facts(.clock(trusted: clock.trust() == .trusted)))
    let ending = services.start(stop: { shell.stop() })

    let words = Dictionary(
      uniqueKeysWithValues: settings.languages.map {
        ($0, Strings(language: $0, tables: strings))
      })
    let fallback = Strings(language: settings.languages.first ?? "id", tables: strings)
    events.record(KioskEvent("kiosk.opened", level: .notice, ["version": version]))
    shell.run(
      from: JourneyState(office: OfficeProfile(settings), now: clock.now()),
      ShellProgram(
        reduce: { state, action, now in
          let effects = Journey.reduce(into: &state, action, at: now)
          if gate.mayEnd(isIdle: state.session == nil) { shell.stop() }
          return effects
        },
        nextDeadline: { $0.nextDeadline },
        frame: { state, size, measurer in
          Screens.frame(
            for: state, size: size,
            strings: words[state.preferences.language] ?? fallback,
            measure: measurer)
        },
        perform: useCases.run,
        now: clock.now,
        drawn: { number, frame in
          scene?.show(SceneDescription.json(frame, number: number))
        }))

    scanners.stop()
    services.requestStop()
    let failure = ending.wait()
    scene?.close()
    vault.wipeAll()
    try parts.store.opened?.store.close()
    let end: KioskEnd = gate.wasTaken ? .restart : .stopped
    events.record(
      KioskEvent("kiosk.closed", level: .notice, ["status": "\(end.exitStatus)"]))
    if let failure { throw failure }
    return end
  }
}
