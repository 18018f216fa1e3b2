internal import OfficeModel

/// Turns a layout into the bytes for one kind of printer. Commands as in Epson's ESC/POS reference.
struct ESCPOSEncoder {
  let profile: TicketPrinterProfile

  /// GS r 1: paper sensor status, answered in order, so only after everything before it was taken.
  static let confirmation: [UInt8] = [0x1D, 0x72, 0x01]

  func encode(_ layout: TicketLayout) -> [UInt8] {
    var out: [UInt8] = [0x1B, 0x40]  // ESC @: forget what an earlier, torn ticket left behind
    out += [0x1D, 0x61, 0]  // GS a 0: no automatic status among the answers
    if profile.codePage != .ascii { out += [0x1B, 0x74, profile.codePageNumber] }
    out += [0x1B, 0x61, 1]  // centred
    for line in layout.lines {
      switch line {
      case .text(let text, let style): out += self.text(text, style)
      case .rule: out += [UInt8](repeating: 0x2D, count: profile.columns) + [0x0A]
      case .blank: out.append(0x0A)
      case .qr(let payload): out += qr(payload)
      }
    }
    out += [0x1B, 0x64, profile.feedBeforeCut]
    switch profile.cut {
    case .none: break
    case .full: out += [0x1D, 0x56, 0]
    case .partial: out += [0x1D, 0x56, 1]
    }
    return out
  }

  private func text(_ text: String, _ style: TicketLayout.Style) -> [UInt8] {
    let bytes = bytes(of: text)
    // A large number is made smaller before it is broken: A-0 07 is nobody's number.
    let longest = bytes.split(separator: 0x20).map(\.count).max() ?? 0
    let size = max(1, min(style.size, profile.columns / max(1, longest)))
    let magnification = UInt8(size - 1)
    var out: [UInt8] = [0x1B, 0x45, style.isBold ? 1 : 0]
    out += [0x1D, 0x21, magnification << 4 | magnification]
    for line in wrapped(bytes, columns: max(1, profile.columns / size)) {
      out += line + [0x0A]
    }
    return out + [0x1D, 0x21, 0, 0x1B, 0x45, 0]
  }

  /// Breaks at spaces; a word longer than a line is broken where the line ends.
  func wrapped(_ bytes: [UInt8], columns: Int) -> [[UInt8]] {
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

  /// Never a control byte: text from the configuration cannot command the printer.
  func bytes(of text: String) -> [UInt8] {
    text.unicodeScalars.flatMap { scalar -> [UInt8] in
      switch scalar.value {
      case 0x20...0x7E: return [UInt8(scalar.value)]
      case 0xA0: return [0x20]
      case 0x2010...0x2015: return [0x2D]
      case 0x2018, 0x2019: return [0x27]
      case 0x201C, 0x201D: return [0x22]
      case 0x2022, 0xB7: return [0x2D]
      case 0x2026: return [0x2E, 0x2E, 0x2E]
      // Latin-1 letters lie in Windows-1252 where they lie in Unicode.
      case 0xA1...0xFF where profile.codePage == .windows1252: return [UInt8(scalar.value)]
      case 0xA1...0xFF: return [Self.withoutAccent[scalar.value] ?? 0x3F]
      default: return scalar.properties.isWhitespace ? [0x20] : [0x3F]
      }
    }
  }

  private static let withoutAccent: [UInt32: UInt8] = {
    var table: [UInt32: UInt8] = [:]
    for (range, letter) in [
      (0xC0...0xC5, "A"), (0xC8...0xCB, "E"), (0xCC...0xCF, "I"), (0xD2...0xD6, "O"),
      (0xD9...0xDC, "U"), (0xE0...0xE5, "a"), (0xE8...0xEB, "e"), (0xEC...0xEF, "i"),
      (0xF2...0xF6, "o"), (0xF9...0xFC, "u"), (0xC7...0xC7, "C"), (0xE7...0xE7, "c"),
      (0xD1...0xD1, "N"), (0xF1...0xF1, "n"),
    ] as [(ClosedRange<UInt32>, Unicode.Scalar)] {
      for value in range { table[value] = UInt8(letter.value) }
    }
    return table
  }()

  // MARK: QR

  private func qr(_ payload: String) -> [UInt8] {
    guard let matrix = QRMatrix(payload) else { return [] }
    let module = moduleDots(matrix)
    return profile.qr == .native ? native(payload, module) : bitmap(matrix, module)
  }

  /// As large as the profile wants it, smaller where the paper is narrow. Eight modules of quiet
  /// zone belong to it.
  private func moduleDots(_ matrix: QRMatrix) -> Int {
    min(profile.qrModuleDots, max(1, profile.widthDots / (matrix.side + 8)))
  }

  private func native(_ payload: String, _ module: Int) -> [UInt8] {
    func function(_ code: UInt8, _ parameters: [UInt8]) -> [UInt8] {
      let count = parameters.count + 2
      return [0x1D, 0x28, 0x6B, UInt8(count & 0xFF), UInt8(count >> 8), 0x31, code] + parameters
    }
    return function(0x41, [0x32, 0x00])  // model 2
      + function(0x43, [UInt8(module)])
      + function(0x45, [0x31])  // error correction M
      + function(0x50, [0x30] + Array(payload.utf8))
      + function(0x51, [0x30])
  }

  /// GS v 0, with the quiet zone in the image.
  private func bitmap(_ matrix: QRMatrix, _ module: Int) -> [UInt8] {
    let quiet = 4
    let side = (matrix.side + 2 * quiet) * module
    let rowBytes = (side + 7) / 8
    var out: [UInt8] = [
      0x1D, 0x76, 0x30, 0, UInt8(rowBytes & 0xFF), UInt8(rowBytes >> 8), UInt8(side & 0xFF),
      UInt8(side >> 8),
    ]
    for y in 0..<side {
      var row = [UInt8](repeating: 0, count: rowBytes)
      let moduleY = y / module - quiet
      if (0..<matrix.side).contains(moduleY) {
        for x in 0..<side {
          let moduleX = x / module - quiet
          guard (0..<matrix.side).contains(moduleX), matrix.dark[moduleY * matrix.side + moduleX]
          else { continue }
          row[x / 8] |= 0x80 >> UInt8(x % 8)
        }
      }
      out += row
    }
    return out
  }
}
