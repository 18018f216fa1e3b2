internal import ArgumentParser
internal import Kiosk

/// `anjungan doctor --config PATH`: looks at each device and service and says what to do.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Look at each device and service: found, state, advice.",
    discussion: "Exit 0 when the kiosk could open, 1 when it could not.")

  @Option(help: "The office's folder, or its kiosk.yaml.")
  var config: String

  @Option(help: "A second file with the same keys, which wins.")
  var overlay: String?

  func run() throws {
    let findings = Waiting.forResult { await Doctor(config: config, overlay: overlay).examine() }
    for finding in findings {
      Terminal.say("\(finding.mark) \(finding.name): \(finding.state)")
      if let advice = finding.advice { Terminal.say("      \(advice)") }
    }
    guard !findings.contains(where: \.isFatal) else {
      Terminal.say("The kiosk could not open.")
      throw ExitCode(1)
    }
    Terminal.say("The kiosk could open.")
  }
}
