import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle

/// Turns the listener on and off. Off means what a pulled cable means to a loopback client: open
/// connections end and new ones are refused.
actor ServerSwitch {
  /// A kiosk needs two; this bounds what a mistake can open.
  static let connectionsLimit = 64
  /// How long answers that are on their way may still take when the listener is turned off.
  static let patience: Duration = .milliseconds(100)

  private let responder: DinasResponder
  private let tls: TLSConfiguration?
  private var running: (group: ServiceGroup, task: Task<Void, any Error>)?
  /// The port of the first start is kept for later ones.
  private(set) var port: Int

  /// - Parameter tls: nil for plain HTTP.
  init(responder: DinasResponder, port: Int, tls: TLSConfiguration? = nil) {
    self.responder = responder
    self.tls = tls
    self.port = port
  }

  var isOnline: Bool { running != nil }

  func turnOn() async throws {
    guard running == nil else { return }
    let (bound, announce) = AsyncStream.makeStream(of: Int.self)
    var logger = Logger(label: "dinas-simulator")
    logger.logLevel = .critical
    let plain = HTTPServerBuilder.http1(configuration: .init(idleTimeout: .seconds(60)))
    let application = Application(
      responder: responder,
      server: try tls.map { try .tls(plain, tlsConfiguration: $0) } ?? plain,
      configuration: ApplicationConfiguration(
        address: .hostname("127.0.0.1", port: port),
        availableConnectionsDelegate: MaximumAvailableConnections(Self.connectionsLimit)),
      onServerRunning: { channel in
        announce.yield(channel.localAddress?.port ?? 0)
        announce.finish()
      }, logger: logger)
    // Cancelling alone would drop connections that are just being accepted, which NIO forbids: so
    // the listener is closed first, and what still runs after that is cancelled.
    var configuration = ServiceGroupConfiguration(services: [application], logger: logger)
    configuration.maximumGracefulShutdownDuration = Self.patience
    let group = ServiceGroup(configuration: configuration)
    let task = Task {
      defer { announce.finish() }
      try await group.run()
    }
    for await number in bound {
      port = number
      running = (group, task)
      return
    }
    try await task.value
    throw DataProblem("port \(port) cannot be listened on")
  }

  func turnOff() async {
    guard let (group, task) = running else { return }
    running = nil
    await group.triggerGracefulShutdown()
    _ = await task.result
  }
}
