import OfficeModel
import Ports
import TestSupport
import Testing

@testable import Printing

@Suite("What doctor says about printers", .timeLimit(.minutes(2)))
struct PrinterReportTests {
  @Test("a fault is named with its advice in both languages, an absent printer after two questions")
  func documentPrinter() async throws {
    try await withPrinter { rig in
      #expect(
        await rig.driver.report()
          == DeviceReport(printer: "document printer", fact: .ready))
      try await rig.lab.tell("attr document-format-supported image/jpeg")
      let useless = await rig.driver.report()
      #expect(!useless.found && useless.state.contains("neither PDF nor PWG raster"))
      try await rig.lab.tell("clear")
      try await rig.lab.tell("attr media-supported na_letter_8.5x11in")
      #expect(await rig.driver.report().state.contains("A4"))
      try await rig.lab.tell("clear")
      try await rig.lab.tell("attr operations-supported 2")
      #expect(await rig.driver.report().state.contains("Create-Job"))
      try await rig.lab.tell("clear")
      try await rig.lab.tell("reasons media-empty")
      let empty = await rig.driver.report()
      #expect(empty.found && empty.state == "media-empty")
      #expect(empty.advice?.indonesian == "Isi kertas.")
      #expect(empty.isDown)
      try await rig.lab.tell("reasons media-jam cover-open media-empty toner-low")
      let several = await rig.driver.report()
      #expect(several.state == "media-jam, cover-open, marker-supply-low")
      #expect(several.words.indonesian.contains("penutup terbuka"))
      #expect(several.advice?.english.contains("Close the printer's cover.") == true)
      try await rig.lab.tell("offline")
      let gone = await rig.driver.report()
      #expect(!gone.found && gone.state.hasPrefix("offline"))
      #expect(gone.advice != nil)
    }
  }
}
