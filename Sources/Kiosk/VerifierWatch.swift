internal import Observability
internal import OfficeModel
internal import Ports
internal import ServiceLifecycle
internal import VerifierClient

/// Asks the verifier now and then whether it works with this trust folder and how old its revocation
/// lists are, so that health knows before a citizen does.
struct VerifierWatch: Service {
  /// It works or not by what is installed; that changes seldom.
  static let interval = Duration.seconds(60)

  let verifier: DocumentVerifier
  let trust: TrustTool
  let isDemonstration: Bool
  let board: HealthBoard
  let clock: ClockPort

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        board.verifier(confinement: await verifier.confinement(), at: clock.now().uptime)
        if let report = await trust.report() {
          board.trust(
            TrustHealth(
              report, now: clock.now().wall.milliseconds / 1000, isDemonstration: isDemonstration))
        }
        guard (try? await clock.sleep(Self.interval)) != nil else { return }
      }
    }
  }
}

extension TrustHealth {
  init(_ report: TrustReport, now: Int64, isDemonstration: Bool) {
    self.init(
      lists: report.authorities.compactMap { authority in
        report.newestList(of: authority).map {
          List(
            issuer: authority.name, number: $0.number,
            issued: Timestamp(seconds: $0.thisUpdate))
        }
      },
      reasons: report.remarks(now: now, isDemonstration: isDemonstration).map {
        HealthReport.Reason(code: $0.code, advice: "\($0.text). \($0.advice)")
      })
  }
}
