import Glibc
import Journey
import Screens
import SensitiveMemory
import Testing

@testable import KioskShell

@MainActor @Suite("Frame renderer") struct FrameRendererTests {
  private let vault = SecretVault()
  private let renderer: FrameRenderer

  init() throws { renderer = try FrameRenderer(assets: Samples.assets, vault: vault) }

  private func frame(_ commands: [DrawCommand]) -> Frame {
    Frame(
      name: "one", size: Size(width: 200, height: 200), background: Color(0xFFFFFF),
      backdrop: commands)
  }

  private func secret(_ text: String) throws -> SecretHandle {
    let handle = SecretHandle(id: 1)
    vault.wipe(handle)
    for byte in text.utf8 { try vault.append(byte, to: handle) }
    return handle
  }

  private let style = TextStyle(face: .bold, pixels: 60, color: Color(0x000000))

  private func cells(_ count: Int, _ look: SecretCell.Look) -> [SecretCell] {
    (0..<count).map {
      SecretCell(
        index: $0, rect: Rect(x: 10 + 60 * $0, y: 60, width: 60, height: 80), look: look)
    }
  }

  @Test("a rounded box has round, soft corners, a stroke inside its rectangle and a full middle")
  func box() throws {
    let image = try renderer.image(
      of: frame([
        .box(
          Rect(x: 20, y: 20, width: 160, height: 100), radius: 30, fill: Color(0x00FF00),
          stroke: Color(0x0000FF), strokeWidth: 4, dashed: false)
      ]))
    #expect(image.pixel(x: 21, y: 21) == 0xFFFFFF)
    #expect(image.pixel(x: 100, y: 19) == 0xFFFFFF)
    #expect(image.pixel(x: 100, y: 20) == 0x0000FF)
    #expect(image.pixel(x: 100, y: 23) == 0x0000FF)
    #expect(image.pixel(x: 100, y: 24) == 0x00FF00)
    #expect(image.pixel(x: 20, y: 70) == 0x0000FF)
    #expect(image.pixel(x: 179, y: 70) == 0x0000FF)
    #expect(image.pixel(x: 180, y: 70) == 0xFFFFFF)
    // 30 - 30/sqrt(2) = 8.8 pixels in from the corner the arc begins.
    let arc = (20..<40).compactMap { image.pixel(x: $0, y: $0) }
    #expect(arc.contains { $0 != 0xFFFFFF && $0 != 0x0000FF && $0 != 0x00FF00 })
    // The four corners mirror each other.
    for (dx, dy) in [(5, 9), (8, 8), (2, 20), (12, 6)] {
      let corner = image.pixel(x: 20 + dx, y: 20 + dy)
      #expect(image.pixel(x: 179 - dx, y: 20 + dy) == corner)
      #expect(image.pixel(x: 20 + dx, y: 119 - dy) == corner)
      #expect(image.pixel(x: 179 - dx, y: 119 - dy) == corner)
    }
  }

  @Test("a dashed box leaves gaps")
  func dashed() throws {
    let image = try renderer.image(
      of: frame([
        .box(
          Rect(x: 20, y: 20, width: 160, height: 100), radius: 0, fill: nil,
          stroke: Color(0), strokeWidth: 4, dashed: true)
      ]))
    let edge = (20..<180).compactMap { image.pixel(x: $0, y: 21) }
    #expect(edge.contains(0) && edge.contains(0xFFFFFF))
    #expect(image.pixel(x: 100, y: 70) == 0xFFFFFF)
  }

  @Test("discs and polygons cover about their area")
  func areas() throws {
    func ink(_ command: DrawCommand) throws -> Double {
      let image = try renderer.image(of: frame([command]))
      return (0..<200).reduce(0) { sum, y in
        (0..<200).reduce(sum) { $0 + Double(255 - (image.pixel(x: $1, y: y) ?? 0) & 0xFF) / 255 }
      }
    }
    let disc = try ink(.disc(Rect(x: 50, y: 50, width: 100, height: 100), Color(0)))
    #expect(abs(disc - 7_854) < 40)
    let triangle = try ink(
      .polygon([Point(x: 20, y: 20), Point(x: 120, y: 20), Point(x: 20, y: 120)], Color(0)))
    #expect(abs(triangle - 5_000) < 40)
  }

  @Test("text is drawn inside the box that is measured for it, and Javanese is joined")
  func text() throws {
    let measure = renderer.fonts.measurer
    let width = measure.width("Cetak dokumen", .bold, 20)
    let height = measure.lineHeight(.bold, 20)
    #expect(width > 100 && width < 180 && height >= 20 && height < 34)
    let image = try renderer.image(
      of: frame([
        .text(
          "Cetak dokumen", x: 10, y: 50, TextStyle(face: .bold, pixels: 20, color: Color(0)))
      ]))
    var inked = 0
    for y in 0..<200 {
      for x in 0..<200 where image.pixel(x: x, y: y) != 0xFFFFFF {
        inked += 1
        #expect((9...(11 + width)).contains(x) && (50..<(50 + height)).contains(y))
      }
    }
    #expect(inked > 500)
    #expect(measure.width("", .bold, 20) == 0)
    // A conjunct stacks: the joined pair is narrower than its letters apart.
    let joined = measure.width("ꦏ꧀ꦏ", .javanese, 60)
    #expect(joined < 2 * measure.width("ꦏ", .javanese, 60))
  }

