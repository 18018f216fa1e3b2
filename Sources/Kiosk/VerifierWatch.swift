internal import Observability
internal import OfficeModel
internal import Ports
internal import ServiceLifecycle
internal import VerifierClient

/// Asks the verifier now and then whether it works with this trust folder, so that health knows
/// before a citizen does.
struct VerifierWatch: Service {
  /// It works or not by what is installed; that changes seldom.
  static let interval = Duration.seconds(60)

  let verifier: DocumentVerifier
  let board: HealthBoard
  let clock: ClockPort

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        board.verifier(confinement: await verifier.confinement(), at: clock.now().uptime)
        guard (try? await clock.sleep(Self.interval)) != nil else { return }
      }
    }
  }
}
