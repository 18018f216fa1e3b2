import OfficeModel

/// How single values are read: what may be written, and what the problem says when it is not.
extension Section {
  /// The text of a key as typed; nil where it is not written or not a single value.
  private func scalar(_ key: String, required: Bool) -> (String, Place)? {
    guard let item = item(key, required: required) else { return nil }
    guard case .text(let text, _) = item.value else {
      problem(item.place, "\(name(of: key)) is a single value, not \(item.kindName)")
      return nil
    }
    return (text, item.place)
  }

  /// One line of text for people or machines.
  func text(_ key: String, upTo limit: Int, default fallback: String? = nil) -> String {
    guard let (text, place) = scalar(key, required: fallback == nil) else {
      if let fallback { note(key, fallback, at: nil) }
      return fallback ?? ""
    }
    checkText(text, at: place, name: name(of: key), upTo: limit)
    note(key, text, at: place)
    return text
  }

  func optionalText(_ key: String, upTo limit: Int) -> String? {
    guard let (text, place) = scalar(key, required: false) else { return nil }
    checkText(text, at: place, name: name(of: key), upTo: limit)
    note(key, text, at: place)
    return text
  }

  func checkText(_ text: String, at place: Place, name: String, upTo limit: Int) {
    let count = text.unicodeScalars.count
    if count > limit {
      problem(place, "\(name) has \(count) characters; at most \(limit) are allowed")
    } else if !text.unicodeScalars.contains(where: { $0.properties.isAlphabetic || $0.value > 0x20 }
    ) {
      problem(place, "\(name) is empty")
    } else if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
      problem(place, "\(name) is a single line of text")
    }
  }

  /// A list of lines of text.
  func texts(_ key: String, upTo limit: Int, entries: Int, required: Bool = false) -> [String] {
    let items = list(key, required: required, upTo: entries)
    let texts = items.enumerated().compactMap { index, item -> String? in
      guard case .text(let text, _) = item.value, !item.isEmpty else {
        problem(item.place, "\(name(of: key)) holds single values, not \(item.kindName)")
        return nil
      }
      checkText(text, at: item.place, name: "\(name(of: key))[\(index + 1)]", upTo: limit)
      return text
    }
    if required, items.isEmpty, isList(key) {
      problem(place(of: key), "\(name(of: key)) is an empty list")
    }
    if isWritten(key) {
      note(key, "[" + texts.joined(separator: " | ") + "]", at: place(of: key))
    }
    return texts
  }

  func integer(_ key: String, in range: ClosedRange<Int>, default fallback: Int? = nil) -> Int {
    guard let (text, place) = scalar(key, required: fallback == nil) else {
      if let fallback { note(key, String(fallback), at: nil) }
      return fallback ?? range.lowerBound
    }
    guard let value = Int(text), text.first != "+" else {
      problem(place, "\(name(of: key)) is a whole number")
      return range.lowerBound
    }
    guard range.contains(value) else {
      problem(
        place, "\(name(of: key)) lies between \(range.lowerBound) and \(range.upperBound)")
      return range.lowerBound
    }
    note(key, text, at: place)
    return value
  }

  /// A whole number, or nil where none is written.
  func optionalInteger(_ key: String, in range: ClosedRange<Int>) -> Int? {
    // Asked for either way, so that the key is known.
    guard item(key) != nil else { return nil }
    return integer(key, in: range)
  }

  /// A whole number of seconds.
  func seconds(_ key: String, in range: ClosedRange<Int>, default fallback: Int) -> Duration {
    .seconds(integer(key, in: range, default: fallback))
  }

  func boolean(_ key: String, default fallback: Bool) -> Bool {
    guard let (text, place) = scalar(key, required: false) else {
      note(key, String(fallback), at: nil)
      return fallback
    }
    switch text {
    case "true", "false":
      note(key, text, at: place)
      return text == "true"
    default:
      problem(place, "\(name(of: key)) is true or false")
      return fallback
    }
  }

  func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, _ type: Choice.Type, default fallback: Choice? = nil
  ) -> Choice? where Choice.RawValue == String {
    guard let (text, place) = scalar(key, required: fallback == nil) else {
      if let fallback { note(key, fallback.rawValue, at: nil) }
      return fallback
    }
    if let choice = Choice(rawValue: text) {
      note(key, text, at: place)
      return choice
    }
    let names = Choice.allCases.map(\.rawValue)
    var message = "\(name(of: key)) is one of \(names.joined(separator: ", "))"
    if let near = nearest(to: text, among: names) { message += "; did you mean '\(near)'?" }
    problem(place, message)
    return fallback
  }

  /// A path; a relative one counts from the file in which it is written.
  func path(_ key: String, required: Bool = false) -> String? {
    guard let (text, place) = scalar(key, required: required) else { return nil }
    checkText(text, at: place, name: name(of: key), upTo: 1024)
    let full = PathText.join(PathText.directory(of: place.file), text)
    note(key, full, at: place)
    return full
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
      UInt8(ascii: "."):
      true
    default: false
    }
  }

  /// The file of a secret, or `credential:NAME` for one that systemd hands over. What looks like the
  /// secret itself is refused, and never repeated.
  func secretFile(_ key: String, required: Bool = false) -> String? {
    guard let (text, place) = scalar(key, required: required) else { return nil }
    if let name = SecretFile.credentialName(text) {
      guard name.utf8.count <= 64, name.utf8.allSatisfy(Self.isNameByte), name.first != "." else {
        problem(place, "\(self.name(of: key)) is credential: and the name of a systemd credential")
        return nil
      }
      note(key, text, at: place)
      return text
    }
    let isLong = text.utf8.count >= 24 && !text.contains("/") && !text.contains(".")
    let isBase64 = text.utf8.count >= 16 && text.hasSuffix("=")
    if isLong || isBase64 || text.contains("-----BEGIN") || text.contains(" ")
      || text.contains("\n")
    {
      problem(
        place,
        "\(name(of: key)) names a file; a secret is never written in a configuration")
      return nil
    }
    let full = PathText.join(PathText.directory(of: place.file), text)
    note(key, full, at: place)
    return full
  }

  /// `YYYY-MM-DD`, also where YAML would take it for something else.
  func date(_ key: String, required: Bool = true) -> CivilDate? {
    guard let (text, place) = scalar(key, required: required) else { return nil }
    guard let date = CivilDate(text) else {
      problem(place, "\(name(of: key)) is a date that exists, written YYYY-MM-DD")
      return nil
    }
    return date
  }

  /// A name for machines: small letters, digits and hyphens.
  func identifier(_ key: String, upTo limit: Int = 40) -> String {
    guard let (text, place) = scalar(key, required: true) else { return "" }
    guard isIdentifier(text, upTo: limit) else {
      problem(
        place,
        "\(name(of: key)) consists of small letters, digits and hyphens, at most \(limit)")
      return ""
    }
    note(key, text, at: place)
    return text
  }

  func isIdentifier(_ text: String, upTo limit: Int) -> Bool {
    !text.isEmpty && text.utf8.count <= limit && text.first != "-" && text.last != "-"
      && text.utf8.allSatisfy {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-")
      }
  }
}
