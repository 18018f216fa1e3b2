import OfficeModel
import Ports
import Testing
import TicketPaper

@testable import Printing

/// A printer whose sensor tells that the paper is out and stops nothing: it takes the slip, and its
/// answer to GS r says that there is no paper.
@Suite("A ticket printer that goes on without paper", .timeLimit(.minutes(1)))
struct TicketPaperEndTests {
  @Test("no slip without paper counts as printed", arguments: Slips.profileNames)
  func withoutPaper(profile: String) async throws {
    for isSerial in [false, true] {
      // A printer that cannot be cleared gets its slip when all that is older is through, which takes
      // a second.
      for milliseconds in stride(from: 0, to: 1_500, by: 5) {
        let run = try SimulatedTicketRun(profile, isSerial: isSerial) { machine, _ in
          machine.goesOnWithoutPaper = true
        }
        run.printer.failNext(
          .paperOut, after: .milliseconds(milliseconds), lasting: .seconds(900))
        try await run.play()
      }
    }
  }

  @Test("its answer is the media's end; one of a roll near its end is a confirmation")
  func answers() async throws {
    for (byte, fault) in [
      (UInt8(0x00), nil), (0x03, nil), (0x0C, DeviceFault.mediaEmpty), (0x0F, .mediaEmpty),
      (0x04, .mediaEmpty), (0x08, .mediaEmpty),
    ] {
      for profile in ["epson-tm-80", "generic-80"] {
        let printer = ESCPOSTicketPrinter(
          dial: { _, _ in AnsweringLink(confirmation: byte) }, profile: try Slips.profile(profile),
          template: try Slips.template(), events: EventPort { _ in })
        #expect(await printer.port.print(Slips.ticket()) == fault, "\(byte), \(profile)")
        // By its status alone it is well; the doctor hears more.
        let report = await printer.report(isKioskOpen: false)
        #expect(report.state == fault?.rawValue ?? "ready", "\(byte), \(profile)")
      }
    }
  }
}
