import Foundation
import Testing

@testable import KioskConfiguration

@Suite("The list of keys")
struct DocumentationTests {
  @Test("every key that can be written is in the README, and the README names no other")
  func everyKey() throws {
    let folder = try SmallOffice.folder(kiosk: {
      $0.replacingOccurrences(
        of: "devices:\n",
        with: """
          devices:
            scanners: [{name: Scanner}]
            cardReader:
              secureAccessModule: {reader: SAM, pcidFile: secrets/pcid, confFile: secrets/conf}

          """
      )
      .replacingOccurrences(
        of: "hours:\n",
        with: """
          hours:
            closures: libur.yaml
            ramadan:
              weekly: [{days: [monday], open: "09.00", close: "14.00"}]
              periods: [{first: 2027-02-08, last: 2027-03-09}]

          """)
    })
    try folder.write(
      "closures: [{first: 2027-01-01, kind: special, reason: Contoh}]\n", to: "libur.yaml")
    try folder.write(
      "id: kk\ntitle: KK\nshortTitle: KK\nseries: C\nproduct: KK\nstandard: none\nnotice: Tanya\nquota: {day: 9}\n",
      to: "services/kk.yaml")
    let known = try KioskConfiguration.load(path: folder.path).knownKeys
    #expect(known.count > 100)
    let text = try Project.text("kiosk-config/offices/README.md")
    for key in known.sorted() {
      let files = ["service.", "printers.", "tickets."]
      let name = files.first(where: key.hasPrefix).map { String(key.dropFirst($0.count)) } ?? key
      #expect(text.contains("`\(name)`"), "\(name) is not in the README")
    }
    let sections = [
      "office", "hours", "display", "server", "storage", "trust", "devices", "health", "limits",
      "timing", "tools", "clock", "staff",
    ]
    for part in text.split(separator: "`").map(String.init)
    where sections.contains(where: { part.hasPrefix($0 + ".") }) {
      #expect(known.contains(part), "\(part) is no key")
    }
  }

  @Test("a default in the README is the default that counts")
  func defaults() throws {
    let folder = try SmallOffice.folder()
    let effective = try KioskConfiguration.load(path: folder.path).effective
    let text = try Project.text("kiosk-config/offices/README.md")
    var compared = 0
    let others = ["services.", "printers.", "tickets."]
    for value in effective where value.place == nil && !others.contains(where: value.key.hasPrefix)
    {
      let row = text.split(separator: "\n").first {
        $0.hasPrefix("|") && $0.contains("`\(value.key)`")
      }
      #expect(row?.hasSuffix("| `\(value.value)` |") == true, "\(value)")
      compared += 1
    }
    #expect(compared > 20)
  }
}
