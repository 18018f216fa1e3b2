import OfficeModel
import PrintWorkflow
import Testing

@Suite("Which printer gets the next document")
struct PrinterPoolTests {
  private static func pool(
    _ first: DeviceFact = .ready, _ second: DeviceFact = .ready
  ) -> PrinterPool {
    var pool = PrinterPool(["utama", "cadangan"])
    pool.looked("utama", first)
    pool.looked("cadangan", second)
    return pool
  }

  @Test("a kiosk without printers says so; one that was not looked at yet is unknown")
  func beginnings() {
    #expect(PrinterPool([]).fact == .absent)
    #expect(PrinterPool([]).order.isEmpty)
    let pool = PrinterPool(["utama", "cadangan"])
    #expect(pool.order == ["utama", "cadangan"])
    #expect(pool.fact == .unknown)
  }

  @Test(
    "the second takes over from whatever keeps the first from printing, and gives it back",
    arguments: DeviceFault.allCases)
  func takesOver(_ fault: DeviceFault) {
    var pool = Self.pool(.down(fault))
    #expect(pool.order.first == "cadangan")
    #expect(pool.fact == .ready)
    #expect(pool.fact(of: "utama") == .down(fault))
    pool.looked("utama", .ready)
    #expect(pool.order.first == "utama")
  }

  @Test("a warning keeps nobody from printing; an unreadable status gives way to a ready printer")
  func lessThanBroken() {
    #expect(Self.pool(.attention(.mediaLow)).order.first == "utama")
    #expect(Self.pool(.unknown).order.first == "cadangan")
    // Not broken all the same: it comes before one that cannot print.
    #expect(Self.pool(.unknown, .down(.mediaEmpty)).order.first == "utama")
  }

  @Test("with neither able to print the citizen hears of the first")
  func neither() {
    let pool = Self.pool(.down(.mediaJam), .down(.mediaEmpty))
    #expect(pool.fact == .down(.mediaJam))
    #expect(pool.order == ["utama", "cadangan"])
  }

  @Test("a job that was left blocks its own printer only")
  func leftJob() {
    var pool = Self.pool()
    pool.left(["utama"])
    #expect(pool.order == ["cadangan", "utama"])
    #expect(pool.fact == .ready)
    #expect(pool.fact(of: "utama") == .down(.jobLeft))
    // Rather what a hand can mend than what waits for the printer's word.
    pool.looked("cadangan", .down(.mediaEmpty))
    #expect(pool.fact == .down(.mediaEmpty))
    pool.left(["utama", "cadangan"])
    pool.looked("cadangan", .ready)
    #expect(pool.fact == .down(.jobLeft))
    pool.left([])
    #expect(pool.fact == .ready && pool.order.first == "utama")
  }

  @Test("a printer whose last job did not come out well comes after the other")
  func failed() {
    var pool = Self.pool()
    pool.ended("utama", .unknown, nil)
    #expect(pool.order.first == "cadangan")
    // It says it is ready all the time: only when the other cannot print it gets a chance.
    pool.looked("utama", .ready)
    #expect(pool.order.first == "cadangan")
    pool.looked("cadangan", .down(.mediaEmpty))
    #expect(pool.order.first == "utama")
    pool.ended("utama", .delivered, nil)
    pool.looked("cadangan", .ready)
    #expect(pool.order.first == "utama")
  }

  @Test("what somebody has mended is used again")
  func mended() {
    var pool = Self.pool()
    pool.ended("utama", .notPrinted, .mediaJam)
    pool.looked("utama", .down(.mediaJam))
    pool.looked("utama", .unknown)
    #expect(pool.order.first == "cadangan")
    pool.looked("utama", .down(.mediaJam))
    pool.looked("utama", .ready)
    #expect(pool.order.first == "utama")
  }

  @Test("a citizen who takes a print back says nothing of the printer")
  func takenBack() {
    var pool = Self.pool()
    pool.ended("utama", .notPrinted, nil)
    #expect(pool.order.first == "utama")
  }
}
