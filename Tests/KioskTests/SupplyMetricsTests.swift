import KioskShell
import Observability
import OfficeModel
import Ports
import TestSupport
import Testing

@testable import Kiosk

@Suite("Paper and toner among the metrics")
struct SupplyMetricsTests {
  @Test("each printer's forecast and markers are told, and what nobody knows any more is not")
  func exposition() async throws {
    let board = HealthBoard()
    let source = HealthSource(
      identity: KioskIdentity(
        office: "contoh", kiosk: "contoh-1", version: "0", demonstration: true), board: board,
      heartbeat: Heartbeat(), clock: ManualClock().port(),
      store: .failing(PortError(.storageReadOnly, step: "open store")), storeDirectory: "/",
      minimumFreeBytes: 0, registry: PrometheusRegistry())
    let supplies = PrinterSupplies(
      markers: [
        .init(name: "Hitam", level: .percent(37), lowLevel: 10),
        .init(name: nil, level: .percent(90), lowLevel: 10),
        .init(name: "Biru", level: .unknown, lowLevel: 10),
      ], sheetCounter: 1234)
    let refill = PaperRefill(
      printer: "utama", at: Timestamp(seconds: 0), sheets: 200, isEstimate: false, counter: 1204)
    let first = PrinterReading(
      name: "utama", place: nil, fact: .ready, supplies: supplies,
      paper: PaperForecast(
        refill: refill, supplies: supplies, recent: RecentPrints(documents: 10, sheets: 20),
        isEmpty: false))
    let second = PrinterReading(name: "cadangan", place: nil, fact: .ready)
    board.documentPrinters([first, second], looked: nil, at: .zero)
    let told = Self.supplyLines(await source.metrics())
    #expect(
      told
        == [
          "# TYPE anjungan_marker_percent gauge",
          #"anjungan_marker_percent{printer="utama",marker="2"} 90.0"#,
          #"anjungan_marker_percent{printer="utama",marker="Hitam"} 37.0"#,
          "# TYPE anjungan_paper_documents_left gauge",
          #"anjungan_paper_documents_left{printer="utama"} 85.0"#,
          "# TYPE anjungan_paper_sheets_left gauge",
          #"anjungan_paper_sheets_left{printer="utama"} 170.0"#,
          "# TYPE anjungan_paper_sheets_since_refill gauge",
          #"anjungan_paper_sheets_since_refill{printer="utama"} 30.0"#,
        ].sorted())
    // Another printer in its place tells nothing: the old one's figures do not stay.
    board.documentPrinters(
      [PrinterReading(name: "utama", place: nil, fact: .ready), second], looked: nil,
      at: .zero)
    #expect(Self.supplyLines(await source.metrics()).filter { !$0.hasPrefix("#") }.isEmpty)
  }

  private static func supplyLines(_ text: String) -> [String] {
    text.split(separator: "\n").map(String.init).filter {
      $0.contains("anjungan_paper_") || $0.contains("anjungan_marker_")
    }.sorted()
  }
}
