internal import CCUPS
internal import OfficeModel

/// The attributes of Get-Printer-Attributes that tell of supplies, as they came: the marker lists of
/// CUPS' extensions, which most printers send, and `printer-supply` and `printer-input-tray` of
/// PWG 5100.13. Nothing of it is believed before `supplies`.
struct SupplyReading: Sendable, Equatable {
  var names: [String] = []
  var kinds: [String] = []
  var levels: [Int] = []
  var lowLevels: [Int] = []
  /// `key=value;` pairs, one entry each.
  var supplyEntries: [String] = []
  var trayEntries: [String] = []
  var counter: Int?

  static let attributes = [
    "marker-names", "marker-types", "marker-levels", "marker-low-levels", "printer-supply",
    "printer-input-tray", "printer-impressions-completed", "printer-media-sheets-completed",
  ]

  /// More cartridges than any A4 printer has.
  static let markersLimit = 8
  static let nameLimit = 40

  var supplies: PrinterSupplies {
    PrinterSupplies(
      markers: levels.isEmpty ? markersOfEntries : markersOfLists, sheetsInTrays: sheets,
      sheetCounter: counter.flatMap { $0 >= 0 ? $0 : nil })
  }

  // MARK: Toner and ink

  private var markersOfLists: [PrinterSupplies.Marker] {
    // A list of another length says nothing of which cartridge it means.
    let names = names.count == levels.count ? names : []
    let kinds = kinds.count == levels.count ? kinds : []
    let lows = lowLevels.count == levels.count ? lowLevels : []
    return levels.indices.compactMap { index in
      guard kinds.isEmpty || Self.runsOut(kinds[index]) else { return nil }
      return PrinterSupplies.Marker(
        name: names.isEmpty ? nil : Self.plain(names[index]), level: Self.level(levels[index]),
        lowLevel: lows.isEmpty ? nil : Self.low(lows[index]))
    }.prefix(Self.markersLimit).map { $0 }
  }

  private var markersOfEntries: [PrinterSupplies.Marker] {
    supplyEntries.compactMap { entry in
      let fields = Self.fields(entry)
      guard let kind = fields["type"], Self.runsOut(kind),
        fields["class"] != "receptacleThatIsFilled"
      else { return nil }
      let level = fields["level"].flatMap { Int($0) } ?? -2
      let capacity = fields["maxcapacity"].flatMap { Int($0) } ?? 100
      // Of a capacity that is not told, or less than what is in it, no share can be made.
      let share =
        level < 0
        ? level
        : (1...1_000_000).contains(capacity) && level <= capacity
          ? level * 100 / capacity : -2
      return PrinterSupplies.Marker(
        name: (fields["colorantname"] ?? fields["name"]).flatMap(Self.plain),
        level: Self.level(share))
    }.prefix(Self.markersLimit).map { $0 }
  }

  /// Boxes for waste fill up, and printers disagree in which direction they count; drums, fusers and
  /// staples are nothing that staff can put in.
  private static func runsOut(_ kind: String) -> Bool {
    let kind = kind.lowercased()
    return !kind.contains("waste") && (kind.contains("toner") || kind.contains("ink"))
  }

  private static func level(_ value: Int) -> PrinterSupplies.Marker.Level {
    switch value {
    case 0...100: .percent(value)
    case -3: .some
    default: .unknown
    }
  }

  private static func low(_ value: Int) -> Int? { (1...99).contains(value) ? value : nil }

  // MARK: Paper

  /// Nil as soon as one tray does not count. A slot for single sheets is no tray.
  private var sheets: Int? {
    var sum: Int?
    for entry in trayEntries.prefix(Self.markersLimit) {
      let fields = Self.fields(entry)
      if fields["type"]?.lowercased().contains("manual") == true { continue }
      let unit = fields["unit"] ?? "sheets"
      guard unit == "sheets", let level = fields["level"].flatMap({ Int($0) }),
        (0...PaperRefill.sheetsLimit).contains(level),
        fields["maxcapacity"].flatMap({ Int($0) }).map({ $0 <= 0 || level <= $0 }) ?? true
      else { return nil }
      sum = (sum ?? 0) + level
    }
    return sum
  }

  // MARK: Text from outside

  private static func fields(_ entry: String) -> [String: String] {
    var fields: [String: String] = [:]
    for pair in entry.prefix(1024).split(separator: ";") {
      guard let equals = pair.firstIndex(of: "=") else { continue }
      let key = pair[..<equals].lowercased().filter { !$0.isWhitespace }
      fields[key] = String(pair[pair.index(after: equals)...])
    }
    return fields
  }

  private static func plain(_ name: String) -> String? {
    let scalars = name.unicodeScalars.filter { $0.properties.generalCategory != .control }
    let words = String(String.UnicodeScalarView(scalars)).split(separator: " ")
      .joined(separator: " ")
    return words.isEmpty ? nil : String(words.prefix(nameLimit))
  }
}

extension IPPConnection {
  /// - Parameter limit: a status question is answered within it.
  func supplies(limit: Duration) throws(IPPError) -> SupplyReading {
    let answer = try attributes(SupplyReading.attributes, limit: limit)
    return SupplyReading(
      names: answer.keywords("marker-names"), kinds: answer.keywords("marker-types"),
      levels: answer.integers("marker-levels"), lowLevels: answer.integers("marker-low-levels"),
      supplyEntries: answer.octets("printer-supply"),
      trayEntries: answer.octets("printer-input-tray"),
      counter: answer.integer("printer-media-sheets-completed")
        ?? answer.integer("printer-impressions-completed"))
  }
}
