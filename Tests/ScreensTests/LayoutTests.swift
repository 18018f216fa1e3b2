import Journey
import OfficeModel
import Screens
import SensitiveMemory
import Testing

/// Holds every screen in every language, size, contrast and orientation against the rules of the
/// glass.
@Suite struct LayoutTests {
  /// Letters as wide as Inter's on average, capitals and digits wider; a little pessimistic.
  static let measurer = TextMeasurer(
    width: { text, face, pixels in
      var units = 0
      for byte in text.utf8 {
        switch byte {
        case 0x41...0x5A, 0x30...0x39: units += 68
        case 0x20, 0x2E, 0x2C, 0x69, 0x6C, 0x6A, 0x74, 0x66, 0x72: units += 36
        case 0x80...0xBF: break
        default: units += 58
        }
      }
      return units * pixels / 100
    },
    lineHeight: { _, pixels in pixels * 121 / 100 })

  struct Setting: CustomStringConvertible, Sendable {
    var size: Size
    var language: String
    var textSize: Preferences.TextSize
    var contrast: Preferences.Contrast
    var lowReach: Bool
    var troubled: Bool
    var description: String {
      "\(size.width)x\(size.height) \(language) \(textSize) \(contrast) low:\(lowReach) "
        + "troubled:\(troubled)"
    }
    var preferences: Preferences {
      Preferences(
        language: language, textSize: textSize, contrast: contrast, lowReach: lowReach)
    }
  }

  static let settings: [Setting] = {
    var all: [Setting] = []
    for size in [Size(width: 1080, height: 1920), Size(width: 1920, height: 1080)] {
      for language in ["id", "en"] {
        for textSize in Preferences.TextSize.allCases {
          for contrast in Preferences.Contrast.allCases {
            for low in [false, true] {
              for troubled in [false, true] {
                all.append(
                  Setting(
                    size: size, language: language, textSize: textSize, contrast: contrast,
                    lowReach: low, troubled: troubled))
              }
            }
          }
        }
      }
    }
    for size in [
      Size(width: 720, height: 1080), Size(width: 720, height: 1280),
      Size(width: 2160, height: 3840), Size(width: 1440, height: 1080),
      Size(width: 1080, height: 1080),
    ] {
      all.append(
        Setting(
          size: size, language: "id", textSize: .normal, contrast: .light, lowReach: false,
          troubled: false))
    }
    return all
  }()

  static func frames(_ setting: Setting) -> [(String, JourneyState, Frame)] {
    let strings = Strings(language: setting.language, tables: Assets.tables)
    var states = Gallery.screens.map {
      ($0.0, Gallery.state($0.1, setting.preferences, troubled: setting.troubled))
    }
    var asked = Gallery.state(.survey, setting.preferences)
    asked.screen = .statusRegistration(Gallery.entry(.registration, 2))
    asked.stillHereUntil = asked.now.uptime.adding(.seconds(29))
    states.append(("stillHere", asked))
    return states.map { name, state in
      (
        name, state,
        Screens.frame(for: state, size: setting.size, strings: strings, measure: measurer)
      )
    }
  }

  @Test("every screen keeps the rules of the glass", arguments: settings)
  func rules(setting: Setting) {
    var problems: [String] = []
    for (name, state, frame) in Self.frames(setting) {
      var check = FrameCheck(frame: frame, state: state, measurer: Self.measurer)
      check.all()
      problems += check.problems.map { "\(name): \($0)" }
    }
    if !problems.isEmpty {
      Issue.record("\(problems.count) faults:\n\(problems.prefix(12).joined(separator: "\n"))")
    }
  }

