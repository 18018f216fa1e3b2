/// One thing that is wrong with a configuration, and where. Messages name keys and rules, never the
/// value that was found: it might be a secret in the wrong place.
public struct ConfigurationProblem: Hashable, Sendable, CustomStringConvertible {
  public let file: String
  /// Counted from 1.
  public let line: Int
  /// Counted from 1, in Unicode scalars.
  public let column: Int
  public let message: String

  public init(file: String, line: Int, column: Int, message: String) {
    self.file = file
    self.line = line
    self.column = column
    self.message = message
  }

  /// `file:line:column: message`, as editors and terminals follow it.
  public var description: String { "\(file):\(line):\(column): \(message)" }
}

/// Everything that is wrong, in the order of the files' lines.
public struct ConfigurationProblems: Error, Sendable, CustomStringConvertible {
  public let problems: [ConfigurationProblem]

  public var description: String {
    problems.map(\.description).joined(separator: "\n")
  }
}

/// Where something was written.
struct Place: Hashable, Sendable {
  var file: String
  var line: Int
  var column: Int

  static func start(of file: String) -> Place { Place(file: file, line: 1, column: 1) }
}

/// Collects problems while a configuration is read; used by one load, on one thread.
final class ProblemList {
  /// Nobody reads more; a mangled file could otherwise produce one for every line.
  static let limit = 200
  private(set) var problems: [ConfigurationProblem] = []

  func add(_ place: Place, _ message: String) {
    guard problems.count < Self.limit else { return }
    let problem = ConfigurationProblem(
      file: place.file, line: place.line, column: place.column, message: message)
    if !problems.contains(problem) { problems.append(problem) }
  }

  var sorted: [ConfigurationProblem] {
    problems.sorted {
      ($0.file, $0.line, $0.column, $0.message) < ($1.file, $1.line, $1.column, $1.message)
    }
  }
}
