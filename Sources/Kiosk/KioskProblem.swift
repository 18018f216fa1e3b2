/// Why the kiosk could not start: what happened and what to do, for the person at the terminal.
public struct KioskProblem: Error, Sendable, CustomStringConvertible {
  public let what: String
  public let advice: String

  public init(_ what: String, advice: String) {
    self.what = what
    self.advice = advice
  }

  public var description: String { "\(what). \(advice)" }
}
