import OfficeModel
import Testing

@Suite("The form of a NIK")
struct NIKTests {
  private func finding(_ text: String) -> NIK.Finding? { NIK.check(text.utf8) }

  @Test(
    "numbers of the right form pass, of any region",
    arguments: [
      "6309010101900001", "6309014101900001", "9999993112990001", "0000013101010001",
      "6309017112859999", "6309012902000001", "6309016902960001", "9601012802010001",
    ])
  func accepts(_ text: String) { #expect(finding(text) == nil) }

  @Test(
    "what no NIK can be is refused with the group to look at again",
    arguments: [
      ("6309010001900001", NIK.Doubt.day, 1), ("6309013201900001", .day, 1),
      ("6309014001900001", .day, 1), ("6309017201900001", .day, 1), ("6309019901900001", .day, 1),
      ("6309010100900001", .month, 2), ("6309010113900001", .month, 2),
      ("6309013104900001", .dayOfMonth, 1), ("6309017006900000", .serial, 3),
      ("6309012902010001", .dayOfMonth, 1), ("6309016902010001", .dayOfMonth, 1),
      ("6309013002000001", .dayOfMonth, 1), ("6309010101900000", .serial, 3),
    ] as [(String, NIK.Doubt, Int)])
  func refuses(_ text: String, _ doubt: NIK.Doubt, _ group: Int) {
    #expect(finding(text)?.doubt == doubt)
    #expect(finding(text)?.group == group)
  }

  @Test("too short, too long and strange characters point at their group")
  func length() {
    #expect(finding("")?.group == 0)
    #expect(finding("630901010190")?.doubt == .length)
    #expect(finding("630901010190")?.group == 3)
    #expect(finding("63090101019000011")?.doubt == .length)
    #expect(finding("63o9010101900001")?.group == 0)
    #expect(finding("6309 10101900001")?.doubt == .notADigit)
    #expect(finding("6309010101900٠")?.doubt == .notADigit)
  }

  @Test("every day of every month of a leap year is accepted for men and women")
  func everyDay() {
    for month in 1...12 {
      for day in 1...31 {
        let exists = CivilDate(year: 2000, month: month, day: day) != nil
        for offset in [0, NIK.femaleDayOffset] {
          let text = "630901\(two(day + offset))\(two(month))000001"
          #expect((finding(text) == nil) == exists)
        }
      }
    }
  }

  private func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

  @Test("ten thousand random byte strings are judged without a crash")
  func random() {
    var generator = Seeded(state: 20_261_120)
    for _ in 0..<10_000 {
      let bytes = (0..<Int.random(in: 0...20, using: &generator)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
      if let finding = NIK.check(bytes) { #expect((0...3).contains(finding.group)) }
    }
  }
}

/// SplitMix64: the same sequence for the same seed, everywhere.
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
