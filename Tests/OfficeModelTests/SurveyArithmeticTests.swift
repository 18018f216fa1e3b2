import OfficeModel
import Testing

@Suite("Satisfaction index")
struct SurveyArithmeticTests {
  private func tally(_ scores: [Int], respondents: Int = 1) -> SurveyTally {
    var tally = SurveyTally(elements: scores.count)
    for _ in 0..<respondents {
      for (element, score) in scores.enumerated() { tally.add(score: score, element: element) }
    }
    return tally
  }

  @Test("all fours are exactly 100, and 99.00 and 99.90 by the printed weights")
  func weights() {
    let full = tally(Array(repeating: 4, count: 9), respondents: 7)
    #expect(full.index()?.value == 10_000)
    #expect(full.index(weight: .twoDecimals)?.value == 9_900)
    #expect(full.index(weight: .threeDecimals)?.value == 9_990)
    #expect(full.quality == .a)
  }

  @Test("all ones are 25 and all threes 75")
  func plain() {
    #expect(tally(Array(repeating: 1, count: 9)).index()?.text == "25,00")
    #expect(tally(Array(repeating: 3, count: 9)).index()?.text == "75,00")
  }

  @Test(
    "bands hold at their edges",
    arguments: [
      (10_000, ServiceQuality.a), (8_831, .a), (8_830, .b), (8_081, .b), (7_661, .b), (7_660, .c),
      (6_500, .c), (6_499, .d), (2_500, .d),
    ])
  func bands(_ value: Int, _ quality: ServiceQuality) {
    #expect(ServiceQuality(index: Hundredths(value)) == quality)
  }

  @Test("the mean is rounded once, half up")
  func rounding() {
    // Mean of 1,1,2 is 1.33333…, of 3,4 exactly 3.5.
    var tally = SurveyTally(elements: 1)
    for score in [1, 1, 2] { tally.add(score: score, element: 0) }
    #expect(tally.meanTenThousandths(element: 0) == 13_333)
    #expect(tally.index()?.value == 3_333)
    // 25 * 3.005 = 75.125: a tie in the third decimal goes up.
    var tie = SurveyTally(elements: 1)
    for index in 0..<200 { tie.add(score: index == 0 ? 4 : 3, element: 0) }
    #expect(tie.index()?.value == 7_513)
  }

  @Test("skipped questions count only where they were answered; none answered gives no index")
  func skips() {
    var tally = SurveyTally()
    #expect(tally.index() == nil)
    for element in 0..<8 { tally.add(score: 4, element: element) }
    #expect(tally.index() == nil)
    tally.add(score: 2, element: 8)
    tally.add(score: 4, element: 8)
    // (8 * 4 + 3) / 9 * 25
    #expect(tally.index()?.value == 9_722)
  }

  @Test("wrong scores and elements are refused")
  func refused() {
    var tally = SurveyTally()
    for (score, element) in [(0, 0), (5, 0), (4, 9), (4, -1)] {
      let taken = tally.add(score: score, element: element)
      #expect(!taken)
    }
    #expect(tally.counts.allSatisfy { $0 == 0 })
  }

  @Test("random tallies agree with binary arithmetic to a hundredth and stay between 25 and 100")
  func random() {
    var generator = Seeded(state: 9)
    for _ in 0..<300 {
      var tally = SurveyTally()
      for element in 0..<9 {
        for _ in 0..<Int.random(in: 1...40, using: &generator) {
          tally.add(score: Int.random(in: 1...4, using: &generator), element: element)
        }
      }
      let expected =
        zip(tally.sums, tally.counts).reduce(0.0) { $0 + Double($1.0) / Double($1.1) } / 9 * 2500
      let index = tally.index()?.value ?? 0
      #expect(abs(Double(index) - expected) <= 0.500001)
      #expect((2_500...10_000).contains(index))
    }
  }
}
