import Foundation
import Testing

/// The files of `Assets`, read beside the tests.
enum Assets {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Assets")

  static let tables: [String: [String: String]] = ["id": table("id"), "en": table("en")]

  /// Reads `key: "text"` lines; the product reads the same files with a YAML parser.
  static func table(_ language: String) -> [String: String] {
    let url = folder.appending(path: "strings/\(language).yaml")
    guard let text = try? String(contentsOf: url, encoding: .utf8) else { return [:] }
    var table: [String: String] = [:]
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { continue }
      let value = parts[1].dropFirst(2).dropLast()
      table[String(parts[0])] = value.replacingOccurrences(of: "\\\"", with: "\"")
    }
    return table
  }

  static func icon(_ name: String) -> String? {
    try? String(contentsOf: folder.appending(path: "icons/\(name).svg"), encoding: .utf8)
  }
}
