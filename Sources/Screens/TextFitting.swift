/// A text broken into lines at a size at which it fits its box.
struct FittedText {
  var lines: [String]
  /// Device pixels.
  var pixels: Int
  var lineStep: Int
  var lineHeight: Int
  /// Even the smallest size was too large, and the end is missing.
  var isCut: Bool

  var height: Int { lines.isEmpty ? 0 : (lines.count - 1) * lineStep + lineHeight }
}

/// Wraps and shrinks text. Remembers the widths of words, which come again and again on a screen.
final class TextFitter {
  private struct WordKey: Hashable {
    var word: String
    var face: FontFace
    var pixels: Int
  }
  private var widths: [WordKey: Int] = [:]
  private let measure: TextMeasurer

  init(_ measure: TextMeasurer) { self.measure = measure }

  func width(_ text: String, _ face: FontFace, _ pixels: Int) -> Int {
    let key = WordKey(word: text, face: face, pixels: pixels)
    if let known = widths[key] { return known }
    let width = measure.width(text, face, pixels)
    widths[key] = width
    return width
  }

  /// Shrinks by steps of a tenth down to `smallest`; what does not fit even then is cut with "…".
  func fit(
    _ text: String, _ face: FontFace, from largest: Int, to smallest: Int, width: Int, height: Int,
    airy: Bool
  ) -> FittedText {
    var pixels = max(largest, 1)
    while true {
      let lineHeight = measure.lineHeight(face, pixels)
      let step = lineHeight + (airy ? pixels / 8 : 0)
      let lines = wrap(text, face, pixels, width: width)
      if let lines, (lines.count - 1) * step + lineHeight <= height {
        return FittedText(
          lines: lines, pixels: pixels, lineStep: step, lineHeight: lineHeight, isCut: false)
      }
      if pixels <= smallest {
        let room = max(1, (height - lineHeight) / max(step, 1) + 1)
        var kept = wrap(text, face, pixels, width: width, breakingWords: true) ?? []
        let isCut = kept.count > room
        kept = Array(kept.prefix(room))
        if isCut, let last = kept.popLast() { kept.append(ellipsis(last, face, pixels, width)) }
        return FittedText(
          lines: kept, pixels: pixels, lineStep: step, lineHeight: lineHeight, isCut: isCut)
      }
      pixels = max(smallest, pixels * 9 / 10)
    }
  }

  private func ellipsis(_ line: String, _ face: FontFace, _ pixels: Int, _ width: Int) -> String {
    var line = line
    while !line.isEmpty, self.width(line + "…", face, pixels) > width { line.removeLast() }
    return line + "…"
  }

  /// Nil when a single word is wider than the box.
  private func wrap(
    _ text: String, _ face: FontFace, _ pixels: Int, width: Int, breakingWords: Bool = false
  ) -> [String]? {
    let space = self.width(" ", face, pixels)
    var lines: [String] = []
    for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
      var line = ""
      var used = 0
      for part in paragraph.split(separator: " ") {
        var word = String(part)
        var wide = self.width(word, face, pixels)
        while wide > width {
          guard breakingWords, word.count > 1 else { return nil }
          if !line.isEmpty {
            lines.append(line)
            line = ""
            used = 0
          }
          var head = ""
          while let first = word.first, self.width(head + String(first), face, pixels) <= width {
            head.append(word.removeFirst())
          }
          if head.isEmpty { return nil }
          lines.append(head)
          wide = self.width(word, face, pixels)
        }
        if word.isEmpty { continue }
        if line.isEmpty {
          line = word
          used = wide
        } else if used + space + wide <= width,
          self.width(line + " " + word, face, pixels) <= width
        {
          line += " " + word
          used += space + wide
        } else {
          lines.append(line)
          line = word
          used = wide
        }
      }
      lines.append(line)
    }
    return lines
  }
}
