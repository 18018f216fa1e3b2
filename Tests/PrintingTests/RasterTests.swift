import CCUPS
import Foundation
import OfficeModel
import Ports
import SensitiveMemory
import Synchronization
import TestSupport
import Testing
import VerifierClient

@testable import Printing

/// What a raster file says, read by libcups.
private struct Raster {
  struct Page {
    var width: Int
    var height: Int
    var resolution: Int
    var channels: Int
    var pixels: [UInt8]
    /// Shares of dots darker than half, in the upper and the lower half of the sheet.
    var ink: (upper: Double, lower: Double) {
      let half = pixels.count / 2
      func share(_ part: ArraySlice<UInt8>) -> Double {
        Double(part.count { $0 < 128 }) / Double(max(part.count, 1))
      }
      return (share(pixels[..<half]), share(pixels[half...]))
    }
  }
  var pages: [Page] = []

  init(path: String) throws {
    let descriptor = open(path, O_RDONLY)
    defer { close(descriptor) }
    let raster = try #require(cupsRasterOpen(descriptor, CUPS_RASTER_READ))
    defer { cupsRasterClose(raster) }
    var header = cups_page_header2_t()
    while cupsRasterReadHeader2(raster, &header) != 0 {
      var pixels: [UInt8] = []
      var line = [UInt8](repeating: 0, count: Int(header.cupsBytesPerLine))
      for _ in 0..<header.cupsHeight {
        try #require(
          cupsRasterReadPixels(raster, &line, header.cupsBytesPerLine) == header.cupsBytesPerLine)
        pixels += line
      }
      pages.append(
        Page(
          width: Int(header.cupsWidth), height: Int(header.cupsHeight),
          resolution: Int(header.HWResolution.0), channels: Int(header.cupsNumColors),
          pixels: pixels))
    }
  }
}

