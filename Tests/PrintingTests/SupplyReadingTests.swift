import OfficeModel
import Ports
import TestSupport
import Testing

@testable import Printing

@Suite("Paper and toner as the printer tells of them", .timeLimit(.minutes(2)))
struct SupplyReadingTests {
  private static func markers(
    _ change: (inout SupplyReading) -> Void
  ) -> [PrinterSupplies.Marker] {
    var reading = SupplyReading(
      names: ["Black", "Cyan"], kinds: ["toner", "toner-cartridge"], levels: [80, 45],
      lowLevels: [10, 15])
    change(&reading)
    return reading.supplies.markers
  }

  @Test("cartridges have a name, a level and the level at which they are low")
  func cartridges() {
    #expect(
      Self.markers { _ in } == [
        .init(name: "Black", level: .percent(80), lowLevel: 10),
        .init(name: "Cyan", level: .percent(45), lowLevel: 15),
      ])
    #expect(PrinterSupplies.Marker(name: nil, level: .percent(10), lowLevel: 10).isLow)
    #expect(!PrinterSupplies.Marker(name: nil, level: .percent(11), lowLevel: 10).isLow)
    #expect(!PrinterSupplies.Marker(name: nil, level: .unknown, lowLevel: 10).isLow)
  }

  @Test(
    "special and absurd levels are no percentages",
    arguments: [
      (-1, PrinterSupplies.Marker.Level.unknown), (-2, .unknown), (-3, .some), (-4, .unknown),
      (0, .percent(0)), (100, .percent(100)), (101, .unknown), (Int(Int32.max), .unknown),
      (Int(Int32.min), .unknown),
    ])
  func special(_ value: Int, _ level: PrinterSupplies.Marker.Level) {
    #expect(Self.markers { $0.levels[0] = value }.first?.level == level)
  }

  @Test("lists of unequal length name no cartridge wrongly")
  func unequal() {
    let found = Self.markers { reading in
      reading.names = ["Black"]
      reading.lowLevels = [1, 2, 3]
    }
    #expect(found.map(\.name) == [nil, nil])
    #expect(found.map(\.lowLevel) == [nil, nil])
    #expect(found.map(\.level) == [.percent(80), .percent(45)])
    #expect(Self.markers { $0.levels = [] } == [])
    #expect(Self.markers { $0.levels = Array(repeating: 5, count: 400) }.count == 8)
  }

  @Test("a box for waste is no cartridge, and names are plain short text")
  func otherKinds() {
    #expect(Self.markers { $0.kinds[1] = "waste-toner" }.map(\.name) == ["Black"])
    #expect(Self.markers { $0.kinds = ["fuser", "ink-cartridge"] }.map(\.name) == ["Cyan"])
    #expect(Self.markers { $0.names[0] = "Bla\u{1b}[2Jck\n  HP " }.first?.name == "Bla[2Jck HP")
    #expect(
      Self.markers { $0.names[0] = String(repeating: "x", count: 500) }.first?.name?.count == 40)
    #expect(Self.markers { $0.names[0] = "\u{7}" }.first?.name == nil)
    #expect(Self.markers { $0.lowLevels = [0, 101] }.map(\.lowLevel) == [nil, nil])
  }

  @Test("where there are no lists the entries of PWG 5100.13 count")
  func entries() {
    var reading = SupplyReading()
    reading.supplyEntries = [
      "index=1;class=supplyThatIsConsumed;type=toner;unit=percent;maxcapacity=100;level=30;"
        + "colorantname=black;",
      "type=inkCartridge;maxcapacity=2500;level=500;colorantname=cyan;",
      "type=toner;maxcapacity=-2;level=4;colorantname=magenta;",
      "type=toner;maxcapacity=100;level=-3;colorantname=yellow;",
      "class=receptacleThatIsFilled;type=toner;maxcapacity=100;level=3;",
      "type=wasteToner;maxcapacity=100;level=3;", "nonsense", "=;=;",
    ]
    #expect(
      reading.supplies.markers == [
        .init(name: "black", level: .percent(30)), .init(name: "cyan", level: .percent(20)),
        .init(name: "magenta", level: .unknown), .init(name: "yellow", level: .some),
      ])
  }

  @Test(
    "sheets are told only where every tray counts",
    arguments: [
      (["type=sheetFeedAutoRemovableTray;maxcapacity=250;level=120;name=Tray 1;"], 120),
      (["type=sheetFeedAuto;level=120;", "type=sheetFeedAuto;maxcapacity=500;level=500"], 620),
      (["type=sheetFeedManual;maxcapacity=1;level=-3;", "type=sheetFeedAuto;level=7"], 7),
      (["type=sheetFeedAuto;level=120;", "type=sheetFeedAuto;level=-2;"], nil),
      (["type=sheetFeedAuto;maxcapacity=250;level=251;"], nil),
      (["type=sheetFeedAuto;level=99999999999999999999;"], nil),
      (["type=sheetFeedAuto;unit=percent;level=50;"], nil), (["level"], nil), ([], nil),
    ] as [([String], Int?)])
  func trays(_ entries: [String], _ sheets: Int?) {
    var reading = SupplyReading()
    reading.trayEntries = entries
    #expect(reading.supplies.sheetsInTrays == sheets)
  }

  @Test("a printer of the lab tells of its cartridges, its tray and its counter")
  func lab() async throws {
    try await withPrinter { rig in
      let before = try #require(await rig.driver.port.supplies())
      #expect(before.markers == [.init(name: "Black", level: .percent(80), lowLevel: 10)])
      #expect(before.sheetsInTrays == nil)
      try await rig.lab.tell("attr marker-names Hitam, Biru")
      try await rig.lab.tell("attr marker-types toner, toner")
      try await rig.lab.tell("attr marker-levels 9,-3")
      try await rig.lab.tell("attr marker-low-levels 10,10")
      try await rig.lab.tell(
        "attr printer-input-tray type=sheetFeedAuto;maxcapacity=250;level=31;name=Baki 1;")
      let after = try #require(await rig.driver.port.supplies())
      #expect(
        after.markers == [
          .init(name: "Hitam", level: .percent(9), lowLevel: 10),
          .init(name: "Biru", level: .some, lowLevel: 10),
        ])
      #expect(after.sheetsInTrays == 31)
      let counter = try #require(after.sheetCounter)
      _ = try await rig.print(try rig.order(PrinterRig.document()))
      #expect(await rig.driver.port.supplies()?.sheetCounter == counter + 1)
      try await rig.lab.tell("power off")
      #expect(await rig.driver.port.supplies() == nil)
    }
  }
}