  @Test("a picture drawn step by step is the picture drawn at once")
  func steps() throws {
    var numbers = SeededNumbers(seed: 3)
    let stepwise = renderer
    for step in 0..<60 {
      var frame = Samples.frame()
      if Bool.random(using: &numbers) { frame.controls.removeLast() }
      if Bool.random(using: &numbers) {
        frame.backdrop.append(
          .text(
            "langkah \(step % 7)", x: 30, y: 90 + 40 * (step % 5),
            TextStyle(face: .regular, pixels: 28, color: Samples.ink)))
      }
      if Bool.random(using: &numbers) {
        frame.backdrop.insert(
          .disc(Rect(x: 10 * (step % 9), y: 300, width: 120, height: 120), Samples.primary), at: 0)
      }
      let pressed = [nil, 0, 1].randomElement(using: &numbers) ?? nil
      let focus = [nil, 0, 1].randomElement(using: &numbers) ?? nil
      let fresh = try FrameRenderer(assets: Samples.assets, vault: vault)
      let whole = try fresh.image(of: frame, pressed: pressed, focus: focus)
      #expect(try stepwise.image(of: frame, pressed: pressed, focus: focus) == whole)
    }
  }

  @Test("a press draws only the control that it inverts")
  func pressAlone() throws {
    let frame = Samples.frame()
    try renderer.draw(DisplayList(frame: frame), secretsChanged: false)
    let areas = try renderer.draw(DisplayList(frame: frame, pressed: 1), secretsChanged: false)
    #expect(areas.count == 1)
    let control = frame.controls[1].rect
    #expect(areas.allSatisfy { control.inset(by: -12).union($0) == control.inset(by: -12) })
    #expect(try renderer.draw(DisplayList(frame: frame, pressed: 1), secretsChanged: false) == [])
  }

  @Test("digits come from the vault, dots hide them, and a wiped secret leaves nothing")
  func secretDigits() throws {
    let empty = try renderer.image(of: frame([]))
    let handle = try secret("135")
    let command = DrawCommand.secretDigits(handle, cells: cells(3, .digit), style)
    let digits = try renderer.image(of: frame([command]))
    #expect(digits != empty)

    _ = try secret("136")
    let other = try renderer.image(of: frame([command]))
    #expect(other != digits)
    for x in 0..<130 { #expect(other.pixel(x: x, y: 100) == digits.pixel(x: x, y: 100)) }

    let hidden = DrawCommand.secretDigits(handle, cells: cells(3, .dot), style)
    let dots = try renderer.image(of: frame([hidden]))
    _ = try secret("999")
    #expect(try renderer.image(of: frame([hidden])) == dots)

    vault.wipe(handle)
    #expect(try renderer.image(of: frame([command])) == empty)
    #expect(try renderer.image(of: frame([hidden])) == empty)
  }

  @Test("no typed digit is drawn as text")
  func digitLook() throws {
    // The same digit as public text in the same place looks the same: glyphs are right.
    let handle = try secret("4")
    let shown = try renderer.image(
      of: frame([.secretDigits(handle, cells: cells(1, .digit), style)]))
    let width = renderer.fonts.width("4", .bold, 60)
    let height = renderer.fonts.lineHeight(.bold, 60)
    let text = try renderer.image(
      of: frame([.text("4", x: 10 + (60 - width) / 2, y: 60 + (80 - height) / 2, style)]))
    #expect(shown == text)
  }

  @Test("a page is scaled to fit; blurred, its lines cannot be told apart")
  func page() throws {
    let (width, height) = (400, 600)
    // Print: black and white lines 6 pixels high, on A4 about 3 mm.
    var rows = [UInt8](repeating: 255, count: width * height * 3)
    for y in 0..<height where y / 6 % 2 == 0 {
      for index in (y * width * 3)..<((y + 1) * width * 3) { rows[index] = 0 }
    }
    let handle = try rows.withUnsafeBytes { try vault.store($0) }
    let target = Rect(x: 20, y: 0, width: 150, height: 200)
    func contrast(_ blurred: Bool) throws -> Int {
      let image = try renderer.image(
        of: frame([.bitmap(handle, width: width, height: height, target, blurred: blurred)]))
      let line = (10..<190).compactMap { image.pixel(x: 95, y: $0).map { Int($0 & 0xFF) } }
      return (line.max() ?? 0) - (line.min() ?? 0)
    }
    #expect(try contrast(false) > 200)
    #expect(try contrast(true) < 40)
    // 400 x 600 into 150 x 200: the height decides, 133 wide, centred.
    #expect(
      PixelScaling.fit(width: 400, height: 600, into: target)
        == Rect(x: 28, y: 0, width: 133, height: 200))
    vault.wipe(handle)
    let gone = try renderer.image(
      of: frame([.bitmap(handle, width: width, height: height, target, blurred: false)]))
    #expect(try gone == renderer.image(of: frame([])))
  }

