/// A slip as one printer lays it out: how large, where lines break, how wide a code's modules are.
/// The encoder makes bytes of it and the preview dots, so that both show the same.
struct TicketComposition: Sendable, Equatable {
  enum Line: Sendable, Equatable {
    /// Characters of the profile's code page; never a control byte.
    case text([UInt8], size: Int, isBold: Bool)
    case blank
    case qr(String, QRMatrix, moduleDots: Int)
    case logo(MonochromeImage)
  }

  let profile: TicketPrinterProfile
  private(set) var lines: [Line] = []

  init(_ layout: TicketLayout, _ profile: TicketPrinterProfile, logo: MonochromeImage?) {
    self.profile = profile
    for line in layout.lines {
      switch line {
      case .text(let text, let style): add(text, style)
      case .rule:
        let dashes = [UInt8](repeating: 0x2D, count: profile.columns)
        lines.append(.text(dashes, size: 1, isBold: false))
      case .blank: lines.append(.blank)
      case .qr(let payload):
        if let matrix = QRMatrix(payload, profile.qrErrorCorrection) {
          lines.append(.qr(payload, matrix, moduleDots: moduleDots(matrix)))
        }
      case .logo: if let logo { lines.append(.logo(logo)) }
      }
    }
  }

  private mutating func add(_ text: String, _ style: TicketLayout.Style) {
    let bytes = profile.codePage.bytes(of: text)
    // A large number is made smaller before it is broken: A-0 07 is nobody's number.
    let longest = bytes.split(separator: 0x20).map(\.count).max() ?? 0
    let size = max(1, min(style.size, profile.columns / max(1, longest)))
    for line in Self.wrapped(bytes, columns: max(1, profile.columns / size)) {
      lines.append(.text(line, size: size, isBold: style.isBold))
    }
  }

  /// Breaks at spaces; a word longer than a line is broken where the line ends.
  static func wrapped(_ bytes: [UInt8], columns: Int) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var line: [UInt8] = []
    for word in bytes.split(separator: 0x20) {
      var word = word[...]
      if !line.isEmpty, line.count + 1 + word.count > columns {
        lines.append(line)
        line = []
      }
      while word.count > columns {
        lines.append(Array(word.prefix(columns)))
        word = word.dropFirst(columns)
      }
      if !line.isEmpty { line.append(0x20) }
      line += word
    }
    return lines + [line]
  }

  /// As wide as the profile wants it, less where the paper is narrow.
  private func moduleDots(_ matrix: QRMatrix) -> Int {
    min(profile.qrModuleDots, max(1, profile.widthDots / (matrix.side + 2 * QRMatrix.quiet)))
  }
}
