import Journey
import KioskShell
import OfficeModel
import Screens
import SensitiveMemory

/// Small invented screens for the shell's own tests.
enum Samples {
  /// The project's own fonts, icons and sounds.
  static let assets: AssetFolder = {
    let folder = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return AssetFolder(path: "/\(folder)/Assets")
  }()

  static let ink = Color(0x14202E)
  static let surface = Color(0xFFFFFF)
  static let ground = Color(0xF3F5F8)
  static let primary = Color(0x083B78)

  static func button(
    _ control: Control, _ rect: Rect, role: ControlFrame.Role = .button, isEnabled: Bool = true
  ) -> ControlFrame {
    func look(_ fill: Color, _ text: Color) -> [DrawCommand] {
      [
        .box(rect, radius: 20, fill: fill, stroke: ink, strokeWidth: 3, dashed: false),
        .text(
          control.name, x: rect.x + 30, y: rect.y + 20,
          TextStyle(face: .bold, pixels: 32, color: text)),
      ]
    }
    return ControlFrame(
      control: control, role: role, label: control.name, rect: rect, hitRect: rect.inset(by: -7),
      isEnabled: isEnabled, normal: look(surface, ink), pressed: look(primary, surface))
  }

  /// Two buttons, one above the other, and one that is greyed.
  static func frame(name: String = "sample", size: Size = Size(width: 400, height: 600)) -> Frame {
    Frame(
      name: name, size: size, background: ground,
      backdrop: [
        .fill(Rect(x: 0, y: 0, width: size.width, height: 60), primary),
        .text(
          "Contoh", x: 20, y: 10, TextStyle(face: .semibold, pixels: 32, color: surface)),
      ],
      controls: [
        button(.start, Rect(x: 40, y: 100, width: 300, height: 100)),
        button(.continue, Rect(x: 40, y: 240, width: 300, height: 100)),
        button(.print, Rect(x: 40, y: 380, width: 300, height: 100), isEnabled: false),
      ])
  }

  static func state() -> JourneyState {
    JourneyState(
      office: OfficeProfile(
        name: "Kantor Contoh", kioskName: "Anjungan 1", zone: .wib, services: [],
        languages: ["id"], isDemonstration: true, openingHours: []),
      now: Moment(wall: Timestamp(seconds: 0), uptime: .zero))
  }
}

/// Numbers that look random and are the same in every run.
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
