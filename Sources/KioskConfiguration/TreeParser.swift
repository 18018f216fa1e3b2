import Yams

/// YAML text to a tree of places. The text is looked over before the YAML parser sees it: that parser
/// recurses for every level and follows aliases, so depth and anchors are refused first.
enum TreeParser {
  static let flowDepthLimit = 16
  static let indentLimit = 64
  static let nodesLimit = 20_000

  /// Nil when there is nothing to go on with; the problems then say why.
  static func parse(file: String, problems: ProblemList) -> Item? {
    let text: String
    do {
      text = try BoundedFile.text(at: file)
    } catch {
      problems.add(error.place, error.message)
      return nil
    }
    return parse(text: text, file: file, problems: problems)
  }

  static func parse(text: String, file: String, problems: ProblemList) -> Item? {
    guard lookOver(text, file: file, problems: problems) else { return nil }
    do {
      // The basic resolver tries no patterns on scalars: types are this room's business.
      let parser = try Parser(
        yaml: text, resolver: .basic, constructor: .default, encoding: .utf8)
      guard let root = try parser.singleRoot() else {
        problems.add(.start(of: file), "is empty")
        return nil
      }
      var nodesLeft = nodesLimit
      return convert(root, file: file, depth: 0, nodesLeft: &nodesLeft, problems: problems)
    } catch let error as YamlError {
      let (place, message) = explain(error, file: file, text: text)
      problems.add(place, message)
    } catch {
      problems.add(.start(of: file), "is not YAML")
    }
    return nil
  }

  private static func lookOver(_ text: String, file: String, problems: ProblemList) -> Bool {
    var flowDepth = 0
    var line = 0
    for content in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    {
      line += 1
      var isLead = true
      var previous = UInt8(ascii: " ")
      var column = 0
      var iterator = content.makeIterator()
      var next = iterator.next()
      while let byte = next {
        next = iterator.next()
        column += 1
        let place = Place(file: file, line: line, column: column)
        if isLead, !" -?:\t".utf8.contains(byte) {
          isLead = false
          // A comment's own text is nobody's structure.
          if byte == UInt8(ascii: "#") { break }
        }
        if isLead, column > indentLimit {
          problems.add(place, "is nested too deeply (\(indentLimit) columns are allowed)")
          return false
        }
        switch byte {
        case UInt8(ascii: "["), UInt8(ascii: "{"):
          flowDepth += 1
          if flowDepth > flowDepthLimit {
            problems.add(place, "is nested too deeply (\(flowDepthLimit) brackets are allowed)")
            return false
          }
        case UInt8(ascii: "]"), UInt8(ascii: "}"): flowDepth = max(0, flowDepth - 1)
        case UInt8(ascii: "&"), UInt8(ascii: "*"):
          // After a blank or bracket and before a name: an anchor or an alias.
          if " \t[{,".utf8.contains(previous), let after = next, isNameByte(after) {
            problems.add(place, "anchors and aliases (& and *) are not used in a configuration")
            return false
          }
        default: break
        }
        previous = byte
      }
    }
    return true
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), 0x80...:
      true
    default: false
    }
  }

  private static func convert(
    _ node: Node, file: String, depth: Int, nodesLeft: inout Int, problems: ProblemList
  ) -> Item? {
    let place = Place(file: file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    nodesLeft -= 1
    guard nodesLeft > 0, depth <= indentLimit + flowDepthLimit else {
      problems.add(place, "is too large or nested too deeply")
      return nil
    }
    switch node {
    case .scalar(let scalar):
      return Item(place: place, value: .text(scalar.string, isPlain: scalar.style == .plain))
    case .sequence(let sequence):
      let items = sequence.compactMap {
        convert($0, file: file, depth: depth + 1, nodesLeft: &nodesLeft, problems: problems)
      }
      return Item(place: place, value: .list(items))
    case .mapping(let mapping):
      var entries: [Item.Entry] = []
      for (key, value) in mapping {
        let keyPlace = Place(file: file, line: key.mark?.line ?? 1, column: key.mark?.column ?? 1)
        guard case .scalar(let name) = key, !name.string.isEmpty else {
          problems.add(keyPlace, "a key is a single word")
          continue
        }
        if let item = convert(
          value, file: file, depth: depth + 1, nodesLeft: &nodesLeft, problems: problems)
        {
          entries.append(.init(key: name.string, place: keyPlace, item: item))
        }
      }
      return Item(place: place, value: .table(entries))
    case .alias:
      problems.add(place, "anchors and aliases (& and *) are not used in a configuration")
      return nil
    }
  }

  /// The parser's own words, without the line of the file that it would like to quote.
  private static func explain(
    _ error: YamlError, file: String, text: String
  ) -> (Place, String) {
    switch error {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let begun = context.map { "\($0.text) (begun in line \($0.mark.line)): " } ?? ""
      let lines = max(1, text.utf8.reduce(1) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) })
      return (
        Place(file: file, line: min(mark.line, lines), column: mark.column),
        "is not YAML: \(begun)\(problem)"
      )
    case .reader(let problem, let offset, _, _):
      let before = text.prefix(offset ?? 0)
      let line = before.utf8.reduce(1) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
      return (Place(file: file, line: line, column: 1), "is not YAML: \(problem)")
    case .duplicatedKeysInMapping(let keys, let context):
      return duplicate(keys.min() ?? "", in: context.mark, file: file, text: text)
    default:
      return (.start(of: file), "is not YAML")
    }
  }

  /// Points at the second writing of a key, where a line search can find it.
  private static func duplicate(
    _ key: String, in table: Mark, file: String, text: String
  ) -> (Place, String) {
    let message = "the key \(quoted(key)) is written twice"
    var seen = 0
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() where index + 1 >= table.line {
      let indent = line.prefix { $0 == " " || $0 == "-" }
      let content = line.dropFirst(indent.count)
      guard indent.count + 1 == table.column, content.hasPrefix(key),
        content.dropFirst(key.count).first == ":"
      else { continue }
      seen += 1
      if seen == 2 {
        return (Place(file: file, line: index + 1, column: table.column), message)
      }
    }
    return (Place(file: file, line: table.line, column: table.column), message)
  }
}

/// A key for a message: short and printable, whatever was in the file.
func quoted(_ key: String) -> String {
  let shown = key.unicodeScalars.prefix(40).map { scalar in
    scalar.properties.generalCategory == .control ? "?" : String(scalar)
  }
  return "'" + shown.joined() + (key.unicodeScalars.count > 40 ? "…" : "") + "'"
}
