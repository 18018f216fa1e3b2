import Foundation
import KioskConfiguration
import Testing
import TicketPaper

@Suite("Printer profiles and slips as files")
struct TicketFilesTests {
  private func problems(
    printer: (String) -> String = { $0 }, slips: (String) -> String = { $0 },
    kiosk: (String) -> String = { $0 }
  ) throws -> [String] {
    let folder = try SmallOffice.folder(kiosk: kiosk)
    try folder.write(
      printer(try Project.text("kiosk-config/printers/generic-80.yaml")),
      to: "printers/generic-80.yaml")
    try folder.write(
      slips(try Project.text("kiosk-config/tickets/standard.yaml")), to: "tickets/standard.yaml")
    return KioskConfiguration.check(path: folder.path).map {
      $0.description.replacingOccurrences(of: folder.path + "/", with: "")
    }
  }

  @Test(
    "every profile of the project can be used",
    arguments: ["epson-tm-80", "epson-tm-58", "bixolon-80", "generic-80", "generic-58"])
  func profiles(name: String) throws {
    let profile = try KioskConfiguration.printerProfile(
      named: name, office: Project.path("kiosk-config/offices/tabalong"))
    #expect(profile.name == name)
    #expect(profile.paperWidthMillimetres == (name.hasSuffix("58") ? 58 : 80))
  }

  @Test(
    "what is wrong with a profile is told with its place",
    arguments: [
      ("cut: partial", "cut: half", "9:6: cut is one of none, partial, full"),
      (
        "columns: 48", "columns: 49",
        "5:12: paper.columns are characters of 12 dots: fewer fit into paper.widthDots"
      ),
      ("widthDots: 576", "widthDots: 650", "4:14: paper.widthDots is wider than the paper"),
      ("moduleDots: 7", "moduleDots: 1", "8:15: qr.moduleDots lies between 2 and 16"),
      ("cut: partial", "cut: partial\nknife: true", "10:1: unknown key 'knife'"),
      (
        "cut: partial", "cut: partial\nserial: {baud: 9601}",
        "10:16: serial.baud is one of 9600, 19200, 38400, 57600, 115200"
      ),
      (
        "cut: partial", "cut: partial\ncodePage: {name: cp1253}",
        "10:18: codePage.name is one of ascii, cp437, cp850, cp858, cp1252; did you mean 'cp1252'?"
      ),
    ])
  func wrongProfile(_ old: String, _ new: String, _ problem: String) throws {
    let found = try problems(printer: { $0.replacingOccurrences(of: old, with: new) })
    #expect(found == ["printers/generic-80.yaml:" + problem])
  }

  @Test(
    "what is wrong with a slip is told with its place, a placeholder at its own",
    arguments: [
      (
        "Pukul {time} {zone}", "Pukul {jam} {zone}",
        "21:17: queueNumber[11].text: no such placeholder; there are: {code}, {date}, {lane}, "
          + "{number}, {office}, {service}, {time}, {weekday}, {zone}"
      ),
      ("\"{lane}\"", "\"lajur {lane\"", "17:18: queueNumber[8].text: a brace without its partner"),
      (
        "  - rule\n  - text: NOMOR ANTREAN", "  - ruler\n  - text: NOMOR ANTREAN",
        "8:5: queueNumber[3] is rule, blank, logo, or a table with text or qr"
      ),
      ("size: 8", "size: 9", "11:11: queueNumber[5].size lies between 1 and 8"),
      ("size: 8", "tall: 8", "11:5: unknown key 'queueNumber[5].tall'"),
      ("general: Jalur umum", "general: ''", "41:12: words.general is empty"),
    ])
  func wrongSlip(_ old: String, _ new: String, _ problem: String) throws {
    var isFirst = true
    let found = try problems(slips: {
      defer { isFirst = false }
      guard isFirst, let range = $0.range(of: old) else { return $0 }
      return $0.replacingCharacters(in: range, with: new)
    })
    #expect(found == ["tickets/standard.yaml:" + problem])
  }

  @Test("a complaint has no service, and a slip without its number is none")
  func complaints() throws {
    let found = try problems(slips: {
      $0.replacingOccurrences(of: "NOMOR PENGADUAN", with: "Pengaduan {service}")
    })
    #expect(found.count == 1)
    #expect(
      found.first?.contains("complaint[4].text: no such placeholder; there are: {code}, {date}")
        == true)
    let numberless = try problems(slips: {
      $0.replacingOccurrences(of: "\"{number}\"", with: "\"nomor\"")
    })
    #expect(numberless.count == 2)
    #expect(numberless.allSatisfy { $0.contains("has no line of text with {number}") })
  }

  @Test("an office's own file comes before the one beside the offices")
  func ownFile() throws {
    let folder = try SmallOffice.folder()
    let own = try Project.text("kiosk-config/printers/generic-80.yaml")
    try folder.write(
      own.replacingOccurrences(of: "feedBeforeCut: 4", with: "feedBeforeCut: 9"),
      to: "printers/generic-80.yaml")
    let loaded = try KioskConfiguration.load(path: folder.path)
    #expect(loaded.settings.ticketPrinter?.profile.feedBeforeCut == 9)
    #expect(loaded.effectiveText.contains("printers.generic-80.feedBeforeCut: 9  # "))
    let office = try KioskConfiguration.load(path: Project.path("kiosk-config/offices/jember"))
    #expect(office.settings.ticketPrinter?.profile.name == "generic-80")
  }

  @Test("a name that no file has is told with those that there are")
  func unknownName() throws {
    let found = try problems(kiosk: {
      $0.replacingOccurrences(of: "9100\n", with: "9100\n    profile: epson\n")
    })
    #expect(
      found == [
        "kiosk.yaml:21:14: devices.ticketPrinter.profile names a file NAME.yaml in printers/ of the "
          + "office or beside the offices; there are: generic-80"
      ])
    let climbing = try problems(kiosk: {
      $0.replacingOccurrences(of: "9100\n", with: "9100\n    layout: ../x\n")
    })
    #expect(
      climbing == [
        "kiosk.yaml:21:13: devices.ticketPrinter.layout consists of small letters, digits and "
          + "hyphens, at most 40"
      ])
  }

  @Test("a logo is a PNG that fits the printer")
  func logo() throws {
    let folder = try SmallOffice.folder(kiosk: {
      $0.replacingOccurrences(of: "9100\n", with: "9100\n    logo: logo.png\n")
    })
    func said() -> String? { KioskConfiguration.check(path: folder.path).first?.message }
    #expect(said() == "devices.ticketPrinter.logo cannot be opened: there is no such file")
    try folder.write("GIF89a", to: "logo.png")
    #expect(said() == "devices.ticketPrinter.logo is a picture in PNG")
    let wide = try #require(MonochromeImage(width: 577, height: 8).png())
    try folder.write(Data(wide), to: "logo.png")
    #expect(
      said() == "devices.ticketPrinter.logo is 577 x 8 dots; the printer has 576 across, "
        + "and 480 are high enough")
    let good = try #require(MonochromeImage(width: 200, height: 80).png())
    try folder.write(Data(good), to: "logo.png")
    #expect(said() == nil)
    let settings = try KioskConfiguration.load(path: folder.path).settings
    #expect(settings.ticketPrinter?.logo?.width == 200)
  }
}
