/// The list `devices.scanners`: which devices are scanners that type like a keyboard.
enum ScannerListReading {
  /// A kiosk has one for codes and one for cards; more is a mistake.
  static let scannersLimit = 4

  static func read(_ devices: Section) -> [ScannerSettings] {
    devices.list("scanners", upTo: scannersLimit).enumerated().compactMap { index, item in
      let section = Section(
        item, path: "\(devices.name(of: "scanners"))[\(index + 1)]", context: devices.context)
      defer { section.finish() }
      let sign = sign(section)
      let suffix = section.choice("suffix", ScannerSettings.Suffix.self, default: .enter)
      let layout = section.choice("layout", ScannerSettings.Layout.self, default: .us)
      guard let sign, let suffix, let layout else { return nil }
      return ScannerSettings(sign: sign, suffix: suffix, layout: layout)
    }
  }

  private static func sign(_ section: Section) -> ScannerSettings.Sign? {
    let name = section.optionalText("name", upTo: 128)
    let path = section.path("path")
    let vendor = id("vendor", section)
    let product = id("product", section)
    switch (name, path, section.isWritten("vendor") || section.isWritten("product")) {
    case (let name?, nil, false): return .name(name)
    case (nil, let path?, false): return .path(path)
    case (nil, nil, true):
      guard section.isWritten("vendor"), section.isWritten("product") else { break }
      guard let vendor, let product else { return nil }
      return .ids(vendor: vendor, product: product)
    default: break
    }
    section.problem(
      section.place, "\(section.path) is told by its name, by vendor and product, or by its path")
    return nil
  }

  private static func id(_ key: String, _ section: Section) -> UInt16? {
    guard let text = section.optionalText(key, upTo: 6) else { return nil }
    if let id = HexID.value(text) { return id }
    section.problem(
      section.place(of: key), "\(section.name(of: key)) is four hexadecimal digits, as lsusb says")
    return nil
  }
}

/// Ids of USB as `lsusb` writes them.
enum HexID {
  static func value(_ text: String) -> UInt16? {
    let digits = text.lowercased().hasPrefix("0x") ? text.dropFirst(2) : text[...]
    guard digits.utf8.count == 4, digits.first?.isHexDigit == true else { return nil }
    return UInt16(digits, radix: 16)
  }

  static func text(_ id: UInt16) -> String {
    let digits = String(id, radix: 16)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }
}
