import OfficeModel
import Screens
import Testing

@Suite struct StringsTests {
  static func placeholders(_ text: String) -> Set<String> {
    var found: Set<String> = []
    for part in text.split(separator: "{").dropFirst(text.hasPrefix("{") ? 0 : 1) {
      if let end = part.firstIndex(of: "}") { found.insert(String(part[..<end])) }
    }
    return found
  }

  @Test("every text exists in both languages, with the same placeholders, and no text too many")
  func complete() {
    let keys = Set(StringKey.allCases.map(\.rawValue))
    for (language, table) in Assets.tables {
      #expect(Set(table.keys) == keys, "\(language)")
    }
    for key in StringKey.allCases {
      let id = Assets.tables["id"]?[key.rawValue] ?? ""
      let en = Assets.tables["en"]?[key.rawValue] ?? ""
      #expect(!id.isEmpty && !en.isEmpty, "\(key)")
      #expect(Self.placeholders(id) == Self.placeholders(en), "\(key)")
    }
  }

  @Test("what a language lacks comes from Indonesian, one text at a time")
  func fallback() {
    let strings = Strings(
      language: "jv", tables: ["id": Assets.tables["id"] ?? [:], "jv": ["goHome": "Mulih"]])
    #expect(strings[.goHome] == "Mulih")
    #expect(strings[.tryAgain] == "Coba lagi")
    #expect(strings.missing.isEmpty)
  }

  @Test("dates read as people say them")
  func dates() throws {
    let date = try #require(CivilDate(year: 2026, month: 11, day: 20))
    let time = try #require(ClockTime(hour: 9, minute: 41))
    let id = Strings(language: "id", tables: Assets.tables)
    #expect(id.longDate(date) == "Jumat, 20 November 2026")
    #expect(id.shortDate(date) == "Jum, 20 Nov")
    #expect(id.clock(time) == "09.41")
    let en = Strings(language: "en", tables: Assets.tables)
    #expect(en.longDate(date) == "Friday, 20 November 2026")
    #expect(en.clock(time) == "09:41")
  }

  @Test("a value with braces in it is never filled in again")
  func braces() {
    let strings = Strings(language: "id", tables: Assets.tables)
    #expect(strings(.statusReturned, ["note": "{note}"]).hasSuffix("{note}"))
  }

  @Test("every icon has its drawing")
  func icons() {
    for icon in Icon.allCases {
      let drawing = Assets.icon(icon.name)
      #expect(drawing?.contains("viewBox=\"0 0 24 24\"") ?? false, "\(icon.name)")
    }
  }
}