@Suite("A printer that takes no PDF", .timeLimit(.minutes(2)))
struct RasterTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/tte-corpus/cases")
  private static let helper = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "anjungan-verify").path

  private struct Result {
    var steps: [PrintStep]
    var job: PrinterRig.Job?
    var sheets: Int
    var raster: Raster?
    /// Secrets left in the vault.
    var population: Int
    var events: [String]
  }

  private func print(
    _ name: String, pages: Int, _ flags: [String] = ["--formats", "image/pwg-raster"]
  ) async throws -> Result {
    let arguments: @Sendable (String, String) -> [String] = {
      ["--dir", $0, "--control", $1] + flags
    }
    return try await withLab("virtual-ipp-printer", arguments: arguments) { lab in
      let rig = try PrinterRig(lab, unreachable: .seconds(3)) { vault in
        PreviewRenderer(helper: Self.helper).port(vault: vault)
      }
      let bytes = [UInt8](try Data(contentsOf: Self.folder.appending(path: name + ".pdf")))
      var order = try rig.order(bytes)
      order.pageCount = pages
      let steps = try await rig.print(order)
      rig.vault.wipe(order.document)
      let job = try await rig.jobs().first
      let isRaster = job?.format == "image/pwg-raster"
      return Result(
        steps: steps, job: job, sheets: try await rig.sheets(),
        raster: try job?.file.flatMap { isRaster ? try Raster(path: $0) : nil },
        population: rig.vault.population, events: rig.recorded.all.map(\.name))
    }
  }

  @Test("gets our own drawing of every page, as large as the sheet, and nothing stays behind")
  func allPages() async throws {
    let result = try await print("v-two-pages", pages: 2)
    #expect(result.steps.last == .ended(.delivered, fault: nil))
    #expect(result.job?.format == "image/pwg-raster")
    #expect(result.sheets == 2)
    let raster = try #require(result.raster)
    #expect(raster.pages.count == 2)
    for page in raster.pages {
      #expect(page.width == 2480 && page.height == 3507 && page.resolution == 300)
      #expect(page.channels == 3)
      let ink = page.ink
      #expect(ink.upper > 0.001 && ink.upper < 0.5)
    }
    #expect(raster.pages.first?.pixels != raster.pages.last?.pixels)
    #expect(result.population == 0)
  }

  @Test("a landscape page is turned to the right and fills the sheet, in grey without colour")
  func landscape() async throws {
    let result = try await print(
      "v-bb-rsa2048", pages: 1, ["--formats", "image/pwg-raster", "--mono"])
    #expect(result.steps.last == .ended(.delivered, fault: nil))
    let sheet = try #require(result.raster?.pages.first)
    #expect(sheet.width == 2480 && sheet.height == 3507 && sheet.channels == 1)

    let vault = SecretVault()
    let bytes = [UInt8](try Data(contentsOf: Self.folder.appending(path: "v-bb-rsa2048.pdf")))
    let document = try bytes.withUnsafeBytes { try vault.store($0) }
    let page = try await PreviewRenderer(helper: Self.helper).render(
      document, of: vault, byteCount: bytes.count, order: PageOrder(page: 1, size: .longSide(3507)))
    try #require(page.width == 3507 && abs(page.height - 2480) <= 1)
    let drawn = try #require(vault.withBytes(of: page.bitmap) { Array($0) })
    // What stands at the upper left of the page lies at the upper right of the sheet.
    let edge = (2480 - min(page.height, 2480)) / 2
    var differing = 0
    for y in stride(from: 0, to: 3507, by: 7) {
      for x in stride(from: 10, to: 2470, by: 7) {
        let pixel = ((page.height - 1 - (x - edge)) * page.width + y) * 3
        let luma =
          (Int(drawn[pixel]) * 299 + Int(drawn[pixel + 1]) * 587 + Int(drawn[pixel + 2]) * 114)
          / 1000
        if Int(sheet.pixels[y * 2480 + x]) != luma { differing += 1 }
      }
    }
    #expect(differing == 0)
    #expect(sheet.ink.upper > 0.0005 && sheet.ink.lower > 0.0005)
    #expect(result.population == 0)
  }

  @Test("a printer that takes PDF gets the signed bytes themselves")
  func signedBytes() async throws {
    let result = try await print(
      "v-two-pages", pages: 2, ["--formats", "image/pwg-raster,application/pdf"])
    #expect(result.job?.format == "application/pdf")
    #expect(result.population == 0)
  }

  @Test("what cannot be drawn, or is taken in no format of ours, is not printed and no job is made")
  func impossible() async throws {
    let missing = try await print("v-two-pages", pages: 3)
    #expect(missing.steps.last == .ended(.notPrinted, fault: .other))
    #expect(missing.job == nil && missing.population == 0)
    #expect(missing.events.contains("print.not-drawn"))
    let jpeg = try await print("v-two-pages", pages: 2, ["--formats", "image/jpeg"])
    #expect(jpeg.steps.last == .ended(.notPrinted, fault: .other))
    #expect(jpeg.job == nil && jpeg.events.contains("print.no-format"))
  }

  @Test("a print cancelled while its pages are drawn ends at the next page, without a job")
  func cancelled() async throws {
    let arguments: @Sendable (String, String) -> [String] = {
      ["--dir", $0, "--control", $1, "--formats", "image/pwg-raster"]
    }
    try await withLab("virtual-ipp-printer", arguments: arguments) { lab in
      let drawn = Mutex(0)
      let cancel = Mutex<(@Sendable () async -> Void)?>(nil)
      let rig = try PrinterRig(lab, unreachable: .seconds(3)) { vault in
        PreviewPort { _, _, order throws(PortError) in
          drawn.withLock { $0 = max($0, order.page) }
          if order.page == 2 { await cancel.withLock { $0 }?() }
          let white = [UInt8](repeating: 255, count: 181 * 256 * 3)
          guard let bitmap = try? white.withUnsafeBytes({ try vault.store($0) }) else {
            throw PortError(.storageFull, step: "test")
          }
          return RenderedPage(bitmap: bitmap, width: 181, height: 256)
        }
      }
      let port = rig.driver.port
      cancel.withLock { $0 = { _ = await port.cancel("job-0001") } }
      var order = try rig.order(PrinterRig.document())
      order.pageCount = 50
      #expect(try await rig.print(order).last == .ended(.notPrinted, fault: .stopped))
      #expect(drawn.withLock { $0 } == 2)
      #expect(try await rig.jobs().isEmpty)
      rig.vault.wipe(order.document)
      #expect(rig.vault.population == 0)
    }
  }

  @Test(
    "colour where there is colour, 300 dpi or what comes nearest, and never more pixels drawn than needed"
  )
  func formats() throws {
    func format(_ types: [String], _ dpi: [Int]) -> RasterFormat? {
      RasterFormat(types: types, resolutions: dpi.map { ($0, $0) })
    }
    #expect(format(["sgray_8", "srgb_8"], [600, 300])?.resolution == 300)
    #expect(format(["sgray_8", "srgb_8"], [600, 300])?.isColor == true)
    #expect(format(["sgray_8", "black_1"], [600])?.isColor == false)
    #expect(format(["sgray_8"], [600])?.repetition == 2)
    #expect(format(["sgray_8"], [1200])?.drawnResolution == 400)
    #expect(format(["sgray_8"], [150, 200])?.resolution == 200)
    #expect(format(["sgray_8"], [360])?.drawnResolution == 360)
    // 401 is prime: it could be drawn at 1 dpi only.
    #expect(format(["sgray_8"], [401]) == nil)
    #expect(format(["sgray_8"], [407, 635]) == nil)
    #expect(format(["sgray_8"], [407, 600])?.resolution == 600)
    #expect(format(["black_1"], [300]) == nil)
    #expect(format(["srgb_8"], []) == nil)
    #expect(RasterFormat(types: ["srgb_8"], resolutions: [(300, 600)]) == nil)
  }
}