  @Test("text colours reach 7:1 on their grounds", arguments: Preferences.Contrast.allCases)
  func tokens(contrast: Preferences.Contrast) {
    let theme = Theme(contrast)
    let pairs: [(Color, Color)] = [
      (theme.ink, theme.background), (theme.ink, theme.surface), (theme.muted, theme.background),
      (theme.muted, theme.surface), (theme.onPrimary, theme.primary),
      (theme.onPressed, theme.pressed), (theme.primary, theme.surface),
      (theme.onHeader, theme.header), (theme.headerMuted, theme.header),
      (theme.ok, theme.okGround), (theme.warn, theme.warnGround),
      (theme.danger, theme.dangerGround),
    ]
    for (text, ground) in pairs { #expect(FrameCheck.contrast(text, ground) >= 7) }
    #expect(FrameCheck.contrast(theme.line, theme.background) >= 3)
    #expect(FrameCheck.contrast(theme.attention, theme.background) >= 3)
  }

  @Test("announcements of today are on the attract screen whole, and no others")
  func announcements() {
    let strings = Strings(language: "id", tables: Assets.tables)
    let frame = Screens.frame(
      for: Gallery.state(.attract, Preferences(language: "id")),
      size: Size(width: 1080, height: 1920), strings: strings, measure: Self.measurer)
    let shown = frame.texts.map(\.text)
    #expect(shown.contains(Gallery.announcements[0].text))
    #expect(!shown.contains(Gallery.announcements[2].text))
    // What this machine does keeps its place.
    #expect(shown.contains(strings[.tileTakeNumber]))
  }

  @Test("while paper moves and after it nothing of the citizen is on the glass")
  func nothingPersonal() {
    let strings = Strings(language: "id", tables: Assets.tables)
    for (name, screen) in Gallery.screens
    where name.hasPrefix("printing") || name.hasPrefix("takePaper")
      || name.hasPrefix("print")
        && !name.hasPrefix("printNIK") && !name.hasPrefix("printPIN")
    {
      let frame = Screens.frame(
        for: Gallery.state(screen, Preferences(language: "id")),
        size: Size(width: 1080, height: 1920), strings: strings, measure: Self.measurer)
      let json = SceneDescription.json(frame, number: 1)
      #expect(!json.contains("CONTOH S"), "\(name)")
      for command in frame.backdrop {
        switch command {
        case .bitmap, .photo, .secretDigits: Issue.record("\(name) shows a secret")
        default: break
        }
      }
    }
  }

  @Test("finished groups of a NIK are dots, the group being typed is clear, a PIN never is")
  func masking() {
    func looks(_ screen: Screen) -> [SecretCell.Look] {
      let frame = Screens.frame(
        for: Gallery.state(screen, Preferences(language: "id")),
        size: Size(width: 1080, height: 1920),
        strings: Strings(language: "id", tables: Assets.tables), measure: Self.measurer)
      for command in frame.backdrop {
        if case .secretDigits(_, let cells, _) = command { return cells.map(\.look) }
      }
      return []
    }
    let nik = looks(.printNIK(Gallery.entry(.nik, 11)))
    #expect(nik == Array(repeating: .dot, count: 8) + Array(repeating: .digit, count: 3))
    #expect(looks(.printNIK(Gallery.entry(.nik, 16))).allSatisfy { $0 == .dot })
    let pin = Screen.printPIN(
      nik: SecretHandle(id: 4), entry: Gallery.entry(.pin, 4), triesLeft: nil)
    #expect(looks(pin) == Array(repeating: .dot, count: 4))
    var held = Gallery.entry(.nik, 6)
    held.revealed = true
    #expect(looks(.printNIK(held)) == Array(repeating: .digit, count: 6))
  }

  @Test("a scene is one line of JSON that names its controls")
  func scene() {
    let frame = Screens.frame(
      for: Gallery.state(.home, Preferences(language: "id")),
      size: Size(width: 1080, height: 1920),
      strings: Strings(language: "id", tables: Assets.tables), measure: Self.measurer)
    let json = SceneDescription.json(frame, number: 7)
    #expect(json.hasPrefix("{\"frame\":7,\"screen\":\"home\""))
    #expect(json.contains("{\"name\":\"takeNumber\",\"role\":\"tile\",\"label\":\"Ambil nomor"))
    #expect(!json.contains("\n"))
  }
}
