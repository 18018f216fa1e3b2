import TicketPaper

/// A file of `tickets/`: the lines of both slips, and the words that are filled in.
enum TicketTemplateReading {
  /// Half a metre of plain lines; a slip is a tenth of it.
  static let linesLimit = 60
  /// Four lines of the widest paper.
  static let textLimit = 200
  /// A word that is filled in.
  static let wordLimit = 40

  static func read(_ section: Section) -> TicketTemplate {
    let queueNumber = lines(
      "queueNumber", section, known: Set(TicketTemplate.Placeholder.allCases))
    let complaint = lines(
      "complaint", section, known: TicketTemplate.Placeholder.ofComplaints)
    let words = section.section("words", required: true) { words in
      TicketTemplate.Words(
        general: words.text("general", upTo: wordLimit),
        priority: words.text("priority", upTo: wordLimit),
        weekdays: names("weekdays", 7, words), months: names("months", 12, words))
    }
    return TicketTemplate(queueNumber: queueNumber, complaint: complaint, words: words)
  }

  private static func names(_ key: String, _ count: Int, _ section: Section) -> [String] {
    let names = section.texts(key, upTo: wordLimit, entries: count, required: true)
    if section.isList(key), names.count != count {
      section.problem(
        section.place(of: key), "\(section.name(of: key)) holds \(count) names")
    }
    return names
  }

  private static func lines(
    _ key: String, _ section: Section, known: Set<TicketTemplate.Placeholder>
  ) -> [TicketTemplate.Line] {
    let items = section.list(key, required: true, upTo: linesLimit)
    let lines = items.enumerated().compactMap { index, item in
      line(item, path: "\(key)[\(index + 1)]", section, known)
    }
    let showsNumber = lines.contains {
      if case .text(let pieces, _) = $0 { pieces.contains(.placeholder(.number)) } else { false }
    }
    if section.isList(key), !showsNumber {
      section.problem(
        section.place(of: key), "\(key) has no line of text with {number}: it would be no slip")
    }
    return lines
  }

  private static func line(
    _ item: Item, path: String, _ section: Section, _ known: Set<TicketTemplate.Placeholder>
  ) -> TicketTemplate.Line? {
    switch item.value {
    case .text("rule", _): return .rule
    case .text("blank", _): return .blank
    case .text("logo", _): return .logo
    case .text, .list:
      section.problem(
        item.place, "\(path) is rule, blank, logo, or a table with text or qr")
      return nil
    case .table: break
    }
    let line = Section(item, path: path, context: section.context)
    defer { line.finish() }
    if line.isWritten("qr") { return .qr(pieces("qr", line, known)) }
    return .text(
      pieces("text", line, known),
      TicketLayout.Style(
        size: line.integer("size", in: 1...8, default: 1),
        isBold: line.boolean("bold", default: false)))
  }

  /// A text with placeholders; what is wrong with them is told at their own place.
  private static func pieces(
    _ key: String, _ line: Section, _ known: Set<TicketTemplate.Placeholder>
  ) -> [TicketTemplate.Piece] {
    let text = line.text(key, upTo: textLimit)
    do throws(TicketTemplate.TextProblem) {
      return try TicketTemplate.pieces(of: text, among: known)
    } catch {
      var place = line.place(of: key)
      place.column += error.offset + (line.isQuoted(key) ? 1 : 0)
      let names = known.map { "{\($0.rawValue)}" }.sorted().joined(separator: ", ")
      line.problem(
        place,
        error.name == nil
          ? "\(line.name(of: key)): a brace without its partner"
          : "\(line.name(of: key)): no such placeholder; there are: \(names)")
      return []
    }
  }
}
