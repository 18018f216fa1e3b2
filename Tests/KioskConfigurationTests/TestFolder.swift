import Foundation

/// The top of the project, found from this file.
enum Project {
  static let root: URL = {
    var url = URL(filePath: #filePath)
    for _ in 0..<3 { url.deleteLastPathComponent() }
    return url
  }()

  static func path(_ relative: String) -> String {
    root.appending(path: relative).path(percentEncoded: false)
  }

  static func text(_ relative: String) throws -> String {
    try String(contentsOf: root.appending(path: relative), encoding: .utf8)
  }
}

/// A folder that goes away with its owner.
final class TestFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "anjungan-\(UUID().uuidString)")
    for part in ["services", "printers", "tickets"] {
      try FileManager.default.createDirectory(
        at: url.appending(path: part), withIntermediateDirectories: true)
    }
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  var path: String { url.path(percentEncoded: false) }

  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    try write(Data(text.utf8), to: name)
  }

  @discardableResult
  func write(_ data: Data, to name: String) throws -> String {
    let file = url.appending(path: name)
    try data.write(to: file)
    return file.path(percentEncoded: false)
  }
}
