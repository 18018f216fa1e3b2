internal import CSDL
public import Screens
internal import Synchronization

/// The fonts, by face and pixel size. Files are read once at the start; sizes are opened when they
/// are first needed and the least recently used are closed again.
///
/// Usable from any thread: FreeType's library is not, so one lock for the process goes around it.
public final class FontBook: Sendable {
  /// Open sizes; a screen uses about ten.
  static let sizesLimit = 40
  /// Remembered widths; cleared when a session ends, for texts may carry a masked name.
  static let widthsLimit = 2_000
  /// A longer line fits no panel; the rest is cut.
  static let textLimitBytes = 1_000
  static let pixelsRange = 6...400

  private static let library = Mutex(())

  private struct FontKey: Hashable {
    var face: FontFace
    var pixels: Int
  }
  @safe private struct OpenFont {
    var font: OpaquePointer
    var lastUse: UInt64
  }
  @safe private struct File {
    var bytes: UnsafeMutableRawPointer
    var count: Int
  }
  private struct Contents: ~Copyable {
    var files: [FontFace: File] = [:]
    var fonts: [FontKey: OpenFont] = [:]
    var widths: [TextKey: Int] = [:]
    var useCount: UInt64 = 0

    deinit {
      for open in fonts.values { unsafe TTF_CloseFont(open.font) }
      for file in files.values { unsafe SDL_free(file.bytes) }
    }
  }
  private let contents: Mutex<Contents>

  /// Reads the font files.
  /// - Throws: `ShellError` naming the file that cannot be read.
  public init(assets: AssetFolder) throws(ShellError) {
    let problem: ShellError? = Self.library.withLock { _ in
      TTF_WasInit() > 0 || TTF_Init() == 0 ? nil : .sdl("TTF_Init")
    }
    if let problem { throw problem }
    var contents = Contents()
    for face in FontFace.allCases {
      let path = assets.font(face)
      var count = 0
      guard let bytes = unsafe SDL_LoadFile(path, &count) else {
        throw ShellError(call: "SDL_LoadFile \(path)", message: "the font cannot be read")
      }
      contents.files[face] = unsafe File(bytes: bytes, count: count)
    }
    self.contents = Mutex(contents)
  }

  /// Measures with these fonts, from any thread.
  public var measurer: TextMeasurer {
    TextMeasurer(
      width: { self.width($0, $1, $2) }, lineHeight: { self.lineHeight($0, $1) })
  }

  /// Width in pixels of one line; 0 for an empty one.
  public func width(_ text: String, _ face: FontFace, _ pixels: Int) -> Int {
    guard !text.isEmpty else { return 0 }
    return unsafe withFont(face, pixels) { contents, font in
      let key = TextKey(text: text, face: face, pixels: pixels)
      if let known = contents.widths[key] { return known }
      var width: Int32 = 0
      guard unsafe TTF_SizeUTF8(font, Self.cut(text), &width, nil) == 0 else { return 0 }
      if contents.widths.count >= Self.widthsLimit { contents.widths = [:] }
      contents.widths[key] = Int(width)
      return Int(width)
    } ?? 0
  }

  /// Height in pixels of one line box.
  public func lineHeight(_ face: FontFace, _ pixels: Int) -> Int {
    unsafe withFont(face, pixels) { _, font in unsafe Int(TTF_FontHeight(font)) } ?? pixels
  }

  /// One line as a mask; nil when there is nothing to draw.
  func mask(_ text: String, _ face: FontFace, _ pixels: Int) -> Bitmap? {
    guard !text.isEmpty else { return nil }
    return unsafe withFont(face, pixels) { _, font in
      let white = SDL_Color(r: 255, g: 255, b: 255, a: 255)
      return unsafe Bitmap(adopting: TTF_RenderUTF8_Blended(font, Self.cut(text), white))
    } ?? nil
  }

  /// Forgets every measured text.
  func forgetTexts() { contents.withLock { $0.widths = [:] } }

  private static func cut(_ text: String) -> String {
    text.utf8.count <= textLimitBytes ? text : String(text.prefix(textLimitBytes / 4))
  }

  private func withFont<R: Sendable>(
    _ face: FontFace, _ pixels: Int, _ body: (inout Contents, OpaquePointer) -> R
  ) -> R? {
    // The closure runs before the locks are let go.
    nonisolated(unsafe) let body = unsafe body
    return Self.library.withLock { _ in
      contents.withLock { contents in
        let key = FontKey(
          face: face,
          pixels: min(max(pixels, Self.pixelsRange.lowerBound), Self.pixelsRange.upperBound))
        guard let font = unsafe Self.open(key, &contents) else { return nil }
        return unsafe body(&contents, font)
      }
    }
  }

  private static func open(_ key: FontKey, _ contents: inout Contents) -> OpaquePointer? {
    contents.useCount += 1
    if let known = contents.fonts[key] {
      contents.fonts[key]?.lastUse = contents.useCount
      return unsafe known.font
    }
    if contents.fonts.count >= sizesLimit,
      let oldest = contents.fonts.min(by: { $0.value.lastUse < $1.value.lastUse })?.key,
      let open = contents.fonts.removeValue(forKey: oldest)
    {
      unsafe TTF_CloseFont(open.font)
    }
    guard let file = contents.files[key.face],
      let stream = unsafe SDL_RWFromConstMem(file.bytes, Int32(file.count)),
      let font = unsafe TTF_OpenFontRW(stream, 1, Int32(key.pixels))
    else { return nil }
    unsafe TTF_SetFontHinting(font, TTF_HINTING_LIGHT)
    // Without its script name HarfBuzz leaves Javanese conjuncts unjoined.
    if key.face == .javanese { unsafe TTF_SetFontScriptName(font, "Java") }
    unsafe contents.fonts[key] = OpenFont(font: font, lastUse: contents.useCount)
    return unsafe font
  }
}
