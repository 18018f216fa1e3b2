import Foundation
import Testing

@testable import KioskConfiguration

@Suite("The list of scanners") struct ScannerListTests {
  private func load(_ list: String) throws -> (settings: KioskSettings?, problems: [String]) {
    let folder = try SmallOffice.folder(kiosk: {
      $0.replacingOccurrences(of: "devices:\n", with: "devices:\n  scanners: \(list)\n")
    })
    return (
      try? KioskConfiguration.load(path: folder.path).settings,
      KioskConfiguration.check(path: folder.path).map(\.description)
    )
  }

  @Test("by name, by ids as lsusb writes them, by path; Enter is expected unless told")
  func ways() throws {
    let list = """
      [{name: Contoh}, {vendor: "0c2E", product: "0x0b61", suffix: none}, {path: /dev/input/event9}]
      """
    let scanners = try #require(try load(list).settings).scanners
    #expect(
      scanners.map(\.sign) == [
        .name("Contoh"), .ids(vendor: 0x0c2e, product: 0x0b61), .path("/dev/input/event9"),
      ])
    #expect(scanners.map(\.suffix) == [.enter, .none, .enter])
    #expect(scanners.map(\.label) == ["Contoh", "0c2e:0b61", "/dev/input/event9"])
    #expect(try load("[]").settings?.scanners == [])
  }

  @Test(
    "what says nothing, too much or nonsense is named with its place",
    arguments: [
      ("[{suffix: enter}]", "is told by its name, by vendor and product, or by its path"),
      ("[{name: A, path: /dev/x}]", "is told by its name, by vendor and product, or by its path"),
      ("[{vendor: 0c2e}]", "is told by its name, by vendor and product, or by its path"),
      (
        "[{vendor: 12345, product: 0b61}]",
        "devices.scanners[1].vendor is four hexadecimal digits, as lsusb says"
      ),
      (
        "[{vendor: \"+c2e\", product: 0b61}]",
        "devices.scanners[1].vendor is four hexadecimal digits, as lsusb says"
      ),
      ("[{name: A, layout: de}]", "devices.scanners[1].layout is one of us"),
      ("[{name: A, suffx: none}]", "did you mean 'suffix'?"),
      ("[{name: A}, {name: B}, {name: C}, {name: D}, {name: E}]", "has more than 4 entries"),
    ])
  func wrong(list: String, words: String) throws {
    let found = try load(list)
    #expect(found.settings == nil)
    #expect(found.problems.contains { $0.contains(words) && $0.contains("kiosk.yaml:") })
  }
}
