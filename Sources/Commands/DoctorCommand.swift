internal import ArgumentParser
internal import Kiosk
internal import OfficeModel
internal import Ports

/// `anjungan doctor --config PATH`: looks at each device and service and says what to do.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Look at each device and service: found, state, advice.",
    discussion: """
      Exit 0 when the kiosk could open, 1 when it could not, 3 when a report that was asked for was \
      not written or not certainly printed.
      """)

  @Option(help: "The office's folder, or its kiosk.yaml.")
  var config: String

  @Option(help: "A second file with the same keys, which wins.")
  var overlay: String?

  @Option(help: "Write a readiness report as PDF to this file.")
  var report: String?

  @Flag(help: "Print the readiness report on the A4 printer; not while a kiosk is open.")
  var printReport = false

  func run() throws {
    let doctor = Doctor(config: config, overlay: overlay)
    let examination = Waiting.forResult { await doctor.examine() }
    for finding in examination.findings {
      Terminal.say("\(finding.mark) \(finding.name.english): \(finding.detail)")
      if let advice = finding.advice {
        Terminal.say("      \(advice.indonesian)")
        if advice.english != advice.indonesian { Terminal.say("      \(advice.english)") }
      }
    }
    let isReported = report == nil && !printReport ? true : handOver(doctor, examination)
    guard !examination.findings.contains(where: \.isFatal) else {
      Terminal.say("The kiosk could not open.")
      Terminal.leave(1)
    }
    Terminal.say("The kiosk could open.")
    Terminal.leave(isReported ? 0 : 3)
  }

  /// Writes and prints the report, as asked; false when any of it did not succeed.
  private func handOver(_ doctor: Doctor, _ examination: Doctor.Examination) -> Bool {
    let made: Doctor.Report
    do {
      made = try doctor.report(on: examination, version: AnjunganCommand.version)
      if let report {
        guard WholeFile.write(made.bytes, to: report) else {
          Terminal.complain("The report cannot be written: \(report)")
          return false
        }
        Terminal.say("The report has \(made.pages) page(s): \(report)")
      }
    } catch {
      Terminal.complain("No report: \(error)")
      return false
    }
    guard printReport else { return true }
    let answer = Waiting.forResult {
      await doctor.print(made) { Terminal.say("      \($0.indonesian)\n      \($0.english)") }
    }
    let (words, isWell) = Self.sentence(answer)
    Terminal.say(words.indonesian)
    Terminal.say(words.english)
    return isWell
  }

  private static func sentence(_ answer: Doctor.PrintAnswer) -> (Wording, Bool) {
    switch answer {
    case .printed:
      (Wording(indonesian: "Laporan telah dicetak.", english: "The report is printed."), true)
    case .notPrinted(let fault):
      (
        Wording(
          indonesian: "Laporan tidak dicetak: \(reason(fault).indonesian).",
          english: "The report was not printed: \(reason(fault).english)."), false
      )
    case .unknown(let fault):
      (
        Wording(
          indonesian:
            "Belum pasti laporan tercetak (\(reason(fault).indonesian)): lihat printernya.",
          english: "Nobody can tell whether it was printed (\(reason(fault).english)): look there."),
        false
      )
    case .refused(let why): (why, false)
    }
  }

  private static func reason(_ fault: DeviceFault?) -> Wording {
    fault?.words
      ?? Wording(indonesian: "printer tidak memberi tahu sebabnya", english: "it gave no reason")
  }
}
