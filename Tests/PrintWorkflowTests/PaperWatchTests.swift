import OfficeModel
import PrintWorkflow
import Testing

@Suite("Paper that somebody put in")
struct PaperWatchTests {
  private func refills(_ facts: [DeviceFact]) -> Int {
    var watch = PaperWatch()
    return facts.count { watch.looked($0) }
  }

  @Test("an empty tray that can print again was filled, once")
  func filled() {
    #expect(refills([.ready, .down(.mediaEmpty), .down(.mediaEmpty), .ready, .ready]) == 1)
    #expect(refills([.down(.mediaEmpty), .attention(.mediaLow), .ready]) == 1)
    #expect(refills([.down(.mediaEmpty), .ready, .down(.mediaEmpty), .ready]) == 2)
  }

  @Test("a drawer that is opened for it and a printer switched off meanwhile are no refill yet")
  func between() {
    let between: [DeviceFact] = [.down(.coverOpen), .down(.offline), .unknown, .down(.stopped)]
    #expect(refills([.down(.mediaEmpty)] + between) == 0)
    #expect(refills([.down(.mediaEmpty)] + between + [.ready]) == 1)
    #expect(refills([.down(.mediaEmpty)] + between + [.down(.mediaEmpty)]) == 0)
  }

  @Test("a printer that never was empty was not filled")
  func never() { #expect(refills([.unknown, .ready, .down(.mediaJam), .ready]) == 0) }

  @Test("where staff have said what is in it, the printer's word adds nothing")
  func told() {
    var watch = PaperWatch()
    let before = watch.looked(.down(.mediaEmpty))
    watch.told()
    let after = watch.looked(.ready)
    #expect(!before && !after)
  }
}
