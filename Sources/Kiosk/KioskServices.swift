internal import DinasClient
internal import Dispatch
internal import HealthServer
internal import KioskConfiguration
internal import Logging
internal import ServiceLifecycle
internal import Synchronization
internal import UnixSignals
internal import UseCases

/// Everything beside the glass, as one service group: it ends on SIGTERM and SIGINT, and takes the
/// glass with it; when the glass ends first, it ends too.
final class KioskServices: Sendable {
  private let group: ServiceGroup
  private let devices: KioskDevices
  private let dinas: DinasConnection

  init(
    health: HealthSource, address: NetworkAddress, useCases: any Service,
    lateOpening: LateOpening?, verifierWatch: VerifierWatch, idleRestart: IdleRestart?,
    devices: KioskDevices, dinas: DinasConnection, logger: Logger
  ) {
    self.devices = devices
    self.dinas = dinas
    let server = HealthServer(
      host: address.host, port: address.port, logger: logger,
      live: health.live, ready: health.ready, health: health.health, metrics: health.metrics)
    group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [.init(service: server), .init(service: verifierWatch)]
          + (lateOpening.map { [.init(service: $0)] } ?? [])
          + (idleRestart.map { [.init(service: $0)] } ?? [])
          + [.init(service: useCases)],
        gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
  }

  /// Starts in Swift's pool.
  /// - Parameter stop: ends the glass; called once the services have ended, for whatever reason.
  func start(stop: @escaping @Sendable () -> Void) -> Ending {
    let ending = Ending()
    Task.detached { [group, devices, dinas] in
      var failure: KioskProblem?
      do { try await group.run() } catch {
        failure = KioskProblem(
          "A service of the kiosk failed (\(error))",
          advice: "Look whether health.address is free, then at the log.")
      }
      devices.close()
      await dinas.client.shutdown()
      stop()
      ending.end(failure)
    }
    return ending
  }

  /// The end of all services, for the main thread to wait for.
  final class Ending: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let failure = Mutex<KioskProblem?>(nil)

    fileprivate func end(_ problem: KioskProblem?) {
      failure.withLock { $0 = problem }
      semaphore.signal()
    }

    /// Blocks; only once the glass has ended.
    func wait() -> KioskProblem? {
      semaphore.wait()
      return failure.withLock { $0 }
    }
  }

  func requestStop() {
    Task.detached { [group] in await group.triggerGracefulShutdown() }
  }
}

/// The use cases' loops, ended tidily: a page or a slip that is being printed comes out first. The glass
/// still stands meanwhile; whoever asks it for anything more is told that it is not printed.
struct UseCaseService: Service {
  let useCases: UseCaseRunner

  func run() async throws {
    await useCases.recover()
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await useCases.serve() }
      // Ends when the shutdown begins.
      group.addTask { try? await gracefulShutdown() }
      await group.next()
      await useCases.awaitPrints()
      group.cancelAll()
    }
  }
}

/// In the place of the use cases while the store is damaged.
struct PrinterKeptClear: Service {
  let useCases: UseCaseRunner

  func run() async throws {
    await cancelWhenGracefulShutdown { await useCases.keepPrinterClear() }
  }
}
