import KioskConfiguration
import Testing

@Suite("Files of words")
struct StringsFileTests {
  @Test("each language is read with its own keys")
  func reads() throws {
    let folder = try TestFolder()
    try folder.write("home.title: Mau apa hari ini?\nyes: Ya\n", to: "id.yaml")
    try folder.write("home.title: What brings you here?\n", to: "en.yaml")
    let tables = try StringsFile.load(directory: folder.path, languages: ["id", "en"])
    #expect(tables["id"] == ["home.title": "Mau apa hari ini?", "yes": "Ya"])
    #expect(tables["en"]?.count == 1)
  }

  @Test("a missing language, an empty text and a list are told at once")
  func problems() throws {
    let folder = try TestFolder()
    try folder.write("a:\nb: [x]\nc: ok\n", to: "id.yaml")
    let error = #expect(throws: ConfigurationProblems.self) {
      try StringsFile.load(directory: folder.path, languages: ["id", "mad"])
    }
    #expect(
      error?.problems.map(\.message) == [
        "'a' is text, not nothing", "'b' is text, not a list",
        "cannot be opened: there is no such file",
      ])
  }
}
