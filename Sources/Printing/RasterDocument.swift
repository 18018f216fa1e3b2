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

  /// Draws all pages before anything is sent: what cannot be drawn has not been printed.
  /// - Returns: a secret of its own; whoever asked wipes it.
  func make(_ order: PrintOrder) async throws(PortError) -> SecretHandle {
    let output = try target()
    do throws(PortError) {
      guard
        let writer = PWGWriter(
          vault: vault, output: output, format: format, pageCount: order.pageCount)
      else {
        throw PortError(.malformed, step: "raster", detail: "start")
      }
      for number in 1...max(order.pageCount, 1) {
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
    let sheet = PWGWriter.sheet(at: format.drawnResolution)
    let page = try await pages.render(
      order.document, order.byteCount, PageOrder(page: number, size: .longSide(sheet.height)))
    let short = min(page.width, page.height)
    // A pixel more is rounding.
    guard short > sheet.width + 1 else { return page }
    vault.wipe(page.bitmap)
    let long = max(page.width, page.height) * sheet.width / short
    return try await pages.render(
      order.document, order.byteCount, PageOrder(page: number, size: .longSide(long)))
  }
}
