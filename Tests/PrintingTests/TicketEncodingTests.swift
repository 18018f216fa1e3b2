import Foundation
import OfficeModel
import Ports
import TestSupport
import Testing

@testable import TicketPaper

@Suite("A slip as bytes and dots")
struct TicketEncodingTests {
  private func encode(_ slip: TicketPrint, _ name: String) throws -> [UInt8] {
    ESCPOSEncoder(profile: try Slips.profile(name)).encode(
      TicketLayout(slip, try Slips.template()))
  }

  @Test("the number is printed large, the ticket is cut, and text cannot command the printer")
  func bytes() throws {
    var ticket = Slips.ticket()
    ticket.officeName = "Dinas\u{1B}@ \u{2013} Caf\u{E9}"
    let bytes = try encode(ticket, "epson-tm-80")
    // ESC @, automatic status on, code page 16.
    #expect(bytes.starts(with: [0x1B, 0x40, 0x1D, 0x61, 0x0E, 0x1B, 0x74, 16]))
    #expect(bytes.suffix(6) == [0x1B, 0x64, 4, 0x1D, 0x56, 1])
    // Eight times as wide and high.
    #expect(contains(bytes, [0x1D, 0x21, 0x77] + Array("A-007".utf8) + [0x0A]))
    #expect(contains(bytes, Array("Dinas?@ ".utf8) + [0x96, 0x20] + Array("Caf".utf8) + [0xE9]))
  }

  @Test(
    "letters stand where each code page has them, or without their accent",
    arguments: [
      (CodePage.ascii, "Cafe EUR - \"x\"..."),
      (.cp1252, "Caf\u{E9} \u{80} \u{96} \u{93}x\u{94}\u{85}"),
      (.cp437, "Caf\u{82} EUR - \"x\"..."), (.cp850, "Caf\u{82} EUR - \"x\"..."),
      (.cp858, "Caf\u{82} \u{D5} - \"x\"..."),
    ])
  func codePages(page: CodePage, bytes: String) {
    let expected = bytes.unicodeScalars.map { UInt8($0.value) }
    #expect(page.bytes(of: "Café € – “x”…") == expected)
    // An accent that is a scalar of its own, and letters that no page here has.
    #expect(page.bytes(of: "e\u{301}ḍ") == Array("ed".utf8))
    #expect(page.bytes(of: "\u{1D}V\n漢") == Array("?V ?".utf8))
    for byte in UInt8(0x20)...0x7E {
      #expect(page.character(of: byte) == Unicode.Scalar(byte))
    }
  }

  @Test("what a page encodes it also shows, and never as a control byte")
  func codePagesBackwards() {
    for page in CodePage.allCases {
      for value in UInt32(0xA1)...0xFF where value != 0xAD {
        guard let scalar = Unicode.Scalar(value) else { continue }
        let bytes = page.bytes(of: String(scalar))
        #expect(bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "\(page) \(scalar)")
        if let byte = bytes.first, byte >= 0x80 { #expect(page.character(of: byte) == scalar) }
      }
    }
  }

  @Test("lines break between words; a long number is made smaller, not broken")
  func wrapping() throws {
    #expect(
      TicketComposition.wrapped(Array("satu dua tiga".utf8), columns: 8) == [
        Array("satu dua".utf8), Array("tiga".utf8),
      ])
    var issued = Slips.issued
    issued.number = TicketNumber(series: "PRIO", number: 1234)
    var ticket = Slips.ticket()
    ticket.subject = .ticket(issued)
    let bytes = try encode(ticket, "generic-58")
    #expect(contains(bytes, [0x1D, 0x21, 0x22] + Array("PRIO-1234".utf8) + [0x0A]))
  }

  @Test("a complaint's slip has its number, its day and what it is good for")
  func complaint() throws {
    var slip = Slips.ticket()
    slip.subject = .complaint(
      Complaint(id: "c", number: "WM4Q-XH8W", kind: .fee, filedAt: Slips.issued.issuedAt))
    let bytes = try encode(slip, "generic-58")
    // Lines are broken between words.
    for words in ["NOMOR PENGADUAN", "WM4Q-XH8W", "Pukul 09.41 WITA", "loket"] {
      #expect(contains(bytes, Array(words.utf8)), "\(words)")
    }
    // What it is about is the citizen's own affair: the slip may be found by anybody.
    #expect(!contains(bytes, Array("membayar".utf8)))
    slip.subject = .complaint(
      Complaint(id: "c", number: "WM4Q-XH8W", kind: .fee, filedAt: nil))
    #expect(!contains(try encode(slip, "generic-58"), Array("Pukul".utf8)))
  }

