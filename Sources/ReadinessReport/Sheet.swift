internal import CCairo

/// One page after another of a PDF, drawn by cairo: texts, rules and marks. Points from the top left.
///
/// Safe, since its pointers never leave it and live as long as it does.
@safe final class Sheet {
  /// A4 in points.
  static let width = 595.28
  static let height = 841.89

  enum Weight: String, CaseIterable {
    case regular = "Regular"
    case semiBold = "SemiBold"
    case bold = "Bold"
  }
  struct Ink {
    var red: Double
    var green: Double
    var blue: Double
    init(_ red: Double, _ green: Double, _ blue: Double) {
      self.red = red
      self.green = green
      self.blue = blue
    }
  }

  private final class Bytes { var all: [UInt8] = [] }

  private let bytes = Bytes()
  private let surface: OpaquePointer
  private let context: OpaquePointer
  private var fonts: [Weight: OpaquePointer] = unsafe [:]

  /// - Parameter fontFolder: with the Inter fonts, as the glass has them; they are embedded.
  init(fontFolder: String, title: String) throws(ReportProblem) {
    let box = unsafe Unmanaged.passUnretained(bytes).toOpaque()
    unsafe surface = cairo_pdf_surface_create_for_stream(
      { box, data, count in
        guard let box = unsafe box, let data = unsafe data else { return CAIRO_STATUS_WRITE_ERROR }
        unsafe Unmanaged<Bytes>.fromOpaque(box).takeUnretainedValue().all
          .append(contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
        return CAIRO_STATUS_SUCCESS
      }, box, Self.width, Self.height)
    unsafe context = cairo_create(surface)
    unsafe cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title)
    unsafe cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "anjungan doctor")
    for weight in Weight.allCases {
      let path = "\(fontFolder)/Inter-\(weight.rawValue).otf"
      guard let font = unsafe ccairo_font(path) else { throw ReportProblem.noFont(path) }
      unsafe fonts[weight] = font
    }
  }

  deinit {
    unsafe cairo_destroy(context)
    for weight in Weight.allCases {
      if let font = unsafe fonts[weight] { unsafe cairo_font_face_destroy(font) }
    }
    // Ends the stream, which writes to `bytes`.
    unsafe cairo_surface_destroy(surface)
  }

  /// The finished file; nothing can be drawn any more.
  func finish() throws(ReportProblem) -> [UInt8] {
    unsafe cairo_surface_finish(surface)
    let status = unsafe cairo_surface_status(surface)
    guard status == CAIRO_STATUS_SUCCESS else {
      throw ReportProblem.notDrawn(unsafe String(cString: cairo_status_to_string(status)))
    }
    return bytes.all
  }

  func endPage() { unsafe cairo_show_page(context) }

  // MARK: Text

  /// - Parameter y: of the baseline.
  func text(
    _ text: String, x: Double, y: Double, size: Double, _ ink: Ink, _ weight: Weight = .regular
  ) {
    choose(size, weight, ink)
    unsafe cairo_move_to(context, x, y)
    unsafe cairo_show_text(context, text)
  }

  func width(of text: String, size: Double, _ weight: Weight) -> Double {
    choose(size, weight, Ink(0, 0, 0))
    var extents = cairo_text_extents_t()
    unsafe cairo_text_extents(context, text, &extents)
    return extents.x_advance
  }

  /// Broken between words, and in a word that is longer than the line.
  func lines(_ text: String, width: Double, size: Double, _ weight: Weight) -> [String] {
    var lines: [String] = []
    var line = ""
    func fits(_ text: String) -> Bool { self.width(of: text, size: size, weight) <= width }
    for word in text.split(separator: " ") {
      let longer = line.isEmpty ? String(word) : line + " " + word
      if fits(longer) {
        line = longer
        continue
      }
      if !line.isEmpty { lines.append(line) }
      line = ""
      for character in word {
        if !line.isEmpty, !fits(line + String(character)) {
          lines.append(line)
          line = ""
        }
        line.append(character)
      }
    }
    return line.isEmpty ? lines : lines + [line]
  }

  private func choose(_ size: Double, _ weight: Weight, _ ink: Ink) {
    if let font = unsafe fonts[weight] { unsafe cairo_set_font_face(context, font) }
    unsafe cairo_set_font_size(context, size)
    unsafe cairo_set_source_rgb(context, ink.red, ink.green, ink.blue)
  }

  // MARK: Shapes

  func fill(x: Double, y: Double, width: Double, height: Double, _ ink: Ink) {
    unsafe cairo_set_source_rgb(context, ink.red, ink.green, ink.blue)
    unsafe cairo_rectangle(context, x, y, width, height)
    unsafe cairo_fill(context)
  }

  /// Each mark has a form of its own: a printer without colours shows which is which.
  func mark(_ mark: Readiness.Mark, x: Double, y: Double, side: Double) {
    let ink = Palette.ink(of: mark)
    unsafe cairo_set_source_rgb(context, ink.red, ink.green, ink.blue)
    let half = side / 2
    // An arc would go on from where the last text ended.
    unsafe cairo_new_path(context)
    switch mark {
    case .good:
      unsafe cairo_arc(context, x + half, y + half, half, 0, 2 * .pi)
    case .attention:
      polygon([(x + half, y), (x + side, y + side), (x, y + side)])
    case .bad, .fatal:
      unsafe cairo_rectangle(context, x, y, side, side)
    }
    unsafe cairo_fill(context)
    unsafe cairo_set_source_rgb(context, 1, 1, 1)
    unsafe cairo_set_line_width(context, side / 8)
    switch mark {
    case .good:
      stroke([
        (x + side * 0.27, y + side * 0.52), (x + side * 0.43, y + side * 0.68),
        (x + side * 0.73, y + side * 0.34),
      ])
    case .attention:
      stroke([(x + half, y + side * 0.38), (x + half, y + side * 0.66)])
      stroke([(x + half, y + side * 0.75), (x + half, y + side * 0.87)])
    case .bad, .fatal:
      stroke([(x + side * 0.27, y + side * 0.27), (x + side * 0.73, y + side * 0.73)])
      stroke([(x + side * 0.73, y + side * 0.27), (x + side * 0.27, y + side * 0.73)])
    }
  }

  private func polygon(_ points: [(Double, Double)]) {
    for (index, point) in points.enumerated() {
      if index == 0 {
        unsafe cairo_move_to(context, point.0, point.1)
      } else {
        unsafe cairo_line_to(context, point.0, point.1)
      }
    }
  }

  private func stroke(_ points: [(Double, Double)]) {
    polygon(points)
    unsafe cairo_stroke(context)
  }
}

/// Why there is no report.
public enum ReportProblem: Error, CustomStringConvertible {
  case noFont(String)
  case notDrawn(String)

  public var description: String {
    switch self {
    case .noFont(let path): "The font \(path) cannot be read"
    case .notDrawn(let why): "The report could not be drawn: \(why)"
    }
  }
}
