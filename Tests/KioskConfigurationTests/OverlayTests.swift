import Foundation
import KioskConfiguration
import OfficeModel
import Testing

@Suite("Overlay, paths and effective values")
struct OverlayTests {
  private let overlay = """
    demonstration: true
    server:
      url: http://127.0.0.1:8080
    trust:
      policy: demonstration
    devices:
      ticketPrinter:
        address: /dev/usb/lp0
    languages: [id]
    sceneSocket: run/scene.sock

    """

  @Test("an overlay wins key by key and leaves the rest")
  func wins() throws {
    let folder = try SmallOffice.folder()
    let demo = try TestFolder()
    let file = try demo.write(overlay, to: "demo.yaml")
    let settings = try KioskConfiguration.load(path: folder.path, overlay: file).settings
    #expect(settings.isDemonstration)
    #expect(settings.server.url == "http://127.0.0.1:8080")
    #expect(settings.server.kioskID == "contoh-1")
    #expect(settings.trust.policy == .demonstration)
    #expect(settings.languages == ["id"])
    #expect(settings.ticketPrinter?.address == .device(path: "/dev/usb/lp0"))
    #expect(settings.documentPrinter?.way == .printer(uri: "ipp://printer.example/ipp/print"))
  }

  @Test("two document printers have names of their own, and each its place and its tray")
  func twoPrinters() throws {
    let folder = try SmallOffice.folder { kiosk in
      kiosk.replacing(
        "  ticketPrinter:\n",
        with: "  secondDocumentPrinter:\n    uri: ipp://two.example/ipp/print\n"
          + "    place: sebelah kiri\n    paperCapacity: 250\n  ticketPrinter:\n")
    }
    let settings = try KioskConfiguration.load(path: folder.path).settings
    #expect(settings.documentPrinter?.name == "utama")
    #expect(settings.documentPrinter?.place == nil)
    let second = try #require(settings.secondDocumentPrinter)
    #expect(second.name == "cadangan" && second.place == "sebelah kiri")
    #expect(second.paperCapacity == 250)
  }

  @Test("a relative path counts from the file in which it is written")
  func relativePaths() throws {
    let folder = try SmallOffice.folder()
    let demo = try TestFolder()
    let file = try demo.write(overlay, to: "demo.yaml")
    let settings = try KioskConfiguration.load(path: folder.path, overlay: file).settings
    #expect(settings.sceneSocket == demo.path + "/run/scene.sock")
    #expect(settings.storage.directory == folder.path + "/store")
    #expect(settings.server.tokenFile == folder.path + "/secrets/token")
  }

  @Test("an overlay's problems carry its own name and line")
  func problems() throws {
    let folder = try SmallOffice.folder()
    let file = try folder.write("server:\n  uri: http://127.0.0.1\n", to: "demo.yaml")
    let found = KioskConfiguration.check(path: folder.path, overlay: file)
    #expect(
      found.map(\.description) == [
        "\(file):2:3: unknown key 'server.uri'; did you mean 'url'?"
      ])
  }

  @Test("the file itself may be named in place of its folder")
  func fileOrFolder() throws {
    let folder = try SmallOffice.folder()
    let byFolder = try KioskConfiguration.load(path: folder.path)
    let byFile = try KioskConfiguration.load(path: folder.path + "/kiosk.yaml")
    #expect(byFolder.settings == byFile.settings)
  }

  @Test("effective values tell where they were written and which are defaults")
  func effective() throws {
    let folder = try SmallOffice.folder()
    let text = try KioskConfiguration.load(path: folder.path).effectiveText
    #expect(text.contains("office.zone: WITA  # \(folder.path)/kiosk.yaml:5\n"))
    #expect(text.contains("limits.pinTriesPerNIK: 3  # default\n"))
    #expect(text.contains("services.ktp-el.timeLimit.amount: 1  # "))
  }

  @Test(
    "the configurations of the four offices are right",
    arguments: ["tabalong", "lumajang", "jember", "musi-banyuasin"])
  func offices(_ name: String) throws {
    let path = Project.path("kiosk-config/offices/\(name)")
    #expect(KioskConfiguration.check(path: path).map(\.description) == [])
    let settings = try KioskConfiguration.load(path: path).settings
    #expect(!settings.isDemonstration && settings.trust.policy == .production)
  }

  @Test("Tabalong's hours are those of its standard, in its own zone")
  func tabalong() throws {
    let settings = try KioskConfiguration.load(
      path: Project.path("kiosk-config/offices/tabalong")
    ).settings
    #expect(settings.office.zone == .wita)
    #expect(settings.calendar.regular[.thursday].map { [$0.opens, $0.closes] } == [[540, 900]])
    #expect(settings.calendar.regular[.friday].map { [$0.opens, $0.closes] } == [[510, 630]])
    #expect(settings.calendar.regular[.saturday] == [])
  }

  @Test("a whole office loads within the start-up budget")
  func quick() throws {
    let path = Project.path("kiosk-config/offices/tabalong")
    _ = try KioskConfiguration.load(path: path)
    let clock = ContinuousClock()
    let best = try (0..<5).map { _ in
      try clock.measure { _ = try KioskConfiguration.load(path: path) }
    }.min()
    // About 3 ms unoptimised; the rest is room for a busy machine.
    #expect(try #require(best) < .milliseconds(60))
  }
}
