public import ArgumentParser

/// `anjungan`: the kiosk and the tools around it.
public struct AnjunganCommand: ParsableCommand {
  public static let configuration = CommandConfiguration(
    commandName: "anjungan",
    abstract: "The runtime of a self-service kiosk (Anjungan Dukcapil Mandiri).",
    version: version,
    subcommands: [
      RunCommand.self, ConfigCommand.self, VerifyCommand.self, TrustCommand.self,
      DoctorCommand.self, AuditCommand.self, StaffCommand.self, TicketCommand.self,
    ])

  public static let version = "0.1.0"

  public init() {}
}
