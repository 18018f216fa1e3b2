internal import CCUPS
internal import Ports
internal import SensitiveMemory

/// Writes drawn pages as a PWG raster into the vault, by libcups. A landscape page is turned, for a
/// raster lies on the sheet as the printer draws it in.
@safe
final class PWGWriter {
  private let format: RasterFormat
  private let pageCount: Int
  private let sink: Sink
  private let raster: OpaquePointer

  /// Where libcups' callback puts what it has compressed.
  private final class Sink {
    let vault: SecretVault
    let output: SecretHandle
    init(vault: SecretVault, output: SecretHandle) {
      self.vault = vault
      self.output = output
    }
  }

  /// Nil when libcups cannot start a stream.
  init?(
    vault: SecretVault, output: SecretHandle, format: RasterFormat, pageCount: Int
  ) {
    let sink = Sink(vault: vault, output: output)
    let context = unsafe Unmanaged.passUnretained(sink).toOpaque()
    guard
      let raster = unsafe cupsRasterOpenIO(
        { context, bytes, count in
          guard let context = unsafe context, let bytes = unsafe bytes else { return -1 }
          let sink = unsafe Unmanaged<Sink>.fromOpaque(context).takeUnretainedValue()
          let piece = unsafe UnsafeRawBufferPointer(start: bytes, count: count)
          let isKept = try? unsafe sink.vault.append(contentsOf: piece, to: sink.output)
          return isKept == true ? count : -1
        }, context, CUPS_RASTER_WRITE_PWG)
    else { return nil }
    unsafe self.raster = unsafe raster
    self.sink = sink
    self.pageCount = pageCount
    self.format = format
  }

  deinit { unsafe cupsRasterClose(raster) }

  /// The pixels of an A4 sheet, as libcups counts them.
  static func sheet(at resolution: Int) -> (width: Int, height: Int) {
    (width: resolution * 21_000 / 2540, height: resolution * 29_700 / 2540)
  }

  /// Writes one page, centred on its sheet; false when it does not fit or there is no room.
  func write(_ page: RenderedPage) -> Bool {
    var header = cups_page_header2_t()
    guard let media = unsafe pwgMediaForPWG("iso_a4_210x297mm"),
      unsafe cupsRasterInitPWGHeader(
        &header, media, format.isColor ? "srgb_8" : "sgray_8", Int32(format.resolution),
        Int32(format.resolution), "one-sided", nil) == 1
    else { return false }
    // CUPS_RASTER_PWG_TotalPageCount
    header.cupsInteger.0 = UInt32(pageCount)
    guard unsafe cupsRasterWriteHeader2(raster, &header) != 0 else { return false }
    let sheet = (width: Int(header.cupsWidth), height: Int(header.cupsHeight))
    let picture = TurnedPage(page, vault: sink.vault)
    let times = format.repetition
    // A pixel that rounding gave is cut.
    let width = min(picture.width, sheet.width / times)
    let height = min(picture.height, sheet.height / times)
    let left = (sheet.width - width * times) / 2
    let top = (sheet.height - height * times) / 2
    let channels = format.isColor ? 3 : 1
    var line = [UInt8](repeating: 255, count: sheet.width * channels)
    // The last row of somebody's document.
    defer { for index in line.indices { line[index] = 0 } }
    var drawn = -1
    for y in 0..<sheet.height {
      let row = (y - top) / times
      let isInside = y >= top && row < height
      if isInside, row != drawn {
        guard picture.fill(&line, row: row, left: left, width: width, times: times, format)
        else { return false }
        drawn = row
      } else if !isInside {
        for index in line.indices { line[index] = 255 }
      }
      guard unsafe cupsRasterWritePixels(raster, &line, UInt32(line.count)) == line.count else {
        return false
      }
    }
    return true
  }
}

/// A drawn page as it lies on the sheet: upright, or a quarter turned when it is wider than high.
private struct TurnedPage {
  private let page: RenderedPage
  private let vault: SecretVault
  private var isTurned: Bool { page.width > page.height }
  var width: Int { isTurned ? page.height : page.width }
  var height: Int { isTurned ? page.width : page.height }

  init(_ page: RenderedPage, vault: SecretVault) {
    self.page = page
    self.vault = vault
  }

  /// Puts one row of pixels into a line of the sheet; false when the picture is gone.
  func fill(
    _ line: inout [UInt8], row: Int, left: Int, width: Int, times: Int, _ format: RasterFormat
  ) -> Bool {
    let isFilled = unsafe vault.withBytes(of: page.bitmap) { bytes in
      guard bytes.count == page.width * page.height * 3 else { return false }
      var place = left * (format.isColor ? 3 : 1)
      for x in 0..<width {
        let pixel = isTurned ? (page.height - 1 - x) * page.width + row : row * page.width + x
        let (red, green, blue) = unsafe (
          bytes[pixel * 3], bytes[pixel * 3 + 1], bytes[pixel * 3 + 2]
        )
        for _ in 0..<times {
          if format.isColor {
            line[place] = red
            line[place + 1] = green
            line[place + 2] = blue
            place += 3
          } else {
            // Rec. 601 luma in thousandths.
            line[place] = UInt8((Int(red) * 299 + Int(green) * 587 + Int(blue) * 114) / 1000)
            place += 1
          }
        }
      }
      return true
    }
    return isFilled == true
  }
}
