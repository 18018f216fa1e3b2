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
  /// A page takes seconds; a print that is held is not waited for and ends as `unknown`.
  static let printGrace = Duration.seconds(20)

  private let group: ServiceGroup
  private let dinas: DinasClient
  private let logger: Logger

  init(
    health: HealthSource, address: NetworkAddress, useCases: UseCaseRunner, dinas: DinasClient,
    logger: Logger
  ) {
    self.logger = logger
    self.dinas = dinas
    let server = HealthServer(
      host: address.host, port: address.port, logger: logger,
      live: health.live, ready: health.ready, health: health.health, metrics: health.metrics)
    group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [
          .init(service: server), .init(service: UseCaseService(useCases: useCases)),
        ],
        gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
  }

  /// Starts in Swift's pool, and says when all has ended.
  /// - Parameter stop: ends the glass; called once the services have ended, for whatever reason.
  func start(stop: @escaping @Sendable () -> Void) -> DispatchSemaphore {
    let ended = DispatchSemaphore(value: 0)
    Task.detached { [group, dinas, logger] in
      do { try await group.run() } catch {
        logger.error("services.failed", metadata: ["error": "\(error)"])
      }
      await dinas.shutdown()
      stop()
      ended.signal()
    }
    return ended
  }

  func requestStop() {
    Task.detached { [group] in await group.triggerGracefulShutdown() }
  }
}

/// The use cases' loops, ended tidily: a page that is being printed comes out first.
struct UseCaseService: Service {
  let useCases: UseCaseRunner

  func run() async throws {
    await useCases.recover()
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await useCases.serve() }
      // Ends when the shutdown begins.
      group.addTask { try? await gracefulShutdown() }
      await group.next()
      await useCases.awaitPrint(atMost: KioskServices.printGrace)
      group.cancelAll()
    }
  }
}