  @Test("a bitmap that is shorter than it says is not drawn")
  func shortBitmap() throws {
    let rows = [UInt8](repeating: 0, count: 99)
    let handle = try rows.withUnsafeBytes { try vault.store($0) }
    let target = Rect(x: 0, y: 0, width: 100, height: 100)
    let image = try renderer.image(
      of: frame([.bitmap(handle, width: 400, height: 600, target, blurred: true)]))
    #expect(try image == renderer.image(of: frame([])))
  }

  @Test("a missing icon and a photo that is none are noted, and the rest is drawn")
  func problems() throws {
    let handle = try secret("not a JPEG")
    let image = try renderer.image(
      of: frame([
        .icon(Icon("no-such-icon"), Rect(x: 0, y: 0, width: 50, height: 50), Color(0)),
        .icon(Icon("../../etc/passwd"), Rect(x: 0, y: 0, width: 50, height: 50), Color(0)),
        .photo(handle, Rect(x: 0, y: 0, width: 50, height: 50)),
        .fill(Rect(x: 100, y: 100, width: 10, height: 10), Color(0xFF0000)),
      ]))
    #expect(image.pixel(x: 105, y: 105) == 0xFF0000)
    #expect(renderer.problems.count == 3)
  }

  @Test("a photo is decoded, fitted into its place and gone with its secret")
  func photo() throws {
    let folder = Samples.assets.path.dropLast("Assets".count)
    let file = try #require(fopen("\(folder)Tests/Lab/profiles/photo.jpg", "rb"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
    let handle = try bytes.withUnsafeBytes { try vault.store($0) }
    let command = DrawCommand.photo(handle, Rect(x: 50, y: 50, width: 100, height: 100))
    let image = try renderer.image(of: frame([command]))
    let header = try #require(bytes.withUnsafeBytes { JPEGHeader(of: $0) })
    let place = PixelScaling.fit(
      width: header.width, height: header.height, into: Rect(x: 50, y: 50, width: 100, height: 100))
    let colors = Set((place.x..<place.maxX).compactMap { image.pixel(x: $0, y: 100) })
    #expect(colors.count > 10)
    for y in 0..<200 {
      for x in 0..<200 where !place.contains(x: x, y: y) {
        #expect(image.pixel(x: x, y: y) == 0xFFFFFF)
      }
    }
    vault.wipe(handle)
    #expect(try renderer.image(of: frame([command])) == renderer.image(of: frame([])))
  }

  @Test("every icon of the project draws a shape that differs from the others")
  func icons() throws {
    let folder = try #require(opendir("\(Samples.assets.path)/icons"))
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasSuffix(".svg") { names.append(String(name.dropLast(4))) }
    }
    var seen: [UInt64: String] = [:]
    for name in names.sorted() {
      let image = try renderer.image(
        of: frame([.icon(Icon(name), Rect(x: 20, y: 20, width: 96, height: 96), Color(0))]))
      #expect(image.bytes.contains(0), "\(name) draws nothing")
      if let twin = seen.updateValue(name, forKey: image.fingerprint) {
        Issue.record("\(name) looks like \(twin)")
      }
    }
    #expect(names.count > 20)
    #expect(renderer.problems == [])
  }

  @Test("after a session the caches hold no text and the bitmap is black")
  func forget() throws {
    _ = try renderer.image(of: Samples.frame())
    renderer.forgetPersonal(alsoScreen: true)
    #expect(renderer.canvas?.rgbImage.bytes.allSatisfy { $0 == 0 } == true)
  }

  @Test("a JPEG that announces too much is refused before it is decoded")
  func jpegHeader() {
    func header(
      _ width: Int, _ height: Int, frame: UInt8 = 0xC0, scans: Int = 1
    ) -> JPEGHeader? {
      var bytes: [UInt8] = [
        0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 0, 0, 0xFF, frame, 0, 11, 8, UInt8(height >> 8),
        UInt8(height & 255), UInt8(width >> 8), UInt8(width & 255), 1, 1, 0x11, 0,
      ]
      for _ in 0..<scans { bytes += [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 1, 2, 3] }
      return bytes.withUnsafeBytes { JPEGHeader(of: $0) }
    }
    #expect(header(240, 320)?.width == 240)
    #expect(header(240, 320)?.height == 320)
    #expect(header(240, 320, frame: 0xC1, scans: 3) != nil)
    #expect(header(240, 320, frame: 0xC2) == nil, "progressive: every scan costs a whole picture")
    #expect(header(240, 320, scans: 9) == nil)
    #expect(header(60_000, 60_000) == nil)
    #expect(header(1_025, 320) == nil)
    #expect(header(0, 320) == nil)
    for bytes in [[], [0xFF], [0xFF, 0xD8, 0xFF, 0xE0, 0, 0, 1, 1], [0x25, 0x50, 0x44, 0x46, 1]] {
      let bytes = bytes.map { UInt8($0) }
      #expect(bytes.withUnsafeBytes { JPEGHeader(of: $0) } == nil)
    }
  }
}
