import Foundation
import KioskConfiguration
import Testing

@Suite("Mangled files")
struct MangledTests {
  /// Checks a folder whose `kiosk.yaml` is this; every problem must name a line that exists.
  private func check(_ data: Data) throws -> [ConfigurationProblem] {
    let folder = try SmallOffice.folder()
    try folder.write(data, to: "kiosk.yaml")
    let found = KioskConfiguration.check(path: folder.path)
    let lines = 1 + data.count { $0 == UInt8(ascii: "\n") }
    for problem in found {
      #expect(problem.line >= 1 && problem.column >= 1)
      #expect(problem.line <= lines || problem.file.contains("services"), "\(problem)")
      #expect(!problem.message.contains("\n"))
    }
    return found
  }

  private func check(_ text: String) throws -> [ConfigurationProblem] {
    try check(Data(text.utf8))
  }

  @Test(
    "hostile shapes are refused with their line",
    arguments: [
      ("office:\n  " + String(repeating: "[", count: 100_000), 2, "nested too deeply"),
      ("a: 1\n" + String(repeating: "- ", count: 60_000), 2, "nested too deeply"),
      ("a: 1\n" + String(repeating: "? ", count: 60_000), 2, "nested too deeply"),
      ((0..<400).map { String(repeating: " ", count: $0) + "a:\n" }.joined(), 66, "nested"),
      ("a: &x [lol]\nb: [*x, *x]\n", 1, "anchors and aliases"),
      ("b: [*x, *x]\n", 1, "anchors and aliases"),
      ("office: \"unfinished\nzone: WIB\n", 3, "is not YAML"),
      ("office:\n\tname: x\n", 2, "is not YAML"),
      ("office: a\n---\noffice: b\n", 2, "is not YAML"),
      ("", 1, "is empty"), ("# nothing\n", 1, "is empty"),
      ("- a\n- b\n", 1, "is a table of keys, not a list"),
      ("just words\n", 1, "is a table of keys, not a single value"),
      ("office: 1\nname: \u{7}\n", 2, "control character"),
      ("? [a, b]\n: c\n", 1, "a key is a single word"),
      ("!!binary office: x\n", 1, "office"),
    ] as [(String, Int, String)])
  func hostile(_ text: String, _ line: Int, _ message: String) throws {
    let found = try check(text)
    #expect(
      found.contains { $0.line == line && $0.message.contains(message) },
      "found \(found.prefix(5))")
  }

  @Test("broken UTF-8, NUL and a file that is too large are refused")
  func bytes() throws {
    #expect(try check(Data("office:\n  name: ".utf8) + [0xFF, 0xFE]).first?.line == 2)
    #expect(try check(Data("office:\n  name: ".utf8) + [0x00]).first?.line == 2)
    let large = Data(repeating: UInt8(ascii: "#"), count: 256 * 1024 + 1)
    #expect(try check(large).first?.message == "is larger than 256 KiB")
  }

  @Test("a file cut off anywhere never loads as if it were whole, and never crashes")
  func truncated() throws {
    let whole = Data(SmallOffice.kiosk.utf8)
    let last = SmallOffice.kiosk.utf8.count - "directory: trust\ndemonstration: false\n".utf8.count
    for length in stride(from: 0, to: last, by: 7) {
      #expect(try !check(whole.prefix(length)).isEmpty)
    }
  }

  @Test("five hundred random damages never crash and always name a line")
  func damaged() throws {
    var generator = Seeded(state: 4)
    let marks = Array("[]{}:-&*!|>'\"%@`#,?\t\n \u{0}\u{85}~".unicodeScalars)
    let folder = try SmallOffice.folder()
    for round in 0..<500 {
      let isKiosk = round % 3 != 0
      var scalars = Array((isKiosk ? SmallOffice.kiosk : SmallOffice.service).unicodeScalars)
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let at = Int.random(in: 0..<scalars.count, using: &generator)
        switch Int.random(in: 0...3, using: &generator) {
        case 0: scalars.remove(at: at)
        case 1: scalars[at] = marks[Int.random(in: 0..<marks.count, using: &generator)]
        case 2: scalars.insert(marks[Int.random(in: 0..<marks.count, using: &generator)], at: at)
        default:
          let end = min(scalars.count, at + Int.random(in: 1...40, using: &generator))
          scalars.insert(contentsOf: scalars[at..<end], at: 0)
        }
      }
      var text = String.UnicodeScalarView()
      text.append(contentsOf: scalars)
      try folder.write(isKiosk ? String(text) : SmallOffice.kiosk, to: "kiosk.yaml")
      try folder.write(
        isKiosk ? SmallOffice.service : String(text), to: "services/ktp-el.yaml")
      for problem in KioskConfiguration.check(path: folder.path) {
        #expect(problem.line >= 1 && problem.column >= 1 && !problem.message.isEmpty)
      }
    }
  }
}

/// SplitMix64: the same damage for the same seed, everywhere.
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
