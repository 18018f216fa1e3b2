/// A line of a policy that cannot be used.
public struct PolicyProblem: Error, Equatable {
  /// From 1.
  public let line: Int
  public let text: String
}

extension Policy {
  /// Takes over the `key = value` lines of a policy; `#` opens a comment, up to the end of the line.
  /// Only what may be repeated may stand there twice. Whoever names signers names all of them: those
  /// of before count no more. Nothing is taken over when a line is wrong.
  public mutating func take(_ bytes: [UInt8]) throws(PolicyProblem) {
    var changed = self
    var seen: Set<String> = []
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      func problem(_ text: String) -> PolicyProblem { PolicyProblem(line: index + 1, text: text) }
      guard let whole = String(validating: line, as: UTF8.self) else {
        throw problem("is not UTF-8")
      }
      let text = Self.trimmed(whole.prefix { $0 != "#" })
      if text.isEmpty { continue }
      guard let equals = text.firstIndex(of: "=") else { throw problem("has no '='") }
      let key = String(Self.trimmed(text[..<equals]))
      let value = String(Self.trimmed(text[text.index(after: equals)...]))
      guard Self.keys.contains(key) else { throw problem("there is no key '\(key)'") }
      if Self.repeatable.contains(key) && seen.isDisjoint(with: Self.repeatable) {
        changed.allowedSigners = AllowedSigners()
      }
      guard seen.insert(key).inserted || Self.repeatable.contains(key) else {
        throw problem("'\(key)' is there twice")
      }
      guard changed.set(key, to: value) else { throw problem("'\(key)' cannot be '\(value)'") }
    }
    self = changed
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var rest = text.drop(while: \.isWhitespace)
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return rest
  }
}
