public import Ports

/// What a readiness report tells, as `doctor` found it.
public struct Readiness: Sendable, Equatable {
  public enum Mark: Sendable, Equatable, CaseIterable { case good, attention, bad, fatal }

  public struct Finding: Sendable, Equatable {
    public var mark: Mark
    public var name: Wording
    public var state: Wording
    public var advice: Wording?
    public init(mark: Mark, name: Wording, state: Wording, advice: Wording?) {
      self.mark = mark
      self.name = name
      self.state = state
      self.advice = advice
    }
  }

  /// Of the office; empty where the configuration could not be read.
  public var office: String
  public var kiosk: String
  public var version: String
  /// Date and time at the kiosk, with its zone, in words of both languages.
  public var moment: Wording
  public var isDemonstration: Bool
  public var findings: [Finding]

  public init(
    office: String, kiosk: String, version: String, moment: Wording, isDemonstration: Bool,
    findings: [Finding]
  ) {
    self.office = office
    self.kiosk = kiosk
    self.version = version
    self.moment = moment
    self.isDemonstration = isDemonstration
    self.findings = findings
  }

  /// The worst of the findings.
  public var mark: Mark {
    for mark in [Mark.fatal, .bad, .attention] where findings.contains(where: { $0.mark == mark }) {
      return mark
    }
    return .good
  }

  /// What the whole comes to, in one line.
  public var verdict: Wording {
    switch mark {
    case .good: Wording(indonesian: "Siap melayani", english: "Ready to serve")
    case .attention:
      Wording(
        indonesian: "Siap, ada yang perlu dilihat", english: "Ready, with something to look at")
    case .bad:
      Wording(indonesian: "Sebagian layanan terganggu", english: "Some of it does not work")
    case .fatal:
      Wording(indonesian: "Anjungan tidak dapat dibuka", english: "The kiosk cannot open")
    }
  }
}