  @Test("a demonstration mark stands only on demonstration tickets, and in every template")
  func demonstrationMark() throws {
    let bare = TicketTemplate(
      queueNumber: [.text([.placeholder(.number)], .init())], complaint: [],
      words: try Slips.template().words)
    func marks(_ template: TicketTemplate, _ isDemonstration: Bool) -> Int {
      var ticket = Slips.ticket()
      ticket.isDemonstration = isDemonstration
      return TicketLayout(ticket, template).lines.count { line in
        if case .text(let text, _) = line { text.contains("CONTOH") } else { false }
      }
    }
    for template in [bare, try Slips.template()] {
      #expect(marks(template, true) == 2)
      #expect(marks(template, false) == 0)
    }
  }

  @Test("a logo is sent as dots or called from the printer's memory, as the profile says")
  func logo() throws {
    var logo = MonochromeImage(width: 10, height: 2)
    logo.fill(x: 0, y: 0, width: 1, height: 1)
    logo.fill(x: 9, y: 1, width: 1, height: 1)
    var profile = try Slips.profile("generic-80")
    let layout = TicketLayout(lines: [.logo])
    #expect(
      contains(
        ESCPOSEncoder(profile: profile, logo: logo).encode(layout),
        [0x1D, 0x76, 0x30, 0, 2, 0, 2, 0, 0x80, 0, 0, 0x40]))
    profile.logo = .stored
    let bytes = ESCPOSEncoder(profile: profile, logo: logo).encode(layout)
    #expect(contains(bytes, [0x1C, 0x70, 1, 0]) && !contains(bytes, [0x1D, 0x76]))
    #expect(!contains(ESCPOSEncoder(profile: profile).encode(layout), [0x1C, 0x70]))
  }

  @Test("no picture's dots are taken for a real-time command")
  func harmlessDots() throws {
    // Rows of 10 04 01, 10 05 02 and 10 14 02, each of which a printer would obey.
    var logo = MonochromeImage(width: 24, height: 3)
    for (row, bits) in [[3, 13, 23], [3, 13, 15, 22], [3, 11, 13, 22]].enumerated() {
      for bit in bits { logo.fill(x: bit, y: row, width: 1, height: 1) }
    }
    #expect(logo.bytes == [0x10, 0x04, 0x01, 0x10, 0x05, 0x02, 0x10, 0x14, 0x02])
    let bytes = ESCPOSEncoder(profile: try Slips.profile("generic-80"), logo: logo).encode(
      TicketLayout(lines: [.logo]))
    #expect(contains(bytes, [0x30, 0x04, 0x01, 0x30, 0x05, 0x02, 0x30, 0x14, 0x02]))
  }

  @Test("a picture survives PNG, and one that is too large or none at all is refused")
  func png() throws {
    var image = MonochromeImage(width: 13, height: 7)
    image.fill(x: 3, y: 2, width: 9, height: 3)
    let png = try #require(image.png())
    #expect(try MonochromeImage(png: png, maxWidth: 13, maxHeight: 7) == image)
    #expect(throws: MonochromeImage.PNGProblem.tooLarge(width: 13, height: 7)) {
      try MonochromeImage(png: png, maxWidth: 12, maxHeight: 7)
    }
    for broken in [[], Array("GIF89a".utf8), Array(png.prefix(png.count / 2))] {
      #expect(throws: MonochromeImage.PNGProblem.unreadable) {
        try MonochromeImage(png: broken, maxWidth: 13, maxHeight: 7)
      }
    }
  }

  @Test("a rectangle blackens its dots and no others, wherever it lies")
  func rectangles() {
    for x in -9...18 {
      for width in -1...20 {
        var image = MonochromeImage(width: 17, height: 4)
        image.fill(x: x, y: 1, width: width, height: 2)
        for (column, row) in (0..<17).flatMap({ column in (0..<4).map { (column, $0) } }) {
          let isInside = (1...2).contains(row) && x <= column && column < x + width
          #expect(image[column, row] == isInside, "\(x), \(width) at \(column), \(row)")
        }
        // Beyond the last column there are bits, and no dots.
        #expect(image.bytes.indices.allSatisfy { $0 % 3 != 2 || image.bytes[$0] & 0x7F == 0 })
      }
    }
  }

  @Test(
    "the preview is as wide as the paper, and its code can be read",
    arguments: Slips.profileNames)
  func preview(name: String) async throws {
    let profile = try Slips.profile(name)
    let picture = try TicketPicture(
      TicketLayout(Slips.ticket(), try Slips.template()), profile: profile, logo: nil)
    #expect(
      (profile.paperWidthMillimetres * 8 - 1...profile.paperWidthMillimetres * 8).contains(
        picture.image.width))
    let folder = try TemporaryFolder()
    let path = folder.path + "/slip.png"
    try Data(try #require(picture.image.png())).write(to: URL(filePath: path))
    #expect(try await Slips.readQR(path) == "ANJUNGAN:T:0123456789abcdef")
  }
}
