import OfficeModel
import Testing

@Suite("How long the paper lasts")
struct PaperForecastTests {
  private static let recent = RecentPrints(documents: 20, sheets: 60)

  private static func forecast(
    sheets: Int? = 200, isEstimate: Bool = false, counter: Int? = 1000, printed: Int = 0,
    now: Int? = 1080, inTrays: Int? = nil, recent: RecentPrints = recent, isEmpty: Bool = false
  ) -> PaperForecast {
    PaperForecast(
      refill: PaperRefill(
        printer: "utama", at: Timestamp(seconds: 1), sheets: sheets, isEstimate: isEstimate,
        counter: counter, printed: printed),
      supplies: PrinterSupplies(sheetsInTrays: inTrays, sheetCounter: now), recent: recent,
      isEmpty: isEmpty)
  }

  @Test("sheets left are those put in less what the printer counted, documents by their mean")
  func counted() {
    let forecast = Self.forecast()
    #expect(forecast.sheetsSinceRefill == 80)
    #expect(forecast.sheetsLeft == 120)
    #expect(forecast.documentsLeft == 40)
    #expect(!forecast.isEstimate && !forecast.isLow)
  }

  @Test(
    "without a counter that counts, the ledger does",
    arguments: [(nil, 1080), (1000, nil), (0, 0), (1000, 990)] as [(Int?, Int?)])
  func ledger(_ then: Int?, _ now: Int?) {
    let forecast = Self.forecast(counter: then, printed: 50, now: now)
    #expect(forecast.sheetsSinceRefill == 50)
    #expect(forecast.sheetsLeft == 150)
  }

  @Test(
    "what staff counted comes before a tray's own level, and that before a full tray's capacity")
  func precedence() {
    #expect(Self.forecast(inTrays: 70).sheetsLeft == 120)
    let guessed = Self.forecast(isEstimate: true, inTrays: 70)
    #expect(guessed.sheetsLeft == 70 && !guessed.isEstimate)
    let capacity = Self.forecast(isEstimate: true)
    #expect(capacity.sheetsLeft == 120 && capacity.isEstimate)
  }

  @Test("it says nothing where it knows nothing")
  func silent() {
    let none = PaperForecast(
      refill: nil, supplies: nil, recent: Self.recent, isEmpty: false)
    #expect(none == PaperForecast())
    #expect(!none.isLow)
    // Filled, and nobody knows with how much.
    let unknown = Self.forecast(sheets: nil)
    #expect(unknown.sheetsLeft == nil && unknown.sheetsSinceRefill == 80)
    // More was printed than was put in: somebody filled it and said nothing.
    let wrong = Self.forecast(sheets: 60)
    #expect(wrong.sheetsLeft == nil && wrong.documentsLeft == nil && !wrong.isLow)
    // Four documents have no mean; nor have documents without sheets.
    #expect(Self.forecast(recent: RecentPrints(documents: 4, sheets: 12)).documentsLeft == nil)
    #expect(Self.forecast(recent: RecentPrints(documents: 20, sheets: 0)).documentsLeft == nil)
  }

  @Test("an empty tray holds nothing, whatever the sums say")
  func empty() {
    let forecast = Self.forecast(isEmpty: true)
    #expect(forecast.sheetsLeft == 0 && forecast.documentsLeft == 0 && forecast.isLow)
  }

  @Test("paper is low from ten documents, or twenty sheets where no mean is known")
  func low() {
    #expect(Self.forecast(sheets: 109).isLow)
    #expect(!Self.forecast(sheets: 110).isLow)
    let unknown = RecentPrints()
    #expect(Self.forecast(sheets: 99, recent: unknown).isLow)
    #expect(!Self.forecast(sheets: 100, recent: unknown).isLow)
  }
}
