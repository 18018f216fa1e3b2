/// Turns a layout into the bytes for one kind of printer. Commands as in Epson's ESC/POS reference.
public struct ESCPOSEncoder: Sendable {
  public let profile: TicketPrinterProfile
  public let logo: MonochromeImage?

  public init(profile: TicketPrinterProfile, logo: MonochromeImage? = nil) {
    self.profile = profile
    self.logo = logo
  }

  /// GS r 1: paper sensor status, answered in order, so only after everything before it was taken.
  public static let confirmation: [UInt8] = [0x1D, 0x72, 0x01]
  /// GS a 0: no automatic status any more.
  public static let quiet: [UInt8] = [0x1D, 0x61, 0]

  public func encode(_ layout: TicketLayout) -> [UInt8] {
    var out: [UInt8] = [0x1B, 0x40]  // ESC @: forget the settings of whatever came before
    // GS a: tell of going offline, errors and paper at once; or be silent among the answers.
    out += profile.hasAutomaticStatus ? [0x1D, 0x61, 0x0E] : Self.quiet
    if profile.codePage != .ascii { out += [0x1B, 0x74, profile.codePageNumber] }
    out += [0x1B, 0x33, UInt8(TicketPrinterProfile.lineDots)]
    out += [0x1B, 0x61, 1]  // centred
    for line in TicketComposition(layout, profile, logo: logo).lines {
      switch line {
      case .text(let bytes, let size, let isBold):
        let magnification = UInt8(size - 1)
        out += [0x1B, 0x45, isBold ? 1 : 0, 0x1D, 0x21, magnification << 4 | magnification]
        out += bytes + [0x0A]
      case .blank: out += [0x1D, 0x21, 0, 0x0A]
      case .qr(let payload, let matrix, let module):
        out +=
          profile.qrMode == .native
          ? native(payload, module) : raster(matrix.image(moduleDots: module))
      case .logo(let image):
        out += profile.logo == .stored ? [0x1C, 0x70, 1, 0] : raster(image)
      }
    }
    return out + cut
  }

  /// Parts what still hangs in the printer from the slip that comes.
  public var separation: [UInt8] { [0x1B, 0x40] + cut }

  private var cut: [UInt8] {
    let feed = [0x1B, 0x64, profile.feedBeforeCut]
    return switch profile.cut {
    case .none: feed
    case .full: feed + [0x1D, 0x56, 0]
    case .partial: feed + [0x1D, 0x56, 1]
    }
  }

  private func native(_ payload: String, _ module: Int) -> [UInt8] {
    func function(_ code: UInt8, _ parameters: [UInt8]) -> [UInt8] {
      let count = parameters.count + 2
      return [0x1D, 0x28, 0x6B, UInt8(count & 0xFF), UInt8(count >> 8), 0x31, code] + parameters
    }
    let level: UInt8 =
      switch profile.qrErrorCorrection {
      case .low: 0x30
      case .medium: 0x31
      case .quarter: 0x32
      case .high: 0x33
      }
    return function(0x41, [0x32, 0x00])  // model 2
      + function(0x43, [UInt8(module)])
      + function(0x45, [level])
      + function(0x50, [0x30] + Array(payload.utf8))
      + function(0x51, [0x30])
  }

  /// GS v 0 for each band of an image; they join without a gap.
  private func raster(_ image: MonochromeImage) -> [UInt8] {
    stride(from: 0, to: image.height, by: Self.bandRows).flatMap { top -> [UInt8] in
      let rows = min(Self.bandRows, image.height - top)
      let band = image.bytes[top * image.rowBytes..<(top + rows) * image.rowBytes]
      return [
        0x1D, 0x76, 0x30, 0, UInt8(image.rowBytes & 0xFF), UInt8(image.rowBytes >> 8), UInt8(rows),
        0,
      ] + Self.harmless(band)
    }
  }

  /// A printer obeys real-time commands inside an image, too: dots that look like the beginning of one
  /// (DLE and EOT, ENQ or DC4: a question, a purge, the drawer, the power) get one dot more.
  private static func harmless(_ dots: ArraySlice<UInt8>) -> [UInt8] {
    var dots = Array(dots)
    for index in dots.indices.dropLast()
    where dots[index] == 0x10 && [0x04, 0x05, 0x14].contains(dots[index + 1]) {
      dots[index] = 0x30
    }
    return dots
  }

  /// Low bands, so that an image that was torn is soon at its end.
  private static let bandRows = 24

  /// Ends whatever command a torn slip stopped in: as the rest of an image it is white, anywhere else
  /// NUL means nothing. Without it the next slip's head would be swallowed as the image's rest.
  public var filling: [UInt8] {
    let longest = max(Self.bandRows * (profile.widthDots + 7) / 8, QRMatrix.textLimitBytes) + 8
    return [UInt8](repeating: 0, count: longest)
  }
}
