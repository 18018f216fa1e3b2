internal import KioskConfiguration
internal import Ports
internal import VerifierClient

/// Examines everything a kiosk needs, without opening it.
public struct Doctor: Sendable {
  let config: String
  let overlay: String?

  public init(config: String, overlay: String?) {
    self.config = config
    self.overlay = overlay
  }

  /// What was found, and what a report needs beside it.
  public struct Examination: Sendable {
    public let findings: [Finding]
    /// Nil when the configuration is wrong.
    let settings: KioskSettings?
  }

  public func examine() async -> Examination {
    let settings: KioskSettings
    do {
      settings = try KioskConfiguration.load(path: config, overlay: overlay).settings
    } catch {
      return Examination(
        findings: error.problems.map {
          Finding(
            FindingName.configuration, Wording($0.description),
            advice: Wording(
              indonesian:
                "Perbaiki di tempat yang disebut; periksa lagi dengan anjungan config check.",
              english: "Correct it where it says, and look again with anjungan config check."),
            .fatal)
        }, settings: nil)
    }
    let count = settings.services.count
    var findings = [
      Finding(
        FindingName.configuration,
        Wording(
          indonesian: "\(count) layanan, lengkap", english: "\(count) service(s), in order"), .good)
    ]
    findings += trust(settings)
    findings += secrets(settings)
    findings.append(storage(settings))
    findings += programs(settings)
    findings += trust(await KioskDevices.trustTool(settings).report(), settings)
    findings += await outside(settings)
    return Examination(findings: findings, settings: settings)
  }
}
