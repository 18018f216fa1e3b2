/// The words of the glass: `<language>.yaml` with flat keys. Which keys there must be, and which
/// placeholders, is known by those who show them.
public enum StringsFile {
  /// As long as the longest paragraph that fits the glass at the largest size.
  public static let textLimit = 600
  public static let keysLimit = 2_000

  /// Reads one file for each language.
  public static func load(
    directory: String, languages: [String]
  ) throws(ConfigurationProblems) -> [String: [String: String]] {
    let problems = ProblemList()
    var tables: [String: [String: String]] = [:]
    for language in languages {
      let file = PathText.join(directory, language + ".yaml")
      guard let root = TreeParser.parse(file: file, problems: problems) else { continue }
      tables[language] = table(root, problems: problems)
    }
    guard problems.problems.isEmpty else {
      throw ConfigurationProblems(problems: problems.sorted)
    }
    return tables
  }

  private static func table(_ root: Item, problems: ProblemList) -> [String: String] {
    guard case .table(let entries) = root.value else {
      problems.add(root.place, "strings are a table of keys, not \(root.kindName)")
      return [:]
    }
    guard entries.count <= keysLimit else {
      problems.add(root.place, "there are more than \(keysLimit) strings")
      return [:]
    }
    var table: [String: String] = [:]
    for entry in entries {
      guard case .text(let text, _) = entry.item.value, !entry.item.isEmpty else {
        problems.add(entry.item.place, "\(quoted(entry.key)) is text, not \(entry.item.kindName)")
        continue
      }
      let hasControl = text.unicodeScalars.contains {
        $0.properties.generalCategory == .control && $0 != "\n"
      }
      if text.unicodeScalars.count > textLimit {
        problems.add(
          entry.item.place, "\(quoted(entry.key)) is longer than \(textLimit) characters")
      } else if hasControl {
        problems.add(entry.item.place, "\(quoted(entry.key)) contains a control character")
      }
      table[entry.key] = text
    }
    return table
  }
}
