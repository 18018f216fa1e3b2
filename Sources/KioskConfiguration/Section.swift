/// One table of the configuration while it is read. Asking for a key is its whole description: the
/// question decodes it, checks it, notes it for the list of effective values, and makes it known, so
/// that `finish` can refuse every key that nobody asked for. A wrong value is recorded as a problem
/// and something of the right type is returned; it goes nowhere, because a load with problems fails.
final class Section {
  /// What all sections of one load share.
  final class Context {
    let problems: ProblemList
    /// Every value that counts, with where it comes from; defaults have no place.
    var effective: [EffectiveValue] = []
    /// Every key that was asked for, lists counted as one: the schema, as it really is.
    var known: Set<String> = []
    /// The office's folder.
    let directory: String
    init(problems: ProblemList, directory: String) {
      self.problems = problems
      self.directory = directory
    }
  }

  let context: Context
  /// Where the section stands, for messages: `devices.ticketPrinter`; empty at the top.
  let path: String
  let place: Place
  private let entries: [Item.Entry]
  private var asked: [String] = []

  init(_ item: Item, path: String, context: Context) {
    self.context = context
    self.path = path
    place = item.place
    switch item.value {
    case .table(let entries): self.entries = entries
    default:
      entries = []
      if !item.isEmpty {
        context.problems.add(
          item.place,
          "\(path.isEmpty ? "a configuration" : path) is a table of keys, not \(item.kindName)")
      }
    }
  }

  func name(of key: String) -> String { path.isEmpty ? key : path + "." + key }

  /// The name without the places in lists: `hours.weekly.open`.
  private func schemaName(of key: String) -> String {
    var isIndex = false
    return String(
      name(of: key).filter { character in
        if character == "[" { isIndex = true }
        defer { if character == "]" { isIndex = false } }
        return !isIndex
      })
  }

  func problem(_ place: Place, _ message: String) { context.problems.add(place, message) }

  /// The place of a key's value, or of the section where it is not written.
  func place(of key: String) -> Place {
    entries.first { $0.key == key }?.item.place ?? place
  }

  func isWritten(_ key: String) -> Bool {
    entries.contains { $0.key == key && !$0.item.isEmpty }
  }

  func isQuoted(_ key: String) -> Bool {
    if case .text(_, isPlain: false)? = entries.first(where: { $0.key == key })?.item.value {
      true
    } else {
      false
    }
  }

  func isList(_ key: String) -> Bool {
    if case .list? = entries.first(where: { $0.key == key })?.item.value { true } else { false }
  }

  /// Takes the item of a key; nil when it is not written, which is a problem where `required`.
  func item(_ key: String, required: Bool = false) -> Item? {
    asked.append(key)
    context.known.insert(schemaName(of: key))
    if let entry = entries.first(where: { $0.key == key }), !entry.item.isEmpty {
      return entry.item
    }
    if required { problem(place, "\(quoted(name(of: key))) is missing") }
    return nil
  }

  func note(_ key: String, _ text: String, at place: Place?) {
    context.effective.append(EffectiveValue(key: name(of: key), value: text, place: place))
  }

  /// A section below this one; its keys read as defaults where it is not written.
  func section<T>(_ key: String, required: Bool = false, _ read: (Section) -> T) -> T {
    let found = item(key, required: required)
    let item = found ?? Item(place: place, value: .table([]))
    // A required section that is missing has been reported; its keys would only repeat it.
    let context =
      required && found == nil
      ? Context(problems: ProblemList(), directory: self.context.directory)
      : self.context
    let section = Section(item, path: name(of: key), context: context)
    defer { section.finish() }
    return read(section)
  }

  /// A section that may be left out altogether.
  func optionalSection<T>(_ key: String, _ read: (Section) -> T?) -> T? {
    guard let item = item(key) else { return nil }
    let section = Section(item, path: name(of: key), context: context)
    defer { section.finish() }
    return read(section)
  }

  /// The items of a list; a single value does not pass for a list of one.
  func list(_ key: String, required: Bool = false, upTo limit: Int) -> [Item] {
    guard let item = item(key, required: required) else { return [] }
    guard case .list(let items) = item.value else {
      problem(item.place, "\(name(of: key)) is a list, not \(item.kindName)")
      return []
    }
    if items.count > limit {
      problem(item.place, "\(name(of: key)) has more than \(limit) entries")
    }
    return Array(items.prefix(limit))
  }

  /// Refuses every key that was not asked for.
  func finish() {
    for entry in entries where !asked.contains(entry.key) {
      if let file = SecretKeys.fileKey(for: entry.key, among: asked) {
        problem(
          entry.place,
          "\(quoted(name(of: entry.key))): a secret is never written in a configuration; "
            + "put it in a file and name that with '\(file)'")
        continue
      }
      var message = "unknown key \(quoted(name(of: entry.key)))"
      if let near = nearest(to: entry.key, among: asked) { message += "; did you mean '\(near)'?" }
      problem(entry.place, message)
    }
  }
}

/// A value that counts, for printing the effective configuration.
public struct EffectiveValue: Hashable, Sendable, CustomStringConvertible {
  public let key: String
  public let value: String
  let place: Place?

  /// `key: value  # file:line`, or `# default`.
  public var description: String {
    "\(key): \(value)  # " + (place.map { "\($0.file):\($0.line)" } ?? "default")
  }
}

enum SecretKeys {
  /// The key that names a secret's file, where `key` looks like an attempt to write the secret itself.
  static func fileKey(for key: String, among known: [String]) -> String? {
    let files = known.filter { $0.hasSuffix("File") }
    if files.contains(key + "File") { return key + "File" }
    let lowered = key.lowercased()
    let words = ["token", "password", "passphrase", "secret", "apikey", "privatekey"]
    guard words.contains(where: lowered.contains) else { return nil }
    return files.first ?? "…File"
  }
}

/// The known key that differs least, when it is near enough to be meant.
func nearest(to key: String, among known: [String]) -> String? {
  guard key.utf8.count <= 64 else { return nil }
  let best = known.map { (distance(key, $0), $0) }.min { $0 < $1 }
  guard let best, best.0 <= max(1, key.utf8.count / 3) else { return nil }
  return best.1
}

/// Edits between two keys (insert, remove, replace, swap of neighbours), without regard to case.
private func distance(_ a: String, _ b: String) -> Int {
  let a = Array(a.lowercased().utf8)
  let b = Array(b.lowercased().utf8)
  guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
  var rows = [Array(0...b.count)]
  for i in 1...a.count {
    var row = [i]
    for j in 1...b.count {
      var best = min(rows[i - 1][j] + 1, row[j - 1] + 1)
      best = min(best, rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
        best = min(best, rows[i - 2][j - 2] + 1)
      }
      row.append(best)
    }
    rows.append(row)
  }
  return rows[a.count][b.count]
}
