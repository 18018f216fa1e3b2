import Foundation
import KioskConfiguration
import OfficeModel
import Testing

@Suite("The five published standards")
struct StandardsTests {
  struct Sheet: Sendable, CustomTestStringConvertible {
    var file: String
    var office: String
    var service: String
    var amount: Int
    var unit: TimeLimit.Unit
    var testDescription: String { file }
  }

  static let sheets = [
    Sheet(
      file: "tabalong-ktp-el", office: "tabalong", service: "ktp-el", amount: 30, unit: .minutes),
    Sheet(
      file: "tempeh-lumajang-ktp-el", office: "lumajang", service: "ktp-el", amount: 1,
      unit: .workingDays),
    Sheet(
      file: "tempeh-lumajang-kia", office: "lumajang", service: "kia", amount: 12,
      unit: .workingDays),
    Sheet(
      file: "balung-jember-kia", office: "jember", service: "kia", amount: 7, unit: .workingDays),
    Sheet(
      file: "musi-banyuasin-kia", office: "musi-banyuasin", service: "kia", amount: 1, unit: .days),
  ]

  /// What stands on a sheet and in no field, with the reason.
  static let omissions: [(text: String, reason: String)] = [
    ("Uraian", "head of the table's last column"),
    ("A. SERVICE DELIVERY", "heading of the first half; the fields' names say it"),
    ("B. MANUFACTURING", "heading of the second half; the fields' names say it"),
    (
      "Komponen Standar Pelayanan yang terkait dengan proses penyampaian Pelayanan "
        + "(Service Delivery) meliputi :", "heading of the first half"
    ),
    (
      "Komponen Standar Pelayanan terkait dengan proses penyampaian pelayanan (Service Delivery)",
      "heading of the first half"
    ),
    (
      "Komponen standar pelayanan yang terkait dengan proses pengelolaan pelayanan di Internal "
        + "Organisasi (Manufacturing)", "heading of the second half"
    ),
    (
      "Komponen Standar Pelayanan terkait dengan proses pengelolaan pelayanan di internal "
        + "organisasi (Manufacturing)", "heading of the second half"
    ),
    ("Meliputi :", "end of the heading of the second half"),
    ("Dapat dijelaskan melalui alur", "points at the flow chart; the field procedureFlow says it"),
    ("Prosedur Teknis:", "points at the steps; the field procedure says it"),
    (
      "Pengambilan dokumen bisa dilakukan melalui:",
      "points at the channels; the field pickUpChannels says it"
    ),
    (
      "Fasilitas untuk mendapatkan informasi:",
      "points at the channels; the field complaintChannels says it"
    ),
    (
      "Mekanisme penanganan pengaduan saran dan masukan dilaksanakan dengan tahapan sebagai "
        + "berikut:", "points at the stages; the field complaintHandling says it"
    ),
    (
      "Sarana pengaduan yang disediakan :",
      "points at the channels; the field complaintChannels says it"
    ),
    (
      "Prosedur / mekanisme pengaduan :",
      "points at the stages; the field complaintHandling says it"
    ),
    ("Petugas pelayanan pengaduan", "points at the desk; the field complaintContact says it"),
    ("MOHAMAD FARIDJ WADJDI, S.Sos", "the signer's name: personal data without use at a kiosk"),
    ("Penata Tingkat I", "the signer's rank"),
    ("NIP. 19700314 198903 1 004", "the signer's staff number"),
  ]

  private func check(_ sheet: Sheet) throws -> (StandardCheck, ServiceStandard) {
    let loaded = try KioskConfiguration.load(
      path: Project.path("kiosk-config/offices/\(sheet.office)"))
    let service = try #require(loaded.settings.services.first { $0.id == sheet.service })
    let text = try Project.text("Tests/Fixtures/standards/\(sheet.file).txt")
    return (
      StandardCheck(
        sheet: StandardSheet(text), fields: service.sheetFields,
        omissions: Self.omissions.map(\.text)), service
    )
  }

  @Test("every line of a standard is carried by its field, and nothing is added", arguments: sheets)
  func kept(_ sheet: Sheet) throws {
    let (check, _) = try check(sheet)
    #expect(check.sheet.rows.count > 10)
    #expect(check.complaints() == [])
  }

  @Test("a word lost from any line of any field is noticed", arguments: sheets)
  func lostWord(_ sheet: Sheet) throws {
    let (check, _) = try check(sheet)
    for (name, texts) in check.fields {
      for (index, text) in texts.enumerated() {
        var words = text.split(separator: " ")
        words.remove(at: words.count / 2)
        var changed = check
        changed.fields[name]?[index] = words.joined(separator: " ")
        if StandardSheet.words(text) == StandardSheet.words(words.joined(separator: " ")) {
          continue  // Only a mark such as a lone dash was taken.
        }
        #expect(changed.complaints() != [], "\(name): \(text)")
      }
    }
  }

  @Test("the time limit in numbers is the one in words", arguments: sheets)
  func timeLimits(_ sheet: Sheet) throws {
    let (_, service) = try check(sheet)
    #expect(service.timeLimit.amount == sheet.amount)
    #expect(service.timeLimit.unit == sheet.unit)
    #expect(service.timeLimit.text.contains("\(sheet.amount)"))
    #expect(service.hasStandard)
  }

  @Test("every omission is used and gives its reason")
  func omissionsAreUsed() throws {
    let all = try Self.sheets.map {
      StandardSheet(try Project.text("Tests/Fixtures/standards/\($0.file).txt")).rows
        .map { " " + $0.words.joined(separator: " ") + " " }.joined(separator: "|")
    }.joined(separator: "|")
    for omission in Self.omissions {
      #expect(!omission.reason.isEmpty)
      let words = " " + StandardSheet.words(omission.text).joined(separator: " ") + " "
      #expect(all.contains(words), "'\(omission.text)' is on no sheet")
    }
  }

  @Test("a service without a published standard says so and makes nothing up")
  func unpublished() throws {
    let loaded = try KioskConfiguration.load(path: Project.path("kiosk-config/offices/tabalong"))
    let services = loaded.settings.services
    #expect(services.map(\.id) == ["ktp-el", "kia", "kartu-keluarga", "akta-kelahiran"])
    #expect(Set(services.map(\.ticketIdentity)) == Set(TicketIdentity.allCases))
    for service in services.dropFirst() {
      #expect(!service.hasStandard)
      #expect(service.requirements.isEmpty && service.fee.isEmpty)
      #expect(!service.timeLimit.isStated)
    }
  }
}
