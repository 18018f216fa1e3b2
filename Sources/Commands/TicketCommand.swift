internal import ArgumentParser
internal import DinasProtocol
internal import KioskConfiguration
internal import OfficeModel
internal import Ports
internal import TicketPaper

/// `anjungan ticket preview`: how a slip looks, without a printer.
struct TicketCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ticket", abstract: "The slips that the ticket printer prints.",
    subcommands: [Preview.self])

  struct Preview: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Draw a slip with an invented number as the printer would, into a PNG.")

    enum Slip: String, ExpressibleByArgument, CaseIterable { case queueNumber, complaint }

    @Option(help: "The office's folder, or its kiosk.yaml.")
    var config: String

    @Option(help: "A second file with the same keys, which wins.")
    var overlay: String?

    @Option(help: "Another printer profile than the configuration's.")
    var profile: String?

    @Option(help: "Another layout than the configuration's.")
    var layout: String?

    @Option(help: "Which slip: queueNumber or complaint.")
    var slip = Slip.queueNumber

    @Flag(help: "With the longest queue number that the office can give.")
    var longest = false

    @Option(help: "The PNG to write.")
    var output: String

    func run() throws {
      do {
        let settings = try KioskConfiguration.load(path: config, overlay: overlay).settings
        guard let printer = settings.ticketPrinter else {
          throw ValidationError("The configuration has no devices.ticketPrinter.")
        }
        try check(
          "--profile", profile, among: KioskConfiguration.printerProfileNames(office: config))
        try check("--layout", layout, among: KioskConfiguration.ticketTemplateNames(office: config))
        let profile =
          try profile.map { try KioskConfiguration.printerProfile(named: $0, office: config) }
          ?? printer.profile
        let template =
          try layout.map { try KioskConfiguration.ticketTemplate(named: $0, office: config) }
          ?? printer.template
        let picture = try TicketPicture(
          TicketLayout(sample(settings), template), profile: profile, logo: printer.logo)
        guard let png = picture.image.png() else {
          throw ValidationError("The slip is empty: there is nothing to draw.")
        }
        guard WholeFile.write(png, to: output) else {
          throw ValidationError("\(output) cannot be written.")
        }
        Terminal.say("\(output): \(picture.image.width) x \(picture.image.height) dots, 203 dpi")
      } catch let problems as ConfigurationProblems {
        Terminal.complain(problems.description)
        throw ExitCode(1)
      } catch let font as PrinterFont.Missing {
        Terminal.complain(font.description)
        throw ExitCode(1)
      }
    }

    /// A name that nobody knows is no fault of the configuration.
    private func check(_ option: String, _ name: String?, among known: [String]) throws {
      guard let name, !known.contains(name) else { return }
      let rest = known.isEmpty ? "there are none" : "there are: \(known.joined(separator: ", "))"
      Terminal.complain("\(option): there is no '\(name)'; \(rest)")
      throw ExitCode(1)
    }

    /// The longest that the server may have an office give: a priority lane, in a kiosk's own series.
    private func longestNumber(_ services: [ServiceStandard]) -> TicketNumber {
      let letters = services.map(\.series).max { $0.count < $1.count } ?? "A"
      let own = TicketNumber.priorityMark + letters
      let digits = max(0, DinasAPI.Limit.seriesCharacters - own.count)
      return TicketNumber(
        series: own + String(repeating: "9", count: digits), number: DinasAPI.Limit.ticketNumber)
    }

    /// A slip of nobody: the office's first service, on an invented day.
    private func sample(_ settings: KioskSettings) -> TicketPrint {
      let at = Timestamp(seconds: 1_795_138_860)  // 20 November 2026, 01.01 UTC
      let service = settings.services.first
      let subject: TicketPrint.Subject
      switch slip {
      case .queueNumber:
        let number =
          longest
          ? longestNumber(settings.services)
          : TicketNumber(series: service?.series ?? "A", number: 7)
        subject = .ticket(
          IssuedTicket(
            id: "contoh", number: number, serviceID: service?.id ?? "",
            serviceName: service?.shortTitle ?? "", lane: .general,
            date: LocalTime(at, in: settings.office.zone).date, issuedAt: at))
      case .complaint:
        subject = .complaint(
          Complaint(id: "contoh", number: "CNTH-7777", kind: .waiting, filedAt: at))
      }
      let code =
        switch subject {
        case .ticket(let ticket):
          "\(ticket.number) \(ticket.date) 00000000-0000-4000-8000-000000000000"
        case .complaint(let complaint): complaint.number
        }
      return TicketPrint(
        subject, officeName: settings.office.name, zone: settings.office.zone, qrPayload: code,
        isDemonstration: settings.isDemonstration)
    }
  }
}
