internal import CCUPS
internal import OfficeModel
internal import Ports
internal import SensitiveMemory

/// The verified document as a PWG raster (PWG 5102.4) for a printer that takes no PDF, drawn by the
/// renderer that draws the preview and kept in the vault until it is sent.
struct RasterDocument {
  let vault: SecretVault
  let pages: PreviewPort
  let format: RasterFormat

  /// All pages together; an A4 page takes about a quarter of a second.
  static let drawingLimit = Duration.seconds(60)

  /// Draws all pages before anything is sent: what cannot be drawn has not been printed.
  /// - Parameter isCanceled: asked before each page.
  /// - Returns: a secret of its own; whoever asked wipes it.
  func make(
    _ order: PrintOrder, isCanceled: () -> Bool
  ) async throws(PortError) -> SecretHandle {
    let output = try target()
    let end = ContinuousClock.now + Self.drawingLimit
    do throws(PortError) {
      guard
        let writer = PWGWriter(
          vault: vault, output: output, format: format, pageCount: order.pageCount)
      else {
        throw PortError(.malformed, step: "raster", detail: "start")
      }
      for number in 1...max(order.pageCount, 1) {
        if isCanceled() { throw PortError(.cancelled, step: "raster") }
        guard .now < end else { throw PortError(.timedOut, step: "raster") }
        let page = try await draw(order, number)
        defer { vault.wipe(page.bitmap) }
        guard writer.write(page) else {
          throw PortError(.storageFull, step: "raster", detail: "page")
        }
      }
      return output
    } catch {
      vault.wipe(output)
      throw error
    }
  }

  private func target() throws(PortError) -> SecretHandle {
    do throws(SensitiveMemoryError) {
      return try vault.makeBulk(capacity: 1 << 20)
    } catch {
      throw PortError(.storageFull, step: "raster", detail: "memory")
    }
  }

  /// One page, as large as the sheet allows: what is A4 fills it exactly.
  private func draw(_ order: PrintOrder, _ number: Int) async throws(PortError) -> RenderedPage {
    let sketch = try await render(order, number, longSide: 256)
    vault.wipe(sketch.bitmap)
    let sheet = PWGWriter.sheet(at: format.drawnResolution)
    let (short, long) = (
      min(sketch.width, sketch.height), max(sketch.width, sketch.height)
    )
    // Wider than A4 by more than the sketch's rounding: then the short side decides.
    let isWide = Double(short) / Double(long) > Double(sheet.width) / Double(sheet.height) * 1.01
    return try await render(
      order, number, longSide: isWide ? sheet.width * long / short : sheet.height)
  }

  private func render(
    _ order: PrintOrder, _ number: Int, longSide: Int
  ) async throws(PortError) -> RenderedPage {
    try await pages.render(
      order.document, order.byteCount, PageOrder(page: number, size: .longSide(longSide)))
  }
}
