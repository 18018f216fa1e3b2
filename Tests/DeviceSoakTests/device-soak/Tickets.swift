import ArgumentParser
import KioskConfiguration
import OfficeModel
import Ports
import Printing
import TicketPaper

/// Takes: ticket ID NUMBER, state ID. Tells: ticket ID printed|FAULT, took ticket MICROSECONDS, state ID
/// FACT.
struct Tickets: ParsableCommand {
  @Option(help: "HOST:PORT or the path of a device.")
  var address: String
  @Option(help: "The folder of an office: its printer profiles and slips are used.")
  var office: String
  @Option(help: "A file of the printers folder.")
  var profile: String
  @Option var lie: Lie?

  func validate() throws {
    guard TicketPrinterAddress(address) != nil else { throw ValidationError("no address") }
  }

  func run() throws {
    guard let address = TicketPrinterAddress(address) else { return }
    var limits = ESCPOSTicketPrinter.Limits()
    limits.connect = .seconds(1)
    limits.stuck = .seconds(2)
    limits.confirm = .seconds(2)
    let profile = try KioskConfiguration.printerProfile(named: profile, office: office)
    let printer = ESCPOSTicketPrinter(
      address: address, profile: profile,
      template: try KioskConfiguration.ticketTemplate(named: "standard", office: office),
      limits: limits, events: EventPort { _ in })
    let port = printer.port
    let lie = lie
    Conversation.run { words in
      switch (words[0], words.count) {
      case ("ticket", 3):
        guard let number = Int(words[2]) else { return }
        lie?.leak()
        // Slips that differ in their number alone, where the code is an image.
        let ticket = Self.ticket(
          words[1], number, code: profile.qrMode == .native ? words[1] : "00000000")
        let began = ContinuousClock.now
        let fault = await port.print(ticket)
        Conversation.say("took ticket \(began.duration(to: .now) / .microseconds(1))")
        let told = lie == .confirmed ? nil : fault
        Conversation.say("ticket \(words[1]) \(told?.rawValue ?? "printed")")
      case ("state", 2): Conversation.say("state \(words[1]) \(await port.state().word)")
      default: Conversation.say("unknown \(words[0])")
      }
    }
  }

  /// An invented ticket; only its number and its code are its own.
  private static func ticket(_ id: String, _ number: Int, code: String) -> TicketPrint {
    TicketPrint(
      .ticket(
        IssuedTicket(
          id: id, number: TicketNumber(series: "A", number: number), serviceID: "kk",
          serviceName: "Kartu Keluarga", lane: .general, date: CivilDate(daysSinceEpoch: 20_777),
          issuedAt: Timestamp(seconds: 20_777 * 86_400 + 3600))),
      officeName: "Dinas Kependudukan Contoh", zone: .wita, qrPayload: "SOAK:\(code)",
      isDemonstration: true)
  }
}
