import FoundationEssentials

/// Keeps the record in a file of its own, replaced as a whole.
struct StateFile: Sendable {
  /// A full record is far below it.
  static let limitBytes = 256 << 20

  let path: String

  /// An absent file is an empty record.
  func load() throws -> DinasRecord {
    guard FileManager.default.fileExists(atPath: path) else { return DinasRecord() }
    let bytes = try readFile(path, limit: Self.limitBytes)
    do {
      return try JSONDecoder().decode(DinasRecord.self, from: Data(bytes))
    } catch {
      throw DataProblem("\(path): not a state file of this simulator")
    }
  }

  func save(_ record: DinasRecord) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    try encoder.encode(record).write(to: URL(filePath: path), options: .atomic)
  }
}
